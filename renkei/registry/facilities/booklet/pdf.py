"""The booklet, the poster and the list as PDF (T-A6a): what typst is given, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.qr import QrTextError, qr_svg, size_mm
from renkei.registry.facilities.booklet.layout import (
    A3_SHEET,
    A4_SHEET,
    PrintedMap,
    Sheet,
    print_map,
)
from renkei.registry.facilities.booklet.plan import Booklet, District, Entry, Imprint
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


def list_pdf(booklet: Booklet) -> bytes:
    """The places as one A4 list without cover, for one look: what a search found."""
    chapters = [_chapter(one, at, A4_SHEET) for at, one in enumerate(booklet.districts)]
    data = _imprint(booklet.imprint) | {"chapters": chapters, "count": f"{booklet.entry_count:,}"}
    return compile_pdf(TEMPLATES / "list.typ", data, title=booklet.imprint.title)


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
