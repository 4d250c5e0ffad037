"""What a reader of the counted values can work out of the hidden ones, over areas."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.areas.counters import Counted
from renkei.foundation.common.suppression import THRESHOLD, is_small
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.services import counting

YEAR = fiscal(2025)
PARENT = 99
TOWNS = st.lists(
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=6,
)


def counted_as(towns: list[tuple[int, int]]):
    rows = dict(enumerate(towns, start=1))
    rows[PARENT] = (sum(top for top, _ in towns), sum(n for _, n in towns))
    return {
        (area, YEAR): Counted(top, n, n, None if not n else 100 * top / n, "%", "架空の決め方")
        for area, (top, n) in rows.items()
    }


@given(TOWNS)
def test_a_reader_who_subtracts_what_is_shown_learns_no_small_number(towns):
    counted = counted_as(towns)
    tree = counting._Tree([], {PARENT: range(1, len(towns) + 1)})

    hidden = {area for area, _period in counting._hidden(counted, tree)}

    small = {
        area
        for (area, _period), one in counted.items()
        if any(map(is_small, (one.numerator, one.n - one.numerator, one.n)))
    }
    assert small <= hidden
    if PARENT in hidden or not hidden:
        return
    # The reader knows the sums of what is hidden, and that nobody is less than none.
    rest = [counted[area, YEAR] for area in hidden]
    if all(not one.n for one in rest):
        return
    assert len(rest) > 1
    for part in (
        lambda one: one.numerator,
        lambda one: one.n - one.numerator,
        lambda one: one.n,
    ):
        left = sum(part(one) for one in rest)
        if any(is_small(part(one)) for one in rest):
            assert left >= THRESHOLD
