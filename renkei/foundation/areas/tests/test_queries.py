from __future__ import annotations

from datetime import date

import pytest

from renkei.foundation.areas.models import AreaChange, AreaLevel, ChangeKind, Town
from renkei.foundation.areas.queries import (
    RecutRow,
    ancestors_on,
    areas_on,
    children_on,
    descendants_on,
    municipality_by_code,
    municipality_index,
    parents_on,
    recut,
    town_index,
    units_on,
)
from renkei.foundation.areas.tests.factories import (
    between,
    make_area,
    make_edge,
    make_hierarchy,
)

pytestmark = pytest.mark.django_db
MERGER = date(2024, 4, 1)
LAST_YEAR, THIS_YEAR = date(2024, 3, 31), date(2025, 3, 31)


def change(old, new, on=MERGER, kind=ChangeKind.NEW_BY_MERGER):
    return AreaChange.objects.create(old=old, new=new, changed_on=on, kind=kind)


@pytest.fixture
def merger():
    """上町 and 下町 become 新町市 on 4/1; 大市 absorbs 小村 on the same day."""
    upper, lower = (make_area(name=name, period=between(None, MERGER)) for name in ("上町", "下町"))
    new = make_area(name="新町市", period=between(MERGER, None))
    big = make_area(name="大市")
    small = make_area(name="小村", period=between(None, MERGER))
    change(upper, new)
    change(lower, new)
    change(small, big, kind=ChangeKind.ABSORPTION)
    return upper, lower, new, big, small


def test_areas_and_codes_hold_on_their_days_only():
    old = make_area(code="992011", period=between(None, MERGER))
    new = make_area(code="992011", period=between(MERGER, None))

    assert municipality_by_code("99201", LAST_YEAR) == old
    assert municipality_by_code("992011", MERGER) == new
    assert municipality_by_code("x", MERGER) is None
    assert list(areas_on(LAST_YEAR)) == [old]


def test_t_r2_merger_leaves_last_year_under_old_units_and_recuts_both_ways(merger):
    upper, lower, new, big, small = merger
    last_year = {upper.pk: 10, lower.pk: 20, big.pk: 100, small.pk: 1}
    this_year = {new.pk: 33, big.pk: 102}

    as_then = recut(last_year, on=LAST_YEAR, day=LAST_YEAR)
    as_now = recut(last_year, on=LAST_YEAR, day=THIS_YEAR)
    this_as_before = recut(this_year, on=THIS_YEAR, day=LAST_YEAR)

    assert as_then == [RecutRow((pk,), value) for pk, value in sorted(last_year.items())]
    assert as_now == [RecutRow((new.pk,), 30), RecutRow((big.pk,), 101)]
    assert this_as_before == [
        RecutRow((upper.pk, lower.pk), 33),
        RecutRow((big.pk, small.pk), 102),
    ]


def test_t_r2_report_as_then_is_the_same_after_the_merger_is_known(merger):
    upper, lower, *_ = merger
    values = {upper.pk: 10, lower.pk: 20}
    before = repr(recut(values, on=LAST_YEAR, day=LAST_YEAR))

    change(upper, make_area(), on=date(2026, 1, 1))

    assert repr(recut(values, on=LAST_YEAR, day=LAST_YEAR)) == before


def test_t_r2_wards_divided_among_new_ones_are_shown_together():
    # Like 浜松市 on 2024-01-01: one ward went partly here, partly there.
    day = date(2024, 1, 1)
    west, north, far = (make_area(period=between(None, day)) for _ in range(3))
    centre, outer, far_again = (make_area(period=between(day, None)) for _ in range(3))
    for old, new in ((west, centre), (north, centre), (north, outer), (far, far_again)):
        change(old, new, on=day, kind=ChangeKind.WARDS_REORGANISED)
    before = date(2023, 12, 31)

    rows = recut({west.pk: 1, north.pk: 2, far.pk: 4}, on=before, day=THIS_YEAR)

    assert rows == [RecutRow((centre.pk, outer.pk), 3), RecutRow((far_again.pk,), 4)]
    assert units_on([north.pk], on=before, day=THIS_YEAR) == {north.pk: [centre.pk, outer.pk]}


def test_value_of_an_unknown_unit_stays():
    area = make_area(period=between(None, MERGER))

    assert recut({area.pk: 5}, on=LAST_YEAR, day=THIS_YEAR) == [RecutRow((area.pk,), 5)]


@pytest.fixture
def tree():
    """二次圏 → 在宅圏 → 市 in 医療, 県 → 市 → 区 in 行政."""
    administrative = make_hierarchy(code="administrative", name="行政")
    medical = make_hierarchy(code="medical", name="医療")
    second, home, city, ward, prefecture = (make_area() for _ in range(5))
    make_edge(hierarchy=medical, parent=second, child=home, period=between(MERGER, None))
    make_edge(hierarchy=medical, parent=home, child=city)
    make_edge(hierarchy=administrative, parent=prefecture, child=city)
    make_edge(hierarchy=administrative, parent=city, child=ward)
    return second, home, city, ward, prefecture


def test_descendants_of_a_medical_area_reach_the_wards_in_one_query(
    tree, django_assert_num_queries
):
    second, home, city, ward, prefecture = tree

    with django_assert_num_queries(1):
        found = set(descendants_on(second, THIS_YEAR, hierarchy="medical"))

    assert found == {second, home, city, ward}
    assert set(descendants_on(second, LAST_YEAR, hierarchy="medical")) == {second}
    assert set(descendants_on([prefecture.pk], THIS_YEAR)) == {prefecture, city, ward}


def test_ancestors_are_those_of_every_hierarchy(tree):
    second, home, city, ward, prefecture = tree

    found = [(a.hierarchy.code, a.area, a.depth) for a in ancestors_on(city, THIS_YEAR)]

    assert found == [
        ("medical", home, 1),
        ("administrative", prefecture, 1),
        ("medical", second, 2),
    ]
    assert [e.parent for e in parents_on(city, THIS_YEAR)] == [prefecture, home]
    assert [e.child for e in children_on(city, THIS_YEAR)] == [ward]


def _found(index, address):
    municipality = index.find(address)
    return municipality and municipality.id


def test_index_of_a_day_knows_former_names():
    new = make_area(name="新町市", code="992020", period=between(MERGER, None))
    old = make_area(name="上町", code="993018", period=between(None, MERGER))
    change(old, new)
    city = make_area(name="大架空市", code="991007")
    wards = [
        make_area(
            name=f"大架空市{name}区", level=AreaLevel.WARD, code=code, period=between(MERGER, None)
        )
        for name, code in (("東", "991015"), ("西", "991023"))
    ]
    split = make_area(name="大架空市北区", code="991031", period=between(None, MERGER))
    for ward in wards:
        change(split, ward, kind=ChangeKind.WARDS_REORGANISED)
    make_area(name="孤立町", code="993026", period=between(None, MERGER))

    index = municipality_index(THIS_YEAR)

    assert _found(index, "架空県上町1") == new.pk
    assert _found(index, "架空県大架空市北区1") == city.pk
    assert _found(index, "架空県大架空市東区1") == wards[0].pk
    assert _found(index, "架空県孤立町1") is None
    assert _found(municipality_index(LAST_YEAR), "架空県上町1") == old.pk


def test_town_index_reads_the_table_of_the_prefecture(django_assert_num_queries):
    make_area(name="架空市", code="992011")
    Town.objects.create(
        prefecture="架空県", municipality="架空市", name="本町", latitude=35, longitude=139
    )
    index = town_index(municipality_index(THIS_YEAR))

    with django_assert_num_queries(1):
        found = [index.locate(f"架空県架空市本町{number}") for number in range(3)]

    assert {place and (place.latitude, place.longitude) for place in found} == {(35, 139)}
    assert str(Town.objects.get()) == "架空県架空市本町"
