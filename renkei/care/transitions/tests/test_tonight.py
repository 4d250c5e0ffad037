"""The board of tonight and the rosters behind it, from the database to the page."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from renkei.care.patients.models import TeamMember
from renkei.care.patients.tests.factories import add_member, consent, make_patient, membership_of
from renkei.care.transitions.duty_rosters import DayKind
from renkei.care.transitions.first_contacts import Contact, Hole, HoleReason, hole_minutes
from renkei.care.transitions.models import CoordinationCase, FirstContact, Roster, RosterDay
from renkei.care.transitions.queries import board as queries_board
from renkei.care.transitions.queries.board import BoardAsked, board_of
from renkei.care.transitions.queries.duties import night_ends, persons_watched_by
from renkei.care.transitions.queries.rosters import roster_for, rosters_offered_for
from renkei.care.transitions.services.duty_lifecycle import (
    destroy_first_contacts,
    move_first_contacts,
    move_first_contacts_back,
)
from renkei.care.transitions.services.first_contacts import set_first_contacts
from renkei.care.transitions.services.rosters import (
    NewShift,
    clear_day,
    copy_month,
    end_roster,
    save_roster,
    set_day,
    set_week,
)
from renkei.care.transitions.tests.duty_factories import NIGHT, make_roster, nights, watch
from renkei.foundation.accounts.tests.factories import (
    sato,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 11, 20, 20, 0, tzinfo=TOKYO)
FRIDAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _in_the_evening(time_machine):
    time_machine.move_to(EVENING, tick=False)


def watched_person(roster=None, user=None, **fields):
    patient = make_patient(**fields)
    add_member(patient, user or takahashi())
    if roster is not None:
        set_first_contacts(
            viewer=viewer_for(user or takahashi()), patient=patient, rosters=[roster]
        )
    return patient


def page(client, name="tonight", *arguments):
    response = client.get(reverse(f"transitions:{name}", args=arguments))
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def board(user):
    now = clock.now()
    return watch(viewer_for(user), since=now, until=night_ends(now))


# -- the board


def test_the_board_names_the_first_contact_with_a_number_to_dial(takahashi_client):
    patient = watched_person(nights(make_roster()), name="湊 ハル江")

    response = takahashi_client.get(reverse("transitions:tonight"))

    html = response.content.decode()
    assert "湊 ハル江さん" in html
    assert 'href="tel:0999001201"' in html
    assert "架空 みのり" in html
    assert "あす9:00まで" in html
    assert "担当のない時間" not in html
    assert AuditEvent.objects.filter(action="patient.read", target_id=str(patient.uid)).count() == 1


def test_holes_stand_on_top_in_words(takahashi_client):
    roster = nights(make_roster())
    watched_person(roster, name="沖 正次")
    watched_person(name="浜口 トミ")
    set_day(
        viewer=viewer_for(takahashi()),
        roster=roster,
        day=FRIDAY,
        shifts=[NewShift(17 * 60, 26 * 60, "架空 みのり")],
    )

    text = page(takahashi_client)

    assert "担当のない時間がある人 2人" in text
    assert "電話する先が決まっていません" in text
    assert "当番が入っていません あす2:00～あす9:00" in text
    assert [hole_minutes(one.spans) for one in board(takahashi())] == [7 * 60, 13 * 60]


def test_only_persons_of_the_viewers_teams_are_on_the_board(sato_client, takahashi_client):
    watched_person(nights(make_roster()))
    other = make_patient(name="よその 人")
    add_member(other, tanaka())
    without_consent = make_patient(consented=False, name="同意 なし")
    add_member(without_consent, takahashi())

    assert len(board(takahashi())) == 1
    assert "よその 人" not in page(takahashi_client)
    assert list(persons_watched_by(viewer_for(sato()))) == []
    assert sato_client.get(reverse("transitions:tonight")).status_code == 404


def test_whoever_is_in_hospital_is_listed_apart(takahashi_client):
    patient = watched_person(name="入院 した人")
    CoordinationCase.objects.create(
        patient=patient,
        hospital_name="架空市立中央病院",
        hospital_key="name:架空市立中央病院",
        opened_at=clock.now(),
        opened_by=membership_of(takahashi()),
        admitted_at=clock.now() - timedelta(days=1),
    )

    [one] = board(takahashi())

    assert one.in_hospital
    assert not one.has_hole
    assert "入院中 1人" in page(takahashi_client)
    url = reverse("transitions:tonight")
    assert "入院 した人さん" in takahashi_client.get(url, {"who": "hospital"}).content.decode()


def test_an_office_that_left_the_team_is_not_called_any_more():
    patient = watched_person(nights(make_roster()))
    add_member(patient, suzuki())
    assert isinstance(board(suzuki())[0].spans[0].outcome, Contact)

    office = membership_of(takahashi()).organisation
    TeamMember.objects.filter(patient=patient, organisation=office).update(left_at=clock.now())

    assert board(suzuki())[0].spans[0].outcome == Hole(HoleReason.NOT_ARRANGED)


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_costs_the_same_however_many_persons(count, django_assert_num_queries):
    for number in range(count):
        watched_person(nights(make_roster(name=f"当番{number}")))
    viewer, now = viewer_for(takahashi()), clock.now()

    with django_assert_num_queries(7):
        found = board_of(viewer, since=now, until=night_ends(now), asked=BoardAsked())

    assert len(found.rows) == count


def test_a_long_board_counts_by_office_and_names_only_whom_one_asks_for(
    takahashi_client, monkeypatch
):
    monkeypatch.setattr(queries_board, "AT_ONCE", 2)
    roster = nights(make_roster())
    for number in range(3):
        watched_person(roster, name=f"沖 正次{number}")
        watched_person(name=f"浜口 トミ{number}")
    office = roster.organisation.name

    text = page(takahashi_client)

    assert "担当のない時間がある人 3人" in text
    assert f"{office} 0999-00-1201 3人" in text
    assert ("沖" in text, text.count("浜口 トミ")) == (False, 2)
    assert AuditEvent.objects.filter(action="patient.read").count() == 2
    url = reverse("transitions:tonight")
    first = takahashi_client.get(url, {"office": office}).content.decode()
    rest = takahashi_client.get(url, {"office": office, "page": "2"}).content.decode()
    holes = takahashi_client.get(url, {"who": "holes", "page": "2"}).content.decode()
    assert [one.count("沖 正次") for one in (first, rest, holes)] == [2, 1, 0]
    assert holes.count("浜口 トミ") == 1
    assert AuditEvent.objects.filter(action="patient.read").count() == 2 + 2 + 1 + 1


@pytest.mark.parametrize("asked", [{"office": "ない事業所"}, {"who": "hospital"}])
def test_a_part_of_the_board_with_nobody_in_it_says_so(takahashi_client, asked):
    watched_person(nights(make_roster()))

    html = takahashi_client.get(reverse("transitions:tonight"), asked).content.decode()

    assert "該当する人はいません" in html


@pytest.mark.parametrize(("hour", "ends"), [(2, (20, 9)), (9, (21, 9)), (23, (21, 9))])
def test_the_night_ends_at_nine(hour, ends):
    end = night_ends(EVENING.replace(hour=hour))

    assert (end.day, end.hour) == ends


def test_nobody_on_any_team_reads_why_the_board_is_empty(takahashi_client):
    assert "受け持ちの人はいません" in page(takahashi_client)


# -- the person's order


def test_a_persons_week_and_order(takahashi_client):
    patient = watched_person(nights(make_roster()))

    text = page(takahashi_client, "person_tonight", patient.uid)

    assert "0:00～9:00" in text
    assert "9:00～17:00 当番が入っていません" in text
    assert "11月23日（月・祝） 勤労感謝の日" in text
    assert "1番目" in text


def test_the_order_is_chosen_from_the_teams_rosters(takahashi_client):
    mine, foreign = make_roster(), make_roster(tanaka(), name="よその当番")
    regional = save_roster(
        viewer=viewer_for(tanaka()),
        roster=None,
        name="地域の当番医",
        phone="0999-00-9999",
        is_regional=True,
    )
    patient = watched_person()
    url = reverse("transitions:person_tonight_edit", args=[patient.uid])
    assert takahashi_client.get(url).status_code == 200

    twice = takahashi_client.post(url, {"place_0": mine.uid, "place_1": mine.uid})
    wrong = takahashi_client.post(url, {"place_0": foreign.uid})
    right = takahashi_client.post(url, {"place_0": mine.uid, "place_2": regional.uid})

    assert set(rosters_offered_for(patient)) == {mine, regional}
    assert (twice.status_code, wrong.status_code, right.status_code) == (422, 422, 302)
    assert "別の電話する先を選んでください" in twice.content.decode()
    assert [one.roster for one in FirstContact.objects.all()] == [mine, regional]
    with pytest.raises(ValidationError):
        set_first_contacts(viewer=viewer_for(takahashi()), patient=patient, rosters=[foreign])


def test_who_is_not_on_the_team_finds_no_page(tanaka_client):
    patient = watched_person()

    for name in ("person_tonight", "person_tonight_edit"):
        response = tanaka_client.get(reverse(f"transitions:{name}", args=[patient.uid]))
        assert response.status_code == 404


def test_an_observer_reads_and_does_not_write(tanaka_client):
    patient = watched_person()
    add_member(patient, tanaka(), is_observer=True)

    assert "電話する順を決める" not in page(tanaka_client, "person_tonight", patient.uid)
    url = reverse("transitions:person_tonight_edit", args=[patient.uid])
    assert tanaka_client.get(url).status_code == 404


# -- the rosters


def test_a_roster_is_made_read_and_changed_on_its_pages(takahashi_client):
    client = takahashi_client
    assert "当番表はまだありません" in page(client, "roster_list")
    made = client.post(
        reverse("transitions:roster_list"),
        {"name": "夜間の電話当番", "phone": "０９９９ー００ー１２０１"},
    )
    roster = Roster.objects.get()
    assert made.status_code == 302
    assert roster.phone == "0999-00-1201"

    url = reverse("transitions:roster_pattern", args=[roster.uid, DayKind.FRIDAY])
    assert client.get(url).status_code == 200
    weekly = {"since": "2026年11月1日", "times_0": "17:30～翌8:30", "name_0": "架空 みのり"}
    assert client.post(url, weekly).status_code == 302
    day = reverse("transitions:roster_day", args=[roster.uid, "2026-11-23"])
    assert (
        client.post(day, {"times_0": "22:00～32:00", "phone_0": "0999-00-2045"}).status_code == 302
    )

    text = page(client, "roster_week", roster.uid)
    assert "17:30～翌8:30 架空 みのり" in text
    text = page(client, "roster_week", roster.uid)
    following = client.get(
        reverse("transitions:roster_week", args=[roster.uid]) + "?on=2026-11-23"
    ).content.decode()
    assert "22:00～翌8:00" in following
    assert "0999-00-2045" in following
    assert "この日だけの当番" in following
    assert client.get(day).status_code == 200
    assert client.post(day, {"clear": "1"}).status_code == 302
    assert not RosterDay.objects.exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "「当番なし」を選んでください"),
        ({"times_0": "よる", "name_0": "架空"}, "22:00～32:00"),
        ({"name_0": "架空"}, "この当番の時間を入力してください"),
        ({"times_0": "9:00～17:00"}, "当番の人か電話番号を入力してください"),
        ({"times_0": "9:00～17:00", "phone_0": "12"}, "電話番号は市外局番から"),
        ({"times_0": "9:00～17:00", "name_0": "架空", "nobody": "on"}, "当番が入っています"),
    ],
)
def test_what_a_day_cannot_hold_is_said_at_its_field(takahashi_client, data, message):
    roster = make_roster()

    response = takahashi_client.post(
        reverse("transitions:roster_day", args=[roster.uid, "2026-11-23"]), data
    )

    assert response.status_code == 422
    assert message in response.content.decode()


def test_a_day_without_duty_is_a_day_of_its_own(takahashi_client):
    roster = nights(make_roster())
    url = reverse("transitions:roster_day", args=[roster.uid, "2026-11-20"])

    takahashi_client.post(url, {"nobody": "on"})

    assert RosterDay.objects.get().shifts.count() == 0
    assert "この日だけの当番です" in takahashi_client.get(url).content.decode()


def test_a_new_pattern_leaves_what_was_before_it():
    roster = nights(make_roster(), since=date(2026, 4, 1))
    viewer = viewer_for(takahashi())

    set_week(viewer=viewer, roster=roster, day_kind=4, shifts=[NewShift(0, 60, "別")], since=FRIDAY)
    set_week(viewer=viewer, roster=roster, day_kind=4, shifts=[], since=FRIDAY)

    rows = [(row.since, row.until, row.ends) for row in roster.weekly.filter(day_kind=4)]
    assert sorted(rows) == [(date(2026, 4, 1), FRIDAY, 33 * 60), (FRIDAY, None, 0)]


def test_another_office_neither_reads_nor_writes_a_roster(tanaka_client, sato_client):
    roster = make_roster()
    addresses = [
        reverse("transitions:roster_week", args=[roster.uid]),
        reverse("transitions:roster_edit", args=[roster.uid]),
        reverse("transitions:roster_day", args=[roster.uid, "2026-11-20"]),
        reverse("transitions:roster_pattern", args=[roster.uid, 0]),
        reverse("transitions:roster_file", args=[roster.uid, "2026-11-01"]),
    ]

    assert [tanaka_client.get(url).status_code for url in addresses] == [404] * 5
    assert [sato_client.get(url).status_code for url in addresses] == [404] * 5
    with pytest.raises(Roster.DoesNotExist):
        roster_for(viewer_for(sato()), roster.uid)


@pytest.mark.parametrize("tail", ["days/2026-13-01/", "days/1026-01-01/", "pattern/9/"])
def test_addresses_of_no_day_are_not_found(takahashi_client, tail):
    roster = make_roster()

    assert takahashi_client.get(f"/transitions/rosters/{roster.uid}/{tail}").status_code == 404


def test_a_roster_is_renamed_and_ended(takahashi_client):
    roster = nights(make_roster())
    patient = watched_person(roster)
    url = reverse("transitions:roster_edit", args=[roster.uid])
    make_roster(name="別の当番")

    assert takahashi_client.get(url).status_code == 200
    taken = takahashi_client.post(url, {"name": "別の当番"})
    assert (taken.status_code, "同じ名称の当番表" in taken.content.decode()) == (422, True)
    again = takahashi_client.post(reverse("transitions:roster_list"), {"name": "別の当番"})
    assert again.status_code == 422
    assert takahashi_client.post(url, {"name": "電話", "phone": "0999-00-1"}).status_code == 422
    assert takahashi_client.post(url, {"name": "電話"}).status_code == 302
    takahashi_client.post(reverse("transitions:roster_end", args=[roster.uid]))

    assert Roster.objects.get(pk=roster.pk).ended_at == clock.now()
    assert "電話する先が決まっていません" in page(takahashi_client)
    assert "決まっていません" in page(takahashi_client, "person_tonight", patient.uid)


def test_the_month_before_is_copied_by_weekdays_and_holidays_are_left(takahashi_client):
    roster = make_roster()
    viewer = viewer_for(takahashi())
    for day in (date(2026, 10, 30), date(2026, 10, 6), date(2026, 10, 5), date(2026, 10, 26)):
        set_day(viewer=viewer, roster=roster, day=day, shifts=[NewShift(*NIGHT, f"{day.day}")])
    set_day(viewer=viewer, roster=roster, day=date(2026, 11, 2), shifts=[])

    copied = copy_month(viewer=viewer, roster=roster, month=date(2026, 11, 1))
    url = reverse("transitions:roster_copy", args=[roster.uid, "2026-11-01"])
    again = takahashi_client.post(url, follow=True).content.decode()

    # 10/6 (Tue) would be 11/3 文化の日, 10/26 (Mon) 11/23 勤労感謝の日; 11/2 has its own;
    # the fifth Monday, 11/30, comes from the last one, 10/26.
    assert (copied.day_count, copied.left) == (2, (date(2026, 11, 3), date(2026, 11, 23)))
    november = RosterDay.objects.filter(day__month=11)
    assert {one.day.day: [s.person_name for s in one.shifts.all()] for one in november} == {
        2: [],
        27: ["30"],
        30: ["26"],
    }
    assert "写せる日がありません" in again
    assert "11月3日（火・祝）" in again


def test_days_are_written_once_and_cleared():
    roster, viewer = make_roster(), viewer_for(takahashi())
    for _ in range(2):
        set_day(viewer=viewer, roster=roster, day=FRIDAY, shifts=[NewShift(0, 60, "架空")])
    assert RosterDay.objects.get().shifts.count() == 1

    clear_day(viewer=viewer, roster=roster, day=FRIDAY)
    end_roster(viewer=viewer, roster=roster)

    assert not RosterDay.objects.exists()
    with pytest.raises(ValidationError):
        set_day(viewer=viewer, roster=roster, day=FRIDAY, shifts=[NewShift(0, 60)])
    with pytest.raises(ValidationError):
        set_day(viewer=viewer, roster=roster, day=FRIDAY, shifts=[NewShift(0, 60, "架", line=0)])


# -- the month as a file


def workbook(*rows, headings=("日付", "時間", "当番の人", "電話番号", "順番")):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("toban.xlsx", stream.getvalue())


def load(client, roster, file):
    url = reverse("transitions:roster_file", args=[roster.uid, "2026-12-01"])
    return client.post(url, {"file": file})


def test_a_month_goes_out_and_comes_back_as_it_was(takahashi_client):
    roster = nights(make_roster())
    set_day(viewer=viewer_for(takahashi()), roster=roster, day=date(2026, 12, 31), shifts=[])
    url = reverse("transitions:roster_file", args=[roster.uid, "2026-12-01"])

    out = takahashi_client.get(url)
    back = load(takahashi_client, roster, SimpleUploadedFile("toban.xlsx", out.content))

    assert out["Content-Disposition"] == 'attachment; filename="toban-2026-12.xlsx"'
    assert back.status_code == 302
    assert RosterDay.objects.count() == 31
    assert RosterDay.objects.get(day=date(2026, 12, 31)).shifts.count() == 0
    [shift] = RosterDay.objects.get(day=date(2026, 12, 30)).shifts.all()
    assert (shift.words, shift.person_name) == ("17:00～翌9:00", "架空 みのり")


def test_a_file_with_mistakes_says_every_place_and_changes_nothing(takahashi_client):
    roster = make_roster()

    response = load(
        takahashi_client,
        roster,
        workbook(
            ("2026年12月1日", "22:00～32:00", "架空 みのり", "０９９９ー００ー１２０１", "２"),
            ("2026年11月30日", "9:00～17:00", "架空", "", ""),
            ("あした", "9:00～17:00", "架空", "", ""),
            ("", "9:00～17:00", "架空", "", ""),
            ("2026年12月2日", "よる", "", "12", "零"),
            ("2026年12月3日", "なし", "", "", ""),
            ("2026年12月3日", "9:00～17:00", "外\ue000字", "", ""),
            ("2026年12月4日", "9:00～17:00", "長" * 101, "", ""),
            ("2026年12月5日", "9:00～17:00", "架空", "", ""),
            ("2026年12月5日", "なし", "", "", ""),
        ),
    )

    assert response.status_code == 422
    found = [(one.row, one.column) for one in response.context["problems"]]
    assert found[:3] == [(3, "日付"), (4, "日付"), (5, "日付")]
    assert set(found[3:7]) == {(6, "時間"), (6, "当番の人"), (6, "電話番号"), (6, "順番")} - {
        (6, "当番の人")
    } | {(8, "当番の人")}
    assert found[-2:] == [(9, "当番の人"), (11, "時間")]
    assert not RosterDay.objects.exists()


def test_files_that_hold_no_month_are_refused_in_words(takahashi_client):
    roster = make_roster()

    empty = load(takahashi_client, roster, workbook())
    lacking = load(takahashi_client, roster, workbook(("1",), headings=("日付", "電話番号")))
    broken = load(takahashi_client, roster, SimpleUploadedFile("toban.xlsx", b"PK broken"))
    endless = load(takahashi_client, roster, SimpleUploadedFile(f"a.{'x' * 240}", b"PK"))
    missing = takahashi_client.post(
        reverse("transitions:roster_file", args=[roster.uid, "2026-12-01"]), {}
    )

    found = (empty, lacking, broken, endless, missing)
    assert [one.status_code for one in found] == [422] * 5


def test_a_file_too_large_is_refused(takahashi_client):
    file = SimpleUploadedFile("toban.xlsx", b"x" * (5 * 1024 * 1024 + 1))

    response = load(takahashi_client, make_roster(), file)

    assert "5MBより大きい" in response.content.decode()


def test_a_person_whose_consent_ended_leaves_the_board(time_machine):
    patient = watched_person(nights(make_roster()))
    assert len(board(takahashi())) == 1

    patient.consents.all().delete()

    assert board(takahashi()) == []
    consent(patient)
    assert len(board(takahashi())) == 1


def test_the_order_moves_with_a_merge_and_goes_with_the_record():
    roster = nights(make_roster())
    merged, into, other = watched_person(roster), watched_person(), watched_person(roster)

    moved = move_first_contacts(merged, into)
    assert move_first_contacts(other, into) == []
    assert [one.patient for one in FirstContact.objects.filter(pk__in=moved)] == [into]
    move_first_contacts_back(merged, into, moved)
    assert [one.patient for one in FirstContact.objects.filter(pk__in=moved)] == [merged]
    actor = viewer_for(takahashi()).actor

    counts = [
        destroy_first_contacts(actor=actor, patient=merged, document_class=each)
        for each in ("timeline", "record")
    ]

    assert counts == [0, 1]
