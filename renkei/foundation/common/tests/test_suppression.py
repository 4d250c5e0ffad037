"""Which cells stay hidden, attacked by trying every table that fits what is shown."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.foundation.common.suppression import Sum, hidden_cells, is_small

COUNTS = st.one_of(st.just(0), st.integers(1, 4), st.integers(5, 12))


def row(*values: int) -> tuple[dict[str, int], list[Sum[str]]]:
    cells = {f"p{place}": value for place, value in enumerate(values)}
    parts = tuple(cells)
    return {**cells, "all": sum(values)}, [Sum("all", parts)]


def test_nobody_is_shown_and_few_are_not():
    assert [value for value in range(7) if is_small(value)] == [1, 2, 3, 4]


def test_a_small_cell_takes_the_next_smallest_with_it():
    assert hidden_cells(*row(3, 20, 9, 0)) == {"p0", "p2"}


def test_two_small_cells_that_add_up_to_a_small_number_take_a_third():
    assert hidden_cells(*row(1, 1, 30, 12)) == {"p0", "p1", "p3"}


def test_without_anybody_else_the_total_is_small_as_well():
    assert hidden_cells(*row(3, 0, 0)) == {"p0", "all"}


def test_nothing_is_hidden_where_nothing_is_small():
    assert hidden_cells(*row(5, 0, 12)) == frozenset()


def test_the_threshold_is_the_publications_own():
    assert hidden_cells(*row(7, 30, 12), threshold=10) == {"p0", "p2"}


def test_numerator_and_rest_hide_together_and_the_row_below_them_too():
    values = {
        ("a", "yes"): 2, ("a", "no"): 28, ("a", "n"): 30,
        ("b", "yes"): 10, ("b", "no"): 10, ("b", "n"): 20,
        ("c", "yes"): 30, ("c", "no"): 20, ("c", "n"): 50,
        ("all", "yes"): 42, ("all", "no"): 58, ("all", "n"): 100,
    }  # fmt: skip
    sums = [Sum((each, "n"), ((each, "yes"), (each, "no"))) for each in ("a", "b", "c", "all")]
    sums += [
        Sum(("all", kind), tuple((each, kind) for each in "abc")) for kind in ("yes", "no", "n")
    ]

    hidden = hidden_cells(values, sums)

    assert hidden == {("a", "yes"), ("a", "no"), ("b", "yes"), ("b", "no")}


def test_what_another_table_hides_stays_hidden_here():
    values, sums = row(20, 30, 40)

    assert hidden_cells(values, sums, also={"p1"}) == {"p0", "p1"}


@settings(deadline=None, max_examples=40)
@given(st.lists(COUNTS, min_size=2, max_size=4))
def test_no_row_gives_a_small_cell_away(values):
    cells, sums = row(*values)

    hidden = hidden_cells(cells, sums)

    assert_no_small_cell_is_known(cells, sums, hidden)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(COUNTS, min_size=2, max_size=2), min_size=2, max_size=2))
def test_no_table_with_two_margins_gives_a_small_cell_away(rows):
    cells: dict[tuple[str, str], int] = {}
    for place, (yes, no) in enumerate(rows):
        cells |= {(f"r{place}", "yes"): yes, (f"r{place}", "no"): no, (f"r{place}", "n"): yes + no}
    names = tuple(f"r{place}" for place in range(len(rows)))
    for kind in ("yes", "no", "n"):
        cells["all", kind] = sum(cells[name, kind] for name in names)
    sums = [Sum((name, "n"), ((name, "yes"), (name, "no"))) for name in (*names, "all")]
    sums += [
        Sum(("all", kind), tuple((name, kind) for name in names)) for kind in ("yes", "no", "n")
    ]

    hidden = hidden_cells(cells, sums)

    assert_no_small_cell_is_known(cells, sums, hidden)


def assert_no_small_cell_is_known(cells, sums, hidden):
    """Whoever tries every number finds at least two that fit for each small cell."""
    unknown = sorted(hidden, key=str)
    free = [key for key in unknown if not any(key == each.total for each in sums)]
    most = 14
    found: dict[object, set[int]] = {key: set() for key in hidden}
    for guess in product(range(1, most), repeat=len(free)):
        table = {key: value for key, value in cells.items() if key not in hidden}
        table |= dict(zip(free, guess, strict=True))
        if _fits(table, sums, cells):
            for key in hidden:
                found[key].add(table[key])
    for key in hidden:
        if 0 < cells[key] < 5:
            assert len(found[key]) > 1, (cells, hidden, key)


def _fits(table, sums, cells):
    pending = list(sums)
    while pending:
        ready = [each for each in pending if all(part in table for part in each.parts)]
        for each in ready:
            total = sum(table[part] for part in each.parts)
            if table.setdefault(each.total, total) != total:
                return False
            pending.remove(each)
    return all(table[key] >= 1 or cells[key] == 0 for key in table)
