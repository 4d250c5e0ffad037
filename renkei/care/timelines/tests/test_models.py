"""What the database itself refuses."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from renkei.care.patients.tests.factories import make_patient
from renkei.care.timelines.models import Entry, Room, RoomKind
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


def test_a_person_has_one_room_of_each_kind():
    patient = make_patient()
    Room.objects.create(kind=RoomKind.STAFF, patient=patient, made_at=clock.now())
    Room.objects.create(kind=RoomKind.FAMILY, patient=patient, made_at=clock.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(kind=RoomKind.STAFF, patient=patient, made_at=clock.now())


@pytest.mark.parametrize("kind", [RoomKind.STAFF, RoomKind.GROUP])
def test_a_room_without_its_person_or_its_name_is_refused(kind):
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(kind=kind, made_at=clock.now())


def test_nothing_that_reaches_a_log_names_a_person():
    patient = make_patient(name="架空 秘子")
    room = Room.objects.create(kind=RoomKind.STAFF, patient=patient, made_at=clock.now())

    assert str(room) == f"職員の部屋 {room.pk}"
    assert str(Entry(pk=3, text="架空 秘子")) == "書き込み 3"
