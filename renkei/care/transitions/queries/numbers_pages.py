"""What a viewer asks the numbers, and what they get: their place decides, never the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from renkei.care.transitions.numbers import METRIC, METRICS, Metric
from renkei.care.transitions.numbers_tables import Book, Period, definitions_of, whole
from renkei.care.transitions.queries.numbers import (
    AREA,
    CLASS,
    HOSPITAL,
    LEVEL,
    OFFICE,
    Scope,
    area_around,
    areas_in,
    books,
)
from renkei.care.transitions.queries.rules import rule_in_force
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.rules_numbers import sees_areas_side_by_side, sees_the_area
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, fiscal_year

MONTH, QUARTER, YEAR = "month", "quarter", "year"
UNIT_WORDS: Final = {MONTH: "月", QUARTER: "四半期", YEAR: "年度"}
SPLIT_WORDS: Final = {
    LEVEL: "要介護・要支援",
    CLASS: "区分（A・B）",
    HOSPITAL: "病院",
    OFFICE: "ケアマネの事業所",
    AREA: "市区町村",
}
YEARS_BACK: Final = 4


@dataclass(frozen=True)
class Asked:
    """What the address asks for; anything unknown becomes the usual."""

    metric: Metric
    year: FiscalYear
    this_year: FiscalYear
    unit: str
    split: str

    def query(self) -> dict[str, str]:
        return {
            "metric": self.metric.code,
            "year": str(self.year.year),
            "unit": self.unit,
            "by": self.split,
        }

    def link(self, **changed: str) -> str:
        """The same page with something else chosen."""
        return f"?{urlencode(self.query() | changed)}"


def read_query(raw: Mapping[str, str], splits: Sequence[str]) -> Asked:
    """What a page was asked for."""
    this_year = fiscal_year(clock.today())
    written = raw.get("year", "")
    year = int(written) if written.isascii() and written.isdigit() else this_year.year
    earliest = this_year.year - YEARS_BACK
    unit, split = raw.get("unit", ""), raw.get("by", "")
    return Asked(
        metric=METRIC.get(raw.get("metric", ""), METRICS[0]),
        year=FiscalYear(year) if earliest <= year <= this_year.year else this_year,
        this_year=this_year,
        unit=unit if unit in UNIT_WORDS else MONTH,
        split=split if split in splits else splits[0],
    )


@dataclass(frozen=True)
class Numbers:
    """The counts behind one page."""

    title: str
    own_label: str
    mean_label: str
    is_own: bool
    splits_offered: Sequence[str]
    main: Book
    others: Sequence[Book] = field(default_factory=tuple)
    mean: Book | None = None
    # The area without the viewer's own: what the mean must not give away.
    others_book: Book | None = None
    split: Book | None = None
    source: str = ""


def splits_for(viewer: Viewer) -> Sequence[str]:
    """By what this viewer may split; the usual first."""
    if sees_areas_side_by_side(viewer):
        return (AREA, LEVEL, CLASS)
    if sees_the_area(viewer):
        return (LEVEL, CLASS, HOSPITAL, OFFICE)
    return (LEVEL, CLASS)


def numbers_for(viewer: Viewer, asked: Asked) -> Numbers:
    """The numbers this viewer may know: their area's, or their own with the mean of the area."""
    period = _window(asked)
    if sees_the_area(viewer) or sees_areas_side_by_side(viewer):
        return _of_area(viewer, asked, period)
    return _of_organisation(viewer, asked, period)


def _window(asked: Asked) -> Period:
    year = whole(asked.year)
    if asked.unit != YEAR:
        return year
    return Period(FiscalYear(asked.year.year - YEARS_BACK).start, year.last, "")


def _of_area(viewer: Viewer, asked: Asked, period: Period) -> Numbers:
    area = own_area_of(viewer)
    scope = Scope(area_ids=areas_in(area))
    main, others = _main_of(books(scope, period), area)
    split = _same(books(scope, whole(asked.year), split=asked.split), main)
    name = area.name if area else viewer.organisation_name
    return Numbers(
        title=f"{name}の入退院の数字",
        own_label=name,
        mean_label="",
        is_own=False,
        splits_offered=splits_for(viewer),
        main=main,
        others=others,
        split=split,
    )


def _of_organisation(viewer: Viewer, asked: Asked, period: Period) -> Numbers:
    own_id = viewer.organisation_id or 0
    area = area_around(viewer)
    own = Scope(organisation_id=own_id)
    main, others = _main_of(books(own, period), area)
    ids = areas_in(area)
    return Numbers(
        title=f"{viewer.organisation_name}の入退院の数字",
        own_label=viewer.organisation_name,
        mean_label=f"{area.name}の平均" if area else "",
        is_own=True,
        splits_offered=splits_for(viewer),
        main=main,
        others=others,
        mean=_same(books(Scope(area_ids=ids), period), main) if area else None,
        others_book=_same(books(Scope(area_ids=ids, without_id=own_id), period), main),
        split=_same(books(own, whole(asked.year), split=asked.split), main),
    )


def _main_of(found: Sequence[Book], area: Area | None) -> tuple[Book, Sequence[Book]]:
    """The book of most stays, and those of other definitions; an empty one of nobody."""
    if found:
        return found[0], found[1:]
    version = rule_in_force(area, clock.today())
    return Book(definitions_of(parse(version.content) if version else None)), ()


def _same(found: Sequence[Book], main: Book) -> Book:
    """The counts under the same definitions: others are never compared."""
    alike = (book for book in found if book.definitions == main.definitions)
    return next(alike, Book(main.definitions))
