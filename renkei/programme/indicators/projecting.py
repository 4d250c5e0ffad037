"""Future need out of a projected population and assumptions; the same formulas for page and sheet.

Each line is an expression over the lines above it, the population (N-…) and the assumptions (A-…):
``expressions`` works it out here, ``in_excel`` writes it as a formula of cells. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lark import Token, Tree

from renkei.programme.indicators.cells import Cell
from renkei.programme.indicators.expressions import parse
from renkei.programme.indicators.models import Absence

BASE_YEAR: Final = "A-BASE"
LAST_YEAR: Final = 2050


@dataclass(frozen=True)
class Assumption:
    """One number that may be set; ``low`` and ``high`` are what can be true."""

    key: str
    label: str
    unit: str
    group: str
    decimals: int = 1
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(1000)


_PER_DOCTOR: Final = Decimal("0.1")
ASSUMPTIONS: Final = (
    Assumption(BASE_YEAR, "基準年", "年", "人口", 0, Decimal(2015), Decimal(2050)),
    Assumption("A-S85", "75歳以上に占める85歳以上の割合（基準年）", "%", "人口",
               high=Decimal(100)),
    Assumption("A-S85G", "その割合が5年ごとに増える幅", "ポイント", "人口", 1, Decimal(-20),
               Decimal(20)),
    Assumption("A-HV75", "訪問診療を受ける割合（75～84歳）", "人/千人（月）", "訪問診療"),
    Assumption("A-HV85", "訪問診療を受ける割合（85歳以上）", "人/千人（月）", "訪問診療"),
    Assumption("A-HVN", "患者1人あたりの訪問診療", "回/月", "訪問診療", 1, high=Decimal(31)),
    Assumption("A-DOC", "医師1人が受け持つ在宅の患者", "人", "訪問診療", 1, _PER_DOCTOR),
    Assumption("A-NU75", "訪問看護を使う割合（75～84歳）", "人/千人", "訪問看護"),
    Assumption("A-NU85", "訪問看護を使う割合（85歳以上）", "人/千人", "訪問看護"),
    Assumption("A-NUR", "看護職員1人が受け持つ利用者", "人", "訪問看護", 1, _PER_DOCTOR),
    Assumption("A-DEATH", "1年の死亡数（75歳以上千人あたり。全年齢の死亡を含む）", "人/千人",
               "看取り"),
    Assumption("A-HOME", "自宅で亡くなる人の割合（基準年）", "%", "看取り", 1, high=Decimal(100)),
    Assumption("A-HOMEG", "その割合が1年ごとに増える幅", "ポイント", "看取り", 2, Decimal(-5),
               Decimal(5)),
    Assumption("A-HDOC", "医師1人が1年に在宅で看取る人", "人", "看取り", 1, _PER_DOCTOR),
)  # fmt: skip
BY_KEY: Final = {one.key: one for one in ASSUMPTIONS}


@dataclass(frozen=True)
class Line:
    """One row of the figure."""

    key: str
    label: str
    unit: str
    # Empty: read from the projected population.
    formula: str = ""
    decimals: int = 0


LINES: Final = (
    Line("N-POP", "人口", "人"),
    Line("N-65", "65歳以上", "人"),
    Line("N-75", "75歳以上", "人"),
    Line("N-GONE", "基準年からの年数", "年", "N-YEAR - A-BASE"),
    Line("F-85", "85歳以上", "人", "N-75 * (A-S85 + A-S85G * N-GONE / 5) / 100"),
    Line("F-7584", "75～84歳", "人", "N-75 - F-85"),
    Line("F-HV", "訪問診療を受ける人", "人/月", "(F-7584 * A-HV75 + F-85 * A-HV85) / 1000"),
    Line("F-HVN", "訪問診療の回数", "回/月", "F-HV * A-HVN"),
    Line("F-DOC", "要る訪問診療医（常勤の人数に直して）", "人", "F-HV / A-DOC", 1),
    Line("F-NU", "訪問看護を使う人", "人", "(F-7584 * A-NU75 + F-85 * A-NU85) / 1000"),
    Line("F-NUR", "要る訪問看護の職員（常勤の人数に直して）", "人", "F-NU / A-NUR", 1),
    Line("F-DEATH", "1年に亡くなる人", "人/年", "N-75 * A-DEATH / 1000"),
    Line("F-HOME", "自宅での看取り", "人/年", "F-DEATH * (A-HOME + A-HOMEG * N-GONE) / 100"),
    Line("F-OTHER", "病院・施設などでの看取り", "人/年", "F-DEATH - F-HOME"),
    Line("F-HDOC", "要る在宅で看取る医師", "人", "F-HOME / A-HDOC", 1),
)
LINE_BY_KEY: Final = {line.key: line for line in LINES}


@dataclass(frozen=True)
class People:
    """The projected population of one year."""

    year: int
    total: int
    aged_65: int | None
    aged_75: int | None


@dataclass(frozen=True)
class Figure:
    """The lines by year; a line with a missing assumption has no numbers, never zeros."""

    years: Sequence[int]
    cells: Mapping[str, Sequence[Cell]]

    def at(self, key: str, year: int) -> Cell:
        return self.cells[key][self.years.index(year)]


def figure_of(people: Sequence[People], values: Mapping[str, Decimal | None]) -> Figure:
    """Work out every line of every year."""
    cells: dict[str, list[Cell]] = {line.key: [] for line in LINES}
    for one in people:
        known = {key: _cell(value) for key, value in values.items()}
        known |= {
            "N-YEAR": Cell(Decimal(one.year)),
            "N-POP": Cell(Decimal(one.total)),
            "N-65": _cell(one.aged_65),
            "N-75": _cell(one.aged_75),
        }
        for line in LINES:
            if line.formula:
                known[line.key] = parse(line.formula).value(
                    lambda code, _before, known=known: known[code]  # type: ignore[misc]
                )
            cells[line.key].append(known[line.key])
    return Figure([one.year for one in people], cells)


def _cell(value: Decimal | int | None) -> Cell:
    return Cell.without(Absence.NOT_RECORDED) if value is None else Cell(Decimal(value))


def in_excel(formula: str, place: Callable[[str], str]) -> str:
    """The formula over cells; a word where one of them holds no number.

    ``place``: the cell of a line or an assumption.
    """
    expression = parse(formula)
    cells = [place(code) for code in sorted(expression.codes)]
    counted = ",".join(cells)
    return f'=IF(COUNT({counted})<{len(cells)},"未入力",{_excel(expression.tree, place)})'


_SIGNS: Final = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}


def _excel(tree: Tree[Token], place: Callable[[str], str]) -> str:
    if tree.data == "number":
        return str(tree.children[0])
    if tree.data == "code":
        return place(str(tree.children[0]))
    first, second = (_excel(part, place) for part in tree.children if isinstance(part, Tree))
    return f"({first}{_SIGNS[str(tree.data)]}{second})"
