from __future__ import annotations

import json
import re
from datetime import date

import pytest

from renkei.foundation.areas.models import (
    Area,
    AreaChange,
    AreaLevel,
    CertifiedCount,
    ChangeKind,
    HierarchyCode,
    InsuredCount,
    Insurer,
    Population,
    Projection,
)
from renkei.foundation.areas.presenters import Tick, pyramid
from renkei.foundation.areas.services import place_area
from renkei.foundation.areas.shapes import drawing_of
from renkei.foundation.areas.statistics import (
    AgeClass,
    PopulationFigures,
    ProjectionYear,
    insurance_of,
    population_of,
    projection_of,
)
from renkei.foundation.areas.tests.factories import (
    BIG,
    CITY,
    SQUARES,
    TOWN,
    geojson,
    known,
    make_area,
    municipalities_csv,
    take_in,
)
from renkei.foundation.audit.actors import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
DAY = date(2025, 1, 1)


@pytest.fixture
def region(tmp_path):
    """大架空市 with two wards, 架空市 and 海辺町; the latter two are the 中央 medical area."""
    take_in(municipalities_csv(tmp_path), geojson(tmp_path, SQUARES), as_of=date(2024, 1, 1))
    medical = make_area(name="中央", level=AreaLevel.SECONDARY_MEDICAL)
    for code in (CITY, TOWN):
        place_area(
            actor=SYSTEM,
            hierarchy=HierarchyCode.MEDICAL,
            child=area_of(code),
            parent=medical,
            valid_from=None,
        )
    return medical


def area_of(code):
    return Area.objects.get(code=code)


def people(area, *, male, female, day=DAY):
    for sex, counts in (("male", male), ("female", female)):
        for (low, high), count in counts.items():
            Population.objects.create(
                area=area, as_of=day, sex=sex, age_from=low, age_to=high, count=count
            )
    total = sum(male.values()) + sum(female.values())
    Population.objects.create(area=area, as_of=day, sex="both", count=total)


YOUNG, OLD, LATE = (0, 64), (65, 74), (75, None)


def test_population_is_added_up_over_the_municipalities(region):
    people(area_of(CITY), male={YOUNG: 50, LATE: 10}, female={YOUNG: 40, LATE: 20})
    people(area_of(TOWN), male={YOUNG: 5, LATE: 1}, female={YOUNG: 4, LATE: 2})

    figures = known(population_of(region, TODAY))

    assert figures == PopulationFigures(
        as_of=DAY,
        total=132,
        classes=[AgeClass(0, 64, 55, 44), AgeClass(75, None, 11, 22)],
        unit_count=2,
        expected_unit_count=2,
    )
    assert figures.aged(75) == 33
    assert figures.share(65) == pytest.approx(25.0)


def test_t_r2_population_before_a_merger_is_that_of_the_old_units(region):
    merger = date(2025, 4, 1)
    old = make_area(name="山町", period=type(region.period)(None, merger))
    AreaChange.objects.create(
        old=old, new=area_of(CITY), changed_on=merger, kind=ChangeKind.ABSORPTION
    )
    people(area_of(CITY), male={YOUNG: 50}, female={})
    people(old, male={YOUNG: 5}, female={})

    as_now = known(population_of(area_of(CITY), TODAY))
    as_then = known(population_of(area_of(CITY), date(2025, 3, 31)))

    assert (as_now.total, as_now.unit_count) == (55, 2)
    assert (as_then.total, as_then.unit_count) == (50, 1)


def test_population_of_the_latest_day_up_to_the_chosen_one(region):
    city = area_of(CITY)
    people(city, male={YOUNG: 1}, female={}, day=date(2024, 1, 1))
    people(city, male={YOUNG: 2}, female={}, day=DAY)

    assert known(population_of(city, TODAY)).total == 2
    assert known(population_of(city, date(2024, 6, 1))).total == 1
    # Nothing so early: the latest there is.
    assert known(population_of(city, date(2020, 1, 1))).total == 2


def test_population_without_classes_has_no_share_and_nobody_counted_is_none(region):
    city = area_of(CITY)
    assert population_of(city, TODAY) is None
    people(area_of(TOWN), male={}, female={})

    assert population_of(city, TODAY) is None
    assert known(population_of(area_of(TOWN), TODAY)).share(65) is None


def project(area, year, total, share_65=None, share_75=None):
    Projection.objects.create(
        area=area, year=year, total=total, share_65=share_65, share_75=share_75
    )


def test_projection_weights_the_shares_and_skips_years_with_gaps(region):
    project(area_of(CITY), 2020, 1000, 30.0, 10.0)
    project(area_of(TOWN), 2020, 100, 50.0, 30.0)
    project(area_of(CITY), 2050, 900, 40.0, 20.0)

    assert projection_of(region, TODAY) == [ProjectionYear(2020, 1100, 350, 130)]
    assert [row.year for row in projection_of(area_of(CITY), TODAY)] == [2020, 2050]


def insure(name, area, total, **levels):
    insurer = Insurer.objects.create(prefecture_code="99", name=name, area=area)
    InsuredCount.objects.create(
        insurer=insurer,
        total=total,
        aged_65_to_74=total // 2,
        aged_75_to_84=total // 4,
        aged_85_over=total // 4,
    )
    numbers = dict.fromkeys(
        ("support_1", "support_2", "care_1", "care_2", "care_3", "care_4", "care_5"), 0
    )
    CertifiedCount.objects.create(
        insurer=insurer, insured_class="総数", total=sum(levels.values()), **(numbers | levels)
    )
    return insurer


def test_insurance_adds_insurers_and_takes_a_union_only_as_a_whole(region):
    union = make_area(name="架空広域連合", level=AreaLevel.WIDE_AREA_UNION)
    city, town, big = (area_of(code) for code in (CITY, TOWN, BIG))
    own = insure("架空市", city, 100, care_1=5)
    shared = insure("架空広域連合", union, 40, care_2=3)
    for member in (town, big):
        place_area(
            actor=SYSTEM,
            hierarchy=HierarchyCode.WIDE_AREA_UNION,
            child=member,
            parent=union,
            valid_from=None,
        )

    assert known(insurance_of(region, TODAY)).insurers == [own]
    figures = known(insurance_of(town, TODAY))
    assert (figures.insurers, figures.insured, figures.insured_75) == ([shared], 40, 20)
    assert figures.certified == 3
    assert ("要介護2", 3) in figures.levels
    prefecture = Area.objects.get(level=AreaLevel.PREFECTURE)
    assert known(insurance_of(prefecture, TODAY)).insured == 140
    assert known(insurance_of(area_of(BIG), date(2026, 1, 1))).insured == 40


def test_insurer_without_counts_says_nothing(region):
    Insurer.objects.create(prefecture_code="99", name="架空市", area=area_of(CITY))

    assert insurance_of(area_of(CITY), TODAY) is None
    assert insurance_of(area_of(BIG), TODAY) is None


# Charts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "label"), [(1, "3"), (5, "6"), (290, "300"), (31_000, "6万"), (4000, "6,000")]
)
def test_pyramid_scale_holds_the_largest_bar(most, label):
    figures = PopulationFigures(DAY, most, [AgeClass(0, 4, most, 0)], 1, 1)

    drawn = pyramid(figures)

    assert drawn.ticks[0] == Tick(0, label, "start")
    assert 0 < drawn.rows[0].male.width <= drawn.left
    assert drawn.rows[0].female.width == 0


# Pages -------------------------------------------------------------------------------------


def page(client, area, **query):
    response = client.get(f"/areas/{area.pk}/", query)
    assert response.status_code == 200
    return response.content.decode()


def test_area_page_says_its_figures_in_words(client, region):
    city = area_of(CITY)
    people(city, male={YOUNG: 50, OLD: 10}, female={YOUNG: 20, OLD: 10, LATE: 10})
    project(city, 2020, 100, 30.0, 10.0)
    project(city, 2050, 80, 40.0, 25.0)
    insure("架空市", city, 40, care_1=5)
    AreaChange.objects.create(
        old=make_area(name="山町"), new=city, changed_on=DAY, kind=ChangeKind.ABSORPTION
    )

    html = page(client, city)

    assert (
        "架空市の人口は100人です。65歳以上は30人（30.0％）、75歳以上は10人（10.0％）です。" in html
    )
    assert "2020年の100人から2050年には80人（20.0％減）になると推計されています。" in html
    assert "75歳以上は10人から20人になり、いちばん多いのは2050年の20人です。" in html
    assert '認定を受けている人は<b class="num">5</b>人です。' in html
    assert "年度は資料に書かれていません" in html
    assert "編入合併：" in html
    # 行政: 日本 › 架空県 › 架空市; 医療: 中央 › 架空市; beside it 大架空市.
    assert re.findall(r">([^<>]+)</a> › ", html) == ["日本", "架空県", "中央"]
    assert ">大架空市</a>" in html


def test_area_page_has_no_inline_style_and_says_what_is_not_known(client, region):
    html = page(client, area_of(CITY))

    assert "style=" not in html
    assert "人口は記録なしです。" in html
    assert "<dt>協議会</dt><dd>記録なし</dd>" in html


def test_partly_known_population_says_so(client, region):
    people(area_of(CITY), male={YOUNG: 5}, female={})

    assert "2市区町村のうち、人口が分かる1の合計です。" in page(client, region)


def test_projection_without_shares_has_a_table_and_no_chart(client, region):
    project(area_of(CITY), 2020, 100)
    project(area_of(CITY), 2050, 100)

    html = page(client, area_of(CITY))

    assert "100人（ほぼ同じ）" in html
    assert "将来の人口の推計。数値は表と同じ。" not in html
    assert '<td class="r num">記録なし</td>' in html


def test_projection_from_nobody_does_not_divide():
    from renkei.foundation.areas.presenters import projection_sentence  # reason: one use

    area = Area(name="架空村")

    text = projection_sentence(area, [ProjectionYear(2020, 0, None, None)] * 2)

    assert (
        text == "架空村の人口は、2020年の0人から2020年には0人（ほぼ同じ）になると推計されています。"
    )


def test_t_r2_page_of_a_day_shows_the_areas_of_that_day(client, region):
    city, other = area_of(CITY), make_area(name="海辺圏", level=AreaLevel.SECONDARY_MEDICAL)
    place_area(
        actor=SYSTEM,
        hierarchy=HierarchyCode.MEDICAL,
        child=city,
        parent=other,
        valid_from=date(2025, 4, 1),
    )

    then, now = page(client, city, day="2025-03-31"), page(client, city)

    assert ("海辺圏" in then, "中央" in then) == (False, True)
    assert ("海辺圏" in now, "中央" in now) == (True, False)
    assert "?day=2025-03-31" in then
    assert "日付を入力してください。" in page(client, city, day="きのう")


def test_page_of_an_area_that_ended_names_its_successor(client, region):
    merger = date(2024, 4, 1)
    old = make_area(name="山町", period=type(region.period)(None, merger))
    AreaChange.objects.create(
        old=old, new=area_of(CITY), changed_on=merger, kind=ChangeKind.NEW_BY_MERGER
    )

    html = page(client, old)

    assert "この日にはない圏域です" in html
    assert "になりました（2024年4月1日（月）、新設合併）。" in html
    assert "この日にはない圏域です" not in page(client, old, day="2020-01-01")


def test_map_draws_the_area_its_members_and_neighbours(region):
    drawing = known(drawing_of(region, TODAY))

    assert {(shape.name, shape.inside) for shape in drawing.shapes} == {
        ("架空市", True),
        ("海辺町", True),
        ("大架空市", False),
    }
    assert drawing.as_of == date(2024, 1, 1)
    assert drawing_of(region, TODAY) == drawing
    ward = known(drawing_of(Area.objects.get(name="大架空市東区"), TODAY))
    assert {shape.name for shape in ward.shapes} == {"東区", "西区"}


def test_map_is_left_out_where_there_is_nothing_to_draw(region):
    nation = Area.objects.get(level=AreaLevel.NATION)

    assert drawing_of(nation, TODAY) is None
    assert drawing_of(make_area(level=AreaLevel.HOME_CARE), TODAY) is None
    assert drawing_of(make_area(), TODAY) is None


def test_daily_living_area_is_drawn_among_its_siblings(region, tmp_path):
    from renkei.foundation.areas.tests.test_import_boundaries import (  # reason: the sample file
        daily_living,
    )

    take_in(daily_living(tmp_path))

    drawing = known(drawing_of(Area.objects.get(name="架空市第1圏域"), TODAY))

    assert {(shape.name, shape.inside) for shape in drawing.shapes} == {
        ("架空市第1圏域", True),
        ("架空市第2圏域", False),
    }


@pytest.mark.parametrize(
    ("code", "names"), [(BIG, {"大架空市東区", "大架空市西区"}), (CITY, {"架空市"})]
)
def test_boundaries_for_the_map_island(client, region, code, names):
    response = client.get("/areas/boundaries.geojson", {"parent": area_of(code).pk})

    data = json.loads(response.content)
    assert response["Content-Type"] == "application/geo+json"
    assert {feature["properties"]["name"] for feature in data["features"]} == names
    again = client.get(
        "/areas/boundaries.geojson",
        {"parent": area_of(code).pk},
        headers={"if-none-match": response["ETag"]},
    )
    assert again.status_code == 304


def test_boundaries_of_the_nation_are_left_out(client, region):
    nation = Area.objects.get(level=AreaLevel.NATION)

    response = client.get("/areas/boundaries.geojson", {"parent": nation.pk})

    assert json.loads(response.content)["features"] == []
    assert page(client, nation)


@pytest.mark.parametrize("parent", ["", "x", "-1", "999999999", "9" * 30])
def test_boundaries_of_nothing_are_not_found(client, parent):
    assert client.get("/areas/boundaries.geojson", {"parent": parent}).status_code == 404


def test_list_of_one_prefecture_is_shown_at_once(client, region):
    html = client.get("/areas/").content.decode()

    assert "架空県の圏域" in html
    for name in ("中央", "架空市", "大架空市東区"):
        assert f">{name}</a>" in html


def test_list_of_several_prefectures_asks_which(client, region):
    make_area(name="福岡県", level=AreaLevel.PREFECTURE, prefecture_code="40")

    html = client.get("/areas/").content.decode()

    assert "都道府県を選んでください。" in html
    assert '<a href="?prefecture=99">架空県</a> <span class="sub num">3市区町村</span>' in html
    assert "架空県の圏域" in client.get("/areas/", {"prefecture": "99"}).content.decode()
    assert (
        "都道府県を選んでください。" in client.get("/areas/", {"prefecture": "x"}).content.decode()
    )


def test_list_without_areas_says_what_to_do(client):
    assert "圏域がまだありません" in client.get("/areas/").content.decode()


def test_unknown_area_is_not_found(client):
    assert client.get("/areas/999999/").status_code == 404


def test_area_page_needs_the_same_queries_for_one_and_three_members(
    client, region, django_assert_num_queries
):
    def queries(area):
        from django.db import connection  # reason: one use
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            page(client, area)
        return len(captured)

    small = make_area(name="小圏", level=AreaLevel.SECONDARY_MEDICAL)
    place_area(
        actor=SYSTEM,
        hierarchy=HierarchyCode.MEDICAL,
        child=area_of(BIG),
        parent=small,
        valid_from=None,
    )
    for code in (CITY, TOWN, BIG):
        people(area_of(code), male={YOUNG: 1}, female={})

    assert queries(region) == queries(small)


def test_post_is_refused(client, region):
    assert client.post("/areas/").status_code == 405
