"""The numbers in words, tables and a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from renkei.care.transitions.charts_numbers import Chart, charts_of
from renkei.care.transitions.models import PatientClass
from renkei.care.transitions.numbers import LEVEL_WORDS, METRICS, Metric
from renkei.care.transitions.numbers_tables import (
    ALL,
    Book,
    Cell,
    Period,
    Shown,
    hidden_of,
    hidden_over_time,
    months_of,
    quarters_of,
    shown,
    whole,
)
from renkei.care.transitions.queries.numbers import CLASS, LEVEL
from renkei.care.transitions.queries.numbers_pages import (
    MONTH,
    QUARTER,
    SPLIT_WORDS,
    UNIT_WORDS,
    YEAR,
    Asked,
    Numbers,
)
from renkei.care.transitions.rule_content import LEAK_REASONS
from renkei.foundation.common.eras import FiscalYear
from renkei.foundation.common.suppression import Sum, hidden_cells

HIDDEN: Final = "非公開"
NOBODY: Final = "対象なし"
YEARS: Final = 5
NAMELESS: Final = "（記録なし）"


@dataclass(frozen=True)
class NumberCell:
    """A rate and the counts behind it, in words."""

    value: str
    counts: str


@dataclass(frozen=True)
class NumberRow:
    """One line of a table: its name, then a cell per column."""

    label: str
    cells: Sequence[NumberCell]
    url: str = ""
    words: str = ""
    current: bool = False


@dataclass(frozen=True)
class Choice:
    """One link among others."""

    url: str
    label: str
    current: bool


@dataclass(frozen=True)
class NumbersPage:
    """Everything the page of the numbers shows."""

    title: str
    sentence: str
    metric: Metric
    definition: str
    numerator: str
    denominator: str
    source: str
    columns: Sequence[str]
    summary: Sequence[NumberRow]
    over_time: Sequence[NumberRow]
    charts: Sequence[Chart]
    split: Sequence[NumberRow]
    split_label: str
    reasons: Sequence[tuple[str, str]]
    years: Sequence[Choice]
    units: Sequence[Choice]
    splits: Sequence[Choice]
    query: str
    is_empty: bool
    # The same numbers under other definitions, never in the same table.
    others: Sequence[tuple[str, Sequence[NumberRow]]] = field(default_factory=tuple)


def numbers_page(asked: Asked, numbers: Numbers) -> NumbersPage:
    """The page of one viewer for one 年度."""
    book = numbers.main
    tables = _Tables(asked, numbers)
    columns = [numbers.own_label, *([numbers.mean_label] if numbers.mean_label else [])]
    definition = book.definitions.of(asked.metric.code)
    rows = tables.over_time()
    series = [
        (label, [None if one is None else one.value for one in values])
        for label, values in zip(columns, tables.series(), strict=False)
    ]
    return NumbersPage(
        title=numbers.title,
        sentence=_sentence(asked, numbers, tables),
        metric=asked.metric,
        definition=book.definitions.words(asked.metric.code),
        numerator=definition.numerator,
        denominator=definition.denominator,
        source=numbers.source,
        columns=columns,
        summary=tables.summary(),
        over_time=rows,
        charts=charts_of(
            [row.label for row in rows[: len(tables.periods)]],
            series,
            is_share=not asked.metric.is_median,
        ),
        split=tables.split(),
        split_label=SPLIT_WORDS[asked.split],
        reasons=_reasons(numbers),
        years=_years(asked),
        units=_choices(asked, "unit", UNIT_WORDS, asked.unit),
        splits=_choices(
            asked, "by", {key: SPLIT_WORDS[key] for key in numbers.splits_offered}, asked.split
        ),
        query=urlencode(asked.query()),
        is_empty=book.size == 0,
        others=[_other(asked, other, numbers) for other in numbers.others],
    )


class _Tables:
    """The tables of a page: all of them hide the same cells."""

    def __init__(self, asked: Asked, numbers: Numbers) -> None:
        self.asked, self.numbers = asked, numbers
        self.year = whole(asked.year)
        self.periods = periods_of(asked)
        nothing: frozenset[Cell] = frozenset()
        suppressing = numbers.others_book if numbers.is_own else numbers.main
        hidden = _hidden(suppressing, asked) if suppressing else nothing
        self.own_hidden = nothing if numbers.is_own else hidden
        self.mean_hidden = hidden

    def of(self, metric: Metric, period: Period) -> list[Shown]:
        """The own number, and the mean where there is one."""
        found = [shown(self.numbers.main, metric, period, hidden=self.own_hidden)]
        if self.numbers.mean is not None:
            found.append(shown(self.numbers.mean, metric, period, hidden=self.mean_hidden))
        return found

    def summary(self) -> list[NumberRow]:
        """Every metric for the year."""
        return [
            NumberRow(
                metric.label,
                [cell_of(one) for one in self.of(metric, self.year)],
                url=self.asked.link(metric=metric.code),
                words=self.numbers.main.definitions.words(metric.code),
                current=metric is self.asked.metric,
            )
            for metric in METRICS
        ]

    def series(self) -> list[list[Shown]]:
        """One list per column."""
        by_period = [self.of(self.asked.metric, period) for period in self.periods]
        return [list(column) for column in zip(*by_period, strict=True)]

    def over_time(self) -> list[NumberRow]:
        """The chosen metric per period, and the whole year below."""
        periods = [*self.periods, *([self.year] if self.asked.unit != YEAR else [])]
        return [
            NumberRow(period.label, [cell_of(one) for one in self.of(self.asked.metric, period)])
            for period in periods
        ]

    def split(self) -> list[NumberRow]:
        """The chosen metric of the year, row by row, with the total."""
        book = self.numbers.split
        if book is None:
            return []
        metric = self.asked.metric
        rows = [
            name for name in book.rows() if book.total(metric.code, self.year, name).denominator
        ]
        hidden: frozenset[Cell] = frozenset()
        if not self.numbers.is_own:
            hidden = hidden_of(book, book.rows(), {self.year: ()}, also=self.own_hidden)
        found = [
            NumberRow(
                _row_words(self.asked.split, name),
                [cell_of(shown(book, metric, self.year, row=name, hidden=hidden))],
            )
            for name in rows
        ]
        total = shown(book, metric, self.year, row=ALL, hidden=hidden)
        return [*found, NumberRow("合計", [cell_of(total)])]


def periods_of(asked: Asked) -> Sequence[Period]:
    """The columns of time: months, quarters, or five years."""
    if asked.unit == MONTH:
        return months_of(asked.year)
    if asked.unit == QUARTER:
        return quarters_of(asked.year)
    return [whole(FiscalYear(asked.year.year - back)) for back in reversed(range(YEARS))]


def _hidden(book: Book, asked: Asked) -> frozenset[Cell]:
    years = [asked.year]
    if asked.unit == YEAR:
        years = [FiscalYear(asked.year.year - back) for back in range(YEARS)]
    return frozenset().union(*(hidden_over_time(book, year) for year in years))


# Words ------------------------------------------------------------------------------------


def cell_of(one: Shown) -> NumberCell:
    """A number in words: hidden, nobody, or the value with its counts."""
    if one.is_hidden:
        return NumberCell(HIDDEN, HIDDEN if one.n is None else f"対象 {one.n:,}")
    if one.is_empty or one.value is None:
        return NumberCell(NOBODY, "0")
    if one.metric.is_median:
        return NumberCell(f"{one.value:g}日", f"{one.n:,}")
    return NumberCell(f"{one.value:.1f}%", f"{one.numerator:,}／{one.n:,}")


def _row_words(split: str, name: str) -> str:
    words: Mapping[str, str] = {}
    if split == LEVEL:
        words = LEVEL_WORDS
    elif split == CLASS:
        words = dict(PatientClass.choices)
    return words.get(name, name or NAMELESS)


def _sentence(asked: Asked, numbers: Numbers, tables: _Tables) -> str:
    """What the page says, as one sentence; the picture and the table say the same."""
    metric = asked.metric
    own, *mean = tables.of(metric, tables.year)
    label = asked.year.label
    if own.is_hidden:
        return f"{label}の{metric.label}は、人数が少ないため非公開です。"
    if own.is_empty or own.value is None:
        return f"{label}の{metric.label}は、数える対象がまだありません。"
    what = f"{cell_of(own).value}でした"
    of = "" if metric.is_median else f"（{own.n:,}のうち{own.numerator:,}）"
    if mean and not mean[0].is_hidden and mean[0].value is not None:
        what = f"{cell_of(own).value}で、{numbers.mean_label}は{cell_of(mean[0]).value}でした"
    return f"{label}の{numbers.own_label}の{metric.label}は{what}{of}。"


def _reasons(numbers: Numbers) -> list[tuple[str, str]]:
    """Why nobody told: how often each reason was given."""
    found = numbers.main.reasons
    if not found:
        return []
    hidden: frozenset[str] = frozenset()
    values = {**found, ALL: sum(found.values())}
    if not numbers.is_own:
        hidden = hidden_cells(values, [Sum(ALL, tuple(found))])
    words = {one.code: one.text for one in LEAK_REASONS}
    return [
        (f"{code} {words.get(code, '')}", HIDDEN if code in hidden else f"{found[code]:,}件")
        for code in sorted(found)
    ]


def _other(asked: Asked, book: Book, numbers: Numbers) -> tuple[str, Sequence[NumberRow]]:
    """The year under another definition: said apart, never in the same table."""
    year = whole(asked.year)
    hidden: frozenset[Cell] = frozenset()
    if not numbers.is_own:
        hidden = _hidden(book, asked)
    rows = [
        NumberRow(
            metric.label,
            [cell_of(shown(book, metric, year, hidden=hidden))],
            words=book.definitions.words(metric.code),
        )
        for metric in METRICS
    ]
    return book.definitions.words(asked.metric.code), rows


def _years(asked: Asked) -> list[Choice]:
    years = (asked.this_year.year - back for back in range(YEARS))
    return [
        Choice(asked.link(year=str(year)), FiscalYear(year).label, year == asked.year.year)
        for year in years
    ]


def _choices(asked: Asked, name: str, words: Mapping[str, str], now: str) -> list[Choice]:
    return [Choice(asked.link(**{name: key}), word, key == now) for key, word in words.items()]


def table_rows(page: NumbersPage) -> Iterable[tuple[str, Sequence[NumberRow], Sequence[str]]]:
    """The tables of the page as sheets: title, rows, columns."""
    yield "すべての指標", page.summary, page.columns
    yield f"{page.metric.label}の推移", page.over_time, page.columns
    if page.split:
        yield f"{page.split_label}別", page.split, page.columns[:1]
