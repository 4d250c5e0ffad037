"""From a code or an address to a municipality and a town: pure classes over rows in memory.

An import resolves hundreds of thousands of addresses, so every look-up is a few dictionary reads.
Names are compared from the start of the address: 久留米市 never finds 東久留米市.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from renkei.foundation.common.codes import check_municipality_code
from renkei.foundation.common.kana import fold, to_half_width_digits
from renkei.foundation.common.prefectures import FICTIONAL_CODE, FICTIONAL_NAME, PREFECTURES

# Beyond this an address is house numbers and buildings.
_LOOKED_AT = 60
# 郡 and its name: 「東津軽郡」 is among the longest.
_DISTRICT = re.compile("^.{1,6}?郡")
_PREFECTURES = {
    fold(name): code for code, name in (*PREFECTURES.items(), (FICTIONAL_CODE, FICTIONAL_NAME))
}
_PREFECTURE_LENGTHS = sorted({len(name) for name in _PREFECTURES}, reverse=True)


class Municipality(NamedTuple):
    """What the look-ups answer: the area's primary key and what identifies it."""

    id: int
    code: str
    name: str
    prefecture_code: str


class Resolved(NamedTuple):
    """A municipality and what is left of the (folded) address behind its name."""

    municipality: Municipality
    rest: str


class MunicipalityIndex:
    """Municipalities and wards of one day, by code and by the beginning of an address.

    ``former`` are names no longer in use with the municipality of today they became; a name in
    use always wins over them.
    """

    def __init__(
        self,
        municipalities: Iterable[Municipality],
        *,
        former: Iterable[tuple[Municipality, Municipality]] = (),
    ) -> None:
        self._by_code: dict[str, Municipality] = {}
        self._by_name: dict[str, dict[str, Municipality]] = {}
        self._former_codes: dict[str, Municipality] = {}
        for row in municipalities:
            self._by_code[row.code] = row
            self._by_name.setdefault(row.prefecture_code, {})[fold(row.name)] = row
        for old, today in former:
            self._by_name.setdefault(old.prefecture_code, {}).setdefault(fold(old.name), today)
            self._former_codes.setdefault(old.code, today)
        self._lengths = {
            prefecture: sorted({len(name) for name in names}, reverse=True)
            for prefecture, names in self._by_name.items()
        }

    def by_code(self, text: str) -> Municipality | None:
        """Of six digits, of five without check digit, or of either with its zero lost."""
        row = self._by_code.get(text) or self._former_codes.get(text)
        if row or not text:
            return row
        result = check_municipality_code(text, allow_fictional=True)
        if not result.valid:
            return None
        return self._by_code.get(result.value) or self._former_codes.get(result.value)

    def resolve(
        self, address: str, *, prefecture: str = "", municipality: str = ""
    ) -> Resolved | None:
        """The municipality an address begins with.

        ``prefecture`` (name or number) and ``municipality`` (name) help where the address leaves
        them out; an address that names its own is believed. Without any, only a name that exists
        in one prefecture is answered.
        """
        text = fold(address[:_LOOKED_AT])
        named, text = _split_prefecture(text)
        code = named or prefecture_code_of(prefecture)
        if not code:
            return self._anywhere(text)
        found = self._within(code, text)
        if not municipality or (found and (named or _is_city(found.municipality))):
            return found
        # 「大木町1-2」 of a city is its town of that name, not the municipality 大木町.
        hint = self._within(code, fold(municipality))
        if hint is None or (found and found.municipality == hint.municipality):
            return found
        return Resolved(hint.municipality, text)

    def find(
        self, address: str, *, prefecture: str = "", municipality: str = ""
    ) -> Municipality | None:
        """As ``resolve``, only the municipality."""
        resolved = self.resolve(address, prefecture=prefecture, municipality=municipality)
        return resolved.municipality if resolved else None

    def city_of(self, ward: Municipality) -> Municipality | None:
        """The designated city a ward (名古屋市中区) belongs to; None for others."""
        city, _, rest = ward.name.partition("市")
        if not rest.endswith("区"):
            return None
        return self._by_name[ward.prefecture_code].get(fold(f"{city}市"))

    def _within(self, prefecture_code: str, text: str) -> Resolved | None:
        names = self._by_name.get(prefecture_code)
        if not names:
            return None
        lengths = self._lengths[prefecture_code]
        found = _longest(text, names, lengths)
        if found is None and (district := _DISTRICT.match(text)):
            found = _longest(text[district.end() :], names, lengths)
        return found

    def _anywhere(self, text: str) -> Resolved | None:
        found = [self._within(code, text) for code in self._by_name]
        matches = [match for match in found if match]
        return matches[0] if len(matches) == 1 else None


def _is_city(municipality: Municipality) -> bool:
    return municipality.name[-1] in "市区"


def _longest(text: str, names: dict[str, Municipality], lengths: Iterable[int]) -> Resolved | None:
    for length in lengths:
        row = names.get(text[:length])
        if row and len(text) >= length:
            return Resolved(row, text[length:])
    return None


def _split_prefecture(folded: str) -> tuple[str, str]:
    for length in _PREFECTURE_LENGTHS:
        code = _PREFECTURES.get(folded[:length])
        if code:
            return code, folded[length:]
    return "", folded


def prefecture_code_of(text: str) -> str:
    """Number of a prefecture given by name, number, or any code that begins with it."""
    digits = to_half_width_digits(text).strip()
    if digits.isdecimal():
        return digits.zfill(2)[:2] if len(digits) <= len("47") else digits[:2]
    return _PREFECTURES.get(fold(text), "")


# Towns ------------------------------------------------------------------------------------


class TownRow(NamedTuple):
    """One row of the town table."""

    prefecture: str
    municipality: str
    name: str
    hamlet: str
    latitude: float
    longitude: float


class Place(NamedTuple):
    """An approximate point and the town whose point it is (as the table writes it)."""

    latitude: float
    longitude: float
    town: str


_KANJI_DIGITS = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")}
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
_KANJI_NUMBER = re.compile("[〇一二三四五六七八九十百千]+")
_NUMBER = re.compile("([0-9]+)(?:丁目?|番町|番地|番|号|線|条|-|ノ)?")
_SECTION = re.compile("大字|字")


def town_key(folded: str) -> str:
    """One spelling for 「一丁目」「1丁目」「1-」 and for 大字・字.

    Numbers end with #, so that no key ends within a longer number.
    """
    text = _SECTION.sub("", folded)
    text = _KANJI_NUMBER.sub(lambda match: str(_kanji_number(match[0])), text)
    return _NUMBER.sub(r"\1#", text)


def _kanji_number(text: str) -> int:
    if not any(letter in _KANJI_UNITS for letter in text):
        return int("".join(str(_KANJI_DIGITS[letter]) for letter in text))
    total, digit = 0, 0
    for letter in text:
        if letter in _KANJI_UNITS:
            total += max(digit, 1) * _KANJI_UNITS[letter]
            digit = 0
        else:
            digit = digit * 10 + _KANJI_DIGITS[letter]
    return total + digit


class TownIndex:
    """From an address to the point of its town; the towns of a prefecture load when first needed.

    ``load`` gives the rows of one prefecture by its number.
    """

    def __init__(
        self, municipalities: MunicipalityIndex, load: Callable[[str], Iterable[TownRow]]
    ) -> None:
        self._municipalities = municipalities
        self._load = load
        self._loaded: dict[str, dict[int, dict[str, Place]]] = {}

    def locate(self, address: str, *, prefecture: str = "", municipality: str = "") -> Place | None:
        """Point of the longest town name the address continues with; None where none fits."""
        resolved = self._municipalities.resolve(
            address, prefecture=prefecture, municipality=municipality
        )
        return self.locate_rest(resolved) if resolved else None

    def locate_rest(self, resolved: Resolved) -> Place | None:
        """The same for an address whose municipality is known already."""
        code = resolved.municipality.prefecture_code
        if code not in self._loaded:
            self._loaded[code] = _towns_by_municipality(self._load(code), self._municipalities)
        key = town_key(resolved.rest)
        # A town table older than a reorganisation of wards still knows the city's towns.
        for municipality in (
            resolved.municipality,
            self._municipalities.city_of(resolved.municipality),
        ):
            towns = self._loaded[code].get(municipality.id) if municipality else None
            if towns and (place := _longest_town(key, towns)):
                return place
        return None


def _longest_town(key: str, towns: dict[str, Place]) -> Place | None:
    for length in range(len(key), 0, -1):
        place = towns.get(key[:length])
        if place:
            return place
    return None


def _towns_by_municipality(
    rows: Iterable[TownRow], municipalities: MunicipalityIndex
) -> dict[int, dict[str, Place]]:
    areas: dict[str, list[int]] = {}
    towns: dict[int, dict[str, Place]] = {}
    several: dict[tuple[int, str], list[TownRow]] = {}
    for row in rows:
        if row.municipality not in areas:
            areas[row.municipality] = _areas_named(row, municipalities)
        place = Place(row.latitude, row.longitude, row.name + row.hamlet)
        for key, exact in _keys_of(row):
            for area_id in areas[row.municipality]:
                if exact:
                    towns.setdefault(area_id, {}).setdefault(key, place)
                else:
                    several.setdefault((area_id, key), []).append(row)
    for (area_id, key), members in several.items():
        towns.setdefault(area_id, {}).setdefault(key, _middle(members))
    return towns


def _areas_named(row: TownRow, municipalities: MunicipalityIndex) -> list[int]:
    """The municipality of a town, and for a ward its city too."""
    found = municipalities.find(row.municipality, prefecture=row.prefecture)
    if found is None:
        return []
    city = municipalities.city_of(found)
    return [found.id, city.id] if city else [found.id]


def _keys_of(row: TownRow) -> Iterator[tuple[str, bool]]:
    """Keys of a row: its own, and those it shares with the other parts of the same town."""
    name = town_key(fold(row.name))
    yield (town_key(fold(row.name + row.hamlet)), True)
    if row.hamlet:
        yield (name, False)
    stem = name.rstrip("#0123456789")
    if stem != name and stem:
        yield (stem, False)


def _middle(members: list[TownRow]) -> Place:
    count = len(members)
    return Place(
        sum(row.latitude for row in members) / count,
        sum(row.longitude for row in members) / count,
        members[0].name,
    )
