"""T-I3: beside the others, with how sure a number is; chance names nobody the worst."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import AreaLevel, AreaNeighbour
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.intervals import (
    LOWER,
    UNKNOWN,
    UPPER,
    WITHIN,
    interval_of,
    limits_at,
    standing,
)
from renkei.programme.indicators.models import Indicator
from renkei.programme.indicators.periods import calendar_year, fiscal
from renkei.programme.indicators.queries.beside import (
    NEIGHBOURS,
    SECONDARY,
    SIMILAR,
    members_of,
)
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.tests import factories


def test_t_i3_known_intervals_come_out():
    # Wilson: 10 of 100; Byar: 10 events, exact Poisson limits 4.80 and 18.39.
    share = interval_of(10, 100, 100)
    rate = interval_of(10, 100_000, 100_000)

    assert (round(share.low, 1), round(share.high, 1)) == (5.5, 17.4)
    assert (round(rate.low, 1), round(rate.high, 1)) == (4.8, 18.4)
    assert interval_of(0, 3000, 100_000).low == 0
    assert interval_of(1, 0, 100).high == float("inf")
    assert standing(1, 0, 5, 100) == UNKNOWN


@given(st.integers(0, 400), st.integers(1, 5000), st.sampled_from([100, 10_000, 100_000]))
def test_t_i3_an_interval_holds_its_own_rate(count, base, factor):
    if factor == 100:
        count = min(count, base)
    found = interval_of(count, base, factor)

    assert found.low <= count / base * factor <= found.high


def test_t_i3_a_town_of_3000_is_not_the_worst_by_chance():
    # 2 of 3,000 against 100 per 100,000 in the whole: twice nothing.
    assert standing(2, 3_000, 100, 100_000) == WITHIN
    assert standing(0, 3_000, 100, 100_000) == WITHIN
    # The same rates in a city of 300,000 are no chance.
    assert standing(450, 300_000, 100, 100_000) == UPPER
    assert standing(150, 300_000, 100, 100_000) == LOWER
    wide, narrow = limits_at(100, 3_000, 100_000), limits_at(100, 300_000, 100_000)
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)


@pytest.fixture
def towns():
    load_catalogue(actor=SYSTEM)
    version = Indicator.objects.get(code="A-P1").latest
    sizes = (
        ("小村", 3_000, 2),
        ("甲町", 60_000, 300),
        ("乙市", 90_000, 460),
        ("丙市", 200_000, 400),
    )
    found = []
    for name, people, count in sizes:
        town = areas.make_area(name=name)
        value = Decimal(count * 100_000) / people
        factories.make_value(
            version, town, fiscal(2023), value=round(value, 1), numerator=Decimal(count),
            denominator=Decimal(people),
        )  # fmt: skip
        found.append(town)
    return found


@pytest.mark.django_db
def test_t_i3_the_page_ranks_nobody_and_shows_every_interval(towns):
    user = factories.membership(Role.MUNICIPAL_STAFF, towns[0]).user
    url = reverse("indicators:indicator_beside", args=["A-P1"])

    page = accounts.sign_in(Client(), user).get(url).content.decode()

    assert "高いとも低いともいえません。" in page
    assert "順位ではありません" in page
    assert page.count("～") >= 4
    assert "polyline" in page
    for word in ("最下位", "ワースト", "最低", "1位"):
        assert word not in page
    # In a group of one there is nothing to draw.
    alone = accounts.sign_in(Client(), user).get(url, {"group": NEIGHBOURS}).content.decode()
    assert "polyline" not in alone


@pytest.mark.django_db
def test_groups_are_neighbours_the_medical_area_and_towns_of_a_like_size(towns):
    small, first, second, big = towns
    viewer = factories.viewer(Role.MUNICIPAL_STAFF, first)
    medical = areas.make_area(level=AreaLevel.SECONDARY_MEDICAL, name="架空圏")
    for town in (first, second):
        areas.make_edge(child=town, parent=medical)
    AreaNeighbour.objects.create(area=first, neighbour=big)
    for town, people, old in ((small, 3000, 45), (first, 60_000, 30), (second, 90_000, 31)):
        for code, value in (("R-POP", people), ("R-65-R", old)):
            version = Indicator.objects.get(code=code).latest
            factories.make_value(version, town, calendar_year(2024), value=value)

    assert members_of(viewer, first, NEIGHBOURS) == [first, big]
    assert members_of(viewer, first, SECONDARY) == [first, second]
    assert members_of(viewer, first, SIMILAR) == [small, first, second]
    assert members_of(viewer, big, SIMILAR) == [big]
