"""Rules that find numbers worth a second look, each in plain Japanese with a remedy. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import Final

from renkei.programme.indicators.models import Aggregation, PeriodKind
from renkei.programme.indicators.numerals import number_text
from renkei.programme.indicators.periods import Period

# A share has no more than all, and no less than nobody.
FULL: Final = 100
# A rate that is so many times another is rarely one: most often a unit or a place was mixed up.
JUMP, FAR, FEWEST_NEIGHBOURS = 2.5, 8.0, 3
# Beyond this many standard errors chance does not explain a change; and it must be felt, too.
ERRORS, FELT = 5.0, 1.6
# Below this a count may double by chance.
SMALL_COUNT: Final = 20
# A larger number that is the very same as the year before was most likely copied.
COPIED: Final = 1000
RULES: Final = {
    "range": "あり得ない範囲の数",
    "parts": "分子・分母と合わない",
    "jump": "前の期間との大きな差",
    "copied": "前の期間とまったく同じ数",
    "sum": "内訳の合計と合わない",
    "neighbours": "近くの地域とのけた違い",
    "unit": "単位がほかの期間と違う",
}
_WHOLE: Final = frozenset({"人", "件", "回", "施設", "所", "薬局", "病院", "部"})


@dataclass(frozen=True)
class Point:
    """One stored number with what its rules need to know."""

    pk: int
    code: str
    name: str
    area_id: int
    area_name: str
    period: Period
    value: Decimal
    unit: str
    decimals: int
    factor: int
    aggregation: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    is_municipality: bool = True

    @property
    def text(self) -> str:
        return f"{number_text(self.value, self.decimals)} {self.unit}"

    @property
    def is_rate(self) -> bool:
        return "/" in self.unit or self.unit == "%"


@dataclass(frozen=True)
class Finding:
    """One number to look at: which rule, what is odd, what to do."""

    point: Point
    rule: str
    words: str


def findings_in(
    points: Sequence[Point], sums: Mapping[int, Iterable[int]] | None = None
) -> list[Finding]:
    """Every number that breaks a rule; at most one finding a number, the plainest first.

    ``sums``: a larger area to the municipalities that make it up.
    """
    found: dict[int, Finding] = {}
    for rule in (_out_of_range, _apart_from_parts):
        for point in points:
            if finding := rule(point):
                found.setdefault(point.pk, finding)
    for finding in [
        *_units(points),
        *_off_sums(points, sums or {}, set(found)),
        *_far_from_neighbours(points, set(found)),
        *_copied(points),
    ]:
        found.setdefault(finding.point.pk, finding)
    for finding in _jumps(points, set(found)):
        found.setdefault(finding.point.pk, finding)
    return sorted(found.values(), key=lambda one: (one.point.code, one.point.area_name, one.rule))


def _out_of_range(point: Point) -> Finding | None:
    if point.value < 0:
        words = f"{point.text}は0より小さい数です。符号を確かめてください。"
    elif point.unit == "%" and point.value > FULL:
        words = f"{point.text}は100%を超えています。分子と分母が逆でないか確かめてください。"
    elif point.unit in _WHOLE and point.value != point.value.to_integral_value():
        words = (
            f"{point.value.normalize():f} {point.unit}に端数があります。単位を確かめてください。"
        )
    else:
        return None
    return Finding(point, "range", words)


def _apart_from_parts(point: Point) -> Finding | None:
    """A rate is its numerator over its denominator, to the printed digit."""
    top, bottom = point.numerator, point.denominator
    if top is None or bottom is None or point.factor <= 1:
        return None
    if bottom <= 0:
        return Finding(point, "parts", "分母が0です。分母を確かめてください。")
    worked = top / bottom * point.factor
    off = abs(worked - point.value)
    if off > Decimal("0.6").scaleb(-point.decimals) and off > abs(point.value) / 200:
        words = (
            f"分子{top.normalize():,f}÷分母{bottom.normalize():,f}から計算すると"
            f"{number_text(worked, point.decimals)}ですが、値は{point.text}です。"
            "どれが正しいか確かめてください。"
        )
        return Finding(point, "parts", words)
    return None


def _rows(points: Sequence[Point]) -> dict[tuple[str, int], list[Point]]:
    """Points of one indicator and area, in the order of time."""
    rows: dict[tuple[str, int], list[Point]] = defaultdict(list)
    for point in points:
        rows[point.code, point.area_id].append(point)
    return {key: sorted(row, key=lambda point: point.period) for key, row in rows.items()}


def _units(points: Sequence[Point]) -> Iterable[Finding]:
    for row in _rows(points).values():
        units = [point.unit for point in row]
        usual = max(set(units), key=units.count)
        for point in row:
            if point.unit != usual and units.count(usual) > units.count(point.unit):
                words = (
                    f"単位が「{point.unit}」です。ほかの期間は「{usual}」です。確かめてください。"
                )
                yield Finding(point, "unit", words)


def _jumps(points: Sequence[Point], known: set[int]) -> Iterable[Finding]:
    """A number far from the one before that does not come back as chance would."""
    for row in _rows(points).values():
        sound = [point for point in row if point.pk not in known]
        for before, point in pairwise(sound):
            if point.period.before() != before.period or point.unit != before.unit:
                continue
            if point.period.kind == PeriodKind.DAY or not _is_jump(before, point):
                continue
            # What stands between two others that agree is the odd one, not the one after it.
            if _stands_alone(sound, before):
                continue
            words = (
                f"前の期間の{before.text}から{point.text}に変わりました。"
                "けたや列がずれていないか、制度が変わっていないか確かめてください。"
            )
            yield Finding(point, "jump", words)


def _is_jump(before: Point, point: Point) -> bool:
    low, high = sorted((float(before.value), float(point.value)))
    if high <= 0:
        return False
    counts = _counts(before, point)
    if counts is not None:
        one, two = counts
        if max(one, two) < SMALL_COUNT:
            return False
        errors = abs(one - two) / sqrt(one + two)
        return errors > ERRORS and high > low * FELT
    return high > low * JUMP


def _counts(before: Point, point: Point) -> tuple[float, float] | None:
    if before.numerator is not None and point.numerator is not None:
        return float(before.numerator), float(point.numerator)
    if point.unit in _WHOLE:
        return float(before.value), float(point.value)
    return None


def _stands_alone(row: Sequence[Point], point: Point) -> bool:
    place = row.index(point)
    return (
        0 < place < len(row) - 1
        and _is_jump(row[place - 1], point)
        and not _is_jump(row[place - 1], row[place + 1])
    )


def _copied(points: Sequence[Point]) -> Iterable[Finding]:
    for row in _rows(points).values():
        for before, point in pairwise(row):
            same = point.value == before.value and point.period.before() == before.period
            # Money of a plan may well stay; a count of thousands of persons does not.
            if same and point.unit in _WHOLE and point.value >= COPIED:
                words = (
                    f"前の期間と同じ{point.text}です。前の年の数を写していないか確かめてください。"
                )
                yield Finding(point, "copied", words)


def _off_sums(
    points: Sequence[Point], sums: Mapping[int, Iterable[int]], known: set[int]
) -> Iterable[Finding]:
    """What a larger area has is what its municipalities have together."""
    at = {(point.code, point.area_id, point.period): point for point in points}
    for parent_id, members in sums.items():
        inside = list(members)
        for (code, area_id, period), whole in at.items():
            if area_id != parent_id or whole.aggregation == Aggregation.NONE:
                continue
            parts = [at.get((code, pk, period)) for pk in inside]
            if not inside or any(part is None or part.pk in known for part in parts):
                continue
            if any(part and part.unit != whole.unit for part in parts):
                continue
            finding = _off(whole, [part for part in parts if part])
            if finding:
                yield finding


def _off(whole: Point, parts: Sequence[Point]) -> Finding | None:
    if whole.aggregation == Aggregation.RATIO:
        tops = [part.numerator for part in parts]
        if whole.numerator is None or any(top is None for top in tops):
            return None
        total, mine = sum((top for top in tops if top is not None), Decimal(0)), whole.numerator
    else:
        total, mine = sum((part.value for part in parts), Decimal(0)), whole.value
    if abs(total - mine) <= Decimal("0.5") * len(parts) / 10 + Decimal("0.5"):
        return None
    words = (
        f"{whole.area_name}は{mine.normalize():,f}ですが、{len(parts)}市区町村を足すと"
        f"{total.normalize():,f}です。どちらかに抜けや重なりがないか確かめてください。"
    )
    return Finding(whole, "sum", words)


def _far_from_neighbours(points: Sequence[Point], known: set[int]) -> Iterable[Finding]:
    """A rate of another order than those of the same year around it."""
    groups: dict[tuple[str, Period, str], list[Point]] = defaultdict(list)
    for point in points:
        if point.is_rate and point.is_municipality and point.pk not in known:
            groups[point.code, point.period, point.unit].append(point)
    for group in groups.values():
        for point in group:
            others = [float(other.value) for other in group if other is not point]
            if len(others) < FEWEST_NEIGHBOURS:
                continue
            middle = median(others)
            value = float(point.value)
            if middle <= 0 or (point.numerator is not None and point.numerator < SMALL_COUNT / 2):
                continue
            if value > middle * FAR or value * FAR < middle:
                words = (
                    f"{point.text}は、同じ県のほかの市区町村の真ん中の値"
                    f"（{number_text(Decimal(str(middle)), point.decimals)}）とけたが違います。"
                    "単位と分母を確かめてください。"
                )
                yield Finding(point, "neighbours", words)
