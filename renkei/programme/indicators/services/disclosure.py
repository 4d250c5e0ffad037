"""Small numbers of persons that are not published by their source: hidden together with what would
give them away, in every table they are part of; a set that leaks is not released.

Readers hold on to what they saw: a place once hidden stays hidden, and a number once shown counts
as known for ever, also after it was revised.

Source: design.md §3b (Small numbers); acceptance.md I4, §15.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Q

from renkei.foundation.areas.models import AreaEdge, AreaLevel
from renkei.foundation.common.suppression import is_small
from renkei.programme.indicators.disclosure import Node, Protected, protect
from renkei.programme.indicators.models import IndicatorVersion, PeriodKind, Sharing, Value
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.persons import amounts_of, is_telling, vintage

# What a population denominator is called in a definition, and the indicator that holds it.
_POPULATIONS: Final = {"総人口": "R-POP", "人口": "R-POP", "65歳以上の人口": "R-65"}
# Vintages of one number that are remembered; readers compare the last few at most.
_REMEMBERED: Final = 12


@dataclass(frozen=True)
class _Place:
    """Rows of linked definitions at one area and period: shown or hidden together."""

    rows: tuple[Value, ...]
    node: Node


def settle(versions: Iterable[IndicatorVersion], written: Collection[Value] = ()) -> None:
    """Decide anew what stays hidden of these definitions, inside the caller's transaction.

    Raises:
        ValidationError: numbers written as published give hidden ones away; names the table.
    """
    counting = {version.pk: version for version in versions if version.counts_persons}
    _refuse_small_ones(written, counting)
    for family in _families(counting.values()):
        for places in _tables(family):
            _settle_table(places, {row.pk for row in written})


def release_problem(version: IndicatorVersion) -> str:
    """Why a table of this definition must not leave the house; empty where nothing speaks against.

    Nothing is decided anew: what readers would see is checked as it is.
    """
    if not version.counts_persons:
        return ""
    for family in _families([version]):
        for places in _tables(family):
            nodes = [place.node for place in places]
            hidden = {number for number, place in enumerate(places) if _is_hidden(place)}
            shown = {number for number in range(len(places)) if number not in hidden}
            # What is shown is known: no person can be moved there on paper.
            seen = [
                replace(node, fixed=frozenset(node.amounts)) if number in shown else node
                for number, node in enumerate(nodes)
            ]
            found = protect(seen, hidden, may_hide=False)
            if found.exposed:
                return _sentence(places, found, "書き出せません。")
    return ""


def _settle_table(places: Sequence[_Place], written: Collection[int]) -> None:
    nodes = [place.node for place in places]
    start = {
        number
        for number, place in enumerate(places)
        if _is_hidden(place) or any(map(is_small, _closed_amounts(place)))
    }
    if not start:
        _remember(places, ())
        return
    found = protect(nodes, start)
    if found.exposed:
        opened = _without_opened(places, written)
        if opened != nodes and len(protect(opened, start).exposed) < len(found.exposed):
            raise ValidationError(_sentence(places, found, "「公表された数」にはできません。"))
    changed = []
    for number in found.hidden:
        for row in places[number].rows:
            if row.sharing != Sharing.OPEN and not row.is_hidden:
                row.is_hidden = True
                changed.append(row)
    Value.objects.bulk_update(changed, ["is_hidden"], batch_size=1000)
    _remember(places, found.hidden)


def _closed_amounts(place: _Place) -> list[int]:
    """The counts at a place that its source does not publish."""
    open_ones = {
        name
        for row in place.rows
        if row.sharing == Sharing.OPEN
        for name in amounts_of(row, row.version)
    }
    return [amount or 0 for name, amount in place.node.amounts.items() if name not in open_ones]


def _is_hidden(place: _Place) -> bool:
    return any(row.is_hidden for row in place.rows)


def _without_opened(places: Sequence[_Place], written: Collection[int]) -> list[Node]:
    """The same table if the numbers now being opened were not."""
    return [
        replace(place.node, fixed=frozenset())
        if any(row.pk in written and row.sharing == Sharing.OPEN for row in place.rows)
        else place.node
        for place in places
    ]


def _remember(places: Sequence[_Place], hidden: Collection[int]) -> None:
    """Write down what readers see from now on."""
    changed = []
    for number, place in enumerate(places):
        for row in place.rows:
            if row.sharing == Sharing.OPEN or number in hidden or row.value is None:
                continue
            if vintage(row) not in row.shown:
                row.shown = [*row.shown, vintage(row)][-_REMEMBERED:]
                changed.append(row)
    Value.objects.bulk_update(changed, ["shown"], batch_size=1000)


def _refuse_small_ones(written: Collection[Value], counting: Collection[int]) -> None:
    """A municipality's own count of few persons is nothing it may open."""
    small = [
        row
        for row in written
        if row.version_id in counting
        and row.sharing == Sharing.OPEN
        and row.version.indicator.owner_id is not None
        and is_telling(row, row.version)
    ]
    if small:
        raise ValidationError(
            f"「{small[0].version.name}」の表には1～4人の値が{len(small)}件あるため、"
            "「公表された数」にはできません。見せる範囲を「県と近隣に見せる」か"
            "「自分の圏域だけ」にしてください。"
        )


def _sentence(places: Sequence[_Place], found: Protected, end: str) -> str:
    number, _quantity = found.exposed[0]
    row = places[number].rows[0]
    period = Period(row.period_kind, row.period)
    return (
        f"「{row.version.name}」の{period.label}の表は、隠している少ない人数が合計からの引き算で"
        f"分かるため、{end}見せる範囲を「県と近隣に見せる」か「自分の圏域だけ」にして、"
        "もう一度取り込んでください。"
    )


# Tables -------------------------------------------------------------------------------------------


def _families(versions: Iterable[IndicatorVersion]) -> list[list[IndicatorVersion]]:
    """Definitions that count the same persons, together: one would give the other away."""
    found: dict[str, list[IndicatorVersion]] = {}
    for version in versions:
        found.setdefault(version.numerator or f"#{version.pk}", [version])
    alike = IndicatorVersion.objects.filter(
        numerator__in=[name for name in found if not name.startswith("#")], counts_persons=True
    ).select_related("indicator")
    for version in alike.order_by("pk"):
        if version not in found[version.numerator]:
            found[version.numerator].append(version)
    return [sorted(family, key=lambda one: one.pk) for family in found.values()]


def _tables(family: Sequence[IndicatorVersion]) -> list[list[_Place]]:
    """The linked places of a family; none where everything is published by its source."""
    rows = Value.objects.filter(version__in=family)
    closed = rows.exclude(sharing=Sharing.OPEN)
    prefectures = set(closed.values_list("area__prefecture_code", flat=True).distinct())
    if not prefectures:
        return []
    near = Q(area__prefecture_code__in=prefectures) | Q(area__level=AreaLevel.NATION)
    linked = list(
        rows.filter(near, value__isnull=False)
        .select_related("version__indicator")
        .order_by("period_kind", "period", "area_id", "version_id")
    )
    reach = Reach({row.area_id for row in linked})
    populations = _populations(linked)
    grouped: dict[tuple[int, str, str], list[Value]] = {}
    for row in linked:
        grouped.setdefault((row.area_id, row.period_kind, row.period), []).append(row)
    tables: dict[bool, list[_Place]] = {}
    for together in grouped.values():
        # Days are points in time; they add up to nothing.
        is_day = together[0].period_kind == PeriodKind.DAY
        tables.setdefault(is_day, []).append(_place(together, reach, populations))
    return list(tables.values())


def _place(
    rows: Sequence[Value], reach: Reach, populations: Mapping[tuple[str, int, int], Decimal]
) -> _Place:
    period = Period(rows[0].period_kind, rows[0].period)
    amounts: dict[str, int | None] = {}
    fixed: set[str] = set()
    for row in rows:
        mine = amounts_of(row, row.version, _population(row, period, populations))
        amounts |= mine
        if row.sharing == Sharing.OPEN or (vintage(row) in row.shown and not row.is_hidden):
            fixed |= set(mine)
        fixed |= {name for name, amount in mine.items() if amount == 0 and len(mine) == 1}
    areas = reach.of(rows[0].area_id, period.last)
    return _Place(tuple(rows), Node(areas, period.first, period.last, amounts, frozenset(fixed)))


def _populations(rows: Sequence[Value]) -> dict[tuple[str, int, int], Decimal]:
    """Population counts that turn a rate back into persons: (indicator, area, year)."""
    wanted = {
        _POPULATIONS[row.version.denominator]
        for row in rows
        if row.numerator is None and row.version.denominator in _POPULATIONS
    }
    if not wanted:
        return {}
    known = Value.objects.filter(
        indicator__code__in=wanted, area__in={row.area_id for row in rows}, value__isnull=False
    ).values_list("indicator__code", "area_id", "period", "value")
    return {(code, area, int(period[:4])): value for code, area, period, value in known if value}


def _population(
    row: Value, period: Period, known: Mapping[tuple[str, int, int], Decimal]
) -> Decimal | None:
    code = _POPULATIONS.get(row.version.denominator, "")
    years = (period.year, period.year - 1, period.year + 1)
    return next((known[key] for year in years if (key := (code, row.area_id, year)) in known), None)


class Reach:
    """Which smallest areas an area took in on a day, in all hierarchies; two queries in all."""

    def __init__(self, areas: Collection[int]) -> None:
        self._below: dict[int, list[tuple[int, Any]]] = {}
        self._known: dict[tuple[int, date], frozenset[int]] = {}
        if len(areas) > 1:
            edges = AreaEdge.objects.values_list("parent_id", "child_id", "period")
            for parent, child, period in edges:
                self._below.setdefault(parent, []).append((child, period))

    def of(self, area: int, day: date) -> frozenset[int]:
        """As it was then; where nothing is known of then, as at any time."""
        key = (area, day)
        if key not in self._known:
            below = self._below.get(area, [])
            inside = [child for child, period in below if _holds(period, day)]
            children = inside or [child for child, _period in below]
            found = [self.of(child, day) for child in children]
            self._known[key] = frozenset().union(*found) if found else frozenset({area})
        return self._known[key]


def _holds(period: Any, day: date) -> bool:
    return (period.lower is None or period.lower <= day) and (
        period.upper is None or day < period.upper
    )
