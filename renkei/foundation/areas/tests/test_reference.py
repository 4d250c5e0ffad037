from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from renkei.foundation.areas.models import Area, AreaEdge, AreaLevel, Population
from renkei.foundation.areas.queries import ancestors_on, home_care_areas_on
from renkei.foundation.areas.reference import hokkaido_home_care_areas as hokkaido
from renkei.foundation.areas.reference.loading import load_hokkaido_home_care_areas
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.actors import SYSTEM

TODAY = date(2026, 11, 22)
PREFECTURE = {"prefecture_code": "01"}


def test_t_r1_rows_of_the_table_sum_to_its_numbers():
    rows = hokkaido.HOME_CARE_AREAS
    by_secondary: dict[str, int] = {}
    for row in rows:
        by_secondary[row.secondary] = by_secondary.get(row.secondary, 0) + row.population

    assert len(rows) == 18
    assert len(by_secondary) == 10
    assert len({name for row in rows for name in row.members}) == 91
    assert sum(len(row.members) for row in rows) == 91
    assert sum(by_secondary.values()) == 1_491_358
    assert {name: by_secondary[name] for name in ("十勝", "上川中部", "北網", "遠紋", "根室")} == {
        "十勝": 332_648,
        "上川中部": 381_296,
        "北網": 208_460,
        "遠紋": 64_902,
        "根室": 71_771,
    }


@pytest.fixture
def municipalities(db):
    prefecture = make_area(level=AreaLevel.PREFECTURE, name="北海道", **PREFECTURE)
    for row in hokkaido.HOME_CARE_AREAS:
        for name in row.members:
            make_area(name=name, **PREFECTURE)
    return prefecture


@pytest.fixture
def loaded(municipalities):
    assert load_hokkaido_home_care_areas(actor=SYSTEM) == 4 + 10 + 18 + 13
    return municipalities


def test_t_r1_the_loaded_areas_give_the_same_sums(loaded):
    areas = home_care_areas_on(TODAY, prefecture_code="01")
    secondary = {area.secondary.name for area in areas if area.secondary}
    people = Population.objects.filter(area__in=[area.area.pk for area in areas])

    assert (len(areas), len(secondary)) == (18, 10)
    assert len({pk for area in areas for pk in area.member_ids}) == 91
    assert sum(row.count for row in people) == 1_491_358


def test_t_r4_coinciding_and_one_city_areas_are_derived_from_the_rows(loaded):
    areas = home_care_areas_on(TODAY)

    assert {row.area.name for row in areas if row.coincides} == {
        "上川北部",
        "富良野",
        "留萌",
        "宗谷",
        "釧路",
    }
    assert {row.area.name for row in areas if row.is_one_municipality} == {
        "旭川市",
        "帯広市",
        "根室市",
    }
    assert home_care_areas_on(TODAY, prefecture_code="40") == []


def test_municipality_lies_in_all_levels_at_once(loaded):
    town = Area.objects.get(name="鷹栖町")

    found = {(a.hierarchy.code, a.area.name, a.depth) for a in ancestors_on(town, TODAY)}

    assert found == {
        ("medical", "上川", 1),
        ("medical", "上川中部", 2),
        ("medical", "道北", 3),
        ("medical", "北海道", 4),
        ("health_centre", "上川保健所", 1),
        ("health_centre", "北海道", 2),
    }


def test_loading_again_changes_nothing(loaded, capsys):
    edges = set(AreaEdge.objects.values_list("pk", flat=True))

    call_command("load_reference_areas")

    assert "新しい圏域 0" in capsys.readouterr().out
    assert set(AreaEdge.objects.values_list("pk", flat=True)) == edges


@pytest.mark.django_db
def test_loading_needs_the_municipalities():
    with pytest.raises(ValidationError, match="先に市区町村の一覧を取り込んでください。"):
        load_hokkaido_home_care_areas(actor=SYSTEM)
    with pytest.raises(CommandError, match="先に市区町村の一覧"):
        call_command("load_reference_areas")

    assert not Area.objects.exists()


def test_t_r4_each_level_shows_its_offices_and_the_printed_totals_are_quoted(loaded, client):
    listing = client.get("/areas/?prefecture=01").content.decode()
    city, home_care = Area.objects.filter(name="旭川市").order_by("pk")
    second = Area.objects.get(name="上川中部")
    pages = {
        area.pk: client.get(f"/areas/{area.pk}/").content.decode()
        for area in (city, home_care, second)
    }

    assert "二次医療圏と同じ範囲が5、1つの市だけの圏域が3です。" in listing
    assert (
        "在宅医療圏39、市町村179、二次医療圏と同じ在宅医療圏12、1つの市の在宅医療圏7。" in listing
    )
    # The city's own health centre runs the programme there; the prefecture's is the secretariat.
    for page in pages.values():
        assert "旭川市保健所" in page
        assert "<dt>事務局</dt><dd><p>上川保健所" in page
        assert "<dt>連携の拠点</dt><dd>記録なし</dd>" in page
        assert "<dt>協議会</dt><dd>記録なし</dd>" in page
    assert "資料に印刷された圏域人口" in pages[home_care.pk]
    assert "329,306" in pages[home_care.pk]
