"""What rooms count of an area becomes values: suppressed, with the definition they counted by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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
from renkei.foundation.common.suppression import Sum, hidden_cells
from renkei.programme.indicators.models import Absence, IndicatorVersion, Quality, Sharing
from renkei.programme.indicators.numerals import rounded
from renkei.programme.indicators.periods import Period, fiscal
from renkei.programme.indicators.services.values import NewValue, Outcome, put

SOURCE: Final = "この仕組みの記録"
_LONGEST_NOTE: Final = 500
PARTS: Final = 4
# Levels between a municipality and its prefecture that councils look at.
_ABOVE: Final = (AreaLevel.HOME_CARE, AreaLevel.SECONDARY_MEDICAL)
# (area, period, part): part 0 is the denominator, 1 the numerator, 2 the rest, 3 whom it tells of.
_CellKey = tuple[int, str, int]
_Place = tuple[int, Period]


@dataclass(frozen=True)
class _Tree:
    """The areas counted, and which are whole sums of which."""

    areas: Sequence[Area]
    # Parent to the municipalities counted in it, where these are all it has.
    sums: Mapping[int, Collection[int]]


@transaction.atomic
def count_values(*, actor: Actor, periods: Sequence[Period] = ()) -> Outcome:
    """Ask every registered counter for the areas that work here; this 年度 and the last.

    Small numbers of persons, and what would give them away over areas, never become a value.
    """
    chosen = list(periods) or _this_year_and_last()
    tree = _areas_at_work()
    total = Outcome()
    for counter in counters():
        version = _version_of(counter)
        if version is None:
            continue
        counted = {
            (area.pk, period): counter.count(area, period.first, min(period.last, clock.today()))
            for area in tree.areas
            for period in chosen
        }
        outcome = put(_rows(version, counted, tree))
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


def _this_year_and_last() -> list[Period]:
    year = fiscal_year(clock.today()).year
    return [fiscal(year - 1), fiscal(year)]


def _areas_at_work() -> _Tree:
    """Municipalities of the organisations here, and the areas above that they make up."""
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
    sums = {}
    for area in above.values():
        members = descendants_on(area, today).filter(
            level=AreaLevel.MUNICIPALITY, period__contains=today
        )
        sums[area.pk] = list(members.order_by("code").values_list("pk", flat=True))
    whole = {pk: members for pk, members in sums.items() if set(members) <= towns.keys()}
    return _Tree([*towns.values(), *above.values()], whole)


def _version_of(counter: Counter) -> IndicatorVersion | None:
    return (
        IndicatorVersion.objects.filter(counter=counter.code)
        .select_related("indicator")
        .order_by("-number")
        .first()
    )


def _rows(
    version: IndicatorVersion, counted: Mapping[_Place, tuple[Counted, ...]], tree: _Tree
) -> list[NewValue]:
    # Of several definitions the one of most cases; the others are told, never added up.
    first = {place: found[0] for place, found in counted.items() if found}
    hidden = _hidden(first, tree) if version.counts_persons else frozenset()
    return [
        _row(version, place, one, len(counted[place]), is_hidden=place in hidden)
        for place, one in first.items()
    ]


def _hidden(counted: Mapping[_Place, Counted], tree: _Tree) -> frozenset[_Place]:
    """The places whose number is small, or gives a small one away by addition."""
    values: dict[_CellKey, int] = {}
    sums: list[Sum[_CellKey]] = []
    for (area_id, period), one in counted.items():
        whole, top, rest, told = ((area_id, period.key, part) for part in range(PARTS))
        left = max(one.denominator - one.numerator, 0)
        values |= {whole: one.denominator, top: one.numerator, rest: left, told: one.n}
        sums.append(Sum(whole, (top, rest)))
    for parent, members in tree.sums.items():
        for area_id, period in counted:
            if area_id != parent or not all((pk, period) in counted for pk in members):
                continue
            for part in range(PARTS):
                parts = tuple((pk, period.key, part) for pk in members)
                same = values[parent, period.key, part] == sum(values[key] for key in parts)
                # Rows of another definition do not add up; nobody can subtract them either.
                if same:
                    sums.append(Sum((parent, period.key, part), parts))
    cells = hidden_cells(values, sums)
    return frozenset(
        place
        for place in counted
        if any((place[0], place[1].key, part) in cells for part in range(PARTS))
    )


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
        as_of=min(period.last, clock.today()),
        quality=quality.value,
        note=note[:_LONGEST_NOTE],
        sharing=Sharing.SHARED.value,
    )
