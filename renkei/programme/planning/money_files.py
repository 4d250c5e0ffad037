"""The lines of the money as a workbook, out and in again."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError

from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, format_western
from renkei.foundation.common.spreadsheets.columns import match_columns
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.foundation.common.spreadsheets.read import open_tables
from renkei.foundation.common.spreadsheets.write import (
    CellValue,
    Column,
    Kind,
    Sheet,
    write_workbook,
)
from renkei.programme.planning.frames import Item
from renkei.programme.planning.funding import CostCategory, Funding
from renkei.programme.planning.models import Activity, MoneyLine, Plan
from renkei.programme.planning.queries.money import (
    AMOUNTS,
    BUDGET,
    burdens_of,
    cross_of,
    money_lines_of,
)
from renkei.programme.planning.queries.plans import activities_of

ACTIVITY, ITEM, CATEGORY, WHAT, FUNDING = "活動", "項目", "費目", "内訳", "財源"
BUDGET_YEN, FORECAST_YEN, ACTUAL_YEN = "予算額（円）", "見込額（円）", "実績額（円）"
HEADINGS: Final = (
    ACTIVITY, ITEM, CATEGORY, WHAT, FUNDING, BUDGET_YEN, FORECAST_YEN, ACTUAL_YEN,
)  # fmt: skip
LONGEST_TABLE: Final = 2000
ROUNDING: Final = (
    "財源ごとの合計に負担割合を掛け、円未満を切り捨て、"
    "残った円は小数部分の大きい順に1円ずつ配っています。"
)
_COLUMNS: Final = (
    Column(ACTIVITY, width=30),
    Column(ITEM, width=14),
    Column(CATEGORY),
    Column(WHAT, width=24),
    Column(FUNDING, width=30),
    Column(BUDGET_YEN, Kind.NUMBER),
    Column(FORECAST_YEN, Kind.NUMBER),
    Column(ACTUAL_YEN, Kind.NUMBER),
)


def money_xlsx(plan: Plan, which: str = BUDGET) -> bytes:
    """明細, 費目×項目 and 財源の負担; the first sheet can be read in again."""
    lines = list(money_lines_of(plan))
    stream = io.BytesIO()
    write_workbook(
        stream,
        [
            Sheet("明細", _COLUMNS, [_row(one) for one in lines]),
            _cross_sheet(plan, which),
            _burden_sheet(lines, plan.fiscal_year, which),
        ],
        title=f"{FiscalYear(plan.fiscal_year).label}の事業費",
        notes=[
            ("市町村", str(plan.area)),
            ("年度", FiscalYear(plan.fiscal_year).label),
            ("集計した額", AMOUNTS[which]),
            ("端数", ROUNDING),
            ("作成", format_western(clock.today())),
        ],
    )
    return stream.getvalue()


def _row(one: MoneyLine) -> tuple[CellValue, ...]:
    return (
        one.activity.name, str(Item(one.item).label), one.get_category_display(), one.what,
        one.get_funding_display(), one.budget_yen, one.forecast_yen, one.actual_yen,
    )  # fmt: skip


def _cross_sheet(plan: Plan, which: str) -> Sheet:
    cross = cross_of(plan, which)
    columns = [
        Column(ITEM, width=30),
        *(Column(str(one.label), Kind.NUMBER) for one in CostCategory),
        Column("計", Kind.NUMBER),
    ]
    rows: list[tuple[CellValue, ...]] = [
        (str(Item(row.item).label), *row.cells, row.total) for row in cross.rows
    ]
    rows.append(("計", *cross.columns, cross.total))
    return Sheet(f"費目と項目（{AMOUNTS[which]}）", columns, rows)


def _burden_sheet(lines: list[MoneyLine], fiscal_year: int, which: str) -> Sheet:
    rows: list[tuple[CellValue, ...]] = []
    for burden in burdens_of(lines, fiscal_year, which):
        label = str(burden.funding.label)
        rows += [
            (label, part.payer, part.percent_text, part.floor, part.rounding, part.yen)
            for part in burden.parts
        ]
        rounding = sum(part.rounding for part in burden.parts)
        floor = sum(part.floor for part in burden.parts)
        rows.append((label, "計", "", floor, rounding, burden.yen))
    columns = (
        Column(FUNDING, width=34), Column("負担する所"), Column("割合"),
        Column("円未満を切り捨てた額", Kind.NUMBER), Column("端数の調整", Kind.NUMBER),
        Column("負担額（円）", Kind.NUMBER),
    )  # fmt: skip
    return Sheet(f"財源の負担（{AMOUNTS[which]}）", columns, rows)


def read_lines(path: Path, name: str, plan: Plan) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a workbook as the service takes them.

    Raises:
        UnreadableFile: the file holds no table, or lacks a column.
        ValidationError: every cell that cannot be read, with its row.
    """
    table = next(iter(open_tables(path, name=name, expected=HEADINGS)))
    columns = match_columns(table.header, {heading: (heading,) for heading in HEADINGS})
    needed = (ACTIVITY, ITEM, CATEGORY, FUNDING, BUDGET_YEN)
    missing = columns.problems(file=table.place, row=table.header_row, required=needed)
    if missing:
        raise UnreadableFile(table.place, missing[0].message, row=missing[0].row)
    activities: dict[str, Activity] = {}
    for one in activities_of(plan):
        activities.setdefault(_folded(one.name), one)
    found: list[tuple[int, dict[str, Any]]] = []
    complaints: list[str] = []
    for row, cells in table.rows():
        picked = {key: cell.strip() for key, cell in columns.pick(cells).items()}
        if not any(picked.values()):
            continue
        if len(found) + len(complaints) >= LONGEST_TABLE:
            raise ValidationError(f"{LONGEST_TABLE}行を超えています。分けて取り込んでください。")
        try:
            found.append((row, _fields(picked, activities)))
        except ValidationError as error:
            complaints += [f"{row}行目：{message}" for message in error.messages]
    complaints += [str(problem) for problem in table.problems]
    if complaints:
        raise ValidationError(complaints)
    if not found:
        raise ValidationError("行がありません。活動から予算額までを入力した表を選んでください。")
    return found


def _fields(cells: Mapping[str, str], activities: Mapping[str, Activity]) -> dict[str, Any]:
    complaints: list[str] = []
    activity = activities.get(_folded(cells[ACTIVITY]))
    if activity is None:
        complaints.append(
            f"活動「{cells[ACTIVITY]}」は計画にありません。計画と同じ名前にしてください。"
        )
    item = _chosen(cells[ITEM], _ITEMS)
    if item is None:
        complaints.append(f"項目「{cells[ITEM]}」を（ア）から（ク）で入力してください。")
    category = _chosen(cells[CATEGORY], _CATEGORIES)
    if category is None:
        complaints.append(f"費目「{cells[CATEGORY]}」を9つの費目から入力してください。")
    funding = _chosen(cells[FUNDING], _FUNDINGS)
    if funding is None:
        complaints.append(
            f"財源「{cells[FUNDING]}」を1つだけ、書き出した表と同じ名前で入力してください。"
        )
    amounts: dict[str, int | None] = {}
    for heading, field in _AMOUNTS.items():
        try:
            amounts[field] = _yen(cells.get(heading, ""), heading)
        except ValidationError as error:
            complaints += error.messages
    if not complaints and amounts["budget_yen"] is None:
        complaints.append(f"{BUDGET_YEN}を入力してください。")
    if complaints:
        raise ValidationError(complaints)
    return {
        "activity": activity,
        "item": item,
        "category": category,
        "funding": funding,
        "what": cells.get(WHAT, ""),
        **amounts,
    }


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


_ITEMS: Final = {_folded(str(one.label)): one.value for one in Item} | {
    key: one.value
    for one in Item
    for key in (_folded(str(one.label)[:3]), _folded(str(one.label)[1]))
}
_CATEGORIES: Final = {_folded(str(one.label)): one.value for one in CostCategory}
_FUNDINGS: Final = {_folded(str(one.label)): one.value for one in Funding}
_AMOUNTS: Final = {
    BUDGET_YEN: "budget_yen", FORECAST_YEN: "forecast_yen", ACTUAL_YEN: "actual_yen",
}  # fmt: skip
MOST_YEN: Final = 10**12


def _chosen(text: str, choices: Mapping[str, str]) -> str | None:
    return choices.get(_folded(text))


def _yen(text: str, heading: str) -> int | None:
    plain = _folded(text).replace(",", "").removesuffix("円").removesuffix(".0")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit()) or int(plain) > MOST_YEN:
        raise ValidationError(f"{heading}「{text}」を円の整数で入力してください。")
    return int(plain)
