"""The booklet, the poster and the list as PDF (T-A6a): what typst is given, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.qr import QrTextError, qr_svg, size_mm
from renkei.registry.facilities.booklet.layout import (
    A3_SHEET,
    A4_SHEET,
    MAP_WIDTH,
    PrintedMap,
    Sheet,
    print_map,
)
from renkei.registry.facilities.booklet.plan import Booklet, District, Entry, Ground, Imprint
from renkei.registry.facilities.catalogue import GROUPS

TEMPLATES: Final = Path(__file__).parent / "templates"
NO_POSITION: Final = "この地図にない所"
KILOMETRE: Final = 1000
# The A3 sheet in millimetres: what map and list share, and what the map may take of it.
POSTER_ROOM: Final = 322.0
POSTER_LEAST: Final = 130.0
POSTER_MOST: Final = 240.0
POSTER_COLUMNS: Final = 3
POSTER_LINE: Final = 5.7
POSTER_LETTERS: Final = 11  # of a name on one line
MOST_ON_LIST_MAP: Final = 40
LIST_SHEET: Final = Sheet(MAP_WIDTH, 95.0)
# The sheet of one place in millimetres: what map and lines share, and how they share it.
SHEET_ROOM: Final = 130.0
SHEET_LEAST: Final = 45.0
SHEET_MOST: Final = 100.0
SHEET_LINE: Final = 5.1
SHEET_GAP: Final = 2.8
SHEET_LETTERS: Final = 34  # of a text on one line
SHEET_METRES: Final = 14.0  # about two and a half kilometres across: the next towns are on it


def booklet_pdf(booklet: Booklet) -> bytes:
    """The whole booklet on A4: cover, contents, chapters, index."""
    numbers = {district.name: at for at, district in enumerate(booklet.districts)}
    data = _imprint(booklet.imprint) | {
        "count": f"{booklet.entry_count:,}",
        "chapters": [
            _chapter(district, at, A4_SHEET) for at, district in enumerate(booklet.districts)
        ],
        "index": [
            {"letter": letter, "entries": [_entry(one) for one in rows]}
            for letter, rows in booklet.index()
        ],
        "towns": [
            {"name": town, "chapters": [numbers[one] for one in names]}
            for town, names in booklet.towns()
        ],
    }
    return compile_pdf(TEMPLATES / "booklet.typ", data, title=booklet.imprint.title)


def poster_pdf(booklet: Booklet) -> bytes:
    """A map sheet on A3 for each chapter, to hang on a wall; a long list goes on overleaf."""
    chapters = [_chapter(one, at, poster_sheet(one)) for at, one in enumerate(booklet.districts)]
    data = _imprint(booklet.imprint) | {"chapters": chapters}
    return compile_pdf(TEMPLATES / "poster.typ", data, title=booklet.imprint.title)


def poster_sheet(district: District) -> Sheet:
    """The map of an A3 sheet, as high as the list below it leaves."""
    lines = sum(1 + (len(one.name) > POSTER_LETTERS) for one in district.entries)
    lines += len(district.by_group()) + bool(district.off_map)
    listed = POSTER_LINE * math.ceil(lines / POSTER_COLUMNS)
    height = min(max(POSTER_ROOM - listed, POSTER_LEAST), POSTER_MOST)
    return Sheet(A3_SHEET.width, height)


def list_pdf(
    imprint: Imprint, entries: Sequence[Entry], *, order: str, ground: Ground | None = None
) -> bytes:
    """What a search found, in its order and with its numbers: a small map and the list."""
    numbered = tuple(replace(entry, number=at) for at, entry in enumerate(entries, start=1))
    # More pins on half a page would be a riddle, not a map.
    few = len(numbered) <= MOST_ON_LIST_MAP
    printed = print_map(District("", numbered, ground or Ground()), LIST_SHEET) if few else None
    data = _imprint(imprint) | {
        "count": f"{len(numbered):,}",
        "map": map_data(printed) if printed else None,
        "groups": [{"label": order, "entries": [_entry(one) for one in numbered]}],
    }
    return compile_pdf(TEMPLATES / "list.typ", data, title=imprint.title)


@dataclass(frozen=True)
class SheetText:
    """What the sheet of one place says beside its entry: labelled lines."""

    does: str  # what it does, in plain words
    hours: Sequence[tuple[str, str]]
    lines: Sequence[tuple[str, str]]


def sheet_pdf(imprint: Imprint, entry: Entry, text: SheetText, *, ground: Ground) -> bytes:
    """One place on one A4 page, to put on a refrigerator."""
    lines, height = _fitting([*text.hours, *text.lines])
    sheet = Sheet(MAP_WIDTH, min(SHEET_ROOM - height, SHEET_MOST), SHEET_METRES)
    printed = print_map(District("", (replace(entry, number=1),), ground), sheet)
    data = _imprint(imprint) | {
        "entry": _entry(entry),
        "does": text.does,
        "lines": lines,
        "map": map_data(printed) if printed else None,
    }
    return compile_pdf(TEMPLATES / "sheet.typ", data, title=imprint.title)


def _fitting(lines: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str]], float]:
    """The first lines that leave room for the map, and the millimetres they take."""
    kept: list[tuple[str, str]] = []
    taken = 0.0
    for label, words in lines:
        high = SHEET_LINE * (1 + len(words) // SHEET_LETTERS) + SHEET_GAP
        if taken + high > SHEET_ROOM - SHEET_LEAST:
            break
        taken += high
        kept.append((label, words))
    return kept, taken


def _imprint(imprint: Imprint) -> dict[str, Any]:
    desk = imprint.desk
    source = f"出典：{'、'.join(one.short for one in imprint.sources)}を加工して作成"
    return {
        "head": head(
            town=imprint.town, name=imprint.title, issued_on=imprint.issued_on, source=source
        ),
        "town": imprint.town,
        "title": imprint.title,
        "edition": imprint.edition,
        "note": imprint.note,
        "desk": {"name": desk.name, "phone": desk.phone, "hours": desk.hours},
        "sources": [one.full for one in imprint.sources],
        "address": imprint.address,
        "qr": qr_data(imprint.address),
    }


def qr_data(address: str) -> dict[str, Any] | None:
    """The code as typst draws it; None without an address that fits."""
    try:
        return {"svg": qr_svg(address, label=address), "size": size_mm(address)}
    except QrTextError:
        return None


def _chapter(district: District, at: int, sheet: Sheet) -> dict[str, Any]:
    printed = print_map(district, sheet)
    groups = [(label, entries) for label, entries in district.by_group()]
    if district.off_map:
        groups.append((NO_POSITION, list(district.off_map)))
    return {
        "index": at,
        "name": district.name,
        "count": f"{len(district.entries):,}",
        "off_map": len(district.off_map),
        "map": map_data(printed) if printed else None,
        "groups": [
            {"label": label, "entries": [_entry(one) for one in entries]}
            for label, entries in groups
        ],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": str(entry.facility_id),
        "number": entry.number,
        "name": entry.name,
        "kinds": entry.kinds,
        "address": entry.address,
        "phone": entry.phone,
        "hours": entry.hours,
        "freshness": entry.freshness,
    }


def map_data(printed: PrintedMap) -> dict[str, Any]:
    """The map as typst draws it, lengths in millimetres."""
    metres = printed.scale_metres
    return {
        "width": printed.sheet.width,
        "height": printed.sheet.height,
        "borders": printed.borders,
        "outlines": printed.outlines,
        "names": [{"text": one.name, "x": one.x, "y": one.y} for one in printed.labels],
        "pins": [
            {
                "x": round(pin.x, 2),
                "y": round(pin.y, 2),
                "at_x": round(pin.at_x, 2),
                "at_y": round(pin.at_y, 2),
                "moved": pin.moved,
                "shape": GROUPS[pin.entry.group].shape,
                "number": pin.entry.number,
            }
            for pin in printed.pins
        ],
        "scale": f"{metres // KILOMETRE}km" if metres >= KILOMETRE else f"{metres}m",
        "scale_length": round(printed.scale_length, 2),
        "legend": legend_of(pin.entry.group for pin in printed.pins),
    }


def legend_of(groups: Iterable[str]) -> list[dict[str, str]]:
    """Shape by shape what it stands for on this map, in catalogue order."""
    used = set(groups)
    shapes: dict[str, list[str]] = {}
    for key in (one for one in GROUPS if one in used):
        shapes.setdefault(GROUPS[key].shape, []).append(GROUPS[key].label)
    return [{"shape": shape, "label": "・".join(labels)} for shape, labels in shapes.items()]
