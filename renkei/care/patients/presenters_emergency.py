"""Rows of the pages around break-glass and the read log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from renkei.care.patients.models import BreakGlassUse
from renkei.care.patients.queries_break_glass import is_overdue
from renkei.care.patients.queries_read_log import ReadRow
from renkei.foundation.common.spreadsheets.write import CellValue, Column


@dataclass(frozen=True)
class UseRow:
    """One use with its state in one word."""

    use: BreakGlassUse
    kind: str
    word: str


def use_rows(uses: Iterable[BreakGlassUse]) -> list[UseRow]:
    """The uses with the state of their review."""
    return [UseRow(use, *_state(use)) for use in uses]


def _state(use: BreakGlassUse) -> tuple[str, str]:
    if use.reviewed_at is not None:
        return "done", "確認済み"
    return ("over", "超過") if is_overdue(use) else ("soon", "確認待ち")


@dataclass(frozen=True)
class MonthLink:
    query: str
    label: str


def month_links(month: date) -> list[MonthLink]:
    """The month before and the one after."""
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return [MonthLink(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in (before, after)]


READ_COLUMNS = (
    Column("日時"),
    Column("氏名"),
    Column("職種"),
    Column("所属"),
    Column("見たもの"),
    Column("経路"),
)


def read_cells(row: ReadRow) -> list[CellValue]:
    """One read as a line of the workbook and of the PDF."""
    return [
        row.at.strftime("%Y-%m-%d %H:%M"),
        row.name,
        row.profession,
        row.organisation,
        row.what,
        row.via,
    ]
