"""What a booklet says, before it has a format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from renkei.foundation.common.kana import fold
from renkei.registry.facilities.catalogue import GROUPS

Ring = tuple[tuple[float, float], ...]  # (longitude, latitude) pairs
INDEX_ROWS = (
    ("あ", "アイウエオ"), ("か", "カキクケコガギグゲゴ"), ("さ", "サシスセソザジズゼゾ"),
    ("た", "タチツテトダヂヅデド"), ("な", "ナニヌネノ"), ("は", "ハヒフヘホバビブベボパピプペポ"),
    ("ま", "マミムメモ"), ("や", "ヤユヨ"), ("ら", "ラリルレロ"), ("わ", "ワヰヱヲン"),
)  # fmt: skip
OTHER_ROW = "そのほか"


@dataclass(frozen=True)
class Entry:
    """One place as the booklet prints it. Only values its readers may see reach this point."""

    facility_id: int
    name: str
    kana: str
    group: str  # a key of catalogue.GROUPS
    kinds: str  # 訪問看護、居宅介護支援
    district: str  # 地区 or 市区町村 it is listed under
    address: str
    phone: str
    hours: str
    freshness: str
    longitude: float | None = None
    latitude: float | None = None
    number: int = 0  # pin and row number, counted within its district


@dataclass(frozen=True)
class District:
    """One chapter: a map with numbered pins and the list with the same numbers."""

    name: str
    entries: tuple[Entry, ...]
    borders: tuple[Ring, ...] = ()

    def by_group(self) -> list[tuple[str, list[Entry]]]:
        """(group label, entries), groups in catalogue order, empty ones left out."""
        grouped: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            grouped[entry.group].append(entry)
        return [(GROUPS[key].label, grouped[key]) for key in GROUPS if grouped[key]]


@dataclass(frozen=True)
class Desk:
    """Whom to ask when nothing fits."""

    name: str
    phone: str
    hours: str


@dataclass(frozen=True)
class Booklet:
    """A whole booklet: chapters, index, sources."""

    town: str
    title: str
    issued_on: date
    desk: Desk
    districts: tuple[District, ...]
    sources: tuple[str, ...]

    @property
    def entry_count(self) -> int:
        """How many places it lists."""
        return sum(len(district.entries) for district in self.districts)

    def index(self) -> list[tuple[str, list[Entry]]]:
        """The 50音 index: (row letter, entries by kana), empty rows left out."""
        rows: dict[str, list[Entry]] = defaultdict(list)
        for district in self.districts:
            for entry in district.entries:
                rows[_row_of(entry)].append(entry)
        letters = [letter for letter, _ in INDEX_ROWS] + [OTHER_ROW]
        return [(one, sorted(rows[one], key=_reading)) for one in letters if rows[one]]

    def rows(self) -> list[tuple[str, int, str, str, str, str, str, str]]:
        """One row per place: (district, number, kinds, name, address, phone, hours, freshness)."""
        return [
            (
                district.name, entry.number, entry.kinds, entry.name, entry.address, entry.phone,
                entry.hours, entry.freshness,
            )
            for district in self.districts
            for entry in district.entries
        ]  # fmt: skip


def plan_booklet(
    *,
    town: str,
    title: str,
    issued_on: date,
    desk: Desk,
    entries: Iterable[Entry],
    borders: dict[str, tuple[Ring, ...]],
    sources: Sequence[str],
) -> Booklet:
    """Sort entries into chapters and number them: by district, group and reading."""
    order = list(GROUPS)
    chapters: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        chapters[entry.district].append(entry)
    districts = []
    # Districts in the order of their borders (that of the area), then those without a border.
    names = [name for name in borders if name in chapters]
    for name in [*names, *sorted(chapters.keys() - borders.keys())]:
        rows = sorted(chapters[name], key=lambda entry: (order.index(entry.group), _reading(entry)))
        numbered = tuple(replace(entry, number=at) for at, entry in enumerate(rows, start=1))
        districts.append(District(name, numbered, borders.get(name, ())))
    return Booklet(
        town=town,
        title=title,
        issued_on=issued_on,
        desk=desk,
        districts=tuple(districts),
        sources=tuple(sources),
    )


def _reading(entry: Entry) -> tuple[str, int]:
    return (fold(entry.kana or entry.name), entry.facility_id)


def _row_of(entry: Entry) -> str:
    # A kanji name without kana has no reading we know; guessing would put it in a wrong row.
    first = fold(entry.kana or entry.name)[:1]
    return next((letter for letter, kana in INDEX_ROWS if first and first in kana), OTHER_ROW)
