"""Finding places at the city office: 佐藤 looks for a station, on the screen, by keyboard, on paper."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from renkei.foundation.areas.models import Area, AreaLevel, Boundary
from renkei.registry.facilities.models import Dataset
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.tests.factories import ImportFileFactory
from renkei.registry.facilities.tests.places import place
from tests.browser.helpers import expect_no_axe_violations, expect_no_sideways_scroll, screenshot

RING = [[141.0, 35.3], [141.6, 35.2], [141.8, 35.8], [141.2, 35.9], [141.0, 35.3]]


@pytest.fixture
def town(transactional_db):
    """One municipality with a boundary and a handful of places."""
    prefecture = Area.objects.create(
        name="架空県", code="990001", key="990001", level=AreaLevel.PREFECTURE,
        prefecture_code="99", period=("2000-01-01", None),
    )  # fmt: skip
    city = Area.objects.create(
        name="架空市", code="992011", key="992011", level=AreaLevel.MUNICIPALITY,
        prefecture_code="99", period=("2000-01-01", None),
    )  # fmt: skip
    for area in (prefecture, city):
        Boundary.objects.create(
            area=area, geometry={"type": "Polygon", "coordinates": [RING]}, source="架空の境界",
            west=141.0, south=35.2, east=141.8, north=35.9,
        )  # fmt: skip
    Dataset.objects.create(
        source="care", code="130", prefecture_code="99", as_of=date(2026, 6, 30),
        file=ImportFileFactory.create(),
    )  # fmt: skip
    hours = {day: [["08:30", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    minamo = place(
        "訪問看護ステーション みなも", kana="ミナモ", municipality=city, latitude=35.5, longitude=141.4,
        hours=hours, capabilities=["ventilator"], confirmed_on=date(2026, 10, 8),
        visiting_area="北浜の全域", office_number="9960190013",
    )  # fmt: skip
    place("しおかぜ医院", kana="シオカゼ", municipality=city, latitude=35.6, longitude=141.5,
          service_code="clinic", phone="0999-00-2045", source="medical")  # fmt: skip
    place("松風クリニック", kana="マツカゼ", municipality=city, status="possibly_ended",
          service_code="clinic", source="medical", phone="")  # fmt: skip
    rebuild_index()
    return minamo


def test_finding_a_place_by_word_filter_and_map(open_page, sato_client, town):
    page = open_page(client=sato_client)
    page.goto("/register/")
    expect(page.get_by_role("heading", name="3件")).to_be_visible()
    # The counts beside the filters come after the page.
    expect(page.locator("#c-group-nursing")).to_have_text("1件")

    page.get_by_label("名前・住所・電話など").fill("みなも")
    page.get_by_role("button", name="さがす", exact=True).click()
    expect(page.get_by_role("heading", name="1件")).to_be_visible()
    expect_no_axe_violations(page)
    mark = page.get_by_role("button", name="1番、訪問看護 訪問看護ステーション みなも、架空市")
    expect(mark).to_be_visible()

    page.get_by_role("link", name=re.compile("「みなも」.*をはずす")).click()
    page.get_by_label("看護師に来てほしい").check()
    page.get_by_role("button", name="この条件でさがす").click()
    expect(page.get_by_role("link", name="訪問看護ステーション みなも")).to_be_visible()
    expect(page.get_by_role("link", name="しおかぜ医院")).to_have_count(0)
    screenshot(page, "register-list")

    page.get_by_role("link", name="訪問看護ステーション みなも").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("訪問看護ステーション みなも")
    expect(page.get_by_text("2026年10月8日に確認")).to_be_visible()
    expect_no_axe_violations(page)
    screenshot(page, "register-place")


@pytest.mark.parametrize("view", ["list", "card", "table", "map"])
def test_every_view_is_accessible_and_fits_a_phone(open_page, sato_client, town, view):
    page = open_page(client=sato_client, width=320)
    page.goto(f"/register/?view={view}")

    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)


@pytest.mark.usefixtures("town")
def test_search_works_without_script(open_page, sato_client):
    page = open_page(client=sato_client, javascript=False)
    page.goto("/register/")

    page.get_by_role("link", name="それぞれの件数を見る").click()
    expect(page.locator("#c-group-nursing")).to_have_text("1件")
    page.get_by_label("医師にみてほしい").check()
    page.get_by_role("button", name="この条件でさがす").click()

    expect(page.get_by_role("heading", name="2件")).to_be_visible()
    # The still map stands where the live one would be.
    expect(page.get_by_role("img", name="架空市の地図。")).to_be_visible()


def test_place_prints_with_its_number_and_without_buttons(open_page, sato_client, town):
    page = open_page(client=sato_client)
    page.goto(f"/register/facilities/{town.pk}/")

    page.emulate_media(media="print")

    expect(page.get_by_text("0999-00-1200")).to_be_visible()
    expect(page.get_by_role("button", name="このページを印刷")).to_be_hidden()
    expect(page.get_by_role("link", name="確かめる・直す")).to_be_hidden()
