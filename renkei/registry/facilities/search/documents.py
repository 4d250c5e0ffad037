"""What the search index holds of one place: its words and its facets, per audience.

One ``tsvector`` answers text and filters together. Words are hex bigrams (``common.kana``), all of
which begin with ``x``; a facet is one short lexeme of its own:

=============  ==========================================  ==================
facet          meaning                                     example
=============  ==========================================  ==================
``s_``         service                                     ``s_130``
``g_``         group of services                           ``g_nursing``
``c_``         capability                                  ``c_home_visit``
``m_``         municipality                                ``m_402036``
``p_``         prefecture                                  ``p_40``
``a_``         another area the place lies in, by id       ``a_17``
``d_``         weekday with opening                        ``d_sat``
``h_``         open at that full hour of that weekday      ``h_sat10``
``t_``         status of the listing                       ``t_listed``
``z_``         where the position comes from               ``z_town``
=============  ==========================================  ==================

Everybody's document holds 住民 values alone. A place that also has values for 関係者 or 行政 gets a
second and third document, each complete for its audience; they stay empty where nothing is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple, Protocol

from renkei.foundation.common.audience import Audience
from renkei.foundation.common.kana import tsvector_text
from renkei.registry.facilities.catalogue import CAPABILITIES, GROUPS, SERVICES, ServiceInfo
from renkei.registry.facilities.search.words import SPOKEN_NAMES

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
# Words of the column 「利用可能曜日」. Source: 介護サービス情報公表システム オープンデータ.
DAY_WORDS: dict[str, tuple[str, ...]] = {
    "平日": WEEKDAYS[:5],
    "月": ("mon",),
    "火": ("tue",),
    "水": ("wed",),
    "木": ("thu",),
    "金": ("fri",),
    "土": ("sat",),
    "日": ("sun",),
    "祝": ("holiday",),
}
# The text columns that are searched, besides departments, capabilities and own columns.
TEXT_FIELDS = (
    "name",
    "kana",
    "address",
    "building",
    "corporate_name",
    "office_number",
    "institution_code",
    "visiting_area",
)
_ORDER = {audience: level for level, audience in enumerate(Audience)}


class ServiceValues(Protocol):
    """What the index reads of a service: a ``Service`` or an importer's row of the same names."""

    @property
    def service_code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kana(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def building(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def fax(self) -> str: ...
    @property
    def corporate_name(self) -> str: ...
    @property
    def office_number(self) -> str: ...
    @property
    def institution_code(self) -> str: ...
    @property
    def visiting_area(self) -> str: ...
    @property
    def days(self) -> str: ...
    @property
    def hours(self) -> Mapping[str, Sequence[Sequence[str]]]: ...
    @property
    def departments(self) -> Sequence[str]: ...
    @property
    def capabilities(self) -> Sequence[str]: ...
    @property
    def attributes(self) -> Mapping[str, str]: ...


class PlaceFacets(NamedTuple):
    """The facets that belong to the place itself; they are for everybody."""

    municipality_code: str = ""
    prefecture_code: str = ""
    status: str = "listed"
    coordinates_from: str = "none"
    area_ids: Sequence[int] = ()
    # Searched beside the address, which often lacks it.
    municipality_name: str = ""


class Documents(NamedTuple):
    """``tsvector`` literals of one place. ``None``: nothing beyond the document before."""

    # 0: everybody may know of this place; 1: 関係者; 2: 行政 alone. Decided by its name.
    audience: int
    # Whether everybody may see where it is.
    is_position_public: bool
    public: str
    partner: str | None
    government: str | None
    # Bits (see FACET_BITS) of the facets that everybody may see, for counting many places at once.
    facets: int


# One bit per facet that result pages count. Append only: stored rows keep their bits until
# ``renkei rebuild-search``; at most 63.
FACET_BITS: dict[str, int] = {
    lexeme: 1 << bit
    for bit, lexeme in enumerate(
        (
            *(f"g_{group}" for group in GROUPS),
            *(f"d_{day}" for day in WEEKDAYS),
            *(f"c_{capability}" for capability in CAPABILITIES),
        )
    )
}


class DocumentBuilder:
    """Builds documents under one set of audiences (those of ``field_audiences()``). Pure."""

    def __init__(
        self, audiences: Mapping[str, Audience], services: Mapping[str, ServiceInfo] = SERVICES
    ) -> None:
        """``services``: all kinds, with the region's own (``service_infos()``)."""
        self._audiences = audiences
        self._offers = {code: _offer(code, service) for code, service in services.items()}
        self._texts = tuple((name, self._level(name)) for name in TEXT_FIELDS)
        self._phone, self._fax = self._level("phone"), self._level("fax")
        self._departments = self._level("departments")
        self._capabilities = self._level("capabilities")
        self._days, self._hours = self._level("days"), self._level("hours")
        self._name, self._address = self._level("name"), self._level("address")
        self._is_position_public = not (self._level("latitude") or self._level("longitude"))

    def build(self, facets: PlaceFacets, services: Iterable[ServiceValues]) -> Documents:
        """The documents of one place with these services."""
        found = _Found()
        for service in services:
            self._read(service, found)
        place = _place_lexemes(facets)
        name = facets.municipality_name
        if name and not any(name in text for text in found.words[0]):
            found.words[0][name] = None
        public = _literal(found, 0, place)
        partner = _literal(found, 1, place) if found.has(1) else None
        government = _literal(found, 2, place) if found.has(2) else None
        bits = sum(FACET_BITS.get(lexeme, 0) for lexeme in found.facets[0])
        return Documents(self._name, self._is_position_public, public, partner, government, bits)

    def _level(self, field: str) -> int:
        return _ORDER[self._audiences[field]]

    def _read(self, service: ServiceValues, found: _Found) -> None:
        words = found.words
        for (_, level), text in zip(self._texts, _texts_of(service), strict=True):
            if text:
                words[level][text] = None
        if "丁目" in service.address:
            words[self._address][arabic_blocks(service.address)] = None
        if service.phone:
            words[self._phone][digits_of(service.phone)] = None
        if service.fax:
            words[self._fax][digits_of(service.fax)] = None
        offered, lexemes = self._offers.get(service.service_code, _NO_OFFER)
        words[0].update(offered)
        found.facets[0].update(lexemes)
        if service.departments:
            words[self._departments].update(dict.fromkeys(service.departments))
        for capability in service.capabilities:
            found.facets[self._capabilities][f"c_{capability}"] = None
            words[self._capabilities][CAPABILITIES.get(capability, capability)] = None
        if service.hours or service.days:
            self._read_times(service, found)
        for key, text in service.attributes.items():
            words[self._level(f"attributes.{key}")][text] = None

    def _read_times(self, service: ServiceValues, found: _Found) -> None:
        found.facets[self._hours].update(dict.fromkeys(hour_lexemes(service.hours)))
        for day in days_named(service.days):
            # Hours say it more exactly where both are recorded.
            if day not in service.hours:
                found.facets[self._days][f"d_{day}"] = None


class _Found:
    """Words and facet lexemes by the audience (0 住民, 1 関係者, 2 行政) they are meant for."""

    __slots__ = ("facets", "words")

    def __init__(self) -> None:
        # Dictionaries as ordered sets: the order of words must not differ from run to run.
        self.words: tuple[dict[str, None], ...] = ({}, {}, {})
        self.facets: tuple[dict[str, None], ...] = ({}, {}, {})

    def has(self, level: int) -> bool:
        return bool(self.words[level] or self.facets[level])


_texts_of = attrgetter(*TEXT_FIELDS)

_NO_OFFER: tuple[dict[str, None], dict[str, None]] = ({}, {})


def _offer(code: str, service: ServiceInfo) -> tuple[dict[str, None], dict[str, None]]:
    """Words and facets of one kind of service."""
    words = (service.label, GROUPS[service.group].label, *SPOKEN_NAMES.get(code, ()))
    return dict.fromkeys(words), dict.fromkeys((f"s_{code}", f"g_{service.group}"))


def _place_lexemes(facets: PlaceFacets) -> list[str]:
    lexemes = [f"t_{facets.status}", f"z_{facets.coordinates_from}"]
    if facets.municipality_code:
        lexemes.append(f"m_{facets.municipality_code}")
    if facets.prefecture_code:
        lexemes.append(f"p_{facets.prefecture_code}")
    lexemes += [f"a_{area_id}" for area_id in facets.area_ids]
    return lexemes


def _literal(found: _Found, level: int, place: list[str]) -> str:
    words: dict[str, None] = {}
    lexemes = dict.fromkeys(place)
    for below in range(level + 1):
        words.update(found.words[below])
        lexemes.update(found.facets[below])
    return f"{tsvector_text(words)} {' '.join(lexemes)}".strip()


_NOT_DIGIT = re.compile(r"[^0-9]+")


def digits_of(phone: str) -> str:
    """A phone number as it is searched: digits alone, so that any part and any hyphens match."""
    return _NOT_DIGIT.sub("", phone)


_BLOCK = re.compile(r"([一二三四五六七八九十〇]+)(?=丁目)")
_KANJI_DIGITS = dict(zip("〇一二三四五六七八九", range(10), strict=True))


def arabic_blocks(address: str) -> str:
    """「二丁目」 as 「2丁目」: addresses write both."""
    return _BLOCK.sub(lambda match: str(_number(match[1])), address)


def _number(text: str) -> int:
    tens, ten, units = text.rpartition("十")
    number = 0
    for digit in units:
        number = number * 10 + _KANJI_DIGITS[digit]
    return number + (10 * _KANJI_DIGITS.get(tens, 1) if ten else 0)


@lru_cache(maxsize=10_000)
def days_named(days: str) -> tuple[str, ...]:
    """The weekdays a text like 「平日,土曜日,祝日」 names, in the order of the week."""
    text = days.replace("平日", "\0")  # its 日 is not Sunday
    for word in ("曜日", "曜", "祝日"):
        text = text.replace(word, word[0] if word == "祝日" else "")
    named = {day for letter in text for day in DAY_WORDS.get(letter.replace("\0", "平日"), ())}
    return tuple(day for day in WEEKDAYS if day in named)


def hour_lexemes(hours: Mapping[str, Sequence[Sequence[str]]]) -> list[str]:
    """Facets of opening: the weekdays, and each full hour at which somebody is there."""
    lexemes: list[str] = []
    for day, spans in hours.items():
        if not spans:
            continue
        lexemes.append(f"d_{day}")
        open_at = {hour for start, end in spans for hour in _full_hours(start, end)}
        lexemes += [f"h_{day}{hour:02d}" for hour in sorted(open_at)]
    return lexemes


def _full_hours(start: str, end: str) -> range:
    """The full hours in [start, end); 「24:00」 ends the day, an end before the start does too."""
    try:
        first, last = _minutes(start), _minutes(end)
    except ValueError:
        return range(0)
    if last <= first:
        last = 24 * 60
    return range(-(-first // 60), min(24, -(-last // 60)))


def _minutes(time: str) -> int:
    hour, _, minute = time.partition(":")
    return int(hour) * 60 + int(minute or 0)
