"""Writing 当番表. The caller has checked that the viewer keeps this roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from renkei.care.transitions.acting import organisation_of
from renkei.care.transitions.models import Roster, RosterDay, RosterRow, RosterShift
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.calendars import holiday_name, is_year_end
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.text import require_storable

MOST_LINES = 9
FOUR_WEEKS, FIVE_WEEKS = timedelta(weeks=4), timedelta(weeks=5)
DAYS_OF_FOUR_WEEKS = 28


@dataclass(frozen=True)
class NewShift:
    """One shift as typed: minutes of its day, who, and whose turn it is to be called."""

    starts: int
    ends: int
    person_name: str = ""
    phone: str = ""
    line: int = 1


@dataclass(frozen=True)
class Copied:
    """How many days came over, and which were left: holidays are arranged each time."""

    day_count: int
    left: tuple[date, ...]


@transaction.atomic
def save_roster(
    *, viewer: Viewer, roster: Roster | None, name: str, phone: str, is_regional: bool
) -> Roster:
    """Make a roster of the viewer's organisation, or write its head anew.

    Raises:
        ValidationError: no name, the name is taken, or no telephone number in ``phone``.
    """
    roster = roster or Roster(organisation_id=organisation_of(viewer))
    roster.name = require_storable(name.strip())
    roster.phone = require_phone(phone) if phone.strip() else ""
    roster.is_regional = is_regional
    roster.updated_at = clock.now()
    roster.full_clean()
    roster.save()
    record_event(actor=viewer.actor, action="roster.saved", target=roster)
    return roster


@transaction.atomic
def end_roster(*, viewer: Viewer, roster: Roster) -> None:
    """Stop using a roster. Persons who were to call it show up as holes at once."""
    locked = Roster.objects.select_for_update().get(pk=roster.pk)
    locked.ended_at = clock.now()
    locked.save(update_fields=["ended_at"])
    record_event(actor=viewer.actor, action="roster.ended", target=locked)


@transaction.atomic
def set_week(
    *, viewer: Viewer, roster: Roster, day_kind: int, shifts: Sequence[NewShift], since: date
) -> None:
    """Let these shifts come back on every such day from ``since`` on; none: nobody on duty.

    Days before ``since`` keep what was planned for them.
    """
    locked = _locked(roster)
    rows = RosterRow.objects.filter(roster=locked, day_kind=day_kind)
    rows.filter(since__gte=since).delete()
    rows.filter(Q(until=None) | Q(until__gt=since)).update(until=since)
    made = [_row(locked, day_kind, shift, since) for shift in shifts]
    if not made:
        made = [RosterRow(roster=locked, day_kind=day_kind, starts=0, ends=0, since=since)]
    RosterRow.objects.bulk_create(made)
    _touched(viewer, locked, "roster.week_set", {"day_kind": int(day_kind)})


@transaction.atomic
def set_day(*, viewer: Viewer, roster: Roster, day: date, shifts: Sequence[NewShift]) -> None:
    """Give a day its own shifts in the pattern's place; none: nobody on duty."""
    locked = _locked(roster)
    _replace(locked, {day: shifts})
    _touched(viewer, locked, "roster.day_set", {"day": day.isoformat()})


@transaction.atomic
def clear_day(*, viewer: Viewer, roster: Roster, day: date) -> None:
    """Let the pattern hold again."""
    locked = _locked(roster)
    RosterDay.objects.filter(roster=locked, day=day).delete()
    _touched(viewer, locked, "roster.day_cleared", {"day": day.isoformat()})


@transaction.atomic
def load_month(*, viewer: Viewer, roster: Roster, days: Mapping[date, Sequence[NewShift]]) -> None:
    """Put a whole file's days in the place of those that were there."""
    locked = _locked(roster)
    _replace(locked, days)
    _touched(viewer, locked, "roster.month_loaded", {"days": len(days)})


@transaction.atomic
def copy_month(*, viewer: Viewer, roster: Roster, month: date) -> Copied:
    """Fill a month's empty days from the same weekday of the month before.

    Days that have their own shifts stay; 祝日 and 年末年始 are neither copied nor filled.
    """
    locked = _locked(roster)
    targets = {day: _source_of(day) for day in _days_of(month)}
    there = set(
        RosterDay.objects.filter(roster=locked, day__in=targets).values_list("day", flat=True)
    )
    sources = {
        one.day: one
        for one in RosterDay.objects.filter(
            roster=locked, day__in=targets.values()
        ).prefetch_related("shifts")
    }
    wanted = {day: source for day, source in targets.items() if source in sources}
    special = tuple(day for day, source in wanted.items() if _special(day) or _special(source))
    days = {
        day: [_as_new(shift) for shift in sources[source].shifts.all()]
        for day, source in wanted.items()
        if day not in there and day not in special
    }
    _replace(locked, days)
    _touched(viewer, locked, "roster.month_copied", {"days": len(days)})
    return Copied(len(days), tuple(day for day in special if day not in there))


def _locked(roster: Roster) -> Roster:
    # Two people may write the same week at the same moment.
    return Roster.objects.select_for_update().get(pk=roster.pk)


def _touched(viewer: Viewer, roster: Roster, action: str, detail: dict[str, object]) -> None:
    roster.updated_at = clock.now()
    roster.save(update_fields=["updated_at"])
    record_event(actor=viewer.actor, action=action, target=roster, detail=detail)


def _replace(roster: Roster, days: Mapping[date, Sequence[NewShift]]) -> None:
    rows = {day: [_shift(each) for each in shifts] for day, shifts in days.items()}
    RosterDay.objects.filter(roster=roster, day__in=days).delete()
    made = RosterDay.objects.bulk_create([RosterDay(roster=roster, day=day) for day in rows])
    for roster_day in made:
        for shift in rows[roster_day.day]:
            shift.roster_day = roster_day
    RosterShift.objects.bulk_create([shift for each in rows.values() for shift in each])


def _shift(new: NewShift) -> RosterShift:
    return RosterShift(**_values(new))


def _row(roster: Roster, day_kind: int, new: NewShift, since: date) -> RosterRow:
    return RosterRow(roster=roster, day_kind=day_kind, since=since, **_values(new))


def _values(new: NewShift) -> dict[str, object]:
    name = require_storable(new.person_name.strip())
    phone = require_phone(new.phone) if new.phone.strip() else ""
    if not name and not phone:
        raise ValidationError("当番の人か電話番号を入力してください。")
    if not 1 <= new.line <= MOST_LINES:
        raise ValidationError(f"呼ぶ順番は1から{MOST_LINES}までの数字で入力してください。")
    return {
        "starts": new.starts,
        "ends": new.ends,
        "line": new.line,
        "person_name": name,
        "phone": phone,
    }


def _as_new(shift: RosterShift) -> NewShift:
    return NewShift(shift.starts, shift.ends, shift.person_name, shift.phone, shift.line)


def _days_of(month: date) -> list[date]:
    first = month.replace(day=1)
    return [
        day
        for day in (first + timedelta(days=count) for count in range(31))
        if day.month == first.month
    ]


def _source_of(day: date) -> date:
    # Four weeks before, or five where that is still the same month: always the month before.
    return day - (FOUR_WEEKS if day.day <= DAYS_OF_FOUR_WEEKS else FIVE_WEEKS)


def _special(day: date) -> bool:
    return bool(holiday_name(day)) or is_year_end(day)
