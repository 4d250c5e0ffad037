"""医療情報ネット: departments and opening hours (01-2, 02-2, 03-2), many rows per institution.

They have no place of their own: they are attached to the institution's row by ID.
Source: 厚生労働省「医療情報ネットのオープンデータ」, 診療科・診療時間票.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from renkei.registry.facilities.catalogue import MEDICAL
from renkei.registry.facilities.importers import repairs
from renkei.registry.facilities.importers.base import RowError, TableKind
from renkei.registry.facilities.importers.listing import ListingRow
from renkei.registry.facilities.importers.medical_facility import WEEKDAYS
from renkei.registry.facilities.importers.repairs import RepairNote, RowNotes

DAYS = {**WEEKDAYS, "祝": "holiday"}
_ENDS = ("開始", "終了")
ALIASES: Mapping[str, Sequence[str]] = {
    "id": ("ID",),
    "department": ("診療科目名",),
    "period": ("診療時間帯",),
    **{
        f"{key}_{end}": (f"{day}_診療{word}時間",)
        for day, key in DAYS.items()
        for end, word in zip(("from", "to"), _ENDS, strict=True)
    },
}
KIND = TableKind(
    key="medical_hours",
    label="医療情報ネット（診療科・診療時間票）",
    source=MEDICAL,
    aliases=ALIASES,
    required=("id", "department"),
    distinctive=("department", "period"),
)
# 01-2 belongs to 01-1.
FACILITY_DATASET = {"01-2": "01-1", "02-2": "02-1", "03-2": "03-1"}
_TIME = re.compile(r"([0-2]?\d)[:時.](\d{2})(?:[:分]\d{0,2})?")
_MIDNIGHT = 24 * 60


@dataclass(slots=True)
class Attachment:
    """What the hours file says of one institution."""

    departments: dict[str, None] = field(default_factory=dict)
    hours: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    # Rows by the file they stand in.
    rows_by_file: dict[int, int] = field(default_factory=dict)

    def text(self) -> str:
        """Everything that is attached, the same for the same departments and hours."""
        hours = [(day, sorted(spans)) for day, spans in sorted(self.hours.items())]
        return f"{'/'.join(self.departments)}{hours or ''}"


def key_of(institution_id: str) -> str:
    """The ID without the zeros a spreadsheet may have taken: for joining only."""
    return institution_id.strip().lstrip("0")


def reader(
    positions: Mapping[str, int], file_id: int
) -> Callable[[Sequence[str], dict[str, Attachment], RowNotes], RowError | None]:
    """A function that adds one row of a file to the attachments by ID."""
    id_at, department_at = positions["id"], positions["department"]
    times = [
        (key, positions[f"{key}_from"], positions[f"{key}_to"])
        for key in DAYS.values()
        if f"{key}_from" in positions and f"{key}_to" in positions
    ]

    def read(
        cells: Sequence[str], found: dict[str, Attachment], notes: RowNotes
    ) -> RowError | None:
        key = key_of(cells[id_at])
        if not key:
            return RowError("ID", "", "IDを公表された値のまま入力してください。")
        attachment = found.get(key)
        if attachment is None:
            attachment = found[key] = Attachment()
        attachment.rows_by_file[file_id] = attachment.rows_by_file.get(file_id, 0) + 1
        department = cells[department_at]
        if department and department not in attachment.departments:
            name = notes.take("診療科目名", department, repairs.text(department))
            attachment.departments[name[:60]] = None
        for day, start_at, end_at in times:
            if cells[start_at] or cells[end_at]:
                _add_span(attachment, day, cells[start_at], cells[end_at], notes)
        return None

    return read


def _add_span(attachment: Attachment, day: str, start: str, end: str, notes: RowNotes) -> None:
    first, last = time_of(start), time_of(end)
    if first is None or last is None or first >= last:
        label = next(word for word, key in DAYS.items() if key == day)
        notes.append(RepairNote(f"{label}_診療時間", f"{start}～{end}", "", "hours_unusable"))
        return
    attachment.hours.setdefault(day, set()).add((_written(first), _written(last)))


def time_of(text: str) -> int | None:
    """Minutes after midnight of 9:00, 09：00, 9時00分; None where it is no time."""
    found = _TIME.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if minutes <= _MIDNIGHT and int(found[2]) < 60 else None  # noqa: PLR2004


def _written(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def attach(row: ListingRow, attachment: Attachment, notes: RowNotes) -> None:
    """Give a row its departments and hours; where the flags say otherwise, the hours are right."""
    row.departments = list(attachment.departments)
    if not attachment.hours:
        return
    row.hours = {
        day: [list(span) for span in _merged(attachment.hours[day])]
        for day in DAYS.values()
        if day in attachment.hours
    }
    if not row.days:
        return
    days = "・".join(word for word, key in WEEKDAYS.items() if key in row.hours)
    if days != row.days and days:
        notes.append(
            RepairNote("毎週決まった曜日に休診", f"診療日 {row.days}", days, "flags_contradict")
        )
        row.days = days


def _merged(spans: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Hours of all departments together: overlapping ones become one."""
    merged: list[tuple[str, str]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
