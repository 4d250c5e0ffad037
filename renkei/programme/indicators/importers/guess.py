"""A proposal for header and columns; a person confirms it. Pure but for the books."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from renkei.foundation.common.spreadsheets.columns import fold_heading
from renkei.programme.indicators.importers.books import AreaBook, IndicatorBook
from renkei.programme.indicators.importers.plan import Column, Mapping, Role
from renkei.programme.indicators.models import IndicatorVersion, PeriodKind, Sharing
from renkei.programme.indicators.numerals import read_numeral
from renkei.programme.indicators.periods import read_period
from renkei.programme.indicators.shipped.words import OWN

# As 見える化, e-Stat and town halls head their columns.
_HEADINGS: Final[Dictionary[Role, Sequence[str]]] = {
    Role.AREA_CODE: (
        "地域コード", "地域 コード", "市区町村コード", "市町村コード", "団体コード", "自治体コード",
        "全国地方公共団体コード", "都道府県コード", "保険者番号", "地域_コード", "area_code",
    ),
    Role.AREA_NAME: (
        "地域", "地域名", "市区町村", "市区町村名", "市町村", "市町村名", "保険者名", "団体名",
        "自治体名", "市町村圏域", "圏域", "圏域名", "二次医療圏", "二次医療圏名", "area_name",
    ),
    Role.PREFECTURE: ("都道府県", "都道府県名"),
    Role.PERIOD: (
        "年度", "年", "年次", "時点", "調査年", "時間軸", "時間軸(年次)", "時間軸（年度次）",
        "期間", "時間軸(年)", "年月", "対象年度",
    ),
    Role.INDICATOR: ("指標", "指標名", "指標ID", "指標番号", "表章項目", "項目", "調査項目"),
    Role.UNIT: ("単位",),
    Role.VALUE: ("値", "value", "数値", "指標値", "件数", "実数"),
    Role.NUMERATOR: ("分子",),
    Role.DENOMINATOR: ("分母",),
    Role.N: ("n", "対象数", "回答数", "標本数"),
}  # fmt: skip
_BY_HEADING: Final = {
    fold_heading(word): role for role, words in _HEADINGS.items() for word in words
}
# How much of the headings must be the same for a file to be one of a known kind.
SAME: Final = 0.8
_KINDS: Final = (PeriodKind.FISCAL_YEAR, PeriodKind.MONTH, PeriodKind.PLAN)
Row = Sequence[str]
NumberedRow = tuple[int, Row]


def is_period(text: str) -> bool:
    """Whether a heading names a year, month or plan."""
    return any(read_period(text, kind) is not None for kind in _KINDS)


def header_of(rows: Sequence[NumberedRow], areas: AreaBook, indicators: IndicatorBook) -> int:
    """The row number of the most likely header: the one that names the most known things."""

    def known(cells: Row) -> int:
        return sum(
            bool(cell)
            and (
                fold_heading(cell) in _BY_HEADING
                or is_period(cell)
                or indicators.find(cell) is not None
                or areas.by_name(cell) is not None
            )
            for cell in cells
        )

    scored = [
        (known(cells) - _numbers(cells), -number)
        for number, cells in rows
        if sum(map(bool, cells)) > 1
    ]
    best = max(scored, default=(0, -1))
    return -best[1]


def _numbers(cells: Row) -> int:
    """Cells that are plain numbers and no year: a header has few."""
    return sum(
        bool(cell) and not is_period(cell) and (found := read_numeral(cell)) is not None
        and found.value is not None
        for cell in cells
    )  # fmt: skip


def columns_of(
    header: Row, below: Sequence[Row], areas: AreaBook, indicators: IndicatorBook
) -> tuple[Column, ...]:
    """A role for every column, by its heading, else by what stands below it."""
    width = max([len(header), *(len(row) for row in below)], default=0)
    columns = []
    for place in range(width):
        heading = header[place] if place < len(header) else ""
        cells = [row[place] for row in below if place < len(row) and row[place]]
        columns.append(_column(heading, cells, areas, indicators))
    return _one_of_each(columns)


def _column(
    heading: str, cells: Sequence[str], areas: AreaBook, indicators: IndicatorBook
) -> Column:
    known = _BY_HEADING.get(fold_heading(heading))
    if known:
        return Column(heading, known.value)
    if heading and is_period(heading):
        return Column(heading, Role.VALUE_OF_PERIOD.value)
    if version := indicators.find(heading):
        return Column(heading, Role.VALUE_OF_INDICATOR.value, version.indicator.code)
    if heading and areas.by_name(heading) is not None:
        return Column(heading, Role.VALUE_OF_AREA.value)
    return Column(heading, _by_cells(cells, areas, indicators).value)


def _by_cells(cells: Sequence[str], areas: AreaBook, indicators: IndicatorBook) -> Role:
    """Most cells are names of areas, codes, years, indicators, or both in one."""
    tests = (
        (Role.AREA_NAME, lambda cell: areas.by_name(cell) is not None),
        (Role.AREA_CODE, lambda cell: areas.by_code(cell) is not None),
        (Role.PERIOD, is_period),
        (Role.INDICATOR, lambda cell: indicators.find(cell) is not None),
        (Role.LABEL, lambda cell: _is_label(cell, areas, indicators)),
    )
    for role, test in tests:
        if cells and sum(map(test, cells)) * 2 > len(cells):
            return role
    return Role.IGNORE


def _is_label(cell: str, areas: AreaBook, indicators: IndicatorBook) -> bool:
    version, rest = indicators.split_label(cell)
    return version is not None and bool(rest) and areas.by_name(rest) is not None


def _one_of_each(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Of two columns of one role in the row the first counts."""
    once = {Role.AREA_CODE, Role.AREA_NAME, Role.PERIOD, Role.INDICATOR, Role.UNIT, Role.VALUE}
    seen: set[str] = set()
    found = []
    for column in columns:
        # The same years again stand over another measure: 実数 first, 指数 behind.
        by_year = column.role == Role.VALUE_OF_PERIOD
        mark = fold_heading(column.heading) if by_year else column.role
        repeated = (by_year or column.role in once) and mark in seen
        seen.add(mark)
        found.append(replace(column, role=Role.IGNORE.value) if repeated else column)
    return tuple(found)


def signature(columns: Sequence[Column]) -> list[str]:
    """The headings by which a file of the same kind is known again; years come and go."""
    return sorted(
        {fold_heading(column.heading) for column in columns if not is_period(column.heading)}
    )


def likeness(known: Sequence[str], columns: Sequence[Column]) -> float:
    """Share of the headings two files have in common."""
    one, other = set(known), set(signature(columns))
    return len(one & other) / len(one | other) if one | other else 0.0


def follow(remembered: Mapping, proposed: Mapping) -> Mapping:
    """The proposal with the roles a person gave the same headings the last time."""
    roles = {fold_heading(column.heading): column for column in remembered.columns}
    columns = []
    for column in proposed.columns:
        last = roles.get(fold_heading(column.heading))
        columns.append(replace(last, heading=column.heading) if last else column)
    return replace(
        proposed,
        columns=tuple(columns),
        indicator=remembered.indicator or proposed.indicator,
        area_id=remembered.area_id,
        source=remembered.source,
        new_unit=remembered.new_unit,
        dash=remembered.dash,
        sharing=remembered.sharing,
    )


def sharing_of(
    columns: Sequence[Column],
    below: Sequence[Sequence[str]],
    named: IndicatorVersion | None,
    indicators: IndicatorBook,
) -> str:
    """What to propose: open for a table of published sources alone, else with the prefecture.

    A municipality's own column is nobody's publication until somebody says so.
    """
    found: list[IndicatorVersion | None] = [named]
    unknown = False
    for place, column in enumerate(columns):
        if column.role == Role.VALUE_OF_INDICATOR:
            found.append(indicators.versions.get(column.target))
        elif column.role == Role.VALUE_OF_NEW:
            unknown = True
        elif column.role in {Role.INDICATOR, Role.LABEL}:
            cells = [row[place] for row in below if place < len(row) and row[place].strip()]
            # A heading may say 指標 over cells that hold the area too.
            found += [indicators.find(cell) or indicators.split_label(cell)[0] for cell in cells]
    known = [version for version in found if version is not None]
    published = all(
        version.indicator.owner_id is None and version.source != OWN for version in known
    )
    return (Sharing.OPEN if known and published and not unknown else Sharing.SHARED).value
