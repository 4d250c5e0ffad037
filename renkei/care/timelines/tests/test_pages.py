"""The pages of a room: what they show, to whom, in how many queries."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from renkei.care.patients.models import AccessGrant, Provider
from renkei.care.patients.tests.factories import add_family
from renkei.care.timelines.models import Acknowledgement, Addressee, Entry, Reaction, ReadPosition
from renkei.care.timelines.services.escalation import take_steps
from renkei.care.timelines.services.marks import hide_entry
from renkei.care.timelines.tests.factories import (
    DOCTOR,
    NURSE,
    alarm,
    ask,
    door,
    family_room,
    post,
    shirai,
    staff_room,
    team_patient,
    the,
)
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests.factories import (
    member,
    sign_in,
    suzuki,
    takahashi,
)
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.common.live import topics_of

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"timelines:{name}", args=args)


def client_of(user):
    return sign_in(Client(), user)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def sent(**fields):
    return {"client_uid": str(uuid4()), "kind": "notice", "text": "変わりありません。", **fields}


def reads():
    return list(
        AuditEvent.objects.filter(action="patient.read")
        .order_by("pk")
        .values_list("detail__what", flat=True)
    )


# The staff room ---------------------------------------------------------------------------


def test_the_staff_room_says_who_reads_it_on_its_composer(takahashi_client):
    patient = team_patient()

    page = takahashi_client.get(url("timeline", patient.uid))

    assert page.status_code == 200
    text = words(page)
    assert (
        "職員の部屋に書く 読む人：介護支援専門員・看護師・医師など3人。家族には見えません。" in text
    )
    assert "まだ書き込みはありません" in text
    assert reads() == ["経過（職員の部屋）"]


def test_the_family_room_says_that_family_reads_it(takahashi_client):
    patient = team_patient()
    add_family(patient)

    page = takahashi_client.get(url("timeline_family", patient.uid))

    assert "読む人：架空 さと子さん（長女）と職員3人。" in words(page)
    assert "家族にも見える部屋に出す" in words(page)
    assert "room--family" in page.content.decode()


def test_an_entry_is_sent_by_a_plain_form(takahashi_client):
    patient = team_patient()

    page = takahashi_client.post(
        url("timeline", patient.uid),
        sent(kind="question", text="数えてください。", addressees=["role:医師"], when="tomorrow"),
        follow=True,
    )

    assert "職員の部屋に出しました。" in words(page)
    entry = Entry.objects.get()
    assert (entry.kind, entry.text, the(Addressee).profession) == (
        "question",
        "数えてください。",
        DOCTOR,
    )
    assert "返事の期限 あす17:00" in words(page)
    assert "医師の返事がまだです。" in words(page)


def test_a_member_is_addressed_by_name(takahashi_client):
    patient = team_patient()
    doctor = patient.team.get(membership__user=shirai())

    takahashi_client.post(
        url("timeline", patient.uid), sent(kind="order", addressees=[f"member:{doctor.uid}"])
    )

    assert the(Addressee).member == doctor


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"text": ""}, "本文を入力してください。"),
        ({"kind": "urgent"}, "宛先を選んでください。"),
        ({"kind": "no"}, "種類"),
        ({"addressees": ["role:呪術師"]}, "宛先"),
        ({"addressees": ["member:x"]}, "宛先"),
        ({"client_uid": "x"}, "UUID"),
        ({"text": "外字\ue000"}, "外字"),
    ],
    ids=["empty", "nobody", "kind", "profession", "member", "uid", "characters"],
)
def test_what_does_not_fit_comes_back_with_its_words(takahashi_client, change, error):
    patient = team_patient()

    page = takahashi_client.post(url("timeline", patient.uid), sent(text="消えない文") | change)

    assert page.status_code == 422
    assert error in words(page)
    assert "エラー：療養者の経過" in page.content.decode()
    assert Entry.objects.count() == 0


def test_sending_the_same_page_twice_writes_once(takahashi_client):
    patient = team_patient()
    data = sent()

    for _ in range(2):
        takahashi_client.post(url("timeline", patient.uid), data)

    assert Entry.objects.count() == 1


def test_an_urgent_entry_always_says_to_telephone(takahashi_client):
    patient = team_patient()
    alarm(suzuki(), staff_room(patient), NURSE)

    page = takahashi_client.get(url("timeline", patient.uid))

    assert re.search(r"緊急 電話してください 宛先：看護師", words(page))
    assert "看護師の確認がまだです。" in words(page)


def test_the_page_shows_who_read_who_confirmed_and_what_followed(takahashi_client):
    patient = team_patient()
    entry = alarm(suzuki(), staff_room(patient), NURSE, DOCTOR)
    client_of(shirai()).post(url("entry_acknowledge", entry.room.uid, entry.uid))
    Entry.objects.update(posted_at=entry.posted_at - timedelta(hours=3))
    entry.escalations.update(due_at=clock.now() - timedelta(hours=1))
    take_steps(entry.pk)
    # The doctor pressed the button of another page; he has not seen the room.
    page = takahashi_client.get(url("timeline", patient.uid))

    text = words(page)
    assert "既読 1／3" in text
    assert "確認しました：白井 透（医師）" in text
    assert "看護師の確認がまだです。 3時間 超過" in text
    assert "メールで知らせた（1人）" in text
    again = words(takahashi_client.get(url("timeline", patient.uid)))
    assert "既読 2／3" in again


def test_answers_corrections_signs_and_late_arrivals_are_told(takahashi_client):
    patient = team_patient()
    room = staff_room(patient)
    question = ask(takahashi(), room, DOCTOR)
    post(shirai(), room, "土曜に行きます。", reply_to=question.uid)
    wrong = post(suzuki(), room, "10時です。", written_at=clock.now() - timedelta(hours=2))
    post(suzuki(), room, "11時です。", corrects=wrong.uid)
    Reaction.objects.create(
        entry=wrong,
        membership=takahashi().memberships.get(),
        name="高橋 三奈",
        kind="thanks",
        at=clock.now(),
    )

    text = words(takahashi_client.get(url("timeline", patient.uid)))

    assert "返事 1件 白井 透（医師）" in text
    assert "返事：高橋 三奈の相談「薬が残っています。」" in text
    assert "訂正あり 新しい内容を見る" in text
    assert "ありがとう：高橋 三奈" in text
    assert "に届きました" in text


def test_a_hidden_entry_leaves_who_and_why(takahashi_client):
    patient = team_patient()
    room = staff_room(patient)
    entry = post(suzuki(), room, "別の人の秘密")
    reply = post(takahashi(), room, "はい", reply_to=entry.uid)
    hide_entry(door=door(suzuki(), room), entry=entry, reason="別の人の記録でした。")

    for address in (
        url("timeline", patient.uid),
        url("entry_detail", room.uid, entry.uid),
        url("entry_detail", room.uid, reply.uid),
        url("timeline_search", patient.uid) + "?q=秘密",
        url("entry_fragment", room.uid),
    ):
        page = takahashi_client.get(address)
        assert page.status_code == 200
        assert "別の人の秘密" not in page.content.decode()
    text = words(takahashi_client.get(url("timeline", patient.uid)))
    assert "鈴木 二葉が" in text
    assert "理由：別の人の記録でした。" in text
    assert "返事：隠された書き込み" in text


def test_what_was_written_before_joining_is_quoted_to_nobody_new(takahashi_client):
    patient = team_patient()
    room = staff_room(patient)
    old = post(suzuki(), room, "前の秘密")
    Entry.objects.update(posted_at=clock.now() - timedelta(days=9))
    AccessGrant.objects.filter(membership__user=takahashi()).update(
        history_since=clock.now() - timedelta(days=1)
    )
    post(suzuki(), room, "新しい話", reply_to=old.uid)

    page = takahashi_client.get(url("timeline", patient.uid))

    assert "新しい話" in words(page)
    assert "返事：参加する前の書き込み" in words(page)
    assert "前の秘密" not in page.content.decode()
    assert takahashi_client.get(url("entry_detail", room.uid, old.uid)).status_code == 404


def test_older_entries_are_a_link_away(takahashi_client):
    patient = team_patient()
    room = staff_room(patient)
    for number in range(22):
        post(suzuki(), room, f"書き込み{number + 1}。")

    newest = takahashi_client.get(url("timeline", patient.uid))
    older = takahashi_client.get(url("timeline", patient.uid) + "?before=3")

    assert "書き込み22。" in words(newest)
    assert "書き込み2。" not in words(newest)
    assert 'href="?before=3"' in newest.content.decode()
    assert "書き込み2。 " in words(older)
    assert "書き込み3。" not in words(older)
    assert "data-still" in older.content.decode()
    nonsense = takahashi_client.get(url("timeline", patient.uid) + "?before=９９９９９９９９９９９")
    assert "書き込み22。" in words(nonsense)


def test_days_are_marked_and_unread_rooms_counted(takahashi_client):
    patient = team_patient()
    post(suzuki(), staff_room(patient))
    Entry.objects.update(posted_at=clock.now() - timedelta(days=1))
    post(suzuki(), staff_room(patient))
    post(suzuki(), family_room(patient))

    text = words(takahashi_client.get(url("timeline", patient.uid)))

    assert text.index("きょう") < text.index("きのう")
    assert "本人・家族の部屋 家族も読みます 新着 1" in text
    # Looking at one room is not looking at the other.
    assert ReadPosition.objects.filter(user=takahashi()).count() == 1


def test_whom_to_call_tonight(takahashi_client):
    patient = team_patient()
    period = ("2020-01-01", None)
    for role, name, phone, always in (
        ("main_doctor", "しおかぜ医院", "0999-00-2045", False),
        ("station", "みなも", "0999-00-1201", True),
        ("hospital_of_choice", "架空市立中央病院", "", False),
    ):
        Provider.objects.create(
            patient=patient,
            role=role,
            name=name,
            phone=phone,
            around_the_clock=always,
            period=period,
        )

    text = words(takahashi_client.get(url("timeline", patient.uid)))

    assert "今夜 電話する先 みなも 24時間 0999-00-1201" in text
    assert "つながらないとき：しおかぜ医院 0999-00-2045" in text
    assert "救急の希望先：架空市立中央病院" in text


def test_a_closed_person_is_read_only_on_the_page(takahashi_client):
    patient = team_patient()
    patient.closed_on, patient.closed_because = clock.today(), "death"
    patient.save()

    page = takahashi_client.get(url("timeline", patient.uid))
    refused = takahashi_client.post(url("timeline", patient.uid), sent())

    assert "この人の記録は終了しています。" in words(page)
    assert 'id="composer"' not in page.content.decode()
    assert refused.status_code == 422


def test_the_name_is_in_no_title_and_no_address(takahashi_client):
    patient = team_patient(name="架空 秘子")
    entry = post(suzuki(), staff_room(patient))

    for address in (
        url("timeline", patient.uid),
        url("entry_detail", entry.room.uid, entry.uid),
        url("timeline_search", patient.uid),
        url("timeline_export", patient.uid),
    ):
        title = re.search(r"<title>(.*?)</title>", takahashi_client.get(address).content.decode())
        assert title is not None
        assert "秘子" not in title[1]


@pytest.mark.parametrize("entries", [1, 3])
def test_the_page_asks_a_fixed_number_of_questions(takahashi_client, entries):
    counts = []
    for number in (entries, 1):
        patient = team_patient()
        for _ in range(number):
            question = ask(suzuki(), staff_room(patient), NURSE)
            post(shirai(), staff_room(patient), reply_to=question.uid)
            alarm(suzuki(), staff_room(patient), NURSE)
        takahashi_client.get(url("timeline", patient.uid))
        with CaptureQueriesContext(connection) as queries:
            takahashi_client.get(url("timeline", patient.uid))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Acts -------------------------------------------------------------------------------------


def test_acts_lead_back_to_where_the_button_stood(takahashi_client):
    patient = team_patient()
    room = staff_room(patient)
    entry = alarm(suzuki(), room, NURSE)
    own = ask(takahashi(), room, DOCTOR)

    confirmed = takahashi_client.post(url("entry_acknowledge", room.uid, entry.uid))
    reacted = takahashi_client.post(
        url("entry_react", room.uid, entry.uid), {"kind": "checking", "from": "entry"}
    )
    settled = takahashi_client.post(
        url("entry_settle", room.uid, own.uid), headers={"HX-Request": "true"}
    )

    assert confirmed["Location"] == f"{url('timeline', patient.uid)}#e-{entry.number}"
    assert reacted["Location"] == url("entry_detail", room.uid, entry.uid)
    assert settled.status_code == 200
    assert Acknowledgement.objects.count() == Reaction.objects.count() == 1
    assert not Addressee.objects.filter(done_at=None).exists()


@pytest.mark.parametrize("act", ["entry_acknowledge", "entry_react", "entry_settle"])
def test_an_act_that_does_not_fit_is_refused_in_words(takahashi_client, act):
    patient = team_patient()
    entry = post(suzuki(), staff_room(patient))

    page = takahashi_client.post(url(act, entry.room.uid, entry.uid), {"kind": "x"}, follow=True)

    assert re.search("要りません|選び直して|自分の相談だけ", words(page))


def test_an_answer_is_written_on_the_entrys_page(takahashi_client):
    patient = team_patient()
    question = ask(suzuki(), staff_room(patient), NURSE)
    address = url("entry_detail", question.room.uid, question.uid)

    empty = takahashi_client.post(address, {"text": ""})
    page = takahashi_client.post(
        address, {"text": "行きます。", "client_uid": str(uuid4())}, follow=True
    )

    assert empty.status_code == 422
    assert "本文を入力してください。" in words(empty)
    assert "返事（1件）" in words(page)
    assert "行きます。" in words(page)
    assert the(Addressee).done_by.user == takahashi()


def test_the_entrys_page_lists_readers_with_their_time(takahashi_client):
    patient = team_patient()
    entry = post(suzuki(), staff_room(patient))
    client_of(shirai()).get(url("timeline", patient.uid))

    text = words(takahashi_client.get(url("entry_detail", entry.room.uid, entry.uid)))

    assert "読んだ人（3人）" in text
    assert re.search("白井 透 医師 架空しおかぜ医院 きょう", text)


def test_one_hides_and_corrects_ones_own_entry(takahashi_client):
    patient = team_patient()
    room = staff_room(patient)
    entry, other = post(takahashi(), room, "38.6℃"), post(suzuki(), room)

    form = takahashi_client.get(url("entry_correct", room.uid, entry.uid))
    refused = takahashi_client.post(
        url("entry_correct", room.uid, entry.uid), {"client_uid": str(uuid4()), "text": "\ue000"}
    )
    takahashi_client.post(
        url("entry_correct", room.uid, entry.uid),
        {"client_uid": str(uuid4()), "text": "36.8℃"},
    )
    no_reason = takahashi_client.post(url("entry_hide", room.uid, entry.uid), {"reason": ""})
    hidden = takahashi_client.post(url("entry_hide", room.uid, entry.uid), {"reason": "誤り"})

    assert "38.6℃" in words(form)
    assert (refused.status_code, no_reason.status_code, hidden.status_code) == (422, 422, 302)
    assert Entry.objects.get(corrects=entry).text == "36.8℃"
    for act in ("entry_hide", "entry_correct"):
        assert takahashi_client.get(url(act, room.uid, other.uid)).status_code == 404


def test_a_refused_hiding_says_so(takahashi_client):
    entry = post(takahashi(), staff_room(team_patient()))

    page = takahashi_client.post(
        url("entry_hide", entry.room.uid, entry.uid), {"reason": "外字\ue000"}
    )

    assert page.status_code == 422
    assert "外字" in words(page)


def test_the_call_list_is_one_sheet_and_logged(takahashi_client):
    patient = team_patient()
    entry = alarm(suzuki(), staff_room(patient), NURSE)
    notice = post(suzuki(), staff_room(patient))

    pdf = takahashi_client.get(url("call_list", entry.room.uid, entry.uid))

    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"] == 'inline; filename="call-list.pdf"'
    assert AuditEvent.objects.filter(action="call_list.printed").count() == 1
    assert takahashi_client.get(url("call_list", entry.room.uid, notice.uid)).status_code == 404


def test_the_auditor_of_the_municipality_reads_the_original():
    area = make_area()
    patient = team_patient(municipality=area)
    entry = post(takahashi(), staff_room(patient), "別の人の秘密")
    officer = member(Role.PRIVACY_OFFICER)
    organisation = officer.memberships.get().organisation
    address = url("hidden_entry", entry.uid)
    client = client_of(officer)

    before = client.get(address)
    hide_entry(door=door(takahashi(), entry.room), entry=entry, reason="別の人")
    elsewhere = client.get(address)
    organisation.area = area
    organisation.save()
    page = client.get(address)

    assert before.status_code == elsewhere.status_code == 404
    assert "別の人の秘密" in words(page)
    assert AuditEvent.objects.filter(action="entry.original_read").count() == 1
    [read] = AuditEvent.objects.filter(action="patient.read", target_id=str(patient.uid))
    assert read.detail == {"what": "隠された書き込み", "via": "officer"}


# Open pages -------------------------------------------------------------------------------


def test_an_open_page_asks_for_what_is_new(takahashi_client):
    patient = team_patient()
    room = staff_room(patient)
    entries = [post(suzuki(), room, text) for text in ("一。", "二。", "三。")]
    address = url("entry_fragment", room.uid)

    fragment = takahashi_client.get(f"{address}?after=1")
    assert re.findall(r'data-number="(\d+)"', fragment.content.decode()) == ["3", "2"]
    assert fragment["Cache-Control"] == "no-store"
    assert not ReadPosition.objects.filter(user=takahashi()).exists()

    takahashi_client.get(f"{address}?after=2&seen=1")
    assert ReadPosition.objects.get(user=takahashi()).number == 3
    one = takahashi_client.get(f"{address}?entry={entries[0].uid}")
    assert "一。" in words(one)
    assert takahashi_client.get(f"{address}?entry=x").status_code == 404
    before = len(reads())
    assert words(takahashi_client.get(f"{address}?after=3")).strip() == ""
    assert len(reads()) == before


def test_who_slept_long_gets_the_oldest_first(takahashi_client):
    room = staff_room(team_patient())
    for _ in range(25):
        post(suzuki(), room)

    fragment = takahashi_client.get(url("entry_fragment", room.uid) + "?after=1")

    numbers = [int(one) for one in re.findall(r'data-number="(\d+)"', fragment.content.decode())]
    assert numbers == list(range(21, 1, -1))


def test_coming_back_to_the_page_marks_it_seen(takahashi_client):
    room = staff_room(team_patient())
    post(suzuki(), room)

    for text in ("x", "9"):
        answer = takahashi_client.post(url("room_seen", room.uid), {"up_to": text})
        assert answer.status_code == 204

    assert ReadPosition.objects.get(user=takahashi()).number == 1


def test_a_token_opens_one_room_and_ones_own_end(takahashi_client):
    room = staff_room(team_patient())

    answer = takahashi_client.get(url("live_token", room.uid))

    assert topics_of(answer.json()["token"]) == [
        f"room:{room.uid}",
        f"revoke:{takahashi().uid}",
    ]


# Search and copies ------------------------------------------------------------------------


def test_search_folds_kana_and_stays_inside_the_person(takahashi_client):
    patient, other = team_patient(), team_patient()
    post(suzuki(), staff_room(patient), "アセトアミノフェンを出しました。")
    post(suzuki(), family_room(patient), "あせとあみのふぇんは飲めましたか。")
    post(suzuki(), staff_room(other), "アセトアミノフェン")

    page = takahashi_client.get(url("timeline_search", patient.uid) + "?q=ｱｾﾄ あみのふぇん")
    nothing = takahashi_client.get(url("timeline_search", patient.uid) + "?q=100%_")

    assert "2件" in words(page)
    assert "見つかりませんでした" in words(nothing)
    assert "経過の検索" in reads()


def test_a_copy_of_a_period_as_pdf_and_workbook(takahashi_client):
    patient = team_patient()
    room = staff_room(patient)
    post(suzuki(), room, "=HYPERLINK(1)")
    hidden = post(takahashi(), room, "別の人の秘密")
    hide_entry(door=door(takahashi(), room), entry=hidden, reason="別の人")
    today = clock.today().isoformat()
    data = {"room": "staff", "first": today, "last": today, "reason": "開示請求"}
    address = url("timeline_export", patient.uid)

    pdf = takahashi_client.post(address, {**data, "format": "pdf"})
    xlsx = takahashi_client.post(address, {**data, "format": "xlsx"})
    wrong = takahashi_client.post(address, {**data, "format": "pdf", "last": "2020-01-01"})

    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"] == 'attachment; filename="timeline.pdf"'
    rows = workbook_rows(xlsx.content)
    assert [row[6] for row in rows[1:]] == ["=HYPERLINK(1)", "（隠された書き込み）"]
    assert wrong.status_code == 422
    assert AuditEvent.objects.filter(action="timeline.exported").count() == 2
    # The page that came back with its error showed the person, too.
    assert reads().count("経過の写し") == 3


def workbook_rows(content):
    import io

    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    # A cell that could be run would be of the type "f".
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    return [[cell.value for cell in row] for row in sheet.iter_rows()]
