"""What the demo adds of referrals and paths runs through the services of real work."""

from __future__ import annotations

import pytest

from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import PatientPath, Referral, ReferralState
from renkei.demo.people import DOMAIN
from renkei.demo.transitions_paths import refer_and_hand_on
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts


@pytest.mark.django_db
def test_the_demo_has_referrals_in_both_boxes_and_a_path_under_way():
    care, hospital = (accounts.make_organisation(f"架空の{name}") for name in ("事業所", "病院"))
    omori = accounts.person(
        "架空 大森", f"omori@{DOMAIN}", care, Role.PROFESSIONAL, "介護支援専門員"
    )
    accounts.person("架空 千鳥", f"chidori@{DOMAIN}", hospital, Role.PROFESSIONAL, "看護師")
    persons = [patients.joined(omori, host=care) for _ in range(8)]
    said: list[str] = []

    refer_and_hand_on(persons, said.append)

    states = Referral.objects.order_by("pk").values_list("receiver", "state")
    assert list(states) == [
        (None, ReferralState.WAITING),
        (hospital.pk, ReferralState.WAITING),
        (hospital.pk, ReferralState.REJECTED),
    ]
    assert PatientPath.objects.get().phase_code == "recovery"
    assert said == ["紹介3件と地域連携パス1件を用意しました"]
