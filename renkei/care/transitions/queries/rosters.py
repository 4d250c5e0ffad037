"""Rosters of an office, and as the rules read them; in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.care.patients.models import Patient, TeamMember
from renkei.care.transitions.duty_rosters import DutyRoster, Slot, WeeklyRow, Who
from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.models import (
    DAY_KINDS,
    Roster,
    RosterDay,
    RosterRow,
    RosterShift,
)
from renkei.care.transitions.models.duties import ShiftFields
from renkei.care.transitions.queries.doctors import office_key
from renkei.care.transitions.rules_duties import keeps_rosters_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

TWO_DAYS = timedelta(days=2)


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
