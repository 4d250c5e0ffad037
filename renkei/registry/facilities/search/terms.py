"""What somebody is looking for, as one value with one address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode

PAGE_SIZE = 20
# Counts stop here: nobody reads beyond, and an exact number would cost a visit to every hit.
COUNT_LIMIT = 1000
LAST_PAGE = COUNT_LIMIT // PAGE_SIZE


class Sort(StrEnum):
    """The orders of a result."""

    NAME = "name"
    DISTANCE = "distance"
    FRESHNESS = "fresh"


SORT_LABELS = {Sort.DISTANCE: "近い順", Sort.NAME: "名前順", Sort.FRESHNESS: "新しく確認した順"}


class View(StrEnum):
    """The ways a result is shown; all show the same places."""

    LIST = "list"
    CARD = "card"
    TABLE = "table"
    MAP = "map"


VIEW_LABELS = {View.LIST: "一覧", View.CARD: "カード", View.TABLE: "表", View.MAP: "地図"}


class Near(NamedTuple):
    """A point to measure distances from, with the words the reader knows it by."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """A search. Every combination has exactly one query string, see ``query``."""

    q: str = ""
    # Codes of prefectures and municipalities, or "a" and the number of any other area.
    areas: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    hour: int | None = None
    near: Near | None = None
    # The place to measure from as typed; ``near`` is where that is.
    address: str = ""
    radius_km: int | None = None
    statuses: tuple[str, ...] = ()
    sort: Sort | None = None
    view: View = View.LIST
    page: int = 1

    @property
    def order(self) -> Sort:
        """The order in force: distance as soon as there is a point to measure from."""
        if self.near:
            return self.sort or Sort.DISTANCE
        return Sort.FRESHNESS if self.sort is Sort.FRESHNESS else Sort.NAME

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows the result."""
        return not (
            self.q
            or self.areas
            or self.groups
            or self.services
            or self.capabilities
            or self.days
            or self.hour is not None
            or self.statuses
            or (self.near and self.radius_km)
        )

    def query(self) -> str:
        """The canonical query string, without 「?」: fixed order, nothing that is the default."""
        pairs: list[tuple[str, str | int | float]] = []
        if self.q:
            pairs.append(("q", self.q))
        for key, values in (
            ("area", self.areas),
            ("group", self.groups),
            ("service", self.services),
            ("capability", self.capabilities),
            ("day", self.days),
        ):
            pairs += [(key, value) for value in values]
        if self.hour is not None:
            pairs.append(("hour", self.hour))
        if self.address:
            pairs.append(("address", self.address))
        elif self.near:
            pairs += [("lat", f"{self.near.latitude:.5f}"), ("lng", f"{self.near.longitude:.5f}")]
        if self.radius_km:
            pairs.append(("radius", self.radius_km))
        pairs += [("status", value) for value in self.statuses]
        if self.sort:
            pairs.append(("sort", self.sort.value))
        if self.view is not View.LIST:
            pairs.append(("view", self.view.value))
        if self.page > 1:
            pairs.append(("page", self.page))
        return urlencode(pairs)

    def on_page(self, page: int) -> SearchTerms:
        return replace(self, page=page)

    def sorted_by(self, sort: Sort) -> SearchTerms:
        return replace(self, sort=sort, page=1)

    def shown_as(self, view: View) -> SearchTerms:
        return replace(self, view=view, page=1)

    def without(self, field: str, value: str = "") -> SearchTerms:
        """The same search with one condition less; ``field`` names an attribute."""
        if field == "near":
            return replace(self, near=None, address="", radius_km=None, page=1)
        present = getattr(self, field)
        left: object = None
        if isinstance(present, tuple):
            left = tuple(one for one in present if one != value)
        elif isinstance(present, str):
            left = ""
        return replace(self, page=1, **{field: left})  # type: ignore[arg-type]  # typed by field
