"""Rosters, and who is called for whom; in a fixed number of queries."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from renkei.care.patients.models import Patient, TeamMember
from renkei.care.transitions.duty_rosters import DutyRoster, Slot, WeeklyRow, Who
from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.first_contacts import Cover, Span, Step
from renkei.care.transitions.models import (
    DAY_KINDS,
    CoordinationCase,
    FirstContact,
    Roster,
    RosterDay,
    RosterRow,
    RosterShift,
)
from renkei.care.transitions.models.duties import ShiftFields
from renkei.care.transitions.queries.cases import team_patients
from renkei.care.transitions.queries.doctors import absences_in, office_key, pair_steps
from renkei.care.transitions.rules_duties import keeps_rosters_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

# Where the coming night ends.
MORNING = 9
TWO_DAYS = timedelta(days=2)


@dataclass(frozen=True)
class Watched:
    """One person and their window: at home with spans, or in hospital with none."""

    patient: Patient
    spans: Sequence[Span]
    in_hospital: bool

    @property
    def has_hole(self) -> bool:
        return any(span.is_hole for span in self.spans)


def rosters_kept_by(viewer: Viewer) -> QuerySet[Roster]:
    """The rosters of the viewer's own organisation."""
    if viewer.organisation_id is None or not keeps_rosters_of(viewer, viewer.organisation_id):
        return Roster.objects.none()
    return (
        Roster.objects.filter(organisation_id=viewer.organisation_id, ended_at=None)
        .select_related("organisation")
        .order_by("name")
    )


def roster_for(viewer: Viewer, uid: UUID) -> Roster:
    """One roster the viewer keeps.

    Raises:
        Roster.DoesNotExist: unknown, or another organisation's: the same.
    """
    return rosters_kept_by(viewer).get(uid=uid)


def rosters_offered_for(patient: Patient) -> QuerySet[Roster]:
    """What a person's first contact can be: rosters of the team, and those of the area."""
    on_team = TeamMember.objects.filter(
        patient=patient, left_at=None, organisation_id=OuterRef("organisation_id")
    )
    return (
        Roster.objects.filter(Q(is_regional=True) | Exists(on_team), ended_at=None)
        .select_related("organisation")
        .order_by("is_regional", "organisation__name", "name")
    )


def duty_rosters(
    rosters: Iterable[Roster], *, since: datetime, until: datetime
) -> dict[int, DutyRoster]:
    """The rosters as the rules read them, by primary key; three queries."""
    by_key = {roster.pk: roster for roster in rosters}
    first = since.astimezone(clock.TOKYO).date() - TWO_DAYS
    last = until.astimezone(clock.TOKYO).date()
    weekly: dict[int, list[WeeklyRow]] = defaultdict(list)
    for row in RosterRow.objects.filter(
        Q(until=None) | Q(until__gt=first), Q(since=None) | Q(since__lte=last), roster__in=by_key
    ):
        slot = _slot(row, by_key[row.roster_id]) if row.ends else None
        weekly[row.roster_id].append(WeeklyRow(row.day_kind, slot, row.since, row.until))
    days: dict[int, dict[date, tuple[Slot, ...]]] = defaultdict(dict)
    for one in RosterDay.objects.filter(
        roster__in=by_key, day__gte=first, day__lte=last
    ).prefetch_related("shifts"):
        roster = by_key[one.roster_id]
        days[roster.pk][one.day] = tuple(_slot(shift, roster) for shift in one.shifts.all())
    return {
        key: DutyRoster(
            key=str(key),
            label=roster.organisation.name,
            phone=roster.phone,
            weekly=tuple(weekly[key]),
            days=days[key],
        )
        for key, roster in by_key.items()
    }


def _slot(shift: ShiftFields, roster: Roster) -> Slot:
    # Whoever is on duty is away while the whole office is.
    who = Who(shift.person_name, shift.phone, office_key(roster.organisation_id))
    return Slot(shift.starts, shift.ends, who, shift.line)


def night_ends(now: datetime) -> datetime:
    """The end of the night one is in, or of the coming one."""
    morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if now < morning else morning + timedelta(days=1)


def persons_watched_by(viewer: Viewer) -> QuerySet[Patient]:
    """The persons at whose team the viewer works; emergency ways in are not meant here."""
    return (
        team_patients(viewer)
        .filter(closed_on=None)
        .annotate(in_hospital=Exists(_stays(OuterRef("pk"))))
        .order_by("kana_key", "pk")
    )


def watch(viewer: Viewer, *, since: datetime, until: datetime) -> list[Watched]:
    """All the viewer's persons in one window, by name; the query count is fixed."""
    return watched(list(persons_watched_by(viewer)), since=since, until=until)


def watched(patients: Sequence[Patient], *, since: datetime, until: datetime) -> list[Watched]:
    """These persons in one window. They were found through the gate, with their hospital stays."""
    pairs = pair_steps(patients)
    steps = _steps_of(patients, pairs, since=since, until=until)
    absences = absences_in(itertools.chain(*steps.values()), since=since, until=until)
    cover = Cover(since=since, until=until, absences=absences)
    return [
        Watched(patient, (), in_hospital=True)
        if getattr(patient, "in_hospital", False)
        else Watched(patient, cover.of(steps[patient.pk]), in_hospital=False)
        for patient in patients
    ]


def is_in_hospital(patient: Patient) -> bool:
    return _stays(patient.pk).exists()


def first_contacts_of(patient: Patient) -> list[FirstContact]:
    """The order as decided, with what is no longer open to this person left out."""
    return list(_open_contacts([patient]))


def _stays(patient: Any) -> QuerySet[CoordinationCase]:
    return CoordinationCase.objects.filter(
        patient=patient, in_hospital=True, admitted_at__isnull=False
    )


def _open_contacts(patients: Sequence[Patient]) -> QuerySet[FirstContact]:
    # An office that left the team is not called any more, whoever forgot to say so.
    on_team = TeamMember.objects.filter(
        patient=OuterRef("patient"),
        left_at=None,
        organisation_id=OuterRef("roster__organisation_id"),
    )
    return (
        FirstContact.objects.filter(
            Q(roster=None) | Q(roster__is_regional=True) | Exists(on_team),
            patient__in=patients,
            roster__ended_at=None,
        )
        .select_related("roster__organisation")
        .order_by(F("patient_id"), "position")
    )


def _steps_of(
    patients: Sequence[Patient],
    pairs: Mapping[int, tuple[Step, ...]],
    *,
    since: datetime,
    until: datetime,
) -> dict[int, tuple[Step, ...]]:
    contacts = list(_open_contacts(patients))
    rosters = duty_rosters((one.roster for one in contacts if one.roster), since=since, until=until)
    made = {key: (Step(roster),) for key, roster in rosters.items()}
    steps: dict[int, tuple[Step, ...]] = defaultdict(tuple)
    doctors_left = dict(pairs)
    for one in contacts:
        if one.roster_id is None:
            steps[one.patient_id] += doctors_left.pop(one.patient_id, ())
        else:
            steps[one.patient_id] += made[one.roster_id]
    # Doctors whom nobody put into the order come after the offices.
    for patient_id, both in doctors_left.items():
        steps[patient_id] += both
    return steps


def own_days_of(roster: Roster, first: date, last: date) -> set[date]:
    """The days of a window that do not follow the pattern; ``last`` is not included."""
    return set(roster.days.filter(day__gte=first, day__lt=last).values_list("day", flat=True))


def shifts_of_day(roster: Roster, day: date) -> tuple[list[ShiftFields], bool]:
    """What is planned for a day, and whether it is the day's own; else the pattern's."""
    own = RosterDay.objects.filter(roster=roster, day=day).prefetch_related("shifts").first()
    if own is not None:
        return list(own.shifts.all()), True
    noon = instant_of(day, 0)
    slots = duty_rosters([roster], since=noon, until=noon)[roster.pk].slots_on(day)
    return [
        RosterShift(
            starts=slot.starts,
            ends=slot.ends,
            line=slot.line,
            person_name=slot.who.name,
            phone=slot.who.phone,
        )
        for slot in slots
    ], False


def week_rows_of(roster: Roster, *, on: date) -> list[tuple[int, str, list[ShiftFields], bool]]:
    """The pattern that holds on a day: kind, its word, the shifts, and whether it says nobody."""
    rows: dict[int, list[RosterRow]] = defaultdict(list)
    for row in roster.weekly.filter(
        Q(until=None) | Q(until__gt=on), Q(since=None) | Q(since__lte=on)
    ):
        rows[row.day_kind].append(row)
    return [
        (
            int(kind),
            label,
            [row for row in rows[kind] if row.ends],
            any(not row.ends for row in rows[kind]),
        )
        for kind, label in DAY_KINDS
    ]
