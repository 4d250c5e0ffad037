"""佐藤 makes a booklet, releases it and publishes open data; a resident takes both without script."""

from __future__ import annotations

import re

import pytest

from renkei.foundation.accounts.tests import factories as people
from renkei.registry.facilities.models import BookletOrder
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.services.booklets import make_booklet
from renkei.registry.facilities.tests.towns import make_city, make_places
from tests.browser.helpers import expect_no_axe_violations, expect_no_sideways_scroll, screenshot

pytestmark = pytest.mark.usefixtures("private_files")


@pytest.fixture
def city(transactional_db):
    city = make_city()
    make_places(city, 30)
    rebuild_index()
    return city


@pytest.fixture
def sato(client, city):
    return people.sign_in(client, people.sato())


@pytest.mark.parametrize("width", [1280, 360])
def test_booklet_is_made_released_and_taken(open_page, sato, city, width):
    page = open_page(client=sato, width=width)
    page.goto("/register/booklets/new/")
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    page.get_by_role("combobox", name=re.compile("^地域")).select_option(label="架空市")
    page.get_by_role("button", name="冊子をつくる").click()
    page.get_by_text("順番を待っています").first.wait_for()
    expect_no_axe_violations(page)
    make_booklet(BookletOrder.objects.get().uid)  # the worker is another process
    page.get_by_role("link", name="受け取る").wait_for()
    expect_no_axe_violations(page)
    screenshot(page, f"booklet-detail-{width}")
    page.get_by_role("button", name="この冊子を公開する").click()
    page.get_by_text("公開しました").first.wait_for()

    resident = open_page(width=width, javascript=False)
    resident.goto("/booklets/")
    with resident.expect_download() as download:
        resident.get_by_role("link", name="在宅医療・介護 資源の冊子（架空市）").click()

    assert download.value.suggested_filename.endswith(".pdf")


@pytest.mark.parametrize("width", [1280, 360])
def test_open_data_is_looked_at_published_and_taken(open_page, sato, city, width):
    page = open_page(client=sato, width=width)
    page.goto("/register/open-data/")
    expect_no_axe_violations(page)
    page.get_by_role("combobox", name=re.compile("^地域")).select_option(label="架空市")
    page.get_by_role("button", name="公開する内容を確かめる").click()
    page.get_by_role("heading", name="公開する行のはじめ").wait_for()
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    page.get_by_role("button", name="公開する", exact=True).click()
    page.get_by_text("公開しました").first.wait_for()
    expect_no_axe_violations(page)

    resident = open_page(width=width)
    resident.goto("/opendata/")
    expect_no_axe_violations(resident)
    expect_no_sideways_scroll(resident)
    screenshot(resident, f"opendata-{width}")
    with resident.expect_download() as download:
        resident.get_by_role("link", name=re.compile("CSV（UTF-8")).click()
    resident.get_by_role("link", name=re.compile("CP932")).click()
    resident.get_by_role("heading", name=re.compile("CP932のCSV")).wait_for()
    expect_no_axe_violations(resident)

    assert download.value.suggested_filename.startswith("care-992011-")
