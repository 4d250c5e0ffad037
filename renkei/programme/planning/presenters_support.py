"""How the support desk is shown. Only formatting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.eras import FiscalYear
from renkei.programme.indicators.shipped.programme import DONE
from renkei.programme.planning.frames import Item, item_mark
from renkei.programme.planning.models import RequestState, SupportItem, SupportRequest
from renkei.programme.planning.queries.support import (
    Board,
    TownRow,
    support_matrix,
    watched_municipalities,
)

MARKS: Final = {
    RequestState.ASKED: "soon",
    RequestState.ANSWERED: "in",
    RequestState.VISITED: "in",
    RequestState.CLOSED: "done",
}


@dataclass(frozen=True, slots=True)
class RequestLine:
    request: SupportRequest
    mark: str


def request_line(request: SupportRequest) -> RequestLine:
    """A request with the mark of its state."""
    return RequestLine(request, MARKS[RequestState(request.state)])


@dataclass(frozen=True, slots=True)
class ItemCell:
    """One item of one municipality: what it answered, and whether this year's plan has it."""

    word: str
    mark: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    row: TownRow
    items: list[ItemCell]


@dataclass(frozen=True, slots=True)
class BoardPage:
    board: Board
    year: str
    marks: list[tuple[str, str]]
    rows: list[BoardRow]
    ledger: list[dict[str, object]]


def board_page(board: Board) -> BoardPage:
    """The board with one column per item."""
    rows = [BoardRow(one, _items(one)) for one in board.rows]
    ledger: list[dict[str, object]] = [
        {"count": len(board.rows), "word": "市町村"},
        {
            "count": sum(one.plan is not None for one in board.rows),
            "word": "計画がある",
            "note": board.year.label,
        },
        {"count": sum(one.requests for one in board.rows), "word": "終わっていない依頼"},
        {"count": sum(not one.entries for one in board.rows), "word": "今年度まだ支援していない"},
    ]
    marks = [(item_mark(one.value), str(one.label)[3:]) for one in Item]
    return BoardPage(board, board.year.label, marks, rows, ledger)


def _items(row: TownRow) -> list[ItemCell]:
    cells = []
    for item in Item.values:
        state = row.answers.states.get(item.upper()) if row.answers else None
        if state == DONE:
            word, mark = "実施", "done"
        elif item in row.planned:
            word, mark = "計画", "in"
        else:
            word, mark = ("未実施", "plain") if state is not None else ("記録なし", "plain")
        cells.append(ItemCell(word, mark))
    return cells


@dataclass(frozen=True, slots=True)
class SupportTable:
    items: list[str]
    rows: list[tuple[str, list[int], int]]
    totals: list[int]


def support_table(viewer: Viewer, year: FiscalYear) -> SupportTable:
    """Municipalities × six items, with the sums."""
    counted = support_matrix(viewer, year)
    towns = watched_municipalities(viewer)
    rows = []
    for town in towns:
        counts = [counted[town.pk][one] if town.pk in counted else 0 for one in SupportItem.values]
        rows.append((town.name, counts, sum(counts)))
    totals = [sum(counts[number] for _, counts, _ in rows) for number in range(len(SupportItem))]
    return SupportTable([str(one.label) for one in SupportItem], rows, [*totals, sum(totals)])
