"""Whom one calls for one's persons, in a window; in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.care.patients.models import Patient, TeamMember
from renkei.care.transitions.duty_rosters import DutyRoster
from renkei.care.transitions.first_contacts import Span
from renkei.care.transitions.models import FirstContact
from renkei.care.transitions.queries.arrangements import arrangements
from renkei.care.transitions.queries.cases import team_patients
from renkei.foundation.accounts.viewers import Viewer

# Where the coming night ends.
MORNING = 9


@dataclass(frozen=True)
class Watched:
    """One person and their window: at home with spans, or in hospital with none."""

    patient: Patient
    spans: Sequence[Span]
    in_hospital: bool

    @property
    def has_hole(self) -> bool:
        return any(span.is_hole for span in self.spans)


@dataclass(frozen=True)
class PersonWindow:
    """One person's window, wherever they are, and whatever is called in it."""

    spans: Sequence[Span]
    in_hospital: bool
    rosters: Collection[DutyRoster]


def night_ends(now: datetime) -> datetime:
    """The end of the night one is in, or of the coming one."""
    morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if now < morning else morning + timedelta(days=1)


def persons_watched_by(viewer: Viewer) -> QuerySet[Patient]:
    """The persons at whose team the viewer works; emergency ways in are not meant here."""
    return team_patients(viewer).filter(closed_on=None).order_by("kana_key", "pk")


def window_of(patient: Patient, *, since: datetime, until: datetime) -> PersonWindow:
    """Whom one calls for one person, who was found through the gate; in hospital: once home."""
    found = arrangements(Patient.objects.filter(pk=patient.pk), since=since, until=until)
    [one] = found.persons
    return PersonWindow(found.cover.of(one.steps), one.in_hospital, found.rosters)


def first_contacts_of(patient: Patient) -> list[FirstContact]:
    """The order as decided, with what is no longer open to this person left out."""
    # An office that left the team is not called any more, whoever forgot to say so.
    on_team = TeamMember.objects.filter(
        patient=OuterRef("patient"),
        left_at=None,
        organisation_id=OuterRef("roster__organisation_id"),
    )
    return list(
        FirstContact.objects.filter(
            Q(roster=None) | Q(roster__is_regional=True) | Exists(on_team),
            patient=patient,
            ended_at=None,
            roster__ended_at=None,
        )
        .select_related("roster__organisation")
        .order_by("position")
    )
