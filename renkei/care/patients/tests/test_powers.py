"""Who may act for the host, what a place on the team hands on, and who is told of a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from renkei.care.patients.fax_covers import refuse_names
from renkei.care.patients.models import (
    AccessGrant,
    Consent,
    ContentClass,
    DisasterMode,
    GrantKind,
    Relative,
    TeamMember,
)
from renkei.care.patients.people_to_tell import team_user_ids
from renkei.care.patients.services import team
from renkei.care.patients.tests.factories import (
    add_member,
    joined,
    make_patient,
    membership_of,
    url,
)
from renkei.care.patients.visibility import contents_open_to
from renkei.foundation.accounts.tests.factories import (
    make_membership,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db

HOST_PAGES = ["member_invite", "team_settings", "host_change", "consent_add", "consent_withdraw"]


def disaster_at(municipality) -> DisasterMode:
    return DisasterMode.objects.create(
        area=municipality,
        municipality_ids=[municipality.pk],
        reason="架空の地震",
        roles=["professional"],
        content_classes=["basic"],
        requested_by=membership_of(tanaka()),
        requested_at=clock.now(),
        approved_by=membership_of(takahashi()),
        approved_at=clock.now() - timedelta(minutes=1),
        ends_at=clock.now() + timedelta(hours=1),
    )


@pytest.mark.parametrize("page", HOST_PAGES)
def test_a_colleague_of_the_host_who_came_by_a_disaster_reads_and_rules_nothing(
    suzuki_client, page
):
    home = make_area()
    patient = make_patient(municipality=home)
    disaster_at(home)

    seen = suzuki_client.get(url("patient_detail", patient.uid))

    assert seen.status_code == 200
    assert suzuki_client.get(url(page, patient.uid)).status_code == 404
    assert suzuki_client.get(url("patient_end", patient.uid)).status_code == 404


def test_a_read_in_a_disaster_says_so_in_the_log(suzuki_client):
    home = make_area()
    patient = make_patient(municipality=home)
    disaster_at(home)

    suzuki_client.get(url("patient_detail", patient.uid))

    event = AuditEvent.objects.filter(action="patient.read").latest("pk")
    assert event.detail["via"] == GrantKind.DISASTER.value


@pytest.mark.parametrize("page", HOST_PAGES)
def test_an_observer_of_the_host_s_own_office_only_looks(suzuki_client, page):
    patient = make_patient()
    add_member(patient, suzuki(), is_observer=True)
    add_member(patient, make_membership(organisation=patient.host, profession="医師").user)

    detail = suzuki_client.get(url("team_detail", patient.uid)).content.decode()

    assert suzuki_client.get(url(page, patient.uid)).status_code == 404
    assert url("member_invite", patient.uid) not in detail


def test_the_last_of_the_host_who_writes_stays_one(suzuki_client):
    patient = joined(suzuki())
    own = TeamMember.objects.get()
    observer = make_membership(organisation=patient.host, profession="医師").user
    add_member(patient, observer, is_observer=True)

    page = suzuki_client.post(
        url("member_arrange", patient.uid, own.uid), {"is_observer": "on", "deputy": ""}
    )

    assert page.status_code == 422
    with pytest.raises(ValidationError, match="最後の人"):
        team.end_membership(viewer=viewer_for(suzuki()), member=own)


def test_the_host_does_not_go_to_an_office_that_only_looks_on():
    patient = joined(suzuki())
    add_member(patient, takahashi(), is_observer=True)

    with pytest.raises(ValidationError, match="見るだけ"):
        team.change_host(
            viewer=viewer_for(suzuki()),
            patient=patient,
            organisation=membership_of(takahashi()).organisation,
        )


def test_who_takes_a_place_over_reads_no_more_than_who_had_it():
    patient = joined(suzuki())
    place = add_member(patient, takahashi())
    AccessGrant.objects.filter(member=place).update(content_classes=["basic"])
    colleague = make_membership(
        organisation=membership_of(takahashi()).organisation, profession="看護師"
    )

    team.hand_over(viewer=viewer_for(takahashi()), member=place, successor=colleague)

    assert contents_open_to(viewer_for(colleague.user), patient) == {ContentClass.BASIC}


def test_a_consent_taken_back_ends_being_told_but_for_the_host():
    patient = joined(suzuki())
    add_member(patient, takahashi())
    assert team_user_ids(patient) == {suzuki().pk, takahashi().pk}

    Consent.objects.update(withdrawn_at=clock.now())

    assert team_user_ids(patient) == {suzuki().pk}


@pytest.mark.parametrize(
    "words", ["旧姓ナギサ澄", "長女の架空 さと子さんへ", "カクウサトコ様", "架空 療子"]
)
def test_a_cover_names_neither_the_person_nor_their_family(words):
    patient = make_patient(name="架空 療子", kana="カクウ リョウコ")
    Relative.objects.create(patient=patient, name="架空 さと子", kana="カクウ サトコ")
    Relative.objects.create(patient=patient, name="妻")
    patient.former_names.create(name="渚 澄", name_key="渚澄")
    patient.former_names.create(name="ナギサ スミ", name_key="ナギサ澄")

    with pytest.raises(ValidationError, match="氏名を書かないで"):
        refuse_names(patient, [words])
    refuse_names(patient, ["妻と相談します。", ""])
