"""看取りと意思の確認: conditions of an area, confirmations of a person, what a crew sees."""

from __future__ import annotations

import io
import re
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, ProgrammingError, transaction
from django.urls import reverse
from pypdf import PdfReader

from renkei.care.patients.models import ContentClass, GrantKind, Wish
from renkei.care.patients.models.team import AccessGrant
from renkei.care.patients.queries_emergency import emergency_screen
from renkei.care.patients.tests.factories import add_member, make_patient, membership_of
from renkei.care.transitions.models import (
    VersionState,
    WishConditions,
    WishFact,
    WishFactKind,
    WishPlan,
)
from renkei.care.transitions.queries.end_of_life import (
    conditions_in_force,
    facts_of,
    person_wish,
)
from renkei.care.transitions.services.end_of_life import (
    publish_conditions,
    record_wish_fact,
    take_back_wish_fact,
    write_conditions,
)
from renkei.care.transitions.services.wish_lifecycle import (
    destroy_wish_plans,
    move_wish_plans,
    move_wish_plans_back,
)
from renkei.care.transitions.wish_conditions import EXAMPLE, parse
from renkei.care.transitions.wish_standing import StandingState, WishStanding, months_after
from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=TOKYO)
TALK = date(2026, 10, 1)
REQUIRED = [item for item in EXAMPLE.items if item.required]


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def town() -> Area:
    return Area.objects.filter(name="架空市").first() or make_area(name="架空市")


def city():
    user = accounts.sato()
    office = user.memberships.get().organisation
    office.area = town()
    office.save()
    return user


def agreed(content=None, first_day=date(2026, 4, 1)) -> WishConditions:
    viewer = accounts.viewer_for(city())
    edition = write_conditions(
        viewer=viewer, edition=None, content=content or EXAMPLE.as_json(), reason=""
    )
    publish_conditions(viewer=viewer, edition=edition, first_day=first_day)
    edition.refresh_from_db()
    return edition


def person(**fields):
    patient = make_patient(municipality=town(), **fields)
    add_member(patient, accounts.takahashi())
    return patient


def nurse():
    return accounts.viewer_for(accounts.takahashi())


def wish_of(patient, talked_on=TALK, **fields) -> Wish:
    values = {
        "text": "家で静かに過ごしたい。",
        "emergency_summary": "心肺蘇生は望まないと話している",
        "participants": "本人・長女・主治医",
        "is_shared": True,
        "recorded_at": clock.now(),
    }
    return Wish.objects.create(patient=patient, talked_on=talked_on, **{**values, **fields})


def record(patient, item, on=date(2026, 10, 2), **values) -> WishFact:
    return record_wish_fact(
        viewer=nurse(), patient=patient, kind=item.kind, code=item.code,
        values={"happened_on": on, "person_name": "架空 医師", **values},
    )  # fmt: skip


def all_confirmed(patient) -> None:
    for item in REQUIRED:
        phone = "0999-00-2045" if item.code == "doctor_call" else ""
        record(patient, item, phone=phone)


def standing_now(patient) -> WishStanding:
    found = person_wish(nurse(), patient).standing
    assert found is not None
    return found


def state_of(patient) -> StandingState:
    return standing_now(patient).state


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# -- conditions


def test_the_example_is_in_force_nowhere_until_an_area_publishes_its_own():
    assert conditions_in_force(town(), NOON.date()) is None
    assert conditions_in_force(None, NOON.date()) is None

    edition = agreed()

    assert conditions_in_force(town(), NOON.date()) == edition
    assert conditions_in_force(town(), date(2026, 3, 31)) is None


def test_a_new_edition_ends_the_one_before_and_published_ones_never_change():
    viewer = accounts.viewer_for(city())
    first = agreed()
    second = write_conditions(
        viewer=viewer, edition=None, content=EXAMPLE.as_json(), reason="見直し"
    )
    with pytest.raises(ValidationError, match="いまの版の始まりより後"):
        publish_conditions(viewer=viewer, edition=second, first_day=date(2026, 4, 1))

    publish_conditions(viewer=viewer, edition=second, first_day=date(2026, 12, 1))

    assert conditions_in_force(town(), date(2026, 11, 30)) == first
    assert conditions_in_force(town(), date(2026, 12, 1)) == second
    with pytest.raises(ValidationError, match="もう公開"):
        publish_conditions(viewer=viewer, edition=first, first_day=date(2026, 12, 1))
    with pytest.raises(ValidationError, match="変えられません"):
        write_conditions(viewer=viewer, edition=first, content=EXAMPLE.as_json(), reason="")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        WishConditions.objects.filter(pk=first.pk).update(content={})


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([], "項目を1つから"),
        ([{"code": "a", "kind": "told", "label": " "}], "1つずつ違うことば"),
        ([{"code": "a", "kind": "told", "label": "家族", "required": False}], "1つ以上選んで"),
    ],
)
def test_incomplete_conditions_are_refused(items, sentence):
    with pytest.raises(ValidationError, match=sentence):
        parse({"title": "取り決め", "items": items})


def test_an_office_without_an_area_writes_no_conditions():
    with pytest.raises(ValidationError, match="圏域が決まっていません"):
        write_conditions(
            viewer=accounts.viewer_for(accounts.sato()), edition=None,
            content=EXAMPLE.as_json(), reason="",
        )  # fmt: skip


# -- one person


def test_confirmations_are_counted_until_all_that_is_asked_for_is_there():
    agreed()
    patient = person()
    without = state_of(patient)
    wish_of(patient)
    missing = state_of(patient)

    all_confirmed(patient)

    assert (without, missing) == (StandingState.NO_WISH, StandingState.MISSING)
    found = standing_now(patient)
    assert (found.state, found.done_count) == (StandingState.READY, found.required_count)


def test_a_new_talk_asks_for_new_confirmations():
    agreed()
    patient = person()
    wish_of(patient)
    all_confirmed(patient)

    wish_of(patient, talked_on=date(2026, 11, 10))

    assert state_of(patient) == StandingState.MISSING


def test_a_confirmation_runs_out(time_machine):
    agreed()
    patient = person()
    wish_of(patient)
    all_confirmed(patient)

    time_machine.move_to(datetime(2027, 4, 3, 12, 0, tzinfo=TOKYO), tick=False)

    missing = {line.item.code for line in standing_now(patient).missing}
    assert missing == {"final_stage", "expected"}


def test_a_person_may_change_their_mind_at_any_time():
    agreed()
    patient = person()
    wish_of(patient)
    all_confirmed(patient)

    record_wish_fact(
        viewer=nurse(), patient=patient, kind=WishFactKind.WITHDRAWN, code="",
        values={"happened_on": NOON.date(), "person_name": "本人"},
    )  # fmt: skip

    assert state_of(patient) == StandingState.WITHDRAWN
    [note] = emergency_screen(nurse(), patient.uid).notes
    assert note.word == "本人が取りやめました"


def test_a_wish_that_is_not_shared_speaks_for_nothing():
    agreed()
    patient = person()
    wish_of(patient, is_shared=False)

    assert state_of(patient) == StandingState.NO_WISH
    with pytest.raises(ValidationError, match="共有した意思の記録がありません"):
        record(patient, REQUIRED[0])


def test_the_team_learns_that_a_record_changed_as_far_as_it_may_read_wishes(client):
    patient = person()
    agreed()
    wish_of(patient)
    add_member(patient, accounts.suzuki())
    without = add_member(patient, accounts.tanaka())
    AccessGrant.objects.filter(member=without).update(content_classes=["basic", "timeline"])

    record(patient, REQUIRED[0])

    told = Notification.objects.get(kind="transitions.wish_news")
    assert told.user == accounts.suzuki()
    assert told.path == reverse("transitions:person_end_of_life", args=[patient.uid])
    accounts.sign_in(client, accounts.suzuki()).get(told.path)
    told.refresh_from_db()
    assert told.read_at is not None


def test_what_cannot_be_is_refused():
    agreed()
    patient = person()
    wish_of(patient)

    with pytest.raises(ValidationError, match="きょうまで"):
        record(patient, REQUIRED[0], on=date(2026, 11, 21))
    with pytest.raises(ValidationError, match="話し合った日より後"):
        record(patient, REQUIRED[0], on=date(2026, 9, 30))
    with pytest.raises(ValidationError, match="取り決めにない項目"):
        record_wish_fact(
            viewer=nurse(), patient=patient, kind=WishFactKind.TOLD, code="talk",
            values={"happened_on": NOON.date(), "person_name": "x"},
        )  # fmt: skip


def test_a_mistake_is_taken_back_by_a_row_and_nothing_is_changed():
    agreed()
    patient = person()
    wish_of(patient)
    all_confirmed(patient)
    fact = WishFact.objects.filter(code="family").get()

    take_back_wish_fact(viewer=nurse(), patient=patient, fact=fact)

    assert state_of(patient) == StandingState.MISSING
    with pytest.raises(ValidationError, match="すでに取り消され"):
        take_back_wish_fact(viewer=nurse(), patient=patient, fact=fact)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        WishFact.objects.filter(pk=fact.pk).update(note="x")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        WishFact.objects.filter(code="talk").delete()


def test_months_end_on_the_last_day_of_a_shorter_month():
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 11, 20), 12) == date(2027, 11, 20)


# -- what the crew sees


def test_the_crew_sees_a_record_and_how_far_it_is_confirmed_but_never_an_order():
    agreed()
    patient = person()
    wish_of(patient)
    record(patient, REQUIRED[0])

    [note] = emergency_screen(nurse(), patient.uid).notes

    assert note.word == f"地域の取り決めの確認が足りません（1／{len(REQUIRED)}）"
    assert note.lines[0].startswith("足りないもの：人生の最終段階")
    assert not any("しないでください" in line or "中止" in line for line in note.lines)


def test_a_fire_desk_with_the_card_sees_it_on_the_emergency_screen_and_nowhere_else(client):
    agreed()
    patient = person()
    wish_of(patient)
    all_confirmed(patient)
    office = accounts.make_organisation("架空消防本部", OrganisationKind.FIRE_DEPARTMENT)
    dispatch = accounts.person("指令 太郎", "shirei@fire.example.test", office, Role.FIRE_DISPATCH)
    AccessGrant.objects.create(
        patient=patient, kind=GrantKind.EMERGENCY_CARD, membership=membership_of(dispatch),
        organisation=office, content_classes=["emergency", "wishes"], starts_at=clock.now(),
    )  # fmt: skip
    accounts.sign_in(client, dispatch)

    short = client.get(reverse("patients:emergency_screen", args=[patient.uid]))
    whole = client.get(reverse("patients:emergency_screen", args=[patient.uid]) + "?all")
    page = client.get(reverse("transitions:person_end_of_life", args=[patient.uid]))

    assert "指示ではありません" in words(short)
    assert "確認がそろっています" in words(short)
    assert "0999-00-2045" in words(whole)
    assert "この地域の取り決め：救急隊は" in words(whole)
    assert page.status_code == 404


def test_without_conditions_or_wishes_nothing_stands_beside():
    patient = person()
    wish_of(patient)
    assert emergency_screen(nurse(), patient.uid).notes == ()
    agreed()
    grant = patient.team.get().grant
    grant.content_classes = ["basic", "emergency"]
    grant.save()

    assert emergency_screen(nurse(), patient.uid).notes == ()


# -- pages


def test_a_nurse_confirms_prints_and_takes_back_on_the_pages(takahashi_client):
    agreed()
    patient = person(name="湊 ハル江")
    wish_of(patient)
    page = reverse("transitions:person_end_of_life", args=[patient.uid])
    add = reverse("transitions:wish_fact_add", args=[patient.uid, "doctor_call"])
    assert "まだ" in words(takahashi_client.get(page))
    assert takahashi_client.get(add).status_code == 200

    wrong = takahashi_client.post(
        add, {"happened_on": "2026年11月21日", "person_name": "医師 架空"}
    )
    takahashi_client.post(
        add,
        {"happened_on": "2026年11月2日", "person_name": "医師 架空", "phone": "0999-00-2045"},
    )
    sheet = takahashi_client.get(reverse("transitions:wish_sheet", args=[patient.uid]))

    assert wrong.status_code == 422
    shown = words(takahashi_client.get(page))
    assert "0999-00-2045" in shown
    assert "指示ではありません" in shown
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(sheet.content)).pages)
    for expected in ("湊 ハル江", "指示ではありません", "0999-00-2045", "医師 架空"):
        assert expected in text
    fact = WishFact.objects.get()
    back = reverse("transitions:wish_fact_take_back", args=[patient.uid, fact.uid])
    takahashi_client.post(back)
    takahashi_client.post(back)
    assert "取り消されました" in words(takahashi_client.get(page))
    withdraw = reverse("transitions:wish_fact_add", args=[patient.uid, "withdrawn"])
    assert "取りやめました" in words(takahashi_client.get(withdraw))
    takahashi_client.post(withdraw, {"happened_on": "2026年11月20日", "person_name": "本人"})
    assert "本人が取りやめました" in words(takahashi_client.get(page))
    unknown = reverse("transitions:wish_fact_add", args=[patient.uid, "unknown"])
    assert takahashi_client.get(unknown).status_code == 404
    reads = AuditEvent.objects.filter(action="patient.read", target_id=str(patient.uid))
    assert reads.filter(detail__what="意思の記録の紙").count() == 1


def test_who_is_not_on_the_team_or_may_not_see_wishes_finds_nothing(
    tanaka_client, takahashi_client
):
    patient = person()
    page = reverse("transitions:person_end_of_life", args=[patient.uid])
    assert tanaka_client.get(page).status_code == 404
    grant = patient.team.get().grant
    grant.content_classes = [each for each in ContentClass if each != ContentClass.WISHES]
    grant.save()

    assert takahashi_client.get(page).status_code == 404


def test_break_glass_opens_the_emergency_screen_and_not_this_page(tanaka_client):
    patient = person()
    membership = membership_of(accounts.tanaka())
    AccessGrant.objects.create(
        patient=patient, kind=GrantKind.BREAK_GLASS, membership=membership,
        organisation=membership.organisation, content_classes=["basic", "emergency", "wishes"],
        starts_at=clock.now(),
    )  # fmt: skip

    for name in ("person_end_of_life", "wish_sheet", "review_open_of"):
        url = reverse(f"transitions:{name}", args=[patient.uid])
        assert tanaka_client.get(url).status_code == 404


def test_an_observer_reads_and_does_not_write(takahashi_client):
    agreed()
    patient = person()
    wish_of(patient)
    patient.team.update(is_observer=True)

    page = takahashi_client.get(reverse("transitions:person_end_of_life", args=[patient.uid]))
    add = reverse("transitions:wish_fact_add", args=[patient.uid, "talk"])

    assert "記録する" not in words(page)
    assert takahashi_client.get(add).status_code == 404


def test_the_town_writes_and_publishes_its_conditions(client, takahashi_client):
    accounts.sign_in(client, city())
    url = reverse("transitions:conditions_list")
    assert "例：" in words(client.get(url))
    form = client.get(reverse("transitions:conditions_add")).context["form"]
    data = {
        name: field.initial if field.initial is not None else ""
        for name, field in form.fields.items()
    }
    data |= {key: value for key, value in form.initial.items() if value is not None}
    data = {key: ("on" if value is True else value) for key, value in data.items() if value != ""}
    data["label_9"] = "薬局"
    data |= {f"kind_{place}": "confirmed" for place in range(9, 14)}

    client.post(reverse("transitions:conditions_add"), data)
    edition = WishConditions.objects.get()
    edit = reverse("transitions:conditions_edit", args=[edition.uid])
    client.post(edit, {**data, "title": "架空市の取り決め"})
    empty = client.post(edit, {"title": "x"})
    publish = reverse("transitions:conditions_publish", args=[edition.uid])
    assert client.get(publish).status_code == 200
    client.post(publish, {"first_day": "2026年11月20日"})
    again = client.post(publish, {"first_day": "2026年11月21日"})

    edition.refresh_from_db()
    assert empty.status_code == 422
    assert again.status_code == 422
    assert edition.state == VersionState.PUBLISHED
    assert edition.content["items"][-1]["code"] == "item_1"
    assert "架空市の取り決め" in words(client.get(url))
    assert client.get(edit).status_code == 404
    assert takahashi_client.get(url).status_code == 200


def test_a_draft_of_the_town_is_not_shown_to_others(client, takahashi_client):
    accounts.sign_in(client, city())
    edition = write_conditions(
        viewer=accounts.viewer_for(city()), edition=None, content=EXAMPLE.as_json(), reason=""
    )
    office = membership_of(accounts.takahashi()).organisation
    office.area = town()
    office.save()

    assert "第1版" not in words(takahashi_client.get(reverse("transitions:conditions_list")))
    other = make_area(name="隣町")
    WishConditions.objects.filter(pk=edition.pk).update(area=other)
    url = reverse("transitions:conditions_publish", args=[edition.uid])
    assert client.get(url).status_code == 404


# -- merged and destroyed


def test_confirmations_go_with_a_merged_record_and_come_back():
    agreed()
    merged, into = person(), person()
    wish_of(merged)
    record(merged, REQUIRED[0])

    moved = move_wish_plans(merged, into)
    on_into = facts_of(into).count()
    move_wish_plans_back(merged, into, moved)

    assert (on_into, facts_of(into).count(), facts_of(merged).count()) == (1, 0, 1)


def test_disposal_destroys_the_confirmations_of_one_person():
    agreed()
    patient, other = person(), person()
    for each in (patient, other):
        wish_of(each)
        all_confirmed(each)
    take_back_wish_fact(viewer=nurse(), patient=patient, fact=facts_of(patient)[0])

    kept = destroy_wish_plans(actor=SYSTEM, patient=patient, document_class="timeline")
    count = destroy_wish_plans(actor=SYSTEM, patient=patient, document_class="emergency")

    assert (kept, count) == (0, len(REQUIRED) + 1)
    assert facts_of(patient).count() == 0
    assert not WishPlan.objects.filter(patient=patient).exists()
    assert facts_of(other).count() == len(REQUIRED)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        WishFact.objects.filter(code="talk").delete()
