"""The numbers of areas and organisations: counts only, in a fixed number of queries.

Reads nothing but ``CaseCount``: no person, no fact. Who may ask for what, ``rules_numbers`` says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Count, DateField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncMonth

from renkei.care.transitions.models import CaseCount, RuleVersion
from renkei.care.transitions.numbers import tallies
from renkei.care.transitions.numbers_tables import Book, Definitions, Period, Place, definitions_of
from renkei.care.transitions.rule_content import parse
from renkei.foundation.accounts.queries_agreements import own_area_of
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
LEAK, LEAD = "leak_rate+", "lead_days+"
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
    own = own_area_of(viewer)
    if own is None or own.level != AreaLevel.MUNICIPALITY:
        return own
    above = [one.area for one in ancestors_on(own, clock.today())]
    found = (area for level in WIDER for area in above if area.level == level)
    return next(found, own)


def books(scope: Scope, period: Period, *, split: str = "") -> list[Book]:
    """The counts of a period, a book per set of definitions, the one of most stays first.

    Without a split by month under an empty row; with one, for the whole period by row.
    """
    drafts: dict[Definitions, _Draft] = {}
    editions: dict[int | None, _Draft] = {}
    groups = list(_groups(scope, period, split))
    known = {
        version.pk: version
        for version in RuleVersion.objects.filter(pk__in={group.rule_version for group in groups})
    }
    for group in groups:
        key = group.rule_version
        if key not in editions:
            meaning = definitions_of(parse(known[key].content) if key else None)
            editions[key] = drafts.setdefault(meaning, _Draft())
        editions[key].add(group, (str(group.row), group.month or period.first))
    made = [draft.book(meaning) for meaning, draft in drafts.items()]
    return sorted(made, key=lambda book: -book.size)


class _Group(NamedTuple):
    """Stays that are alike: how many."""

    rule_version: int | None
    row: str
    month: date | None
    marks: list[str]
    lead_days: int | None
    leak_reason: str
    stays: int


class _Draft:
    """A book while it is written: plain numbers, for groups come by the thousand."""

    def __init__(self) -> None:
        self._counts: dict[Place, Counter[str]] = defaultdict(Counter)
        self._leads: dict[Place, Counter[int]] = defaultdict(Counter)
        self._reasons: Counter[str] = Counter()

    def add(self, group: _Group, place: Place) -> None:
        """More stays of one place."""
        counts, count = self._counts[place], group.stays
        for mark in group.marks:
            counts[mark] += count
        if group.leak_reason and LEAK in group.marks:
            self._reasons[group.leak_reason] += count
        if group.lead_days is not None and LEAD in group.marks:
            self._leads[place][group.lead_days] += count

    def book(self, meaning: Definitions) -> Book:
        """What was written, under its definitions."""
        book = Book(meaning, reasons=dict(self._reasons))
        for place, marks in self._counts.items():
            book.add(place, tallies(marks))
        for place, leads in self._leads.items():
            book.leads[place].update(leads)
        return book


def _groups(scope: Scope, period: Period, split: str) -> Iterator[_Group]:
    for day, marks in (("admitted_on", "by_admission"), ("discharged_on", "by_discharge")):
        rows = scope.counts().filter(**{f"{day}__range": (period.first, period.last)})
        by_discharge = day == "discharged_on"
        values: dict[str, Any] = {
            "row": _COLUMNS[split] if split else Value(""),
            "month": Value(None, output_field=DateField()) if split else TruncMonth(day),
            "marks": F(marks),
            # Of an admission neither is told; the next group by is the narrower for it.
            "lead": F("lead_days") if by_discharge else Value(None, output_field=IntegerField()),
            "reason": F("leak_reason") if by_discharge else Value(""),
        }
        found = (
            rows.exclude(**{marks: []})
            .annotate(**values)
            .values_list("rule_version", *values)
            .annotate(count=Count("pk"))
            .order_by()
        )
        yield from map(_Group._make, found)
