"""Writing: once per client id, numbered, frozen, only where one may."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from renkei.care.patients.models import AccessGrant, Consent, EndOfCare
from renkei.care.patients.tests.factories import add_family, add_member, consent, make_patient
from renkei.care.timelines.hooks import after_posting
from renkei.care.timelines.models import Addressee, Entry, EntryKind, Room
from renkei.care.timelines.queries.doors import entries_through
from renkei.care.timelines.services.marks import hide_entry
from renkei.care.timelines.services.posting import post_for_platform
from renkei.care.timelines.services.rooms import opened_doors_of
from renkei.care.timelines.tests.factories import (
    CARE_MANAGER,
    DOCTOR,
    NURSE,
    alarm,
    ask,
    door,
    family_room,
    last_event,
    post,
    shirai,
    staff_room,
    team_patient,
    the,
)
from renkei.care.timelines.values import NewObservation, To
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.tests.factories import (
    sato,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db


def told(user):
    return sorted(Notification.objects.filter(user=user).values_list("kind", flat=True))


def test_an_entry_keeps_its_author_as_they_were_that_day():
    room = staff_room(team_patient())

    entry = post(takahashi(), room, "血圧は落ち着いています。", scene="daily")
    takahashi_now = takahashi()
    takahashi_now.name = "改姓 三奈"
    takahashi_now.save()
    Membership.objects.filter(user=takahashi_now).update(profession="保健師")

    entry.refresh_from_db()
    assert (entry.author_name, entry.author_profession, entry.author_organisation) == (
        "高橋 三奈",
        NURSE,
        "架空訪問看護ステーション",
    )
    assert (entry.number, entry.scene) == (1, "daily")


def test_sent_twice_it_is_written_once():
    room = staff_room(team_patient())
    client_uid = uuid4()

    first = post(takahashi(), room, client_uid=client_uid)
    events = AuditEvent.objects.count()
    again = post(takahashi(), room, "別の文", client_uid=client_uid)

    assert again == first
    assert list(Entry.objects.values_list("text", flat=True)) == ["変わりありません。"]
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("someone", [suzuki, takahashi])
def test_another_ones_client_id_tells_nothing(someone):
    patient = team_patient()
    client_uid = uuid4()
    post(shirai(), staff_room(patient), client_uid=client_uid)

    with pytest.raises(ValidationError, match="画面を開き直して"):
        post(someone(), staff_room(patient), client_uid=client_uid)


@pytest.mark.django_db(transaction=True)
def test_concurrent_retries_make_one_entry():
    room = staff_room(team_patient())
    user, client_uid = takahashi(), uuid4()
    made, errors = [], []
    barrier = threading.Barrier(4)

    def send():
        try:
            barrier.wait()
            made.append(post(user, room, client_uid=client_uid).pk)
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(set(made)) == 1
    assert Entry.objects.count() == 1
    assert Room.objects.get(pk=room.pk).last_number == 1


@pytest.mark.parametrize("user", [tanaka, sato])
def test_who_is_not_on_the_team_finds_no_room(user):
    room = staff_room(team_patient())

    with pytest.raises(Room.DoesNotExist):
        post(user(), room)


def test_family_writes_in_its_own_room_as_what_it_is_to_the_person():
    patient = team_patient()
    daughter = add_family(patient).user

    with pytest.raises(Room.DoesNotExist):
        post(daughter, staff_room(patient))
    entry = post(daughter, family_room(patient), "帰ったほうがよいでしょうか。", kind="question")

    assert (entry.author_name, entry.author_profession, entry.author_organisation) == (
        "架空 さと子",
        "長女",
        "",
    )
    # Nobody was named, so the host is asked.
    assert the(entry.addressees).member.organisation.name == "架空居宅介護支援事業所"
    assert told(suzuki()) == ["timelines.question"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"text": "  "}, "本文を入力してください。"),
        ({"text": "あ" * 4001}, "本文は4,000字以内で入力してください。"),
        ({"text": "外字\ue000"}, "外字"),
        ({"kind": "joke"}, "種類を選んでください。"),
        ({"kind": "order"}, "宛先を選んでください。"),
        ({"kind": "urgent"}, "宛先を選んでください。"),
        ({"scene": "picnic"}, "場面を選び直してください。"),
        ({"reply_to": uuid4()}, "返事をする書き込みが見つかりません。"),
        ({"kind": "question", "addressees": [To(member_uid=uuid4())]}, "チームにいません"),
    ],
    ids=["empty", "long", "private use", "kind", "order", "urgent", "scene", "reply", "stranger"],
)
def test_what_does_not_fit_is_refused_in_words(change, error):
    room = staff_room(team_patient())

    with pytest.raises(ValidationError, match=error):
        post(takahashi(), room, **change)

    assert Entry.objects.count() == 0


def test_family_is_offered_no_orders():
    patient = team_patient()

    with pytest.raises(ValidationError, match="種類を選んでください。"):
        post(shirai(), family_room(patient), kind="order", addressees=[To(profession=NURSE)])


def test_a_question_without_a_time_is_answered_within_a_day():
    room = staff_room(team_patient())

    entry: Any = ask(takahashi(), room, DOCTOR)

    assert entry.reply_by - entry.posted_at == timedelta(hours=24)


def test_only_questions_wait_for_an_answer_and_only_calls_to_act_have_addressees():
    room = staff_room(team_patient())

    entry = post(
        takahashi(),
        room,
        kind="record",
        addressees=[To(profession=DOCTOR)],
        reply_by=clock.now() + timedelta(hours=1),
    )

    assert entry.reply_by is None
    assert entry.addressees.count() == 0


def test_a_device_whose_clock_runs_ahead_writes_no_later_than_now():
    room = staff_room(team_patient())

    ahead = post(takahashi(), room, written_at=clock.now() + timedelta(hours=3))
    behind = post(takahashi(), room, written_at=clock.now() - timedelta(hours=3))

    assert ahead.written_at == ahead.posted_at
    assert behind.written_at < behind.posted_at


def test_the_addressed_professions_are_told_and_nobody_else():
    room = staff_room(team_patient())

    ask(suzuki(), room, NURSE)

    assert told(takahashi()) == ["timelines.question"]
    assert told(shirai()) == told(suzuki()) == []


def test_a_whole_office_is_told_through_each_of_its_people():
    patient = make_patient()
    add_member(patient, suzuki())
    member = add_member(patient, takahashi(), whole_office=True)

    entry = post(
        suzuki(), staff_room(patient), kind="question", addressees=[To(member_uid=member.uid)]
    )

    assert told(takahashi()) == ["timelines.question"]
    assert Notification.objects.get().path == f"/rooms/{entry.room.uid}/entries/{entry.uid}/"


def test_an_answer_settles_the_question_and_tells_who_asked():
    room = staff_room(team_patient())
    question = ask(takahashi(), room, DOCTOR, CARE_MANAGER)

    post(shirai(), room, "明日行きます。", reply_to=question.uid)

    assert set(Addressee.objects.values_list("done_by__user__name", flat=True)) == {"白井 透"}
    assert told(takahashi()) == ["timelines.reply"]


def test_a_remark_of_somebody_else_settles_nothing():
    room = staff_room(team_patient())
    question = ask(takahashi(), room, DOCTOR)

    post(suzuki(), room, "私からもお願いします。", reply_to=question.uid)

    assert Addressee.objects.get().done_at is None


def test_a_correction_is_a_new_entry_of_the_same_author():
    room = staff_room(team_patient())
    entry = post(takahashi(), room, "体温は38.6℃です。")

    correction = post(takahashi(), room, "体温は36.8℃です。", corrects=entry.uid)

    entry.refresh_from_db()
    assert correction.corrects == entry
    assert entry.text == "体温は38.6℃です。"
    with pytest.raises(ValidationError, match="自分の書き込みだけ"):
        post(suzuki(), room, corrects=entry.uid)


def test_values_and_followers_come_with_the_entry():
    room = staff_room(team_patient())
    seen: list[Entry] = []
    after_posting(seen.append)

    entry = post(
        takahashi(),
        room,
        "",
        kind="record",
        observations=[NewObservation("weight", clock.now(), value=Decimal(42), unit="kg")],
    )

    assert [one.code for one in entry.observations.all()] == ["weight"]
    assert seen == [entry]


def test_the_platform_asks_once():
    room = staff_room(team_patient())
    client_uid = uuid4()

    first = post_for_platform(
        room=room,
        kind=EntryKind.QUESTION,
        text="体重が範囲を超えました。",
        client_uid=client_uid,
        addressees=[To(profession=DOCTOR)],
    )
    again = post_for_platform(room=room, kind=EntryKind.QUESTION, text="", client_uid=client_uid)

    assert first == again
    assert (first.author_name, first.author) == ("連携（自動）", None)
    assert told(shirai()) == ["timelines.question"]


# Where one may not ------------------------------------------------------------------------


def test_a_closed_person_is_read_only():
    patient = team_patient()
    room = staff_room(patient)
    patient.closed_on = clock.today()
    patient.closed_because = EndOfCare.MOVED
    patient.save()

    with pytest.raises(ValidationError, match="書き込めません"):
        post(takahashi(), room)


def test_an_observer_reads_only():
    patient = make_patient()
    add_member(patient, takahashi(), is_observer=True)

    with pytest.raises(ValidationError, match="書き込めません"):
        post(takahashi(), staff_room(patient))


def test_without_consent_nothing_flows():
    patient = team_patient()
    room = staff_room(patient)
    entry = post(takahashi(), room)
    Consent.objects.update(withdrawn_at=clock.now())

    with pytest.raises(Room.DoesNotExist):
        door(takahashi(), entry.room)
    with pytest.raises(Room.DoesNotExist):
        post(takahashi(), room)


def test_t_mcs2_who_joins_reads_from_joining():
    patient = team_patient()
    room = staff_room(patient)
    post(takahashi(), room, "前の話")
    grant = AccessGrant.objects.get(membership__user=shirai())
    grant.history_since = clock.now()
    grant.save()
    post(takahashi(), room, "後の話")

    seen = [entry.text for entry in entries_through(door(shirai(), room))]
    host = [entry.text for entry in entries_through(door(suzuki(), room))]

    assert seen == ["後の話"]
    assert host == ["後の話", "前の話"]


def test_an_entry_before_joining_takes_no_reply_of_the_new_member():
    patient = team_patient()
    room = staff_room(patient)
    old = post(takahashi(), room, "前の話")
    AccessGrant.objects.filter(membership__user=shirai()).update(history_since=clock.now())

    with pytest.raises(ValidationError, match="見つかりません"):
        post(shirai(), room, reply_to=old.uid)


def test_rooms_open_with_the_first_look_and_for_members_only():
    patient = make_patient()
    add_member(patient, takahashi())

    with pytest.raises(Room.DoesNotExist):
        opened_doors_of(viewer_for(tanaka()), patient.uid)
    assert Room.objects.count() == 0

    doors = opened_doors_of(viewer_for(takahashi()), patient.uid)

    assert sorted(doors) == ["family", "staff"]


def test_nobody_is_told_of_a_person_they_may_not_open():
    patient = make_patient(consented=False)
    for user in (suzuki(), takahashi(), shirai()):
        add_member(patient, user)
    limited = consent(patient, whole_team=False)
    for user in (suzuki(), takahashi()):
        limited.recipients.create(organisation=user.memberships.get().organisation)

    alarm(suzuki(), staff_room(patient), NURSE, DOCTOR)

    assert told(takahashi()) == ["timelines.urgent"]
    assert told(shirai()) == []


# Hiding -----------------------------------------------------------------------------------


def test_hiding_keeps_the_words_with_who_and_why():
    room = staff_room(team_patient())
    entry: Any = post(takahashi(), room, "別の人の話でした。")

    hide_entry(door=door(takahashi(), room), entry=entry, reason="別の人の記録でした。")

    entry.refresh_from_db()
    assert entry.text == "別の人の話でした。"
    assert (entry.hidden_reason, entry.hidden_by.user) == ("別の人の記録でした。", takahashi())
    assert last_event().detail == {}


@pytest.mark.parametrize(("user", "allowed"), [(suzuki, True), (shirai, False)])
def test_the_host_may_hide_anothers_entry(user, allowed):
    room = staff_room(team_patient())
    entry = post(takahashi(), room)

    if allowed:
        hide_entry(door=door(user(), room), entry=entry, reason="誤った宛先")
    else:
        with pytest.raises(ValidationError, match="隠せません"):
            hide_entry(door=door(user(), room), entry=entry, reason="誤った宛先")


def test_hiding_needs_a_reason():
    room = staff_room(team_patient())
    entry = post(takahashi(), room)

    with pytest.raises(ValidationError, match="隠す理由を入力してください。"):
        hide_entry(door=door(takahashi(), room), entry=entry, reason=" ")
