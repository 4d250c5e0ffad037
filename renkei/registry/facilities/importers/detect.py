"""Which importer a table belongs to, by its headings; what no importer knows is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from renkei.foundation.common.spreadsheets.columns import match_columns
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.registry.facilities.importers import (
    bureau_standards,
    care_disclosure,
    institution_codes,
    medical_facility,
    medical_hours,
)
from renkei.registry.facilities.importers.base import Recognised, TableKind

KINDS: tuple[TableKind, ...] = (
    care_disclosure.KIND,
    medical_hours.KIND,
    medical_facility.KIND,
    bureau_standards.KIND,
)
_KNOWN = "、".join(kind.label for kind in (*KINDS, institution_codes.KIND))
# A table with this share of a layout's distinctive headings is meant to be of that layout.
_MEANT = 0.5
_CARE_FILE = re.compile(r"jigyosho_(\d{3})(?:\D|$)", re.IGNORECASE)
_MEDICAL_FILE = re.compile(r"(?:^|\D)(0[123]-[12]|0[45])(?=\D|$)")
_DATE = re.compile(
    r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:\d{6})?(?!\d)"
)


def recognise(header: Sequence[str], *, place: str, name: str) -> Recognised:
    """The layout of a table with this header.

    Raises:
        UnreadableFile: columns are missing or doubled (named), or no layout fits.
    """
    best: tuple[float, Recognised] | None = None
    for kind in KINDS:
        columns = match_columns(header, kind.aliases)
        found = set(columns.positions)
        doubled = {field for field in kind.aliases if kind.aliases[field][0] in columns.duplicated}
        share = len((found | doubled) & set(kind.distinctive)) / max(1, len(kind.distinctive))
        all_required = set(kind.required) <= found
        score = share + all_required
        if best is None or score > best[0]:
            best = (score, Recognised(kind, columns, dataset_of(kind, name)))
    if best is None or best[0] < _MEANT:
        shown = "、".join(f"「{heading}」" for heading in [h for h in header if h][:3])
        raise UnreadableFile(
            place,
            f"取り込める公表データではありません（見出しは{shown}など）。"
            f"{_KNOWN}のファイルを選んでください。",
        )
    recognised = best[1]
    _refuse_missing(recognised, place)
    if recognised.columns.unknown:
        names = "、".join(f"「{heading}」" for heading in recognised.columns.unknown[:5])
        if recognised.kind is not medical_facility.KIND:
            recognised.notes.append(f"知らない列（{names}など）は取り込みません。")
    return recognised


def _refuse_missing(recognised: Recognised, place: str) -> None:
    kind, columns = recognised.kind, recognised.columns
    required = [kind.aliases[field][0] for field in kind.required]
    problems = columns.problems(file=place, row=None, required=required)
    if problems:
        raise UnreadableFile(place, f"{kind.label}のファイルですが、{problems[0].message}")


def dataset_of(kind: TableKind, name: str) -> str:
    """The dataset a file's name tells: "130", "02-1"; "" where it does not."""
    base = name.rpartition("›")[2].rpartition("/")[2].strip()
    if kind is care_disclosure.KIND:
        found = _CARE_FILE.search(base)
        return found[1] if found else ""
    if kind is medical_facility.KIND or kind is medical_hours.KIND:
        found = _MEDICAL_FILE.search(base)
        return found[1] if found else ""
    return kind.key


def date_in(name: str) -> date | None:
    """The day a file's name carries (…_20250601.csv, …_20251231120000.csv)."""
    base = name.rpartition("›")[2]
    for text in (base, name):
        for found in _DATE.finditer(text):
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:  # 20250231: a number, no day
                continue
    return None
