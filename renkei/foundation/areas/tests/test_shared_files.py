"""Every area file in the layouts of their publishers, whole and national."""

from __future__ import annotations

from datetime import date

import pytest

from renkei.foundation.areas.importers.files import FileReport
from renkei.foundation.areas.models import Area, AreaLevel, Insurer, Population, Projection
from renkei.foundation.areas.queries import (
    areas_on,
    descendants_on,
    municipality_index,
    recut,
    town_index,
)
from renkei.foundation.areas.reference.loading import load_hokkaido_home_care_areas
from renkei.foundation.areas.statistics import insurance_of, population_of
from renkei.foundation.areas.tests.factories import take_in
from renkei.foundation.audit.actors import SYSTEM
from renkei.testing import shared_data

pytestmark = [pytest.mark.shared, pytest.mark.django_db]
TODAY = date(2026, 11, 22)


def reports(told):
    assert all(isinstance(report, FileReport) for report in told), told
    return [report for report in told if isinstance(report, FileReport)]


def test_t_r2_municipalities_of_today_and_of_the_past():
    reports(
        take_in(
            shared_data("areas/municipalities.csv"), shared_data("areas/municipal_changes.json")
        )
    )

    def count(day):
        return areas_on(day).filter(level=AreaLevel.MUNICIPALITY).count()

    # 1,718 市町村 and 23 特別区. Source: 総務省「市町村数の推移」 (2018-10-01 and since).
    assert count(TODAY) == 1741
    before = date(2023, 12, 31)
    wards = {
        area.name: area.pk
        for area in areas_on(before).filter(name__startswith="浜松市", level=AreaLevel.WARD)
    }
    assert len(wards) == 7
    rows = recut(dict.fromkeys(wards.values(), 1), on=before, day=TODAY)
    names = [tuple(Area.objects.get(pk=area_id).name for area_id in row.area_ids) for row in rows]
    assert names == [("浜松市中央区", "浜松市浜名区"), ("浜松市天竜区",)]
    assert [row.value for row in rows] == [6, 1]


def test_addresses_of_the_country_find_their_municipality_and_town():
    files = (
        shared_data("areas/municipalities.csv"),
        shared_data("areas/municipal_changes.json"),
        shared_data("address/towns.csv.zip"),
    )
    *_, towns = reports(take_in(*files))
    index = municipality_index(TODAY)
    places = town_index(index)

    assert towns.counts.added == 277_207
    for address, name in (
        ("福岡県久留米市城南町15-3", "久留米市"),
        ("東京都東久留米市本町3-3-1", "東久留米市"),
        ("北海道虻田郡留寿都村字留寿都175", "留寿都村"),
        ("静岡県浜松市中区元城町103-2", "浜松市中央区"),
        ("静岡県浜松市北区細江町気賀305", "浜松市"),
        ("三重県四日市市諏訪町1-5", "四日市市"),
        ("奈良県大和郡山市北郡山町248-4", "大和郡山市"),
    ):
        found = index.find(address)
        assert found is not None
        assert found.name == name
    place = places.locate("福岡県久留米市城南町15-3")
    assert place is not None
    assert (place.latitude, place.longitude) == pytest.approx((33.32, 130.51), abs=0.02)


def test_figures_of_the_country():
    files = [
        shared_data(f"population/{name}.xlsx")
        for name in (
            "juki_age_muni_2025",
            "juki_pop_muni_2025",
            "kekkahyo1",
            "kekkahyo3_3",
            "kekkahyo3_4",
            "insured-persons-02h",
            "certified-persons-04-1-1h",
        )
    ]
    members = shared_data("areas/secondary-medical-area-members.csv")
    reports(take_in(shared_data("areas/municipalities.csv"), members, *files))

    # 66 figures for each of 1,957 areas; the three wards of 2024 come with the changes only.
    assert Population.objects.count() == 66 * 1_957
    assert Projection.objects.filter(total=None).count() == 0
    assert Insurer.objects.filter(area=None).count() == 0
    southern = Area.objects.get(name="飯伊")
    inside = descendants_on(southern, TODAY, hierarchy="medical")
    assert inside.filter(level=AreaLevel.MUNICIPALITY).count() == 14
    population = population_of(southern, TODAY)
    assert population is not None
    assert population.expected_unit_count == population.unit_count == 14
    insurance = insurance_of(Area.objects.get(name="久留米市"), TODAY)
    assert insurance is not None
    assert insurance.insured == 83_998

    # Table S4 lies inside these 二次医療圏; a second import of the members changes nothing.
    load_hokkaido_home_care_areas(actor=SYSTEM)
    (again,) = reports(take_in(members))
    assert (again.counts.added, again.counts.changed) == (0, 0)


def test_boundaries_of_the_country_and_of_a_city():
    boundaries = shared_data("areas/boundaries-national.topojson.json")
    living = shared_data("areas/hirakata-daily-living-areas.geojson")
    *_, drawn, areas = reports(
        take_in(
            shared_data("areas/municipalities.csv"),
            boundaries,
            living,
        )
    )

    # 1,896 municipalities and wards of the list, and 20 designated cities made of their wards.
    assert drawn.counts.added == 1_916
    assert areas.counts.added == 13
    kurume = Area.objects.get(name="久留米市")
    names = {link.neighbour.name for link in kurume.neighbour_links.all()}
    assert {"筑後市", "八女市", "鳥栖市", "みやき町", "大刀洗町", "うきは市"} < names
