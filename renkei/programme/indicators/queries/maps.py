"""One indicator over the areas of a level: as they were then, or as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Count, QuerySet

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaEdge, AreaLevel
from renkei.foundation.areas.queries import areas_on, units_on
from renkei.foundation.common import clock
from renkei.programme.indicators.cells import Cell, Part, whole_of
from renkei.programme.indicators.expressions import parse
from renkei.programme.indicators.models import Absence, IndicatorVersion
from renkei.programme.indicators.numerals import number_text
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.queries.values import Reading, missing, readings, values_for

THEN, NOW = "then", "now"
MODES: Final = {THEN: "当時の区域で見る", NOW: "今の区域で見る"}
LEVELS: Final = (
    AreaLevel.MUNICIPALITY,
    AreaLevel.HOME_CARE,
    AreaLevel.SECONDARY_MEDICAL,
    AreaLevel.TERTIARY_MEDICAL,
    AreaLevel.HEALTH_CENTRE,
    AreaLevel.MEDICAL_ASSOCIATION,
    AreaLevel.WIDE_AREA_UNION,
    AreaLevel.PREFECTURE,
    AreaLevel.WARD,
    AreaLevel.DAILY_LIVING,
)
# What lies inside a municipality is never added up out of municipalities.
_INSIDE: Final = frozenset({AreaLevel.WARD, AreaLevel.DAILY_LIVING})
_DEEPEST: Final = 12
TOWN: Final = AreaLevel.MUNICIPALITY.value


@dataclass(frozen=True)
class Frame:
    """What a map looks at: a kind of area, a prefecture ("" is the country), and which day's."""

    level: str
    prefecture: str
    period: Period
    mode: str

    @property
    def then(self) -> date:
        return min(self.period.last, clock.today())

    @property
    def day(self) -> date:
        return self.then if self.mode == THEN else clock.today()


@dataclass(frozen=True)
class Unit:
    """One row of the table and one shape of the map; ``how`` says what was done to the number."""

    area_ids: tuple[int, ...]
    name: str
    code: str
    reading: Reading
    how: str = ""


@dataclass(frozen=True)
class AreaMap:
    """One definition and period over a frame, in the order of codes."""

    version: IndicatorVersion
    frame: Frame
    units: Sequence[Unit]


def levels_on(day: date, prefecture: str) -> list[str]:
    """The kinds of area there are."""
    found = set(_within(areas_on(day), prefecture).values_list("level", flat=True).distinct())
    if prefecture:
        # One prefecture alone is no map.
        found.discard(AreaLevel.PREFECTURE)
    return [level.value for level in LEVELS if level in found]


def prefectures_with_areas(day: date) -> dict[str, str]:
    """Code → name of the prefectures there are."""
    rows = areas_on(day).filter(level=AreaLevel.PREFECTURE).order_by("prefecture_code")
    return dict(rows.values_list("prefecture_code", "name"))


def prefecture_code_of(prefecture: str) -> str:
    """The six digits of a prefecture today, by its two."""
    rows = areas_on(clock.today()).filter(
        level=AreaLevel.PREFECTURE, prefecture_code=prefecture or None
    )
    return rows.values_list("code", flat=True).first() or ""


def periods_with_values(viewer: Viewer, version: IndicatorVersion) -> list[Period]:
    """The periods in which anybody has a number, the newest first."""
    codes = {version.indicator.code}
    if version.expression:
        codes |= parse(version.expression).codes
    rows = (
        values_for(viewer)
        .filter(indicator__code__in=codes, period_kind=version.period_kind)
        .values("period")
        .annotate(Count("pk"))
        .order_by("-period")
    )
    return [Period(version.period_kind, row["period"]) for row in rows]


def area_map(viewer: Viewer, version: IndicatorVersion, frame: Frame) -> AreaMap:
    """The numbers of every area of the frame; what is missing or hidden stays so."""
    if frame.level == TOWN:
        units = _towns(viewer, version, frame)
    else:
        units = _larger(viewer, version, frame)
    units.sort(key=lambda unit: (unit.code or "~", unit.name))
    return AreaMap(version, frame, units)


def _within(areas: QuerySet[Area], prefecture: str) -> QuerySet[Area]:
    return areas.filter(prefecture_code=prefecture) if prefecture else areas


def _areas(frame: Frame, level: str, day: date) -> list[Area]:
    found = _within(areas_on(day), frame.prefecture).filter(level=level)
    return list(found.order_by("code", "key"))


# Municipalities ------------------------------------------------------------------------------


def _towns(viewer: Viewer, version: IndicatorVersion, frame: Frame) -> list[Unit]:
    then = _areas(frame, TOWN, frame.then)
    if frame.mode == THEN:
        found = readings(viewer, version, then, periods=[frame.period])
        return [_own(version, area, frame.period, found) for area in then]
    now = _areas(frame, TOWN, frame.day)
    areas = {area.pk: area for area in (*then, *now)}
    found = readings(viewer, version, list(areas.values()), periods=[frame.period])
    units = []
    for old, new in _groups(then, now, frame):
        units += _recut(version, frame.period, found, ([areas[pk] for pk in old],
                                                      [areas[pk] for pk in new]))  # fmt: skip
    return units


def _groups(
    then: Sequence[Area], now: Sequence[Area], frame: Frame
) -> list[tuple[list[int], list[int]]]:
    """What hangs together through mergers and divisions: areas of then, areas of now."""
    today = {area.pk for area in now}
    flow = units_on([area.pk for area in then], on=frame.then, day=frame.day)
    # An area of now of which nothing is known before stands for itself.
    root = {area.pk: area.pk for area in (*then, *now)}

    def find(pk: int) -> int:
        while root[pk] != pk:
            pk = root[pk]
        return pk

    for old, became in flow.items():
        for new in became:
            if new in today:
                root[find(old)] = find(new)
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for area in then:
        groups.setdefault(find(area.pk), ([], []))[0].append(area.pk)
    for area in now:
        groups.setdefault(find(area.pk), ([], []))[1].append(area.pk)
    return list(groups.values())


def _recut(
    version: IndicatorVersion,
    period: Period,
    found: Mapping[tuple[int, Period], Reading],
    group: tuple[list[Area], list[Area]],
) -> list[Unit]:
    """The numbers of a group under the areas of now; never split by guess."""
    old, new = group
    if not new:
        # Nothing is known of what they became.
        return [_own(version, area, period, found) for area in old]
    if any((area.pk, period) in found for area in new if area not in old) or old == new:
        return [_own(version, area, period, found) for area in new]
    whole, how = _whole(version, period, old, found)
    if len(new) == 1:
        return [_unit((new[0].pk,), new[0], whole, how)]
    names = "・".join(area.name for area in new)
    words = f"分かれる前の{'・'.join(area.name for area in old)}の値。{how}".rstrip("。")
    merged = _unit(tuple(area.pk for area in new), new[0], whole, words)
    return [Unit(merged.area_ids, names, merged.code, merged.reading, merged.how)]


def _own(
    version: IndicatorVersion,
    area: Area,
    period: Period,
    found: Mapping[tuple[int, Period], Reading],
) -> Unit:
    return _unit(
        (area.pk,), area, found.get((area.pk, period)) or missing(version, area, period), ""
    )


def _unit(ids: tuple[int, ...], area: Area, reading: Reading, how: str) -> Unit:
    return Unit(ids, area.name, area.code, reading, how)


# Areas made of municipalities ----------------------------------------------------------------


def _larger(viewer: Viewer, version: IndicatorVersion, frame: Frame) -> list[Unit]:
    areas = _areas(frame, frame.level, frame.day)
    found = readings(viewer, version, areas, periods=[frame.period])
    if frame.level in _INSIDE or all((area.pk, frame.period) in found for area in areas):
        return [_own(version, area, frame.period, found) for area in areas]
    towns = Frame(TOWN, frame.prefecture, frame.period, frame.mode)
    by_town = {pk: unit for unit in _towns(viewer, version, towns) for pk in unit.area_ids}
    members = members_on(areas, frame.day, prefecture=frame.prefecture)
    units = []
    for area in areas:
        own = found.get((area.pk, frame.period))
        parts = _parts(by_town, members[area.pk])
        if own or not parts:
            units.append(_own(version, area, frame.period, found))
            continue
        reading = _added(version, area, frame.period, [unit.reading for unit in parts])
        units.append(_unit((area.pk,), area, reading, f"{len(parts)}市区町村から"))
    return units


def _parts(by_town: Mapping[int, Unit], ids: Collection[int]) -> list[Unit]:
    """The units that make up an area; a unit that reaches beyond it cannot be one of them."""
    units = {by_town[pk].area_ids: by_town[pk] for pk in ids if pk in by_town}
    inside = set(ids)
    if any(not set(pks) <= inside for pks in units):
        return []
    return list(units.values())


def members_on(areas: Sequence[Area], day: date, *, prefecture: str = "") -> dict[int, list[int]]:
    """The municipalities of each area on a day, over every hierarchy, in two queries."""
    wanted = {area.pk for area in areas}
    edges = AreaEdge.objects.filter(period__contains=day)
    towns = _within(areas_on(day), prefecture).filter(level=TOWN)
    if prefecture:
        edges = edges.filter(child__prefecture_code=prefecture)
    above: dict[int, set[int]] = defaultdict(set)
    for child, parent in edges.values_list("child_id", "parent_id"):
        above[child].add(parent)
    members: dict[int, list[int]] = {pk: [] for pk in wanted}
    for town in towns.order_by("code").values_list("pk", flat=True):
        reached, edge = {town}, {town}
        for _step in range(_DEEPEST):
            edge = {parent for pk in edge for parent in above[pk]} - reached
            if not edge:
                break
            reached |= edge
        for pk in reached & wanted:
            members[pk].append(town)
    return members


def _whole(
    version: IndicatorVersion,
    period: Period,
    old: Sequence[Area],
    found: Mapping[tuple[int, Period], Reading],
) -> tuple[Reading, str]:
    if len(old) == 1:
        one = _own(version, old[0], period, found).reading
        return one, f"当時は{old[0].name}"
    parts = [_own(version, area, period, found).reading for area in old]
    names = "・".join(area.name for area in old)
    return _added(version, old[0], period, parts), f"当時は{names}"


def _added(
    version: IndicatorVersion, area: Area, period: Period, parts: Sequence[Reading]
) -> Reading:
    """One number out of several, by the definition's own rule; a hidden part hides the whole."""
    if all(part.absence == Absence.NOT_RECORDED for part in parts):
        return missing(version, area, period)
    cell = whole_of(
        [Part(Cell(one.value, one.absence), one.numerator, one.denominator) for one in parts],
        version.aggregation,
        factor=version.factor,
    )
    blank = missing(version, area, period, Absence(cell.absence or Absence.NOT_RECORDED))
    if cell.value is None:
        return blank
    figure = number_text(cell.value, version.decimals)
    return _filled(blank, cell, figure, parts)


def _filled(blank: Reading, cell: Cell, figure: str, parts: Sequence[Reading]) -> Reading:
    tops = [one.numerator for one in parts if one.numerator is not None]
    bottoms = [one.denominator for one in parts if one.denominator is not None]
    whole = len(tops) == len(bottoms) == len(parts)
    return replace(
        blank,
        value=cell.value,
        absence="",
        figure=figure,
        text=f"{figure} {blank.unit}",
        source="、".join(dict.fromkeys(one.source for one in parts if one.source)),
        as_of=max((one.as_of for one in parts if one.as_of), default=None),
        flag=next((one.flag for one in parts if one.flag), ""),
        numerator=sum(tops, Decimal(0)) if whole else None,
        denominator=sum(bottoms, Decimal(0)) if whole else None,
    )
