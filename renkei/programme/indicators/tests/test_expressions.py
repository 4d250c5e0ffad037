"""T-I1c: calculating with numbers and with what is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.accounts.models import Role
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.cells import Cell, Part, total, whole_of, year_to_date
from renkei.programme.indicators.expressions import parse
from renkei.programme.indicators.models import Absence, Aggregation, Indicator
from renkei.programme.indicators.periods import calendar_year, fiscal, months_of
from renkei.programme.indicators.queries.values import reading, readings
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.shipped import CATALOGUE
from renkei.programme.indicators.tests import factories

NUMBERS = st.integers(0, 10_000).map(Decimal)
HIDDEN = Cell.without(Absence.SUPPRESSED)
MISSING = Cell.without(Absence.NOT_RECORDED)
CELLS = st.one_of(NUMBERS.map(Cell), st.just(HIDDEN), st.just(MISSING))


def worked(text: str, **cells: Cell) -> Cell:
    known = {name.replace("_", "-"): cell for name, cell in cells.items()}
    return parse(text).value(lambda code, _before: known[code])


def test_expressions_follow_the_usual_order_and_know_codes_with_hyphens():
    one, two = Cell(Decimal(30)), Cell(Decimal(4))

    assert worked("A-1 + B-2 * 2", A_1=one, B_2=two) == Cell(Decimal(38))
    assert worked("(A-1 - B-2) / 2", A_1=one, B_2=two) == Cell(Decimal(13))
    assert worked("percent(B-2, A-1)", A_1=Cell(Decimal(16)), B_2=two) == Cell(Decimal(25))
    assert worked("per(B-2, A-1, 10000)", A_1=Cell(Decimal(16)), B_2=two) == Cell(Decimal(2500))
    assert parse("R-65-R + R-POP@-1").codes == {"R-65-R", "R-POP"}
    shifted = parse("X-1@-1").value(lambda _code, before: Cell(Decimal(before)))
    assert shifted == Cell(Decimal(1))


def test_missing_hidden_and_zero_stay_apart_in_every_calculation():
    zero = Cell(Decimal(0))

    assert worked("A-1 + B-1", A_1=zero, B_1=MISSING) == MISSING
    assert worked("A-1 * B-1", A_1=zero, B_1=HIDDEN) == HIDDEN
    assert worked("A-1 + B-1", A_1=MISSING, B_1=HIDDEN) == HIDDEN
    assert worked("A-1 / B-1", A_1=zero, B_1=zero) == Cell.without(Absence.NOT_APPLICABLE)
    assert worked("A-1 + B-1", A_1=zero, B_1=zero) == zero


@pytest.mark.parametrize(
    "text", ["", "A-1 +", "__import__('os')", "A-1; B-2", "x" * 400, "A-1 B-2"]
)
def test_what_is_no_expression_is_refused_in_words(text):
    with pytest.raises(ValidationError, match="ください"):
        parse(text)


def test_every_shipped_expression_names_shipped_indicators():
    codes = {definition.code for definition in CATALOGUE}

    for definition in CATALOGUE:
        if definition.expression:
            assert parse(definition.expression).codes <= codes


@given(st.lists(NUMBERS, min_size=12, max_size=12), st.integers(2000, 2050))
def test_t_i1c_the_running_total_of_march_is_the_year(numbers, year):
    months = dict(zip(months_of(fiscal(year)), map(Cell, numbers), strict=True))
    *_, march = months

    assert year_to_date(months, march) == Cell(sum(numbers, Decimal(0)))
    april = months_of(fiscal(year))[0]
    assert year_to_date(months, april) == months[april]


@given(st.lists(CELLS, min_size=1, max_size=8))
def test_t_i1c_a_whole_is_the_sum_of_its_parts_only_where_numbers_add_up(cells):
    parts = [Part(cell) for cell in cells]
    added = whole_of(parts, Aggregation.SUM)

    if all(cell.value is not None for cell in cells):
        assert added == Cell(sum((cell.value for cell in cells), Decimal(0)))
    else:
        assert added == (HIDDEN if HIDDEN in cells else MISSING)
    assert whole_of(parts, Aggregation.NONE).value is None
    assert whole_of(parts, Aggregation.RATIO).value is None


@given(st.lists(st.tuples(NUMBERS, st.integers(1, 1000).map(Decimal)), min_size=1, max_size=6))
def test_t_i1c_a_rate_of_a_whole_comes_from_numerators_and_denominators(pairs):
    parts = [Part(Cell(top / bottom), top, bottom) for top, bottom in pairs]

    found = whole_of(parts, Aggregation.RATIO, factor=1)

    tops, bottoms = (sum(column, Decimal(0)) for column in zip(*pairs, strict=True))
    assert found == Cell(tops / bottoms)


def test_a_hidden_part_hides_the_rate_of_the_whole():
    parts = [Part(HIDDEN, Decimal(3), Decimal(40)), Part(Cell(Decimal(1)), Decimal(1), Decimal(1))]

    assert whole_of(parts, Aggregation.RATIO) == HIDDEN
    assert total([]) == MISSING


@pytest.mark.django_db
def test_an_indicator_is_worked_out_of_others_where_no_source_gives_it():
    load_catalogue(actor=SYSTEM)
    town, other = areas.make_area(), areas.make_area()
    for place, people, old in ((town, 2000, 700), (other, 1000, None)):
        by = {code: Indicator.objects.get(code=code).latest for code in ("R-POP", "R-65")}
        factories.make_value(by["R-POP"], place, calendar_year(2024), value=people)
        if old is None:
            factories.make_value(by["R-65"], place, calendar_year(2024), absence="suppressed")
        else:
            factories.make_value(by["R-65"], place, calendar_year(2024), value=old)
    viewer = factories.viewer(Role.PREFECTURE)
    share = Indicator.objects.get(code="R-65-R")

    found = readings(viewer, share.latest, [town, other])

    assert found[town.pk, calendar_year(2024)].text == "35.0 %"
    assert found[other.pk, calendar_year(2024)].text == "非公開"
    assert reading(viewer, share, town, calendar_year(2024)).text == "35.0 %"
    assert reading(viewer, share, town, calendar_year(2023)).text == "記録なし"
