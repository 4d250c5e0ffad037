"""The one gate: membership, consent, content, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from renkei.care.patients.models import AccessGrant, Consent, ContentClass, GrantKind, Patient
from renkei.care.patients.tests.factories import (
    ALL,
    add_family,
    add_member,
    consent,
    make_patient,
    membership_of,
)
from renkei.care.patients.visibility import patient_for, patients_visible_to, room_access
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests.factories import (
    make_membership,
    member,
    sato,
    suzuki,
    takahashi,
    tanaka,
    viewer_for,
)
from renkei.foundation.accounts.viewers import ANYBODY
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db


def seen(user, content=ContentClass.TIMELINE):
    return list(patients_visible_to(viewer_for(user), content))


def test_a_person_is_visible_to_the_members_of_their_team_and_to_nobody_else():
    patient = make_patient()
    add_member(patient, takahashi())

    assert seen(takahashi()) == [patient]
    assert seen(tanaka()) == seen(suzuki()) == seen(sato()) == []
    assert list(patients_visible_to(ANYBODY)) == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESIDENT}))
def test_only_roles_that_work_in_teams_read_through_one(role):
    patient = make_patient()
    add_member(patient, member(role))

    readers = {Role.PROFESSIONAL, Role.SHARING_HOST, Role.ORGANISATION_ADMIN, Role.DESK}
    assert seen(member(role)) == ([patient] if role in readers else [])


def test_without_consent_only_the_host_reads_and_only_the_basics():
    patient = make_patient(consented=False)
    add_member(patient, suzuki())
    add_member(patient, takahashi())

    assert seen(suzuki()) == seen(takahashi()) == []
    assert seen(suzuki(), ContentClass.BASIC) == [patient]
    assert seen(takahashi(), ContentClass.BASIC) == []


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn_at": "now"},
        {"superseded_at": "now"},
        {"decision": "refused"},
        {"content_classes": ["basic"]},
        {"whole_team": False},
    ],
    ids=["withdrawn", "superseded", "refused", "other content", "other recipients"],
)
def test_what_the_consent_does_not_cover_stops_at_once(change):
    patient = make_patient()
    add_member(patient, takahashi())
    change = {name: clock.now() if value == "now" else value for name, value in change.items()}

    Consent.objects.update(**change)

    assert seen(takahashi()) == []


def test_a_named_organisation_reads_where_the_consent_names_its_recipients():
    patient = make_patient(consented=False)
    add_member(patient, takahashi())
    add_member(patient, tanaka())
    limited = consent(patient, whole_team=False)
    limited.recipients.create(organisation=membership_of(takahashi()).organisation)

    assert seen(takahashi()) == [patient]
    assert seen(tanaka()) == []


def test_an_office_on_the_team_lets_each_of_its_people_read():
    patient = make_patient()
    add_member(patient, takahashi(), whole_office=True)
    office = membership_of(takahashi()).organisation
    colleague = make_membership(organisation=office).user
    chief = make_membership(organisation=office, role=Role.PRIVACY_OFFICER).user

    assert seen(colleague) == [patient]
    assert seen(chief) == []


def test_a_grant_ends_with_its_hour_and_when_it_is_taken_back():
    patient = make_patient()
    add_member(patient, takahashi())
    grants = AccessGrant.objects.filter(patient=patient)

    grants.update(ends_at=clock.now())
    ended = seen(takahashi())
    grants.update(ends_at=None, revoked_at=clock.now())
    revoked = seen(takahashi())
    grants.update(revoked_at=None, starts_at=clock.now() + timedelta(hours=1))

    assert ended == revoked == seen(takahashi()) == []


def test_family_reads_its_own_room_alone():
    patient = make_patient()
    relative = add_family(patient)
    viewer = viewer_for(relative.user)

    access = room_access(viewer, patient)

    assert seen(relative.user) == [patient]
    assert (access.staff, access.family) == (False, True)


def test_an_excluded_relative_reads_nothing():
    patient = make_patient()
    relative = add_family(patient)
    Consent.objects.get().recipients.create(excluded_relative=relative.relative)

    assert seen(relative.user) == []


def test_a_fire_desk_reads_by_card_only():
    patient = make_patient()
    dispatcher = member(Role.FIRE_DISPATCH)
    membership = membership_of(dispatcher)
    values = {
        "patient": patient,
        "membership": membership,
        "organisation": membership.organisation,
        "content_classes": ALL,
        "starts_at": clock.now(),
    }
    AccessGrant.objects.create(kind=GrantKind.TEAM, **values)
    assert seen(dispatcher, ContentClass.EMERGENCY) == []

    AccessGrant.objects.create(kind=GrantKind.EMERGENCY_CARD, **values)

    assert seen(dispatcher, ContentClass.EMERGENCY) == [patient]
    assert room_access(viewer_for(dispatcher), patient).staff is False


@pytest.mark.parametrize("persons", [1, 3])
def test_the_list_is_one_query(persons, django_assert_num_queries):
    for _ in range(persons):
        add_member(make_patient(), takahashi())
    viewer = viewer_for(takahashi())

    with django_assert_num_queries(1):
        assert len(list(patients_visible_to(viewer))) == persons


def test_not_allowed_costs_as_much_as_not_found(django_assert_num_queries):
    patient = make_patient()
    viewer = viewer_for(tanaka())

    for uid in (patient.uid, membership_of(tanaka()).uid):
        with django_assert_num_queries(1), pytest.raises(Patient.DoesNotExist):
            patient_for(viewer, uid)


def test_a_merged_or_disposed_record_is_nobodys():
    patient = make_patient()
    add_member(patient, takahashi())
    Patient.objects.filter(pk=patient.pk).update(disposed_at=clock.now())

    assert seen(takahashi()) == []


def test_who_joins_reads_from_joining_and_an_observer_does_not_write():
    patient = make_patient()
    since = clock.now()
    add_member(patient, takahashi(), since=since, is_observer=True)

    access = room_access(viewer_for(takahashi()), patient)

    assert (access.since, access.read_only) == (since, True)
