"""既読 by position, 「確認しました」 as an act of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from renkei.care.patients.tests.factories import add_family, add_member, make_patient
from renkei.care.timelines.models import (
    Acknowledgement,
    Addressee,
    EntryKind,
    Reaction,
    ReadAdvance,
    ReadPosition,
)
from renkei.care.timelines.services.marks import react
from renkei.care.timelines.services.reading import mark_seen
from renkei.care.timelines.services.settling import acknowledge, settle_question
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
from renkei.care.timelines.values import To
from renkei.foundation.accounts.tests.factories import suzuki, takahashi
from renkei.foundation.common import clock
from renkei.foundation.notifications.queries import unread_count

pytestmark = pytest.mark.django_db


def test_t_d2a_reading_c_has_seen_a_and_b():
    room = staff_room(team_patient())
    entries = [post(takahashi(), room, text) for text in "ABC"]

    mark_seen(door=door(shirai(), room), up_to=entries[2].number)

    position = ReadPosition.objects.get(user=shirai())
    assert all(entry.number <= position.number for entry in entries)


def test_each_step_keeps_its_own_time_and_goes_forward_only():
    room = staff_room(team_patient())
    start = clock.now()
    for text in "ABC":
        post(takahashi(), room, text)

    for hours, up_to in ((1, 1), (2, 3), (3, 2), (4, 3)):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            mark_seen(door=door(shirai(), room), up_to=up_to)

    steps = ReadAdvance.objects.filter(user=shirai()).order_by("pk")
    assert [(step.after_number, step.up_to_number) for step in steps] == [(0, 1), (1, 3)]
    assert [step.at - start for step in steps] == [timedelta(hours=1), timedelta(hours=2)]


def test_nobody_sees_further_than_the_room_goes():
    room = staff_room(team_patient())
    post(takahashi(), room)

    mark_seen(door=door(shirai(), room), up_to=999)

    assert ReadPosition.objects.get(user=shirai()).number == 1


def test_an_empty_room_is_not_read():
    room = staff_room(team_patient())

    mark_seen(door=door(shirai(), room), up_to=0)

    assert ReadPosition.objects.count() == 0


def test_what_came_while_one_was_offline_stays_unseen():
    room = staff_room(team_patient())
    post(suzuki(), room, "まだ見ていない話")

    post(takahashi(), room, "電波のない家で書いた話")

    assert not ReadPosition.objects.filter(user=takahashi()).exists()
    assert ReadPosition.objects.get(user=suzuki()).number == 1


def test_looking_at_the_room_clears_its_notifications():
    room = staff_room(team_patient())
    entry = ask(takahashi(), room, DOCTOR)
    assert unread_count(shirai().pk) == 1

    mark_seen(door=door(shirai(), room), up_to=entry.number)

    assert unread_count(shirai().pk) == 0


def test_family_steps_are_marked_as_family():
    patient = team_patient()
    daughter = add_family(patient).user
    entry = post(suzuki(), family_room(patient))

    mark_seen(door=door(daughter, family_room(patient)), up_to=entry.number)

    assert ReadAdvance.objects.get(user=daughter).is_family


# 確認しました --------------------------------------------------------------------------------


def test_confirming_is_signed_with_the_profession_and_counts_once():
    room = staff_room(team_patient())
    entry = alarm(suzuki(), room, NURSE, DOCTOR)

    acknowledge(door=door(takahashi(), room), entry=entry)
    acknowledge(door=door(takahashi(), room), entry=entry)

    made = Acknowledgement.objects.get()
    assert (made.name, made.profession) == ("高橋 三奈", NURSE)
    assert list(Addressee.objects.filter(done_at=None).values_list("profession", flat=True)) == [
        DOCTOR
    ]


def test_an_office_confirms_through_one_of_its_people():
    patient = make_patient()
    add_member(patient, suzuki())
    member = add_member(patient, takahashi(), whole_office=True)
    room = staff_room(patient)
    entry = post(suzuki(), room, kind="order", addressees=[To(member_uid=member.uid)])

    acknowledge(door=door(takahashi(), room), entry=entry)

    assert the(Addressee).done_by.user == takahashi()


@pytest.mark.parametrize("kind", [EntryKind.NOTICE, EntryKind.RECORD])
def test_plain_entries_have_nothing_to_confirm(kind):
    room = staff_room(team_patient())
    entry = post(suzuki(), room, kind=kind)

    with pytest.raises(ValidationError, match="要りません"):
        acknowledge(door=door(takahashi(), room), entry=entry)


def test_an_observer_confirms_nothing():
    patient = team_patient()
    entry = alarm(suzuki(), staff_room(patient), NURSE)
    patient.team.filter(membership__user=takahashi()).update(is_observer=True)

    with pytest.raises(ValidationError, match="見るだけの立場"):
        acknowledge(door=door(takahashi(), staff_room(patient)), entry=entry)


def test_the_asker_may_say_that_the_answer_came_by_telephone():
    room = staff_room(team_patient())
    question = ask(takahashi(), room, DOCTOR)

    with pytest.raises(ValidationError, match="自分の相談だけ"):
        settle_question(door=door(shirai(), room), entry=question)
    settle_question(door=door(takahashi(), room), entry=question)

    assert the(Addressee).done_by.user == takahashi()
    with pytest.raises(ValidationError, match="すでに返事があります"):
        settle_question(door=door(takahashi(), room), entry=question)


def close(room):
    room.patient.closed_on, room.patient.closed_because = clock.today(), "ended"
    room.patient.save()


# Reactions --------------------------------------------------------------------------------


def test_a_sign_is_put_and_taken_back():
    room = staff_room(team_patient())
    entry = post(takahashi(), room)
    opened = door(shirai(), room)

    assert react(door=opened, entry=entry, kind="thanks") is True
    assert Reaction.objects.get().name == "白井 透"
    assert react(door=opened, entry=entry, kind="thanks") is False
    assert Reaction.objects.count() == 0


def test_there_are_no_other_signs():
    room = staff_room(team_patient())
    entry = post(takahashi(), room)

    with pytest.raises(ValidationError, match="反応を選び直してください。"):
        react(door=door(shirai(), room), entry=entry, kind="like")
    close(room)
    with pytest.raises(ValidationError, match="反応を付けられません"):
        react(door=door(shirai(), room), entry=entry, kind="thanks")
