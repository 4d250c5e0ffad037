"""The person and family confirm by their own account whom to call (T-C1b)."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse

from renkei.care.patients.models import AccessGrant, ContentClass, GrantKind
from renkei.care.patients.tests.factories import (
    add_family,
    add_member,
    family_user,
    make_patient,
)
from renkei.care.transitions.models import Channel, PairNotice
from renkei.care.transitions.pair_states import Audience
from renkei.care.transitions.queries.doctors import present_pairs_of
from renkei.care.transitions.queries.emergencies import agreement_of
from renkei.care.transitions.services.doctors import confirm_notice
from renkei.care.transitions.services.emergencies import HospitalChoice, Terms, agree
from renkei.care.transitions.services.told import Answer
from renkei.care.transitions.tests.test_doctors import active
from renkei.foundation.accounts.tests.factories import sign_in, suzuki, viewer_for
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.notifications.models import Notification

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 11, 20, 20, 0, tzinfo=TOKYO)
PHONE = Answer(Channel.PHONE, "架空 答")


@pytest.fixture(autouse=True)
def _in_the_evening(time_machine):
    time_machine.move_to(EVENING, tick=False)


@pytest.fixture
def patient():
    one = make_patient(name="湊 ハル江")
    add_member(one, suzuki())
    add_family(one)
    return one


@pytest.fixture
def family(client, patient):
    sign_in(client, family_user())
    return client


def address(patient, what=""):
    if what:
        return reverse("transitions:family_contacts_confirm", args=[patient.uid, what])
    return reverse("transitions:family_contacts", args=[patient.uid])


def paired(patient):
    return active(patient=patient)


def hospital(patient):
    return agree(
        viewer=viewer_for(suzuki()),
        patient=patient,
        hospital=HospitalChoice(name="架空市立中央病院", phone="0999-00-8000"),
        terms=Terms(not_accepted="人工呼吸器"),
        confirmed_on=clock.today(),
        answer=PHONE,
    )


def test_t_c1b_the_family_says_by_their_own_account_that_they_know(patient, family):
    pair = paired(patient)
    for audience in (Audience.CARE_MANAGER, Audience.STATION):
        confirm_notice(viewer=viewer_for(suzuki()), pair=pair, audience=audience, answer=PHONE)
    assert not present_pairs_of(patient)[0].is_arranged

    page = family.get(address(patient)).content.decode()
    done = family.post(address(patient, "doctors"), follow=True).content.decode()

    assert "医師2人と電話番号を確かめました" in page
    assert "0999-00-2045" in page
    assert "医師2人と電話番号を確かめました" not in done
    notice = PairNotice.objects.get(audience=Audience.FAMILY)
    assert (notice.confirmed_name, notice.channel) == ("架空 さと子", Channel.SYSTEM)
    assert present_pairs_of(patient)[0].is_arranged


def test_the_family_confirms_the_hospital_too(patient, family):
    hospital(patient)

    assert "架空市立中央病院" in family.get(address(patient)).content.decode()
    family.post(address(patient, "hospital"))

    status = agreement_of(patient)
    assert status is not None
    [notice] = [one for one in status.notices if one.audience == Audience.FAMILY]
    assert notice.confirmed_name == "架空 さと子"


def test_the_hospital_stays_closed_where_emergency_facts_are(patient, family):
    hospital(patient)
    AccessGrant.objects.filter(kind=GrantKind.FAMILY_ROOM).update(
        content_classes=[ContentClass.BASIC.value, ContentClass.TIMELINE.value]
    )

    assert "架空市立中央病院" not in family.get(address(patient)).content.decode()
    assert family.post(address(patient, "hospital")).status_code == 404


def test_the_family_is_asked_once_each_and_finds_the_page_from_their_own(patient, family):
    def own():
        return family.get(reverse("timelines:own_page")).content.decode()

    assert address(patient) not in own()
    paired(patient)

    kinds = Notification.objects.filter(user=family_user()).values_list("kind", "path")
    assert list(kinds) == [("transitions.family_to_confirm", address(patient))]
    assert f'href="{address(patient)}">もしものときに電話する先（確かめてください）' in own()
    family.post(address(patient, "doctors"))
    assert "確かめてください" not in own()
    assert address(patient) in own()


def test_a_second_tap_says_so_and_what_is_not_there_is_not_found(patient, family):
    assert "まだ決まっていません" in family.get(address(patient)).content.decode()
    assert [
        family.post(address(patient, what)).status_code for what in ("doctors", "hospital", "x")
    ] == [404] * 3
    paired(patient)
    family.post(address(patient, "doctors"))

    again = family.post(address(patient, "doctors"), follow=True).content.decode()

    assert "すでに確かめられています" in again


def test_staff_and_other_families_find_no_page(patient, suzuki_client, client):
    paired(patient)
    other = make_patient()
    add_family(other)
    sign_in(client, family_user())

    assert suzuki_client.get(address(patient)).status_code == 404
    patient.consents.update(includes_family=False)
    assert client.get(address(patient)).status_code == 404
    assert client.post(address(patient, "doctors")).status_code == 404
