"""What rooms count of an area becomes values: suppressed, with the definition they counted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.areas.counters import Counted, Counter, counters
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.foundation.common.suppression import is_small
from renkei.programme.indicators.disclosure import Node, protect
from renkei.programme.indicators.models import Absence, IndicatorVersion, Quality, Sharing
from renkei.programme.indicators.numerals import rounded
from renkei.programme.indicators.periods import Period, fiscal
from renkei.programme.indicators.services.disclosure import Reach
from renkei.programme.indicators.services.shown import ShownCounts, parts_of
from renkei.programme.indicators.services.values import NewValue, Outcome, put

SOURCE: Final = "この仕組みの記録"
_LONGEST_NOTE: Final = 500
_QUARTER: Final = 3
# Levels between a municipality and its prefecture that councils look at.
_ABOVE: Final = (AreaLevel.HOME_CARE, AreaLevel.SECONDARY_MEDICAL)
_Place = tuple[int, Period]


@dataclass
class _Count:
    """One definition counted over areas and periods; those of most cases, and how many others."""

    version: IndicatorVersion
    counter: Counter
    found: dict[_Place, tuple[Counted, ...]] = field(default_factory=dict)

    @property
    def first(self) -> dict[_Place, Counted]:
        # Of several definitions the one of most cases; the others are told, never added up.
        return {place: found[0] for place, found in self.found.items() if found}


@transaction.atomic
def count_values(*, actor: Actor, periods: Sequence[Period] = ()) -> Outcome:
    """Ask every registered counter for the areas that work here; this 年度 and the last.

    Small numbers of persons, and what would give them away over areas, time and what was shown
    before, never become a value.
    """
    ends = {period: _counted_to(period) for period in periods or _this_year_and_last()}
    areas = _areas_at_work()
    total = Outcome()
    for family in _families():
        for one in family:
            one.found = {
                (area.pk, period): one.counter.count(area, period.first, last)
                for area in areas
                for period, last in ends.items()
                if last
            }
        outcome = put(_rows_of(family))
        total.added += outcome.added
        total.changed += outcome.changed
        total.unchanged += outcome.unchanged
    if total.added or total.changed:
        record_event(
            actor=actor,
            action="indicators.counted",
            target=("counters", "all"),
            detail={"added": len(total.added), "changed": len(total.changed)},
        )
    return total


def _families() -> list[list[_Count]]:
    """Counts of one room over the same denominator, together: one would give the other away."""
    found: dict[tuple[str, str], list[_Count]] = {}
    for counter in counters():
        version = _version_of(counter)
        if version is not None:
            room = counter.code.partition(".")[0]
            alone = "" if version.denominator and version.counts_persons else counter.code
            key = (room, version.denominator or alone)
            found.setdefault(key, []).append(_Count(version, counter))
    return list(found.values())


def _this_year_and_last() -> list[Period]:
    year = fiscal_year(clock.today()).year
    return [fiscal(year - 1), fiscal(year)]


def _counted_to(period: Period) -> date | None:
    """The day up to which a period is counted; None where nothing of it is complete.

    A running period is counted to the end of a quarter: from one night to the next a reader would
    see single persons come.
    """
    today = clock.today()
    if period.last < today:
        return period.last
    ended = today.replace(day=1) - timedelta(days=1)
    while ended.month % _QUARTER:
        ended = ended.replace(day=1) - timedelta(days=1)
    return ended if ended >= period.first else None


def _areas_at_work() -> list[Area]:
    """Municipalities of the organisations here, and the areas above that they are part of."""
    today = clock.today()
    homes = Organisation.objects.exclude(area=None).values_list("area", flat=True).distinct()
    inside = descendants_on(list(homes), today).filter(
        level=AreaLevel.MUNICIPALITY, period__contains=today
    )
    towns = {area.pk: area for area in inside.order_by("code")}
    above: dict[int, Area] = {}
    for town in towns.values():
        for one in ancestors_on(town, today):
            if one.area.level in _ABOVE:
                above[one.area.pk] = one.area
    return [*towns.values(), *above.values()]


def _version_of(counter: Counter) -> IndicatorVersion | None:
    return (
        IndicatorVersion.objects.filter(counter=counter.code)
        .select_related("indicator")
        .order_by("-number")
        .first()
    )


def _rows_of(family: Sequence[_Count]) -> list[NewValue]:
    shown = ShownCounts([one.version for one in family])
    hidden = _hidden(family, shown)
    return [
        _row(one.version, place, found, len(one.found[place]), is_hidden=place in hidden)
        for one in family
        for place, found in one.first.items()
        if place in hidden
        or not one.version.counts_persons
        or not shown.is_too_near(one.version, place, (found.numerator, found.denominator))
    ]


def _hidden(family: Sequence[_Count], shown: ShownCounts) -> frozenset[_Place]:
    """The places with a small number of any of the family, or that give one away."""
    counting = [one for one in family if one.version.counts_persons]
    if not counting:
        return frozenset()
    keys = sorted({place for one in counting for place in one.first})
    reach = Reach({area for area, _period in keys} | shown.areas)
    nodes, small = [], set()
    for number, place in enumerate(keys):
        node = _node(place, counting, reach, shown)
        nodes.append(node)
        parts = [one.first[place] for one in counting if place in one.first]
        if shown.is_hidden(place) or any(_is_telling(part) for part in parts):
            small.add(number)
    nodes += shown.earlier(reach)
    found = protect(nodes, small)
    hidden = set(found.hidden)
    if found.exposed:
        # Nothing else would do: all of it stays in the house.
        hidden |= set(range(len(keys)))
    return frozenset(keys[number] for number in hidden if number < len(keys))


def _node(place: _Place, counting: Sequence[_Count], reach: Reach, shown: ShownCounts) -> Node:
    area_id, period = place
    amounts: dict[str, int | None] = {}
    fixed: set[str] = set()
    for one in counting:
        found = one.first.get(place)
        if found is None:
            continue
        pair = (found.numerator, found.denominator)
        if shown.is_too_near(one.version, place, pair):
            # What was shown stays: it is among the earlier ones.
            continue
        parts = parts_of(one.version.pk, *pair)
        if shown.is_known(one.version, place, pair):
            fixed |= parts.keys()
        amounts |= parts
    return Node(
        reach.of(area_id, period.last),
        period.first,
        _counted_to(period) or period.last,
        amounts,
        frozenset(fixed),
    )


def _is_telling(one: Counted) -> bool:
    rest = one.denominator - one.numerator
    return any(map(is_small, (one.numerator, rest, one.denominator, one.n)))


def _row(
    version: IndicatorVersion, place: _Place, one: Counted, definitions: int, *, is_hidden: bool
) -> NewValue:
    area_id, period = place
    note = f"決め方：{one.definition}"
    quality = Quality.OK
    if definitions > 1:
        note += f"　ほかに{definitions - 1}通りの決め方で数えた記録があり、合わせていません。"
        quality = Quality.CHANGED_DEFINITION
    known = one.value is not None and not is_hidden
    absence = Absence.SUPPRESSED if is_hidden else Absence.NOT_APPLICABLE
    return NewValue(
        version=version,
        area_id=area_id,
        period=period,
        value=rounded(Decimal(repr(one.value)), 6) if known else None,
        absence="" if known else absence.value,
        unit=one.unit,
        numerator=Decimal(one.numerator) if known else None,
        denominator=Decimal(one.denominator) if known else None,
        n=one.n if known else None,
        source=SOURCE,
        as_of=_counted_to(period) or period.last,
        quality=quality.value,
        note=note[:_LONGEST_NOTE],
        sharing=Sharing.SHARED.value,
    )
