"""T-C4, T-ISM2: a referral hands on what its sender was let in to and the council's table opens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from renkei.care.patients.models import AccessGrant, DisclosureTable
from renkei.care.patients.tests.factories import add_member, make_patient, membership_of
from renkei.care.transitions.models import Referral, ReferralAct, ReferralService
from renkei.care.transitions.queries.referrals import referral_for, sendable_answers
from renkei.care.transitions.referral_values import NewAct, NewReferral, Receiver
from renkei.care.transitions.services.referrals import act_on, send_referral
from renkei.foundation.accounts.tests.factories import (
    sign_in,
    suzuki,
    takahashi,
    viewer_for,
)
from renkei.foundation.common import clock
from renkei.foundation.sheets.tests.factories import item, make_answer, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    patient = make_patient()
    add_member(patient, suzuki())
    return patient


def sent(patient, **fields: Any) -> Referral:
    """鈴木 asks 高橋's office."""
    values: dict[str, Any] = {
        "receiver": Receiver(organisation=membership_of(takahashi()).organisation),
        "service": ReferralService.NURSING,
        "expires_at": clock.now() + timedelta(days=7),
        "asked_on": clock.today(),
        "asked_by_way": "oral",
        "content_classes": ("basic", "timeline", "sheets"),
    }
    return send_referral(
        viewer=viewer_for(suzuki()), patient=patient, new=NewReferral(**{**values, **fields})
    )


def answered(patient, code):
    version = make_version(item("move", "string", "移動"), code=code, name=f"様式 {code}")
    return make_answer(version, patient.uid, move="つたい歩き")


def test_nobody_hands_on_more_than_they_were_let_in_to(patient):
    AccessGrant.objects.filter(patient=patient).update(content_classes=["basic", "timeline"])
    takahashi()

    with pytest.raises(ValidationError, match="あなたが任されていない範囲です：様式"):
        sent(patient)
    address = reverse("transitions:referral_new", args=[patient.uid])
    page = sign_in(Client(), suzuki()).get(address).content.decode()

    assert 'value="timeline"' in page
    assert 'value="sheets"' not in page


def test_t_ism2_the_council_s_table_holds_for_what_goes_along_with_a_referral(patient):
    sheet, other = answered(patient, "sharing_sheet"), answered(patient, "doctor_contact")
    referral = sent(patient, answers=(sheet.uid, other.uid))
    door = referral_for(viewer_for(takahashi()), referral.uid)
    act_on(door=door, new=NewAct(ReferralAct.ACCEPTED))
    table = DisclosureTable.objects.create(
        number=1,
        reason="協議会の決定",
        proposed_by=membership_of(suzuki()),
        proposed_at=clock.now(),
        in_force_since=clock.now(),
    )
    table.rules.create(document_type="sharing_sheet", label="様式", professions=["医師"])
    table.rules.create(document_type="*", label="そのほか", professions=["*"])
    nurse = sign_in(Client(), takahashi())

    found = [
        nurse.get(reverse("transitions:referral_document", args=[referral.uid, one.uid]))
        for one in (sheet, other)
    ]

    assert [one.status_code for one in found] == [404, 200]
    assert sendable_answers(viewer_for(suzuki()), patient, ["sheets"]) == [other]
