"""The attacker: every published table is read and every hidden cell narrowed as far as it goes."""

from __future__ import annotations

import random

import pytest
from django.core.exceptions import ValidationError

from renkei.foundation.common.suppression import THRESHOLD, is_small
from renkei.programme.indicators.disclosure import Protected
from renkei.programme.indicators.models import Value
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.services import disclosure
from renkei.programme.indicators.tests import factories
from renkei.programme.indicators.tests.tables import (
    MONTHS,
    YEAR,
    Region,
    counts_of,
    knowledge,
    publish,
    read,
    summed,
)

pytestmark = pytest.mark.django_db
MONTHLY = MONTHS[:4]


def persons(**fields):
    return factories.make_version(counts_persons=True, unit="人", **fields)


def attack(region, version, periods):
    return knowledge(region, read(region, version), periods)


def nothing_small_is_shown(numbers, held):
    for (area, period), count in numbers.items():
        if is_small(count):
            assert (area, period.label) in held.hidden, (area, period.label, count)


@pytest.mark.parametrize("seed", range(6))
def test_t_i4_hidden_counts_keep_their_width_over_hierarchies_that_cut_across(seed):
    region, version = Region(), persons()
    years = [YEAR, fiscal(2023)]
    numbers = summed(region, counts_of(region, random.Random(seed), years), years)
    publish(version, numbers)

    held = attack(region, version, years)

    assert held.hidden
    nothing_small_is_shown(numbers, held)
    assert not held.narrowed(THRESHOLD)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_t_i4_hidden_months_are_not_what_the_year_leaves(seed):
    region, version = Region(towns=6), persons()
    months = counts_of(region, random.Random(seed), MONTHLY)
    numbers = summed(region, months, MONTHLY)
    publish(version, numbers)

    held = attack(region, version, MONTHLY)

    assert held.hidden
    nothing_small_is_shown(numbers, held)
    assert not held.narrowed(THRESHOLD)


def planted(region, rows):
    """Counts of the towns in their order, for each year from 2024 backwards."""
    return {
        (town.pk, fiscal(2024 - place)): count
        for place, row in enumerate(rows)
        for town, count in zip(region.towns, row, strict=True)
    }


@pytest.mark.parametrize(
    "row",
    [
        (3, 50, 60, 70, 80, 90, 40),  # one small town among large ones
        (1, 1, 1, 1, 1, 1, 1),  # nobody has room
        (2, 0, 0, 0, 0, 0, 90),  # zeros are shown and hide nothing
        (4, 5, 4, 5, 4, 5, 4),  # partners as narrow as the cell itself
        (1, 5, 80, 80, 80, 80, 80),
        (0, 0, 0, 2, 0, 0, 0),  # the whole prefecture is small
        (3, 7, 7, 3, 50, 50, 50),  # a small town in either medical area
    ],
)
def test_t_i4_hard_cases(row):
    region, version = Region(), persons()
    numbers = summed(region, planted(region, [row]), [YEAR])
    publish(version, numbers)

    held = attack(region, version, [YEAR])

    nothing_small_is_shown(numbers, held)
    assert not held.narrowed(THRESHOLD)


def test_t_i4_the_attacker_finds_what_hiding_small_cells_alone_leaves_open(monkeypatch):
    monkeypatch.setattr(disclosure, "protect", lambda _nodes, hidden, **_: Protected(set(hidden)))
    region, version = Region(), persons()
    numbers = summed(region, planted(region, [(3, 50, 60, 70, 80, 90, 40)]), [YEAR])
    publish(version, numbers)

    found = attack(region, version, [YEAR]).narrowed(THRESHOLD)

    assert {key: low for key, (low, high) in found.items() if low == high} == {
        (region.towns[0].pk, YEAR.label): 3
    }


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_t_i4_a_rate_does_not_give_its_numerator_away(seed):
    """Home deaths as a count and as a share of all deaths: two tables of the same persons."""
    region, chance = Region(), random.Random(seed)
    count = persons(numerator="架空の場所で亡くなった人")
    share = persons(
        numerator="架空の場所で亡くなった人",
        denominator="架空の亡くなった人",
        factor=100,
        decimals=1,
    )
    tops = counts_of(region, chance, [YEAR])
    wholes = {place: top + chance.choice((0, 2, 9, 40, 80)) for place, top in tops.items()}
    numbers, of = summed(region, tops, [YEAR]), summed(region, wholes, [YEAR])
    publish(count, numbers)
    publish(share, numbers, of)

    counted, rates = read(region, count), read(region, share)

    for (area, period), value in rates.items():
        whole = of[area, YEAR]
        if value is None or not whole:
            continue
        top = round(float(value) * whole / 100)
        assert not is_small(top)
        assert not is_small(whole - top)
        # Whoever knows all deaths has the count from the rate.
        assert counted[area, period] is not None
    hidden = knowledge(region, counted, [YEAR])
    nothing_small_is_shown(numbers, hidden)
    assert not hidden.narrowed(THRESHOLD)


def test_t_i4_a_rate_per_population_gives_no_small_count():
    region = Region(towns=3)
    people = factories.make_version("R-POP", unit="人", period_kind="year")
    version = persons(denominator="総人口", factor=100_000, decimals=1)
    town = region.towns[0]
    factories.make_value(people, town, fiscal(2024), value=3000)
    row = factories.make_value(version, town, YEAR, value="66.7", sharing="shared")
    disclosure.settle([version])

    row.refresh_from_db()
    assert row.is_hidden


def test_t_i4_what_was_shown_before_a_revision_is_no_cover_after_it():
    """Every table of both days: who hides behind a number of yesterday is found with its file."""
    region, version = Region(), persons()
    before = planted(region, [(8, 20, 30, 25, 60, 40, 30)])
    publish(version, summed(region, before, [YEAR]))
    first = read(region, version)
    assert None not in first.values()
    after = before | {(region.towns[0].pk, YEAR): 4}
    publish(version, summed(region, after, [YEAR]))
    second = read(region, version)

    held = knowledge(region, second, [YEAR])
    changed = {key for key, value in summed(region, after, [YEAR]).items()
               if value != summed(region, before, [YEAR])[key]}  # fmt: skip
    for (area, label), value in first.items():
        # A reader takes what is not known to have changed to be as it was.
        if (area, label) in held.hidden and (area, YEAR) not in changed:
            del held.hidden[area, label]
            held.seen[area, label] = float(value or 0)

    assert (region.towns[0].pk, YEAR.label) in held.hidden
    assert not held.narrowed(THRESHOLD)


def test_t_i4_what_was_hidden_stays_hidden_when_its_neighbours_change():
    region, version = Region(), persons()
    before = planted(region, [(3, 20, 30, 25, 60, 40, 30)])
    publish(version, summed(region, before, [YEAR]))
    hidden = {key for key, value in read(region, version).items() if value is None}
    after = before | {(region.towns[1].pk, YEAR): 70, (region.towns[2].pk, YEAR): 6}
    publish(version, summed(region, after, [YEAR]))

    held = attack(region, version, [YEAR])

    assert hidden <= held.hidden.keys()
    assert not held.narrowed(THRESHOLD)


def test_t_i4_opening_a_total_is_refused_where_it_gives_a_hidden_town_away():
    region, version = Region(), persons(numerator="架空の利用者")
    numbers = summed(region, planted(region, [(3, 50, 60, 70, 80, 90, 40)]), [YEAR])
    publish(version, {key: value for key, value in numbers.items() if key[0] != region.towns[0].pk},
            sharing="open")  # fmt: skip
    publish(version, {(region.towns[0].pk, YEAR): 3})
    # Its source published everything else: nothing of ours can hide the town.
    fresh = persons(numerator="架空の訪問")
    towns = {key: value for key, value in numbers.items() if key[0] in {t.pk for t in region.towns}}
    publish(fresh, towns)
    partner = Value.objects.filter(version=fresh, is_hidden=True).count()

    with pytest.raises(ValidationError) as refused:
        publish(fresh, {key: value for key, value in numbers.items() if key not in towns}
                | {(town.pk, YEAR): towns[town.pk, YEAR] for town in region.towns[1:]},
                sharing="open")  # fmt: skip

    assert partner
    assert f"「{fresh.name}」の令和6年度の表は" in str(refused.value)
    assert "「公表された数」にはできません" in str(refused.value)


def test_t_i4_a_municipality_cannot_open_its_own_small_numbers():
    region = Region(towns=3)
    version = persons()
    version.indicator.owner = region.towns[0]
    version.indicator.save()

    with pytest.raises(ValidationError, match="1～4人の値が1件"):
        publish(version, {(region.towns[0].pk, YEAR): 3}, sharing="open")


def test_t_i4_blocks_a_release_that_leaks(client):
    """A table somebody changed behind the product's back does not leave the house."""
    region, version = Region(), persons()
    publish(version, summed(region, planted(region, [(3, 50, 60, 70, 80, 90, 40)]), [YEAR]))
    assert disclosure.release_problem(version) == ""
    assert None in read(region, version).values()
    Value.objects.filter(version=version).exclude(area=region.towns[0]).update(is_hidden=False)

    problem = disclosure.release_problem(version)

    assert f"「{version.name}」の令和6年度の表は" in problem
    assert "書き出せません" in problem
    with pytest.raises(AssertionError, match="書き出せません"):
        read(region, version)
