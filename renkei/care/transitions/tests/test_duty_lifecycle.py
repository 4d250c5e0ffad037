"""Doctors, hospitals and the call order when records are merged, parted and destroyed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from renkei.care.patients import disposal, events
from renkei.care.patients.tests.factories import add_member, make_patient
from renkei.care.transitions.models import (
    DeputyCall,
    DoctorPair,
    EmergencyAgreement,
    EmergencyCall,
    FirstContact,
)
from renkei.care.transitions.pair_states import PairStep
from renkei.care.transitions.services.doctors import record_deputy_call
from renkei.care.transitions.services.duty_lifecycle import (
    destroy_arrangements,
    destroy_first_contacts,
    move_arrangements,
    move_arrangements_back,
)
from renkei.care.transitions.services.first_contacts import set_first_contacts
from renkei.care.transitions.tests.test_doctors import active, make_doctor, proposed, step
from renkei.care.transitions.tests.test_emergencies import OUTSIDE, agreed, called
from renkei.foundation.accounts.tests.factories import suzuki, viewer_for
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


def person():
    one = make_patient()
    add_member(one, suzuki())
    return one


def arranged(patient=None):
    """A person with two pairs one after the other, a hospital, a call and a deputy's visit."""
    pair = active(patient=patient or person())
    later = step(proposed(pair.patient, deputy=make_doctor("架空 別")), PairStep.ENDS)
    record_deputy_call(
        viewer=viewer_for(suzuki()),
        pair=pair,
        at=clock.now(),
        went=pair.deputy,
        reason="発熱",
        outcome="往診",
    )
    agreement = agreed(pair.patient, OUTSIDE)
    call = called(pair.patient, OUTSIDE, agreement=agreement)
    return SimpleNamespace(
        patient=pair.patient, pair=pair, later=later, agreement=agreement, call=call
    )


def owners(one):
    for row in (one.pair, one.later, one.agreement, one.call):
        row.refresh_from_db()
    return [row.patient for row in (one.pair, one.later, one.agreement, one.call)]


def test_all_arrangements_go_to_the_record_that_stays_and_come_back():
    one, into = arranged(), person()

    moved = move_arrangements(one.patient, into)

    assert owners(one) == [into] * 4
    move_arrangements_back(one.patient, into, moved)
    assert owners(one) == [one.patient] * 4


def test_what_cannot_both_be_true_stays_where_it_was():
    one, two = arranged(), arranged()
    proposal, other = proposed(one.patient), proposed(two.patient)

    move_arrangements(one.patient, two.patient)

    assert owners(one) == [one.patient, two.patient, one.patient, one.patient]
    proposal.refresh_from_db()
    assert (proposal.patient, other.patient) == (one.patient, two.patient)


def test_each_class_of_documents_destroys_its_part_and_nobody_elses():
    one, two = arranged(), arranged()
    set_first_contacts(viewer=viewer_for(suzuki()), patient=one.patient, rosters=[None])

    counts = [
        destroy_arrangements(actor=SYSTEM, patient=one.patient, document_class=document_class)
        for document_class in ("sheets", "timeline", "emergency", "record")
    ]

    assert counts[:2] == [0, 1]
    assert destroy_first_contacts(actor=SYSTEM, patient=one.patient, document_class="record") == 1
    assert not FirstContact.objects.exists()
    for model, left in (
        (DeputyCall, 1),
        (DoctorPair, 2),
        (EmergencyAgreement, 1),
        (EmergencyCall, 1),
    ):
        assert model.objects.count() == left
    assert owners(two) == [two.patient] * 4


def test_the_room_takes_part_in_merging_and_disposing():
    assert "arrangements" in {handler.name for handler in events.merge_handlers()}
    assert "arrangements" in disposal.destroyers()
