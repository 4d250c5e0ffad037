"""The numbers of areas and organisations: counts only, in a fixed number of queries.

Reads nothing but ``CaseCount``: no person, no fact. Who may ask for what, ``rules_numbers`` says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncMonth

from renkei.care.transitions.models import CaseCount, RuleVersion
from renkei.care.transitions.numbers import tallies
from renkei.care.transitions.numbers_tables import Book, Definitions, Period, definitions_of
from renkei.care.transitions.queries.areas import area_of
from renkei.care.transitions.rule_content import parse
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.common import clock

LEVEL, CLASS, HOSPITAL, OFFICE, AREA = "level", "class", "hospital", "office", "area"
_COLUMNS: Final = {
    LEVEL: F("level"),
    CLASS: F("patient_class"),
    HOSPITAL: F("hospital_name"),
    OFFICE: F("care_office_name"),
    AREA: Coalesce(F("area__name"), Value("")),
}
WIDER: Final = (AreaLevel.HOME_CARE, AreaLevel.SECONDARY_MEDICAL)


@dataclass(frozen=True)
class Scope:
    """Whose stays are counted: those of areas, or those in which an organisation takes part."""

    area_ids: frozenset[int] = frozenset()
    organisation_id: int | None = None
    # Of the areas, what this organisation takes no part in.
    without_id: int | None = None

    def counts(self) -> QuerySet[CaseCount]:
        """The counted stays."""
        if self.organisation_id is not None:
            return CaseCount.objects.filter(_taking_part(self.organisation_id))
        found = CaseCount.objects.filter(area__in=self.area_ids)
        return found.exclude(_taking_part(self.without_id)) if self.without_id else found


def _taking_part(organisation_id: int) -> Q:
    return Q(hospital=organisation_id) | Q(care_office=organisation_id)


def areas_in(area: Area | None) -> frozenset[int]:
    """An area with everything in it."""
    if area is None:
        return frozenset()
    return frozenset(descendants_on(area, clock.today()).values_list("pk", flat=True))


def area_around(viewer: Viewer) -> Area | None:
    """The area an organisation compares itself with: its 在宅医療圏 or 二次医療圏, else its own."""
    own = area_of(viewer)
    if own is None or own.level != AreaLevel.MUNICIPALITY:
        return own
    above = [one.area for one in ancestors_on(own, clock.today())]
    found = (area for level in WIDER for area in above if area.level == level)
    return next(found, own)


def books(scope: Scope, period: Period, *, split: str = "") -> list[Book]:
    """The counts of a period, a book per set of definitions, the one of most stays first.

    Without a split by month under an empty row; with one, for the whole period by row.
    """
    made: dict[Definitions, Book] = {}
    editions: dict[int | None, Definitions] = {}
    groups = list(_groups(scope, period, split))
    known = {
        version.pk: version
        for version in RuleVersion.objects.filter(
            pk__in={group["rule_version"] for group in groups}
        )
    }
    for group in groups:
        key = group["rule_version"]
        if key not in editions:
            editions[key] = definitions_of(parse(known[key].content) if key else None)
        meaning = editions[key]
        book = made.setdefault(meaning, Book(meaning))
        place = (str(group["row"]), group["month"] or period.first)
        book.add(place, tallies(dict.fromkeys(group["marks"], group["count"])))
        _add_details(book, place, group)
    return sorted(made.values(), key=lambda book: -book.size)


def _add_details(book: Book, place: tuple[str, date], group: dict[str, Any]) -> None:
    if "leak_rate+" in group["marks"] and group["leak_reason"]:
        reason = group["leak_reason"]
        book.reasons[reason] = book.reasons.get(reason, 0) + group["count"]
    if "lead_days+" in group["marks"] and group["lead_days"] is not None:
        leads = book.leads[place]
        leads[group["lead_days"]] = leads.get(group["lead_days"], 0) + group["count"]


def _groups(scope: Scope, period: Period, split: str) -> Iterable[dict[str, Any]]:
    for day, marks in (("admitted_on", "by_admission"), ("discharged_on", "by_discharge")):
        rows = scope.counts().filter(**{f"{day}__range": (period.first, period.last)})
        month = Value(None, output_field=DateField()) if split else TruncMonth(day)
        values: dict[str, Any] = {
            "row": _COLUMNS[split] if split else Value(""),
            "month": month,
            "marks": F(marks),
        }
        columns = ["rule_version", "row", "month", "marks"]
        if day == "discharged_on":
            columns += ["lead_days", "leak_reason"]
        yield from (
            rows.exclude(**{marks: []})
            .annotate(**values)
            .values(*columns)
            .annotate(count=Count("pk"))
            .order_by()
        )
