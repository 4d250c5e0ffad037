"""「誰が見たか」 (T-P4): the read events of one person, with names put to them for showing only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from renkei.care.patients.models import (
    AccessGrant,
    BreakGlassUse,
    GrantKind,
    MunicipalityChoice,
    Patient,
)
from renkei.care.patients.people_to_tell import patients_watched_by
from renkei.care.patients.queries import merged_uids
from renkei.care.patients.read_labels import read_label
from renkei.care.patients.reading import READ
from renkei.care.patients.visibility import grants_of, patients_visible_to
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

TARGET: Final = Patient._meta.label_lower  # noqa: SLF001 - Django's public Meta API
ANONYMOUS: Final = "登録のない人"
RECEIVER: Final = "リンクを受け取った人"


@dataclass(frozen=True)
class ReadRow:
    """One read as people ask about it."""

    at: datetime
    name: str
    profession: str
    organisation: str
    what: str
    via: str
    is_emergency: bool


@dataclass(frozen=True)
class ReadSearch:
    """An empty field does not narrow."""

    since: date | None = None
    until: date | None = None


def patients_whose_log_is_open_to(viewer: Viewer) -> QuerySet[Patient]:
    """Whose read log this viewer may see.

    The host; the person and family where the town allows it; the officer of the area. Somebody on
    the team sees the record, and not who else looked.
    """
    if viewer.role == Role.PRIVACY_OFFICER:
        return patients_watched_by(viewer).filter(merged_into=None, disposed_at=None)
    visible = patients_visible_to(viewer)
    if viewer.role == Role.PERSON_OR_FAMILY:
        own = grants_of(viewer).filter(kind__in=(GrantKind.FAMILY_ROOM, GrantKind.OWN_LOG))
        return visible.filter(pk__in=own.values("patient_id")).filter(_towns_that_show_it())
    return visible.filter(host=viewer.organisation_id)


def _towns_that_show_it() -> Q:
    chosen: dict[int | None, bool] = dict(
        MunicipalityChoice.objects.values_list("area_id", "family_sees_read_log")
    )
    allowed = [area for area, yes in chosen.items() if yes and area is not None]
    decided = [area for area in chosen if area is not None]
    everywhere_else = Q(municipality=None) | ~Q(municipality__in=decided)
    shown = Q(municipality__in=allowed)
    return shown | everywhere_else if chosen.get(None) else shown


def log_patient(viewer: Viewer, uid: UUID) -> Patient:
    """The person whose log is asked for.

    Raises:
        Patient.DoesNotExist: unknown, or not for this viewer.
    """
    return patients_whose_log_is_open_to(viewer).select_related("host").get(uid=uid)


def way_to_the_log(viewer: Viewer) -> GrantKind:
    """What the read of a log says about how its reader came to it."""
    if viewer.role == Role.PRIVACY_OFFICER:
        return GrantKind.OFFICER
    return GrantKind.OWN_LOG if viewer.role == Role.PERSON_OR_FAMILY else GrantKind.TEAM


def reads_of(patient: Patient, search: ReadSearch | None = None) -> QuerySet[AuditEvent]:
    """The read events of one person, newest first: exactly what the trail holds."""
    events = AuditEvent.objects.filter(
        # Whoever read a record that is part of this one now has read this person.
        target_id__in=[str(uid) for uid in (patient.uid, *merged_uids(patient))],
        target_type=TARGET,
        action=READ,
    ).order_by("-month", "-sequence")
    if search and search.since:
        events = events.filter(at__gte=clock.midnight(search.since))
    if search and search.until:
        events = events.filter(at__lt=clock.end_of(search.until))
    return events


def rows_of(events: list[AuditEvent]) -> list[ReadRow]:
    """The events with names, professions and organisations. Two queries, whatever their number."""
    given = {str(uid) for event in events if (uid := event.detail.get("grant"))}
    receivers = dict(AccessGrant.objects.filter(uid__in=given).values_list("uid", "reason"))
    people = Membership.objects.select_related("user", "organisation").in_bulk(
        {event.actor_membership_id for event in events if event.actor_membership_id}
    )
    return [
        replace(row, name=RECEIVER, organisation=receivers.get(UUID(uid), ""))
        if (uid := event.detail.get("grant"))
        else row
        for event in events
        for row in [_row(event, people.get(event.actor_membership_id or 0))]
    ]


def counts_of(events: QuerySet[AuditEvent]) -> list[tuple[str, str, int]]:
    """How often each organisation and profession looked, most often first. Two queries."""
    per_person = dict(events.order_by().values_list("actor_membership_id").annotate(Count("pk")))
    people = Membership.objects.select_related("user", "organisation").in_bulk(
        [number for number in per_person if number]
    )
    counted: Counter[tuple[str, str]] = Counter()
    for number, count in per_person.items():
        person = people.get(number or 0)
        counted[_organisation_of(person), _profession_of(person)] += count
    return [(*key, count) for key, count in counted.most_common()]


def _row(event: AuditEvent, person: Membership | None) -> ReadRow:
    via = str(event.detail.get("via", ""))
    labels = dict(GrantKind.choices)
    return ReadRow(
        at=event.at.astimezone(clock.TOKYO),
        name=person.user.name if person else ANONYMOUS,
        profession=_profession_of(person),
        organisation=_organisation_of(person),
        what=read_label(str(event.detail.get("what", ""))),
        via=str(labels.get(via, via)),
        is_emergency=via == GrantKind.BREAK_GLASS,
    )


def person_words(person: Membership | None) -> tuple[str, str, str]:
    """Name, profession and organisation of whoever acted."""
    name = person.user.name if person else ANONYMOUS
    return name, _profession_of(person), _organisation_of(person)


def _profession_of(person: Membership | None) -> str:
    return str(person.profession or person.get_role_display()) if person else ""


def _organisation_of(person: Membership | None) -> str:
    return str(person.organisation.name) if person else ANONYMOUS


def family_sees_read_log(area: Area | None) -> bool:
    """What a town (or the whole installation) chose."""
    found = MunicipalityChoice.objects.filter(area=area).first()
    return bool(found and found.family_sees_read_log)


def reads_under(use: BreakGlassUse) -> QuerySet[AuditEvent]:
    """What one break-glass use was used to look at."""
    grant = use.grant
    return reads_of(grant.patient).filter(
        actor_membership_id=use.used_by_id,
        at__gte=grant.starts_at,
        at__lte=grant.ends_at or clock.now(),
        detail__via=GrantKind.BREAK_GLASS.value,
    )
