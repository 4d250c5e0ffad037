"""Counters of other rooms as values: no person, small numbers hidden, nothing added up twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from renkei.foundation.accounts.models import Role
from renkei.foundation.areas import counters
from renkei.foundation.areas.counters import Counted, Counter
from renkei.foundation.areas.models import AreaLevel, Population
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.models import Indicator, Value
from renkei.programme.indicators.periods import calendar_year, fiscal
from renkei.programme.indicators.queries.values import reading
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.services.counting import count_values
from renkei.programme.indicators.services.populations import count_populations
from renkei.programme.indicators.tests import factories

pytestmark = pytest.mark.django_db
YEAR = fiscal(2025)


@pytest.fixture(autouse=True)
def in_november(time_machine):
    time_machine.move_to(date(2026, 11, 20), tick=False)


@pytest.fixture
def region(monkeypatch):
    """A home-care area of three towns, in which an office works; only our counter counts."""
    monkeypatch.setattr(counters, "_COUNTERS", {})
    home = areas.make_area(level=AreaLevel.HOME_CARE, key="架空圏", name="架空圏")
    towns = [areas.make_area(name=name) for name in ("甲町", "乙町", "丙町")]
    for town in towns:
        areas.make_edge(child=town, parent=home)
    for town in towns:
        factories.membership(Role.MUNICIPAL_STAFF, town)
    return home, towns


def count_as(code: str, table: dict[str, tuple[Counted, ...]]) -> None:
    counters.register(Counter(code, "架空の数", lambda area, _first, _last: table[area.name]))


def share(top: int, n: int, definition: str = "もれ＝連絡のない退院") -> Counted:
    return Counted(top, n, n, None if not n else top / n * 100, "%", definition)


def test_counters_become_values_and_small_ones_stay_hidden(region):
    home, (first, second, third) = region
    version = factories.make_version(counter="t.leak", counts_persons=True, unit="%", decimals=1)
    count_as(
        "t.leak",
        {
            "甲町": (share(3, 40),),
            "乙町": (share(20, 80),),
            "丙町": (share(30, 90),),
            "架空圏": (share(53, 210),),
        },
    )

    outcome = count_values(actor=SYSTEM, periods=[YEAR])

    assert len(outcome.added) == 4
    viewer = factories.viewer(Role.MUNICIPAL_STAFF, first)
    texts = {
        area.name: reading(viewer, version.indicator, area, YEAR).text
        for area in (home, first, second, third)
    }
    # 丙 and the whole are not enough to find 甲: 乙 is hidden beside it.
    assert texts["甲町"] == "非公開"
    assert [texts["乙町"], texts["丙町"], texts["架空圏"]].count("非公開") >= 1
    stored = Value.objects.get(area=first)
    assert (stored.value, stored.numerator, stored.denominator, stored.n) == (None,) * 4
    assert not count_values(actor=SYSTEM, periods=[YEAR]).added


def test_nothing_to_count_is_said_and_two_definitions_are_not_mixed(region):
    _home, towns = region
    version = factories.make_version(counter="t.days", unit="日", decimals=1)
    both = (share(20, 80, "新しい決め方"), share(1, 9, "前の決め方"))
    count_as("t.days", {"甲町": both, "乙町": (share(0, 0),), "丙町": (), "架空圏": ()})

    count_values(actor=SYSTEM, periods=[YEAR])

    viewer = factories.viewer(Role.PREFECTURE)
    found = [reading(viewer, version.indicator, town, YEAR) for town in towns]
    assert [one.text for one in found] == ["25.0 %", "対象なし", "記録なし"]
    assert found[0].flag == "定義の変更あり"
    assert "合わせていません" in found[0].note


def test_a_counter_without_an_indicator_is_left_alone(region):
    count_as("t.unknown", {})

    assert not count_values(actor=SYSTEM).added


def test_what_an_area_counts_is_shared_with_the_prefecture_not_with_councils(region):
    _home, (first, second, _third) = region
    version = factories.make_version(counter="t.x", unit="%", decimals=1)
    count_as("t.x", {name: (share(20, 80),) for name in ("甲町", "乙町", "丙町", "架空圏")})
    count_values(actor=SYSTEM, periods=[YEAR])

    def seen(role: Role, home: object = None) -> str:
        viewer = factories.viewer(role, home)  # type: ignore[arg-type]
        return reading(viewer, version.indicator, first, YEAR).text

    assert seen(Role.MUNICIPAL_STAFF, second) == "25.0 %"
    assert seen(Role.PREFECTURE) == "25.0 %"
    assert seen(Role.COUNCIL_MEMBER, first) == "25.0 %"
    assert seen(Role.COUNCIL_MEMBER, second) == "記録なし"


def test_registered_populations_become_values_with_their_day():
    load_catalogue(actor=SYSTEM)
    town = areas.make_area()
    for sex, age, count in (
        ("both", None, 1000),
        ("male", 0, 300),
        ("female", 0, 300),
        ("male", 65, 100),
        ("female", 75, 300),
    ):
        Population.objects.create(
            area=town, as_of=date(2025, 1, 1), sex=sex, age_from=age, age_to=None, count=count
        )

    added = count_populations(actor=SYSTEM).added

    assert len(added) == 5
    viewer = factories.viewer(Role.PREFECTURE)
    found = {
        code: reading(viewer, Indicator.objects.get(code=code), town, calendar_year(2025))
        for code in ("R-POP", "R-65", "R-75", "R-65-R")
    }
    assert [one.text for one in found.values()] == ["1,000 人", "400 人", "300 人", "40.0 %"]
    assert found["R-65-R"].denominator == Decimal(1000)
    assert not count_populations(actor=SYSTEM).added
