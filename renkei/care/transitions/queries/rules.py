"""Which rule an area goes by on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from renkei.care.transitions.models import RuleAdoption, RuleVersion, VersionState
from renkei.foundation.areas.agreements import agreements_in_force
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import ancestors_on


def rule_in_force(area: Area | None, on: date) -> RuleVersion | None:
    """The published edition an area goes by on a day; None where nobody decided on one.

    Its own adoption comes first, then that of an agreement it takes part in, then the same of the
    areas above it, the nearest first.
    """
    if area is None:
        return None
    above = [one.area for one in ancestors_on(area, on)]
    for place in dict.fromkeys([area, *above]):
        adoption = _own(place, on) or _agreed(place, on)
        version = version_on(adoption.rule_id, on) if adoption else None
        if version is not None:
            return version
    return None


def _own(area: Area, on: date) -> RuleAdoption | None:
    return RuleAdoption.objects.filter(area=area, period__contains=on).first()


def _agreed(area: Area, on: date) -> RuleAdoption | None:
    agreements = agreements_in_force(area, on)
    return (
        RuleAdoption.objects.filter(agreement__in=agreements, period__contains=on)
        .order_by("agreement__name", "agreement")
        .first()
    )


def version_on(rule_id: int, on: date) -> RuleVersion | None:
    """The published edition of a rule on a day."""
    return (
        RuleVersion.objects.filter(rule=rule_id, state=VersionState.PUBLISHED, period__contains=on)
        .select_related("rule")
        .first()
    )


def published_versions() -> QuerySet[RuleVersion]:
    """Every published edition, the rules by name, the newest first; rules are no secret."""
    return (
        RuleVersion.objects.filter(state=VersionState.PUBLISHED)
        .select_related("rule", "rule__owner_area")
        .order_by("rule__is_example", "rule__name", "rule", "-number")
    )


def rule_version_of(uid: UUID) -> RuleVersion:
    """One published edition.

    Raises:
        RuleVersion.DoesNotExist: unknown, or not published.
    """
    return published_versions().get(uid=uid)
