"""The gate's SQL against the same conditions in plain Python, over many drawn cases.

The SQL is written out by hand (ADR 0011); what it means is said here a second time, without a
database: who holds a grant, what the person decided, whom it reaches, what a disaster opens.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from psycopg.types.range import Range

from renkei.care.patients.models import (
    AccessGrant,
    ConsentDecision,
    ConsentSubject,
    ContentClass,
    DisasterMode,
    FamilyMember,
    GrantKind,
    Patient,
    Relative,
    TeamMember,
)
from renkei.care.patients.tests.factories import (
    consent,
    family_user,
    make_patient,
    membership_of,
)
from renkei.care.patients.visibility import (
    contents_open_to,
    family_grants_on,
    patient_for,
    patients_visible_to,
    room_access,
    team_grants_on,
)
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
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.common import clock

pytestmark = pytest.mark.django_db

PERSONS = 120
DAY = timedelta(days=1)
CONTENTS = list(ContentClass)
WITHOUT_ASKING = {"break_glass", "emergency_card", "disaster"}
TEAM_ROLES = {Role.PROFESSIONAL, Role.SHARING_HOST, Role.ORGANISATION_ADMIN, Role.DESK}
DISASTER_ROLES = TEAM_ROLES | {Role.MUNICIPAL_STAFF, Role.FIRE_DISPATCH}


# The world, drawn -------------------------------------------------------------------------


def some(draw, values, share=0.7):
    return [value for value in values if draw.random() < share]


def an_instant(draw, *, often=None):
    """Before, exactly now, after, or the usual thing."""
    now = clock.now()
    if draw.random() < 0.6:
        return often
    return now + draw.choice([-DAY, timedelta(0), timedelta(microseconds=1), DAY])


def a_period(draw):
    """Mostly one that runs; else one whose edge is today, or that is over or to come."""
    today = clock.today()
    running = Range(today - 30 * DAY, today + 30 * DAY)
    edges = [
        Range(today, None),
        Range(None, today + DAY),
        Range(None, today),
        Range(today + DAY, None),
        Range(today - 2 * DAY, today - DAY),
    ]
    return running if draw.random() < 0.6 else draw.choice(edges)


def decide(draw, patient, relatives, organisations):
    """One present decision, an older one, a relative's: each or none."""
    if draw.random() < 0.15:
        return
    decision = draw.choice([ConsentDecision.AGREED] * 4 + [ConsentDecision.REFUSED])
    given = consent(
        patient,
        decision=decision,
        content_classes=some(draw, [each.value for each in CONTENTS]),
        whole_team=draw.random() < 0.5,
        includes_family=draw.random() < 0.7,
        binds_emergency=draw.random() < 0.5,
        period=a_period(draw),
        withdrawn_at=clock.now() if draw.random() < 0.15 else None,
        superseded_at=clock.now() if draw.random() < 0.1 else None,
    )
    for office in some(draw, organisations, 0.4):
        given.recipients.create(organisation=office)
    for relative in some(draw, relatives, 0.3):
        given.recipients.create(excluded_relative=relative)
    if draw.random() < 0.4:
        # What was said before, and what a relative says for themselves, decide nothing.
        consent(patient, superseded_at=clock.now())
    if relatives and draw.random() < 0.4:
        consent(patient, subject=ConsentSubject.RELATIVE, relative=relatives[0])


def let_in(draw, patient, memberships, relatives):
    """Grants of every kind to anybody: what nobody should ever write too."""
    for _ in range(draw.randint(0, 3)):
        kind = draw.choice([GrantKind.TEAM] * 4 + list(GrantKind))
        values = {
            "patient": patient,
            "kind": kind,
            "content_classes": some(draw, [each.value for each in CONTENTS]),
            "starts_at": an_instant(draw, often=clock.now() - DAY),
            "ends_at": an_instant(draw),
            "revoked_at": clock.now() if draw.random() < 0.15 else None,
        }
        if kind in {GrantKind.FAMILY_ROOM, GrantKind.OWN_LOG} or draw.random() < 0.1:
            grant = AccessGrant.objects.create(user=family_user(), **values)
            if relatives:
                FamilyMember.objects.create(
                    patient=patient,
                    relative=relatives[0],
                    user=family_user(),
                    grant=grant,
                    joined_at=clock.now(),
                )
            continue
        one = draw.choice(memberships)
        grant = AccessGrant.objects.create(
            membership=one if draw.random() < 0.6 else None,
            organisation=one.organisation,
            **values,
        )
        if kind == GrantKind.TEAM and not TeamMember.objects.filter(
            patient=patient, organisation=one.organisation
        ):
            TeamMember.objects.create(
                patient=patient,
                organisation=one.organisation,
                membership=grant.membership,
                profession="看護師",
                is_observer=draw.random() < 0.3,
                grant=grant,
                invited_at=clock.now(),
                joined_at=clock.now(),
            )


def make_world(seed):
    draw = random.Random(seed)
    places = [make_area(), make_area()]
    everybody = [suzuki(), takahashi(), tanaka(), sato(), family_user()]
    everybody += [member(role) for role in sorted(set(Role) - {Role.RESIDENT})]
    everybody += [make_membership(organisation=membership_of(takahashi()).organisation).user]
    memberships = [membership_of(user) for user in everybody]
    organisations = [one.organisation for one in memberships]
    people = []
    for _ in range(PERSONS):
        patient = make_patient(
            consented=False,
            host=draw.choice(organisations),
            municipality=draw.choice([*places, None]),
        )
        relatives = []
        if draw.random() < 0.6:
            relatives = [
                Relative.objects.create(
                    patient=patient,
                    name="架空 さと子",
                    relation="長女",
                    user=family_user() if draw.random() < 0.7 else None,
                )
            ]
        decide(draw, patient, relatives, organisations)
        let_in(draw, patient, memberships, relatives)
        people.append(patient)
    for number, patient in enumerate(people):
        ends: dict[int, dict[str, Any]] = {
            0: {"closed_on": clock.today(), "closed_because": "ended"},
            1: {"merged_into": people[number - 1]},
            2: {"disposed_at": clock.now()},
        }
        chosen = draw.randint(0, 15)
        if chosen in ends:
            Patient.objects.filter(pk=patient.pk).update(**ends[chosen])
    declare(draw, places, memberships)
    return everybody


def declare(draw, places, memberships):
    for _ in range(4):
        DisasterMode.objects.create(
            area=places[0],
            municipality_ids=[place.pk for place in some(draw, places, 0.5)],
            reason="架空の地震",
            is_drill=draw.random() < 0.3,
            roles=[role.value for role in some(draw, sorted(Role), 0.5)],
            content_classes=some(draw, [each.value for each in CONTENTS], 0.5),
            requested_by=memberships[0],
            requested_at=clock.now() - DAY,
            approved_by=memberships[1],
            approved_at=an_instant(draw, often=clock.now() - DAY),
            ends_at=an_instant(draw) or clock.now() + DAY,
            ended_at=clock.now() if draw.random() < 0.2 else None,
        )


# The conditions, in plain words -----------------------------------------------------------


def runs(grant):
    now = clock.now()
    return (
        grant.revoked_at is None
        and grant.starts_at <= now
        and (grant.ends_at is None or grant.ends_at > now)
    )


def holds(viewer, grant):
    if viewer.user_id is None or viewer.second_factor_missing:
        return False
    if viewer.role == Role.PERSON_OR_FAMILY:
        return grant.user_id == viewer.user_id and grant.kind in {"family_room", "own_log"}
    own = grant.membership_id is not None and grant.membership_id == viewer.membership_id
    if viewer.role == Role.FIRE_DISPATCH:
        return own and grant.kind in {"emergency_card", "break_glass"}
    if viewer.role not in TEAM_ROLES:
        return False
    offices = (
        grant.membership_id is None
        and grant.user_id is None
        and grant.organisation_id == viewer.organisation_id
        and grant.kind in {"team", "disaster"}
    )
    return own or offices


def present(patient):
    decisions = [one for one in patient.consents.all() if one.superseded_at is None]
    return [one for one in decisions if one.subject == "patient"]


def covers_today(decision):
    today, period = clock.today(), decision.period
    return (period.lower is None or period.lower <= today) and (
        period.upper is None or today < period.upper
    )


def agreed(patient, content):
    return [
        one
        for one in present(patient)
        if one.decision == "agreed"
        and one.withdrawn_at is None
        and covers_today(one)
        and content in one.content_classes
    ]


def reaches_office(patient, content, organisation_id):
    return any(
        one.whole_team or organisation_id in {each.organisation_id for each in one.recipients.all()}
        for one in agreed(patient, content)
    )


def reaches_family(patient, content, user_id):
    def excluded(one):
        relatives = [each.excluded_relative for each in one.recipients.all()]
        return user_id in {relative.user_id for relative in relatives if relative}

    return any(one.includes_family and not excluded(one) for one in agreed(patient, content))


def refuses_in_need(patient):
    return any(
        one.decision == "refused"
        and one.binds_emergency
        and one.withdrawn_at is None
        and covers_today(one)
        for one in present(patient)
    )


def took_back(patient):
    return any(
        one.withdrawn_at is not None or one.decision == "refused" for one in present(patient)
    )


def opens(grant, patient, content):
    if content not in grant.content_classes:
        return False
    if grant.kind in WITHOUT_ASKING and not refuses_in_need(patient):
        return not (grant.kind == "emergency_card" and took_back(patient))
    if grant.kind == "team" and content == "basic" and grant.organisation_id == patient.host_id:
        return True
    if grant.user_id is not None:
        return reaches_family(patient, content, grant.user_id)
    return reaches_office(patient, content, grant.organisation_id)


def disaster_opens(viewer, patient, content, disasters):
    now = clock.now()
    if viewer.role not in DISASTER_ROLES or viewer.membership_id is None:
        return False
    return (
        patient.closed_on is None
        and not refuses_in_need(patient)
        and any(
            patient.municipality_id in one.municipality_ids
            and viewer.role.value in one.roles
            and content in one.content_classes
            and not one.is_drill
            and one.ended_at is None
            and one.approved_at is not None
            and one.approved_at <= now < one.ends_at
            for one in disasters
        )
    )


def contents_in_words(viewer, patient, disasters):
    return {
        content
        for content in CONTENTS
        if any(
            runs(grant) and holds(viewer, grant) and opens(grant, patient, content)
            for grant in patient.grants.all()
        )
        or disaster_opens(viewer, patient, content, disasters)
    }


def told_in_words(patient, running, content):
    scoped = [grant for grant in running if content in grant.content_classes]
    team = {
        grant.pk
        for grant in scoped
        if grant.kind == "team" and reaches_office(patient, content, grant.organisation_id)
    }
    family = {
        grant.pk
        for grant in scoped
        if grant.kind == "family_room" and reaches_family(patient, content, grant.user_id)
    }
    return team, family


def is_observed(grant):
    return getattr(grant, "member", None) is not None and grant.member.is_observer


def is_found(viewer, patient):
    try:
        return patient_for(viewer, patient.uid, ContentClass.TIMELINE) == patient
    except Patient.DoesNotExist:
        return False


def the_world():
    """Everybody with what decides about them, and the disasters, as they were written."""
    people = Patient.objects.prefetch_related(
        "grants__member", "consents__recipients__excluded_relative"
    )
    return list(people.order_by("pk")), list(DisasterMode.objects.all())


@pytest.mark.parametrize("seed", [1, 2])
@time_machine.travel("2026-11-18 10:00:00+09:00", tick=False)
def test_the_gate_opens_what_its_conditions_say_and_nothing_else(seed):
    everybody = make_world(seed)
    people, disasters = the_world()
    viewers = [viewer_for(user) for user in everybody]
    viewers += [ANYBODY, replace(viewers[1], second_factor_missing=True)]

    for viewer in viewers:
        said = {
            patient.pk: contents_in_words(viewer, patient, disasters)
            for patient in people
            if patient.merged_into_id is None and patient.disposed_at is None
        }
        for content in CONTENTS:
            seen = set(patients_visible_to(viewer, content).values_list("pk", flat=True))
            assert seen == {pk for pk, opened in said.items() if content in opened}
        for patient in people:
            if patient.pk in said:
                assert contents_open_to(viewer, patient) == said[patient.pk]
        for patient in people[::5]:
            # One person is asked for by a query that is kept: it says the same.
            assert is_found(viewer, patient) == ("timeline" in said.get(patient.pk, ()))


@time_machine.travel("2026-11-18 10:00:00+09:00", tick=False)
def test_rooms_and_those_who_are_told_follow_the_same_conditions():
    everybody = make_world(3)
    people, _ = the_world()
    viewers = [viewer_for(user) for user in everybody]

    for patient in people:
        running = [grant for grant in patient.grants.all() if runs(grant)]
        for content in CONTENTS:
            team, family = told_in_words(patient, running, content)
            assert set(team_grants_on(patient, content).values_list("pk", flat=True)) == team
            assert set(family_grants_on(patient, content).values_list("pk", flat=True)) == family
        for viewer in viewers:
            open_ = [
                grant
                for grant in running
                if holds(viewer, grant)
                and grant.kind in {"team", "family_room"}
                and opens(grant, patient, "timeline")
                and patient.merged_into_id is None
                and patient.disposed_at is None
            ]
            access = room_access(viewer, patient)
            staff = [grant for grant in open_ if grant.kind == "team"]
            observing = [grant for grant in staff if is_observed(grant)]
            assert (access.staff, access.family) == (bool(staff), bool(open_))
            read_only = bool(staff) and len(observing) == len(staff)
            assert access.read_only == (read_only or patient.closed_on is not None)
