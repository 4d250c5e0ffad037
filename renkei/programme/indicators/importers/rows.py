"""The rows of a file as values, or as every problem found in them with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from renkei.foundation.areas.models import Area
from renkei.foundation.common.spreadsheets.columns import fold_heading
from renkei.foundation.common.spreadsheets.problems import FileProblem, column_letter
from renkei.programme.indicators.importers.books import AreaBook, IndicatorBook
from renkei.programme.indicators.importers.plan import VALUES, Mapping, Role
from renkei.programme.indicators.models import IndicatorVersion, PeriodKind, Quality
from renkei.programme.indicators.numerals import Numeral, read_numeral
from renkei.programme.indicators.periods import Period, read_period
from renkei.programme.indicators.services.values import NewValue

# Answers in words. Source: 実施状況調査 2015, the three choices; yes and no of the flags.
_STATES: Final = {
    "実施している": 2, "実施": 2, "実施済": 2, "年度内に実施予定": 1, "年度内実施予定": 1,
    "実施予定": 1, "予定": 1, "実施していない": 0, "未実施": 0,
}  # fmt: skip
_FLAGS: Final = {
    "あり": 1,
    "有": 1,
    "はい": 1,
    "○": 1,
    "〇": 1,
    "なし": 0,
    "無": 0,
    "いいえ": 0,
    "×": 0,
}
_WORDS: Final = {"段階": _STATES, "有無": _FLAGS}


@dataclass
class Reading:
    """What a file says: values, problems, rows that are notes."""

    values: list[NewValue] = field(default_factory=list)
    # The same cell twice with another number is a problem; the first stays.
    problems: list[FileProblem] = field(default_factory=list)
    row_count: int = 0
    note_rows: int = 0


@dataclass(frozen=True)
class _Row:
    """What a row says of all its values."""

    number: int
    area: Area | None
    version: IndicatorVersion | None
    period_text: str
    unit: str
    numerator: Decimal | None
    denominator: Decimal | None
    n: int | None


class Reader:
    """Reads one file under one mapping."""

    def __init__(
        self, mapping: Mapping, *, place: str, file_name: str, areas: AreaBook,
        indicators: IndicatorBook, fixed_area: Area | None,
    ) -> None:  # fmt: skip
        self.mapping, self.place, self.file_name = mapping, place, file_name
        self.areas, self.indicators, self.fixed_area = areas, indicators, fixed_area
        self.fixed_version = indicators.versions.get(mapping.indicator)
        # As the decided form demands.
        self.as_of = mapping.as_of_day or date.min
        self.found = Reading()
        self._seen: dict[tuple[int, int, str, str], NewValue] = {}

    def read(
        self,
        rows: Iterable[tuple[int, Sequence[str]]],
        told: Callable[[int], None] = lambda _row: None,
    ) -> Reading:
        """All rows; ``told`` hears how far it is."""
        for number, cells in rows:
            told(number)
            if number > self.mapping.header_row:
                self._row(number, cells)
        self.found.values = list(self._seen.values())
        return self.found

    def _row(self, number: int, cells: Sequence[str]) -> None:
        self.found.row_count += 1
        filled = [
            (place, cells[place].strip())
            for place, column in enumerate(self.mapping.columns)
            if column.role in VALUES and place < len(cells)
        ]
        if self._is_note(cells, filled):
            self.found.note_rows += 1
            return
        row = self._head(number, cells)
        if row is None:
            return
        for place, text in filled:
            for value in self._value(row, place, text):
                self._keep(row, place, text, value)

    def _is_note(self, cells: Sequence[str], filled: Sequence[tuple[int, str]]) -> bool:
        """A line below the table: nothing in it is a number, and it names no area."""
        if any(text and self._numeral(text, None) for _place, text in filled):
            return False
        if all(not text for _place, text in filled):
            return True
        return sum(bool(cell.strip()) for cell in cells) == 1

    def _head(self, number: int, cells: Sequence[str]) -> _Row | None:
        text = {
            column.role: (cells[place].strip(), place)
            for place, column in reversed(list(enumerate(self.mapping.columns)))
            if place < len(cells)
        }

        def of(role: Role) -> str:
            return text.get(role.value, ("", 0))[0]

        version: IndicatorVersion | None = self.fixed_version
        area = self.fixed_area
        if Role.LABEL in text:
            version, rest = self.indicators.split_label(of(Role.LABEL))
            area = self.areas.by_name(rest) if rest else area
            if version is None or area is None:
                self._problem(
                    number, text[Role.LABEL][1], of(Role.LABEL),
                    "見出しから指標と地域を読み取れません。「退院・退所加算 行田市」のように、"
                    "登録された名前を並べてください。",
                )  # fmt: skip
                return None
        if Role.INDICATOR in text:
            version = self.indicators.find(of(Role.INDICATOR)) or self.fixed_version
            if version is None:
                self._problem(
                    number, text[Role.INDICATOR][1], of(Role.INDICATOR),
                    "この名前の指標はありません。指標の一覧にある名前か番号にしてください。",
                )  # fmt: skip
                return None
        if Role.AREA_CODE in text or Role.AREA_NAME in text:
            area = self._area(of(Role.AREA_CODE), of(Role.AREA_NAME), of(Role.PREFECTURE))
            if area is None:
                role = Role.AREA_NAME if of(Role.AREA_NAME) else Role.AREA_CODE
                self._problem(
                    number, text.get(role.value, ("", 0))[1], of(role),
                    "この地域は登録されていません。コードと名前を確かめてください。"
                    "合計などの行なら、このままでかまいません（取り込みません）。",
                )  # fmt: skip
                return None
        return _Row(
            number, area, version, of(Role.PERIOD) or self.mapping.period, of(Role.UNIT),
            self._part(of(Role.NUMERATOR)), self._part(of(Role.DENOMINATOR)),
            self._count(of(Role.N)),
        )  # fmt: skip

    def _area(self, code: str, name: str, prefecture: str) -> Area | None:
        return (self.areas.by_code(code) if code else None) or (
            self.areas.by_name(name, prefecture=prefecture) if name else None
        )

    def _part(self, text: str) -> Decimal | None:
        found = read_numeral(text) if text else None
        return found.value if found else None

    def _count(self, text: str) -> int | None:
        value = self._part(text)
        return int(value) if value is not None and value >= 0 else None

    def _value(self, row: _Row, place: int, text: str) -> Iterator[NewValue]:
        """None or one value of a cell; empty cells of a wide table say nothing."""
        column = self.mapping.columns[place]
        version, area, period_text = row.version, row.area, row.period_text
        if column.role in {Role.VALUE_OF_INDICATOR, Role.VALUE_OF_NEW}:
            version = self.indicators.versions.get(column.target)
        if column.role == Role.VALUE_OF_AREA:
            area = self.areas.by_name(column.heading)
        if column.role == Role.VALUE_OF_PERIOD:
            period_text = column.heading
        if not text:
            return
        if version is None or area is None:
            missing = "指標" if version is None else "地域"
            self._problem(
                row.number, place, text, f"{missing}が分かりません。列の行き先を確かめてください。"
            )
            return
        period = self._period(row, place, period_text, version)
        numeral = self._numeral(text, version)
        if period is None:
            return
        if numeral is None:
            self._problem(
                row.number, place, text,
                "数として読めません。数字か、「…」「X」などの統計の符号にしてください。",
            )  # fmt: skip
            return
        yield self._made(row, version, area, period, numeral)

    def _period(self, row: _Row, place: int, text: str, version: IndicatorVersion) -> Period | None:
        period = read_period(text, version.period_kind)
        roles = [column.role for column in self.mapping.columns]
        if roles[place] != Role.VALUE_OF_PERIOD and Role.PERIOD in roles:
            place = roles.index(Role.PERIOD)
        if period is None:
            kind = PeriodKind(version.period_kind).label
            self._problem(
                row.number, place, text,
                f"「{version.name}」は{kind}で数えます。{kind}として読める期間にしてください。",
            )  # fmt: skip
        elif "年度" in text and version.period_kind == PeriodKind.CALENDAR_YEAR:
            self._problem(
                row.number, place, text,
                f"「{version.name}」は暦年の指標です。年度の数とは合わせられません。",
            )  # fmt: skip
            return None
        return period

    def _numeral(self, text: str, version: IndicatorVersion | None) -> Numeral | None:
        words = _WORDS.get(version.unit, {}) if version else {**_STATES, **_FLAGS}
        if text in words:
            return Numeral(Decimal(words[text]), "", "")
        found = read_numeral(text)
        if found and self.mapping.dash != found.absence and _is_dash(text):
            if self.mapping.dash == "zero":
                return Numeral(Decimal(0), "", "")
            return Numeral(None, self.mapping.dash, "")
        return found

    def _made(
        self, row: _Row, version: IndicatorVersion, area: Area, period: Period, numeral: Numeral
    ) -> NewValue:
        value = NewValue(
            version=version, area_id=area.pk, period=period, value=numeral.value,
            absence=numeral.absence, printed=numeral.printed, unit=version.unit,
            numerator=row.numerator, denominator=row.denominator, n=row.n,
            source=self.mapping.source, source_file=self.file_name, as_of=self.as_of,
            sharing=self.mapping.sharing,
        )  # fmt: skip
        if row.unit and fold_heading(row.unit) != fold_heading(version.unit):
            return replace(
                value,
                unit=row.unit,
                quality=Quality.UNIT_UNCLEAR.value,
                note=f"ファイルの単位は「{row.unit}」、定義の単位は「{version.unit}」です。",
            )
        return value

    def _keep(self, row: _Row, place: int, text: str, value: NewValue) -> None:
        before = self._seen.get(value.key)
        if before is None:
            self._seen[value.key] = value
        elif (before.value, before.absence) != (value.value, value.absence):
            self._problem(
                row.number, place, text,
                "同じ指標・地域・期間の値が、ファイルの中に2つあり、数が違います。"
                "正しいほうだけを残してください（先にあるほうを使います）。",
            )  # fmt: skip

    def _problem(self, number: int, place: int, text: str, message: str) -> None:
        columns = self.mapping.columns
        heading = columns[place].heading if place < len(columns) else ""
        name = heading or f"{column_letter(place)}列"
        self.found.problems.append(FileProblem(self.place, number, name, text[:60], message))


def _is_dash(text: str) -> bool:
    return text.strip() in {"-", "－", "‐", "–", "—", "―", "ー", "−"}
