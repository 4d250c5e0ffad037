"""Two records become one and part again; a record whose time is over leaves no word."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from renkei.care.patients.models import Patient
from renkei.care.patients.queries import merged_uids
from renkei.care.patients.tests.factories import add_member, membership_of
from renkei.care.timelines.models import Entry, Observation, PlannedVisit, ReadPosition, Room
from renkei.care.timelines.queries.finding import entries_found
from renkei.care.timelines.services.lifecycle import (
    destroy_rooms,
    destroy_sheets,
    move_rooms,
    move_rooms_back,
)
from renkei.care.timelines.services.reading import mark_seen
from renkei.care.timelines.tests.factories import (
    NURSE,
    ask,
    door,
    family_room,
    post,
    shirai,
    staff_room,
    team_patient,
)
from renkei.care.timelines.values import NewObservation
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock
from renkei.foundation.sheets.models import Answer
from renkei.foundation.sheets.queries import answers_of
from renkei.foundation.sheets.tests.factories import make_version

pytestmark = pytest.mark.django_db


def texts(patient):
    return list(staff_room(patient).entries.order_by("number").values_list("number", "text"))


def two_records():
    merged, into = team_patient(), team_patient()
    post(suzuki(), staff_room(into), "一")
    post(
        suzuki(),
        staff_room(merged),
        "二",
        kind="record",
        observations=[NewObservation("weight", clock.now(), value=Decimal(42), unit="kg")],
    )
    post(suzuki(), staff_room(into), "三")
    mark_seen(door=door(takahashi(), staff_room(into)), up_to=1)
    mark_seen(door=door(shirai(), staff_room(into)), up_to=2)
    return merged, into


def position(user, patient):
    return ReadPosition.objects.get(user=user, room=staff_room(patient)).number


def test_two_stories_become_one_in_their_order():
    merged, into = two_records()

    move_rooms(merged, into)

    assert texts(into) == [(1, "一"), (2, "二"), (3, "三")]
    assert texts(merged) == []
    assert Observation.objects.get().patient == into
    # Whoever had read up to 一 has not seen 二.
    assert (position(takahashi(), into), position(shirai(), into)) == (1, 3)
    assert post(suzuki(), staff_room(into), "四").number == 4


def test_they_part_again_and_what_came_since_stays():
    merged, into = two_records()
    moved = move_rooms(merged, into)
    post(suzuki(), staff_room(into), "四")

    move_rooms_back(merged, into, moved)

    assert texts(merged) == [(1, "二")]
    assert texts(into) == [(1, "一"), (2, "三"), (3, "四")]
    assert Observation.objects.get().patient == merged
    assert (position(takahashi(), into), position(shirai(), into)) == (1, 2)
    assert post(suzuki(), staff_room(into), "五").number == 4


def test_a_planned_visit_goes_to_the_remaining_record_and_back():
    merged, into = team_patient(), team_patient()
    nurse, later = membership_of(takahashi()), clock.today() + timedelta(days=1)
    own = PlannedVisit.objects.create(patient=into, membership=nurse, on=clock.today())
    same = PlannedVisit.objects.create(patient=merged, membership=nurse, on=clock.today())
    other = PlannedVisit.objects.create(patient=merged, membership=nurse, on=later)

    moved = move_rooms(merged, into)
    together = set(into.planned_visits.all())
    move_rooms_back(merged, into, moved)

    assert together == {own, other}
    assert set(into.planned_visits.all()) == {own}
    assert set(merged.planned_visits.all()) == {same, other}


def test_t_d4_nothing_written_is_left():
    patient, other = team_patient(), team_patient()
    question = ask(suzuki(), staff_room(patient), NURSE, text="廃棄される相談")
    post(takahashi(), staff_room(patient), reply_to=question.uid)
    post(suzuki(), family_room(patient))
    add_member(other, tanaka())
    kept = post(suzuki(), staff_room(other))

    none = destroy_rooms(actor=SYSTEM, patient=patient, document_class="papers")
    count = destroy_rooms(actor=SYSTEM, patient=patient, document_class="timeline")

    assert none == 0
    assert count >= 3
    assert list(Entry.objects.all()) == [kept]
    assert entries_found([door(suzuki(), staff_room(patient))], "廃棄") == []
    assert Room.objects.filter(patient=patient).count() == 2


def an_answer(patient):
    content = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": []}
    return Answer.objects.create(
        version=make_version(), subject_uid=patient.uid, content=content,
        answered_at=clock.now(), source="web",
    )  # fmt: skip


def test_sheets_of_a_merged_record_are_read_with_the_other_and_go_with_it():
    merged, into = team_patient(), team_patient()
    before = an_answer(merged)
    between = team_patient()
    Patient.objects.filter(pk=merged.pk).update(merged_into=between)
    Patient.objects.filter(pk=between.pk).update(merged_into=into)

    kept = list(answers_of(into.uid, also=merged_uids(into)))
    nothing = destroy_sheets(actor=SYSTEM, patient=into, document_class="timeline")
    count = destroy_sheets(actor=SYSTEM, patient=into, document_class="sheets")

    assert (kept, nothing, count) == ([before], 0, 1)
    assert Answer.objects.count() == 0
