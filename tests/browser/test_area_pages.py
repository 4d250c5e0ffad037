"""The pages of areas: every chart has its table, everything is reachable, nothing needs script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from renkei.demo.region import fill_areas
from renkei.foundation.areas.models import Area, AreaLevel
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


@pytest.fixture
def addresses(tmp_path: Path) -> dict[str, str]:
    fill_areas(tmp_path, lambda _: None)
    areas = {
        "city": Area.objects.get(name="架空市", level=AreaLevel.MUNICIPALITY),
        "second": Area.objects.get(level=AreaLevel.SECONDARY_MEDICAL),
        "prefecture": Area.objects.get(level=AreaLevel.PREFECTURE),
        "living": Area.objects.filter(level=AreaLevel.DAILY_LIVING).order_by("pk")[0],
    }
    return {"list": "/areas/"} | {name: f"/areas/{area.pk}/" for name, area in areas.items()}


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_area_pages_pass_axe_at_every_width(open_page: OpenPage, addresses, width):
    page = open_page(width=width)
    for name, address in addresses.items():
        page.goto(address)
        expect_no_axe_violations(page)
        expect_no_sideways_scroll(page)
        screenshot(page, f"areas-{name}-{width}")


def test_resident_goes_from_the_list_to_a_neighbour_without_script(open_page: OpenPage, addresses):
    page = open_page(width=360, javascript=False)

    page.goto(addresses["list"])
    page.get_by_role("link", name="架空市", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("架空市")
    expect(page.get_by_role("img", name=re.compile("架空市ととなりの地図"))).to_be_visible()
    expect(page.get_by_role("table", name="図と同じ数値（人）")).to_have_count(2)
    neighbours = page.get_by_role("heading", name="となりの市区町村").locator("xpath=..")
    neighbours.get_by_role("list").last.get_by_role("link").first.click()

    expect(page.get_by_role("heading", level=1)).not_to_have_text("架空市")


def test_chosen_day_stays_on_the_way(open_page: OpenPage, addresses):
    page = open_page()

    page.goto(addresses["city"])
    page.get_by_label("いつの圏域を見るか").fill("2020-04-01")
    page.get_by_role("button", name="この日の圏域を見る").click()
    page.get_by_role("link", name="架空県").last.click()

    expect(page).to_have_url(re.compile("day=2020-04-01"))
