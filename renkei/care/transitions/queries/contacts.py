"""窓口一覧: how to reach an office, and the hours the clock counts by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet

from renkei.care.transitions.models import ContactPoint
from renkei.care.transitions.office_calendar import OfficeCalendar, office_calendar, read_hours
from renkei.foundation.common import clock


def contact_points(organisation_ids: Iterable[int]) -> QuerySet[ContactPoint]:
    """The contact points of these offices, the main one of each first."""
    return (
        ContactPoint.objects.filter(organisation_id__in=set(organisation_ids))
        .select_related("organisation", "confirmed_by__user")
        .order_by("organisation__name", "ward", "pk")
    )


def contact_of(organisation_id: int | None, ward: str = "") -> ContactPoint | None:
    """The ward's own contact point, or the office's main one."""
    if organisation_id is None:
        return None
    rows = list(contact_points([organisation_id]).filter(ward__in={ward, ""}))
    return next((row for row in rows if row.ward == ward), rows[0] if rows else None)


def calendar_from(point: ContactPoint | None) -> OfficeCalendar:
    """The days and hours of a contact point; assumed ones where it tells none."""
    if point is None:
        return OfficeCalendar()
    return office_calendar(
        read_hours(point.weekly_hours),
        closes_on_holidays=point.closes_on_holidays,
        closes_at_year_end=point.closes_at_year_end,
        closed_days=frozenset(point.closed_days),
    )


def calendar_of(organisation_id: int | None, ward: str = "") -> OfficeCalendar:
    """The calendar of an office, or of a ward of it."""
    return calendar_from(contact_of(organisation_id, ward))


def is_stale(point: ContactPoint, months: int = 12) -> bool:
    """Nobody confirmed it for this long (a month counted as 30.5 days)."""
    return clock.now() - point.confirmed_at > timedelta(days=round(months * 30.5))
