"""What a booklet says, before it has a format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
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
    municipality: str = ""
    town: str = ""  # 大字 or 町, by which a long list is divided
    number: int = 0  # pin and row number, counted within its district

    @property
    def position(self) -> tuple[float, float] | None:
        """Longitude and latitude, where both are known."""
        if self.longitude is None or self.latitude is None:
            return None
        return (self.longitude, self.latitude)


@dataclass(frozen=True)
class PlaceName:
    """The name of a town where it lies, so that a reader knows the way round the map."""

    name: str
    position: tuple[float, float]  # longitude, latitude


@dataclass(frozen=True)
class Ground:
    """What a chapter's map shows beneath the pins."""

    borders: tuple[Ring, ...] = ()  # of the chapter's own area
    outlines: tuple[Ring, ...] = ()  # of what lies around it; they do not decide the frame
    names: tuple[PlaceName, ...] = ()


@dataclass(frozen=True)
class District:
    """One chapter: a map with numbered pins and the list with the same numbers."""

    name: str
    entries: tuple[Entry, ...]
    ground: Ground = Ground()

    @property
    def on_map(self) -> tuple[Entry, ...]:
        """The places with a pin; their numbers come first."""
        return tuple(entry for entry in self.entries if entry.position)

    @property
    def off_map(self) -> tuple[Entry, ...]:
        """The places whose position nobody knows."""
        return tuple(entry for entry in self.entries if not entry.position)

    @property
    def towns(self) -> list[str]:
        """The towns it covers, in the order of their first place."""
        return list(dict.fromkeys(entry.town for entry in self.entries if entry.town))

    def by_group(self) -> list[tuple[str, list[Entry]]]:
        """(group label, entries on the map), groups in catalogue order, empty ones left out."""
        grouped: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.on_map:
            grouped[entry.group].append(entry)
        return [(GROUPS[key].label, grouped[key]) for key in GROUPS if grouped[key]]


@dataclass(frozen=True)
class Desk:
    """Whom to ask when nothing fits."""

    name: str
    phone: str
    hours: str


@dataclass(frozen=True)
class Source:
    """Where values come from, as every printed page must say it (T-A1d)."""

    name: str
    attribution: str  # with licence, as the publisher asks for it
    licence: str
    as_of: str  # 令和8年6月30日; empty where no file says it

    @property
    def full(self) -> str:
        """For the cover and for tables."""
        return f"{self.attribution}（{self.as_of}時点）" if self.as_of else self.attribution

    @property
    def short(self) -> str:
        """For the foot of each page."""
        return f"{self.name}（{'、'.join(filter(None, (self.as_of, self.licence)))}）"


@dataclass(frozen=True)
class Imprint:
    """Who issues it, when, for whom, and where the values come from."""

    town: str
    title: str
    issued_on: date
    desk: Desk
    sources: tuple[Source, ...]
    edition: str = ""  # whom it is for, in words
    note: str = ""  # what was left out, or how to treat it
    address: str = ""  # of the page that has the same places, for the QR code

    @property
    def source_line(self) -> str:
        """The sources in one line, for the foot of each page."""
        return f"出典：{'、'.join(one.short for one in self.sources)}を加工して作成"


@dataclass(frozen=True)
class Booklet:
    """A whole booklet: chapters, index, imprint."""

    imprint: Imprint
    districts: tuple[District, ...]

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

    def towns(self) -> list[tuple[str, list[str]]]:
        """(town, chapters it is in), by name: how a reader who knows only the address finds it."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for district in self.districts:
            for town in district.towns:
                found[town][district.name] = None
        return [(town, list(found[town])) for town in sorted(found)]

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
    imprint: Imprint, entries: Iterable[Entry], grounds: Mapping[str, Ground]
) -> Booklet:
    """Sort entries into chapters and number them: by district, group and reading.

    Places without a position come last in their chapter, so that no number is missing on its map.
    """
    order = list(GROUPS)
    chapters: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        chapters[entry.district].append(entry)
    districts = []
    # Districts in the order of their grounds (that of the area), then those without one.
    names = [name for name in grounds if name in chapters]
    for name in [*names, *sorted(chapters.keys() - grounds.keys())]:
        rows = sorted(
            chapters[name],
            key=lambda one: (one.position is None, order.index(one.group), _reading(one)),
        )
        numbered = tuple(replace(entry, number=at) for at, entry in enumerate(rows, start=1))
        districts.append(District(name, numbered, grounds.get(name, Ground())))
    return Booklet(imprint, tuple(districts))


def _reading(entry: Entry) -> tuple[str, int]:
    return (fold(entry.kana or entry.name), entry.facility_id)


def _row_of(entry: Entry) -> str:
    # A kanji name without kana has no reading we know; guessing would put it in a wrong row.
    first = fold(entry.kana or entry.name)[:1]
    return next((letter for letter, kana in INDEX_ROWS if first and first in kana), OTHER_ROW)
