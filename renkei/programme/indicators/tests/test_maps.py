"""T-MI3: one indicator as a map, by any kind of area, as then and as now."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area, AreaChange, AreaLevel, ChangeKind
from renkei.foundation.areas.periods import ALWAYS
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.models import AuditEvent
from renkei.programme.indicators.models import Absence, Aggregation, IndicatorVersion, Sharing
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.queries.maps import NOW, THEN, Frame, area_map
from renkei.programme.indicators.tests import factories
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.tests.towns import make_border, make_places

pytestmark = pytest.mark.django_db
MERGED_ON = date(2022, 1, 1)
RATE: dict[str, Any] = {
    "unit": "回/人口10万対",
    "factor": 100_000,
    "decimals": 1,
    "aggregation": Aggregation.RATIO,
}


def prefecture() -> Area:
    return areas.make_area(
        level=AreaLevel.PREFECTURE, name="架空県", code=areas.code_of("99000"), key="990000"
    )


def rate(version: IndicatorVersion, area: Area, top: int, bottom: int, year: int = 2020) -> None:
    value = Decimal(top) / bottom * version.factor
    factories.make_value(
        version, area, fiscal(year), value=round(value, 6), numerator=Decimal(top),
        denominator=Decimal(bottom),
    )  # fmt: skip


def map_url(version: IndicatorVersion) -> str:
    return reverse("indicators:indicator_map", args=[version.indicator.code])


def browser(area: Area | None = None, role: Role = Role.MUNICIPAL_STAFF) -> Client:
    return accounts.sign_in(Client(), factories.membership(role, area).user)


def shown(version: IndicatorVersion, mode: str, level: str = "municipality", year: int = 2020):
    viewer = factories.viewer(Role.PREFECTURE)
    found = area_map(viewer, version, Frame(level, "99", fiscal(year), mode))
    return {unit.name: (unit.reading.figure, unit.how) for unit in found.units}


@pytest.fixture
def merger():
    """甲村 and 乙町 became 新市; 丙町 stayed. All lie in one 二次医療圏."""
    end, start = areas.between(None, MERGED_ON), areas.between(MERGED_ON, None)
    first = areas.make_area(name="甲村", code=areas.code_of("99301"), period=end)
    second = areas.make_area(name="乙町", code=areas.code_of("99302"), period=end)
    city = areas.make_area(name="新市", code=areas.code_of("99201"), period=start)
    other = areas.make_area(name="丙町", code=areas.code_of("99303"))
    for old in (first, second):
        AreaChange.objects.create(
            changed_on=MERGED_ON, kind=ChangeKind.NEW_BY_MERGER, old=old, new=city
        )
    medical = areas.make_area(level=AreaLevel.SECONDARY_MEDICAL, name="架空圏", key="二次/99/1")
    for town, period in ((first, end), (second, end), (city, start), (other, ALWAYS)):
        areas.make_edge(child=town, parent=medical, period=period)
    prefecture()
    make_border(city, 141.0, 35.5)
    make_border(other, 141.1, 35.5)
    return first, second, city, other


def test_t_mi3_as_then_shows_the_towns_of_then_and_as_now_those_of_now(merger):
    first, second, _city, other = merger
    version = factories.make_version(**RATE)
    rate(version, first, 10, 5_000)
    rate(version, second, 60, 15_000)
    rate(version, other, 30, 10_000)

    assert shown(version, THEN) == {
        "甲村": ("200.0", ""),
        "乙町": ("400.0", ""),
        "丙町": ("300.0", ""),
    }
    # 70 of 20,000, never the mean of two rates.
    assert shown(version, NOW) == {
        "新市": ("350.0", "当時は甲村・乙町"),
        "丙町": ("300.0", ""),
    }


def test_t_mi3_a_larger_area_is_worked_out_unless_its_own_number_is_known(merger):
    first, second, _city, other = merger
    version = factories.make_version(**RATE)
    for town, top, bottom in ((first, 10, 5_000), (second, 60, 15_000), (other, 30, 10_000)):
        rate(version, town, top, bottom)
    medical = Area.objects.get(name="架空圏")
    level = AreaLevel.SECONDARY_MEDICAL.value

    assert shown(version, THEN, level) == {"架空圏": ("333.3", "3市区町村から")}
    assert shown(version, NOW, level) == {"架空圏": ("333.3", "2市区町村から")}

    factories.make_value(version, medical, fiscal(2020), value=310)

    assert shown(version, NOW, level) == {"架空圏": ("310.0", "")}


def test_t_mi3_a_hidden_part_hides_the_whole_and_a_missing_one_leaves_a_gap(merger):
    first, second, _city, other = merger
    version = factories.make_version(counts_persons=True, unit="人")
    factories.make_value(version, first, fiscal(2020), value=3, sharing=Sharing.SHARED)
    factories.make_value(version, second, fiscal(2020), value=40, sharing=Sharing.SHARED)
    factories.make_value(version, other, fiscal(2020), value=25, sharing=Sharing.SHARED)
    level = AreaLevel.SECONDARY_MEDICAL.value

    assert shown(version, THEN)["甲村"][0] == "非公開"
    assert shown(version, NOW) == {"新市": ("非公開", "当時は甲村・乙町"), "丙町": ("25", "")}
    assert shown(version, NOW, level)["架空圏"][0] == "非公開"
    assert shown(version, NOW, year=2019) == {
        "新市": ("記録なし", "当時は甲村・乙町"),
        "丙町": ("記録なし", ""),
    }


def test_a_divided_town_is_one_row_and_what_cannot_be_added_is_not(merger):
    first, second, city, _other = merger
    split = date(2024, 1, 1)
    Area.objects.filter(pk=city.pk).update(period=areas.between(MERGED_ON, split))
    for number in (1, 2):
        part = areas.make_area(
            name=f"新{number}市", code=areas.code_of(f"9921{number}"),
            period=areas.between(split, None),
        )  # fmt: skip
        AreaChange.objects.create(changed_on=split, kind=ChangeKind.DIVISION, old=city, new=part)
    mean = factories.make_version(aggregation=Aggregation.NONE, decimals=1)
    factories.make_value(mean, city, fiscal(2022), value="3.5")
    factories.make_value(mean, first, fiscal(2020), value="3.5")
    factories.make_value(mean, second, fiscal(2020), value="4.5")

    assert shown(mean, NOW, year=2022)["新1市・新2市"] == (
        "3.5",
        "分かれる前の新市の値。当時は新市",
    )
    assert shown(mean, NOW)["新1市・新2市"][0] == "対象なし"


def test_t_mi3_the_page_draws_classes_hatches_and_the_same_numbers(merger):
    _first, _second, city, other = merger
    version = factories.make_version(**RATE)
    rate(version, city, 70, 20_000, 2023)
    factories.make_value(version, other, fiscal(2023), value=None, absence=Absence.SUPPRESSED)
    make_places(city, 8)
    rebuild_index()

    page = browser(city).get(map_url(version), {"group": ["nursing"]}).content.decode()

    assert "令和5年度の値は、市区町村2か所のうち1か所にあり、すべて人口10万対350.0回です。" in page
    assert "1か所は非公開です。" in page
    picture = re.search(r'<svg class="map".*?</svg>', page, re.DOTALL)
    assert picture is not None
    assert 'fill="url(#map-hidden)"' in picture[0]
    assert "<title>新市　350.0 回/人口10万対</title>" in picture[0]
    assert picture[0].count("scale(0.5)") >= 1
    assert "訪問看護" in page
    assert re.search(r'新市</th><td class="r num">1</td><td class="r num">350.0</td>', page)
    assert "非公開（小さい数などで、出せません）" in page
    assert "順位ではありません" in page


def test_t_mi3_a_small_number_carries_its_caution(merger):
    _first, _second, city, other = merger
    version = factories.make_version(**RATE)
    rate(version, city, 700, 200_000, 2023)
    rate(version, other, 2, 900, 2023)

    page = browser(city).get(map_url(version)).content.decode()

    assert page.count("※数が少ない") == 1
    assert "色の濃さだけで、高いとも低いともいえません" in page


def test_as_then_a_town_without_a_border_of_its_own_is_said_not_guessed(merger):
    first, second, city, _other = merger
    version = factories.make_version(**RATE)
    rate(version, first, 10, 5_000)
    rate(version, second, 60, 15_000)
    client = browser(city)

    then = client.get(map_url(version), {"mode": THEN}).content.decode()
    now = client.get(map_url(version), {"mode": NOW}).content.decode()

    assert "当時の境界の図がない" in then
    assert 'fill="url(#map-undrawn)"' in then
    assert "2か所は境界の図が登録されていません" in then
    assert "図なし" in then
    assert 'fill="url(#map-undrawn)"' not in now


def test_a_larger_area_is_drawn_out_of_its_towns_and_the_country_too(merger):
    _first, _second, city, _other = merger
    version = factories.make_version(**RATE)
    rate(version, city, 70, 20_000, 2023)
    client = browser(city)

    medical = client.get(map_url(version), {"level": "secondary_medical_area"}).content.decode()
    country = client.get(map_url(version), {"prefecture": "all", "level": "prefecture"})

    assert "<title>架空圏" in medical
    assert "架空県</th>" in country.content.decode()


def test_far_islands_are_told_and_no_border_at_all_leaves_the_table():
    version = factories.make_version()
    home = areas.make_area(name="本町", code=areas.code_of("99301"))
    client = browser(home)
    factories.make_value(version, home, fiscal(2023), value=12)
    prefecture()

    bare = client.get(map_url(version)).content.decode()

    assert "境界の図がありません" in bare
    assert "本町</th>" in bare
    towns = [home, *(areas.make_area(name=f"町{number}") for number in range(3))]
    for number, town in enumerate(towns):
        make_border(town, 141.0 + number / 10, 35.5)
    make_border(areas.make_area(name="遠島村"), 142.0, 27.0)

    page = client.get(map_url(version)).content.decode()

    assert "遠島村は離れているため図に入りません" in page


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "csv", "xlsx"])
def test_t_mi3_every_file_of_a_map_holds_what_the_page_shows(merger, kind):
    _first, _second, city, other = merger
    version = factories.make_version(**RATE)
    rate(version, city, 70, 20_000, 2023)
    factories.make_value(version, other, fiscal(2023), value=None, absence=Absence.SUPPRESSED)
    make_places(city, 1)
    rebuild_index()
    url = reverse("indicators:indicator_map_file", args=[version.indicator.code, kind])

    answer = browser(city).get(url, {"group": ["nursing", "clinic"]})

    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "csv": b"\xef\xbb\xbf",
              "xlsx": b"PK"}  # fmt: skip
    assert answer.status_code == 200
    assert answer.content.startswith(starts[kind])
    assert answer["Cache-Control"] == "no-store"
    if kind in {"svg", "csv"}:
        assert "非公開" in answer.content.decode()
        assert "350.0" in answer.content.decode()
    assert AuditEvent.objects.filter(action="indicators.exported").count() == 1


def test_what_cannot_be_shown_says_so_or_is_not_found(merger):
    _first, _second, city, _other = merger
    version = factories.make_version()
    client = browser(city)
    name = "indicators:indicator_map_file"

    assert "値はまだありません" in client.get(map_url(version)).content.decode()
    assert client.get(reverse(name, args=[version.indicator.code, "svg"])).status_code == 404
    assert client.get(reverse(name, args=[version.indicator.code, "exe"])).status_code == 404
    assert client.get(reverse("indicators:indicator_map", args=["X-NONE"])).status_code == 404
    assert browser(city, Role.PROFESSIONAL).get(map_url(version)).status_code == 404
    factories.make_value(version, city, fiscal(2023))
    odd = {"level": "moon", "prefecture": "98", "period": "x", "mode": "x", "group": "x"}
    assert client.get(map_url(version), odd).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_map_asks_as_often_however_many_towns_there_are(
    merger, count, django_assert_max_num_queries
):
    _first, _second, city, _other = merger
    version = factories.make_version(**RATE)
    for number in range(count):
        town = areas.make_area(name=f"架空{number}村", code=areas.code_of(f"9940{number}"))
        rate(version, town, 20 + number, 10_000, 2023)
        make_border(town, 141.2 + number / 10, 35.5)
    client = browser(city)

    with django_assert_max_num_queries(26):
        client.get(map_url(version), {"mode": NOW})
