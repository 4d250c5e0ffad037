"""What readers of the counted values have seen so far: they subtract it from what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from renkei.foundation.common.suppression import is_small
from renkei.programme.indicators.disclosure import Node
from renkei.programme.indicators.models import Absence, IndicatorVersion, Value
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.services.disclosure import Reach

Place = tuple[int, Period]
# (counted, of how many)
Pair = tuple[int, int]


def parts_of(version: int, counted: int, of: int) -> dict[str, int | None]:
    """Those counted and those not, by the name of the quantity."""
    return {f"of:{version}": counted, f"rest:{version}": max(of - counted, 0)}


class ShownCounts:
    """The stored values of some definitions, asked once."""

    def __init__(self, versions: Sequence[IndicatorVersion]) -> None:
        rows = Value.objects.filter(
            version__in=[one.pk for one in versions if one.counts_persons]
        ).order_by("pk")
        self._rows = {(row.version_id, row.area_id, _period(row)): row for row in rows}
        self.areas = {row.area_id for row in self._rows.values()}
        self._hidden = {
            (row.area_id, _period(row))
            for row in self._rows.values()
            if row.absence == Absence.SUPPRESSED
        }

    def is_hidden(self, place: Place) -> bool:
        """Once hidden, always: what hid it may still be found in an older file."""
        return place in self._hidden

    def _pair(self, version: IndicatorVersion, place: Place) -> Pair | None:
        row = self._rows.get((version.pk, *place))
        if row is None or row.numerator is None or row.denominator is None:
            return None
        return int(row.numerator), int(row.denominator)

    def is_known(self, version: IndicatorVersion, place: Place, pair: Pair) -> bool:
        """Readers have this very number."""
        return self._pair(version, place) == pair

    def is_too_near(self, version: IndicatorVersion, place: Place, pair: Pair) -> bool:
        """So little has been added since it was shown that the addition itself tells of persons.

        The number shown stays, with its day, until more has come together.
        """
        before = self._pair(version, place)
        if before is None or place in self._hidden:
            return False
        top, of = pair[0] - before[0], pair[1] - before[1]
        steps = (top, of, of - top)
        return any(is_small(abs(step)) for step in steps)

    def earlier(self, reach: Reach) -> list[Node]:
        """What was shown, up to its day, as places of the table a reader holds already."""
        found = []
        for (version, area, period), row in self._rows.items():
            if row.numerator is None or row.denominator is None:
                continue
            parts = parts_of(version, int(row.numerator), int(row.denominator))
            last = min(period.last, row.as_of)
            areas = reach.of(area, period.last)
            found.append(Node(areas, period.first, last, parts, frozenset(parts)))
        return found


def _period(row: Value) -> Period:
    return Period(row.period_kind, row.period)
