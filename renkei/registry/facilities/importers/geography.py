"""From what a file says of a place to municipality, point and place key; pure, over look-ups."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from renkei.foundation.areas.resolver import (
    Municipality,
    MunicipalityIndex,
    Resolved,
    TownIndex,
    prefecture_code_of,
)
from renkei.foundation.common.addresses import address_key
from renkei.foundation.common.kana import fold
from renkei.foundation.common.prefectures import prefecture_name
from renkei.registry.facilities.importers.listing import ListingRow
from renkei.registry.facilities.importers.repairs import Position, RepairNote, RowNotes, position


class Geography(NamedTuple):
    """The look-ups of one import.

    ``lies_elsewhere(municipality, latitude, longitude)``: whether the point is surely in another
    municipality; without boundaries it always says no. ``fingerprint`` changes with the tables
    they come from.
    """

    municipalities: MunicipalityIndex
    towns: TownIndex
    lies_elsewhere: Callable[[Municipality, float, float], bool]
    fingerprint: str = ""


class Heading(NamedTuple):
    """The file's own names of the columns a repair points at."""

    code: str
    address: str
    latitude: str
    longitude: str

    @property
    def coordinates(self) -> str:
        return f"{self.latitude}・{self.longitude}"


class RawPlace(NamedTuple):
    """What a row says of where it is."""

    code: str
    prefecture: str
    municipality: str
    latitude: str
    longitude: str


def settle(
    row: ListingRow, raw: RawPlace, *, heading: Heading, geography: Geography, notes: RowNotes
) -> None:
    """Set municipality, full address, point and place key of a row, noting every repair."""
    prefecture = raw.code[:2] if raw.code else prefecture_code_of(raw.prefecture)
    municipality = geography.municipalities.by_code(raw.code) if raw.code else None
    resolved: Resolved | None = None
    if municipality is None:
        municipality = _by_name(row, raw, prefecture, geography)
        if municipality and heading.code:
            reason = "code_differs" if raw.code else "code_missing"
            notes.append(RepairNote(heading.code, raw.code, municipality.code, reason))
    elif municipality.code != raw.code:
        notes.append(RepairNote(heading.code, raw.code, municipality.code, "code_differs"))
    if municipality:
        row.municipality_code = municipality.code
        prefecture = municipality.prefecture_code
    row.prefecture_code = prefecture
    _complete_address(row, raw, municipality, prefecture, heading, notes)
    point = position(raw.latitude, raw.longitude)
    if (
        not point.reason
        and municipality
        and point.latitude
        and point.longitude
        and geography.lies_elsewhere(municipality, point.latitude, point.longitude)
    ):
        point = Position(point.latitude, point.longitude, "coordinates_elsewhere")
    if point.reason:
        resolved = geography.municipalities.resolve(row.address, prefecture=prefecture)
    _set_point(row, raw, point, resolved, heading, geography, notes)
    town_name = municipality.name if municipality else raw.municipality
    row.place_key = place_key_of(prefecture, row.name, row.address, town_name, row.source_key)


def _by_name(
    row: ListingRow, raw: RawPlace, prefecture: str, geography: Geography
) -> Municipality | None:
    index = geography.municipalities
    if raw.municipality:
        found = index.find(raw.municipality, prefecture=prefecture)
        if found:
            return found
    return index.find(row.address, prefecture=prefecture)


def _complete_address(
    row: ListingRow,
    raw: RawPlace,
    municipality: Municipality | None,
    prefecture: str,
    heading: Heading,
    notes: RowNotes,
) -> None:
    """Every address begins with its prefecture, and names its municipality."""
    address = row.address
    name = prefecture_name(prefecture)
    if not address or not name or address.startswith(name):
        return
    town = raw.municipality or (municipality.name if municipality else "")
    inside = address[:30]
    if (
        not town
        or town in inside
        or fold(town) in fold(inside)
        or town.rpartition("郡")[2] in inside
    ):
        new, reason = name + address, "no_prefecture"
    else:
        new, reason = name + town + address, "no_municipality"
    row.address = new
    notes.append(RepairNote(heading.address, address, new, reason))


def _set_point(
    row: ListingRow,
    raw: RawPlace,
    point: Position,
    resolved: Resolved | None,
    heading: Heading,
    geography: Geography,
    notes: RowNotes,
) -> None:
    if not point.reason:
        row.latitude, row.longitude = point.latitude, point.longitude
        row.coordinates_from = "official"
        return
    before = f"{raw.latitude},{raw.longitude}" if raw.latitude or raw.longitude else ""
    if point.reason in {"coordinates_swapped", "width"}:
        row.latitude, row.longitude = point.latitude, point.longitude
        row.coordinates_from = "official"
        after = f"{point.latitude},{point.longitude}"
        notes.append(RepairNote(heading.coordinates, before, after, point.reason))
        return
    town = geography.towns.locate_rest(resolved) if resolved else None
    if town:
        row.latitude, row.longitude = round(town.latitude, 6), round(town.longitude, 6)
        row.coordinates_from = "town"
        after = f"{row.latitude},{row.longitude}（推定：{town.town}）"
        notes.append(RepairNote(heading.coordinates, before, after, point.reason))
        return
    row.coordinates_from = "none"
    reason = "coordinates_unknown" if point.reason == "coordinates_missing" else point.reason
    notes.append(RepairNote(heading.coordinates, before, "", reason))


def place_key_of(prefecture: str, name: str, address: str, municipality: str, number: str) -> int:
    """Equal for services of one institution: prefecture, name and address agree when folded.

    Without a street address nothing agrees: the record's own number keeps it apart.
    """
    key = address_key(address, municipality=municipality)
    text = f"{prefecture}\x1f{fold(name)}\x1f{key or number}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)
