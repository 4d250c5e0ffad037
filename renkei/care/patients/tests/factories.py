"""A person with a team: invented people of 架空市 for the tests of every room of care."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from psycopg.types.range import Range

from renkei.care.patients.models import (
    AccessGrant,
    Consent,
    ConsentDecision,
    ConsentMethod,
    ConsentPurpose,
    ConsentSubject,
    ContentClass,
    FamilyMember,
    GrantKind,
    Patient,
    Relative,
    TeamMember,
)
from renkei.foundation.accounts.models import Membership, Organisation, Role, User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock, kana

ALL = [each.value for each in ContentClass]
_numbers = itertools.count(1)


def membership_of(user: User) -> Membership:
    return user.memberships.select_related("organisation").earliest("pk")


def make_patient(
    *, host: Organisation | None = None, consented: bool = True, **fields: Any
) -> Patient:
    """A person hosted by 鈴木's office unless said otherwise, with the person's consent."""
    name = fields.pop("name", f"架空 療子{next(_numbers)}")
    reading = fields.pop("kana", "カクウ リョウコ")
    patient = Patient.objects.create(
        name=name,
        kana=reading,
        name_key=kana.fold(name),
        kana_key=kana.fold(reading),
        birth_on=fields.pop("birth_on", date(1936, 5, 3)),
        host=host or membership_of(accounts.suzuki()).organisation,
        registered_at=clock.now(),
        **fields,
    )
    if consented:
        consent(patient)
    return patient


def consent(patient: Patient, **fields: Any) -> Consent:
    values: dict[str, Any] = {
        "subject": ConsentSubject.PATIENT,
        "decision": ConsentDecision.AGREED,
        "purposes": [ConsentPurpose.TEAM_SHARING.value],
        "content_classes": ALL,
        "includes_family": True,
        "period": Range(clock.today() - timedelta(days=30), clock.today() + timedelta(days=335)),
        "method": ConsentMethod.WRITTEN,
        "decided_on": clock.today() - timedelta(days=30),
        "explained_by": "架空 説明員",
        "recorded_at": clock.now(),
    }
    return Consent.objects.create(patient=patient, **{**values, **fields})


def add_member(
    patient: Patient,
    user: User,
    *,
    whole_office: bool = False,
    since: datetime | None = None,
    **fields: Any,
) -> TeamMember:
    """``user`` (or, with ``whole_office``, everybody of their organisation) on the team."""
    membership = membership_of(user)
    now = clock.now()
    grant = AccessGrant.objects.create(
        patient=patient,
        kind=GrantKind.TEAM,
        membership=None if whole_office else membership,
        organisation=membership.organisation,
        content_classes=ALL,
        history_since=since,
        starts_at=now - timedelta(minutes=1),
    )
    return TeamMember.objects.create(
        patient=patient,
        organisation=membership.organisation,
        membership=None if whole_office else membership,
        profession=membership.profession or "看護師",
        is_host=membership.organisation_id == patient.host_id,
        grant=grant,
        invited_at=now,
        joined_at=now,
        **fields,
    )


def add_family(patient: Patient, user: User | None = None, **fields: Any) -> FamilyMember:
    """A daughter with an account in the family room."""
    user = user or family_user()
    relative = Relative.objects.create(
        patient=patient, name=user.name, relation=fields.pop("relation", "長女"), user=user
    )
    grant = AccessGrant.objects.create(
        patient=patient,
        kind=GrantKind.FAMILY_ROOM,
        user=user,
        content_classes=ALL,
        starts_at=clock.now() - timedelta(minutes=1),
    )
    return FamilyMember.objects.create(
        patient=patient, relative=relative, user=user, grant=grant, joined_at=clock.now(), **fields
    )


def family_user() -> User:
    """架空 さと子, who signs in as family: a membership of that role at 鈴木's office."""
    office = membership_of(accounts.suzuki()).organisation
    return accounts.person(
        "架空 さと子", "satoko@family.example.test", office, Role.PERSON_OR_FAMILY
    )


def joined(user: User, **fields: Any) -> Patient:
    """A person with ``user`` on the team."""
    patient = make_patient(**fields)
    add_member(patient, user)
    return patient


def url(name: str, *arguments: Any) -> str:
    """An address of this room."""
    return reverse(f"patients:{name}", args=arguments)


def text_of(response: Any) -> str:
    """What a page says."""
    text: str = response.content.decode()
    return text


def era_day(name: str, era: str, *parts: str) -> dict[str, str]:
    """A day as the form of eras sends it."""
    return {f"{name}_{place}": part for place, part in enumerate((era, *parts))}
