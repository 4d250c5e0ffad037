"""Rooms come with the person."""

from __future__ import annotations

import pytest

from renkei.care.patients.tests.factories import add_member, make_patient
from renkei.care.timelines.models import RoomKind
from renkei.care.timelines.services.rooms import room_of
from renkei.foundation.accounts.tests import factories as accounts

pytestmark = pytest.mark.django_db


def test_a_person_with_a_staff_room_has_a_family_room(takahashi_client):
    patient = make_patient()
    add_member(patient, accounts.takahashi())
    staff = room_of(patient)

    answer = takahashi_client.get(f"/patients/{patient.uid}/timeline/family/")

    assert answer.status_code == 200
    assert room_of(patient) == staff
    assert room_of(patient, RoomKind.FAMILY) != staff
