"""The fixed pages as residents meet them: telephone, large letters, no script, paper, one's own colours."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.test import Client
from playwright.sync_api import Error, Page, expect
from pypdf import PdfReader

from renkei.gateways.portal.pages import PAGES
from renkei.gateways.portal.queries import demo_site
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.tests.towns import make_city, make_places
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

ADDRESSES = [
    "/",
    *(f"/{slug}/" for slug in PAGES),
    "/accessibility/result/",
    "/easy/",
    *(f"/easy/{slug}/" for slug in PAGES),
]


@pytest.fixture(autouse=True)
def site() -> None:
    demo_site().save()


@pytest.mark.parametrize("width", [360, 1280])
def test_t_g4_fixed_pages_pass_axe(open_page: OpenPage, width):
    page = open_page(width=width)
    for address in ADDRESSES:
        page.goto(address)
        expect_no_axe_violations(page)
        screenshot(page, f"portal{address.replace('/', '-')}{width}")


def test_fixed_pages_fit_a_screen_enlarged_four_times(open_page: OpenPage):
    # 1280 px at 400 % are 320 px of the page (WCAG 1.4.10).
    page = open_page(width=320, height=256)
    for address in ADDRESSES:
        page.goto(address)
        expect_no_sideways_scroll(page)


def crawl(page: Page, start: str) -> set[str]:
    """Every page reached by links, one of each kind; the addresses with numbers as 0."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        address = waiting.pop()
        try:
            answer = page.goto(address)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            seen.add(kind_of(address))  # a file, taken from our host
            continue
        assert answer is not None
        assert answer.status == 200, address
        seen.add(kind_of(address))
        for link in sorted(set(page.eval_on_selector_all(LINKS, PATHS))):
            if kind_of(link) not in seen | set(map(kind_of, waiting)):
                waiting.append(link)
    return seen


def kind_of(address: str) -> str:
    return re.sub(r"[0-9a-f-]{36}|\d+|(?<=/publication/)\w+", "0", address)


# Files are taken, not opened.
LINKS = "a[href^='/']:not([download], [href*='/files/'], [href*='.'])"
PATHS = "all => all.map(a => a.pathname)"


def test_t_o2_every_public_page_needs_our_host_only(open_page: OpenPage):
    make_places(make_city(), 3)
    rebuild_index()

    kinds = crawl(open_page(), "/")

    assert {
        "/about/",
        "/accounts/login/",
        "/areas/",
        "/booklets/",
        "/easy/",
        "/facilities/0/",
        "/facilities/0/correction/",
        "/opendata/",
        "/search/",
    } <= kinds


def test_t_o2_every_staff_page_needs_our_host_only(open_page: OpenPage, sato_client: Client):
    make_places(make_city(), 3)
    rebuild_index()

    kinds = crawl(open_page(client=sato_client), "/register/")

    assert {
        "/register/facilities/0/",
        "/register/imports/",
        "/register/publication/",
        "/register/requests/",
        "/site/",
    } <= kinds


def test_home_works_without_script(open_page: OpenPage):
    page = open_page(javascript=False)
    page.goto("/")

    expect(page.get_by_role("searchbox", name="名前・住所・電話など")).to_be_visible()
    page.get_by_role("link", name="相談の前に読むこと").click()
    expect(page.get_by_role("heading", level=1, name="相談窓口")).to_be_visible()
    # A button that only script can answer is not there.
    expect(page.get_by_role("button", name="この案内を印刷")).to_have_count(0)


def test_first_tab_leads_past_the_head(open_page: OpenPage):
    page = open_page()
    page.goto("/about/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_focus_is_never_below_the_band_that_stays(open_page: OpenPage):
    page = open_page()
    page.goto("/")
    links = page.locator("main a").count()
    for _ in range(links):
        page.keyboard.press("Tab")
    for _ in range(links):
        page.keyboard.press("Shift+Tab")
        place = page.evaluate(
            "(() => { const box = document.activeElement.getBoundingClientRect();"
            " const band = document.querySelector('.p-call').getBoundingClientRect();"
            " return document.activeElement.closest('main') ? box.bottom - band.bottom : 1; })()"
        )
        assert place > 0


def test_readings_can_be_hidden_without_script(open_page: OpenPage):
    page = open_page(javascript=False)
    page.goto("/easy/about/")
    reading = page.locator("rt").first

    expect(reading).to_be_visible()
    page.get_by_label("ふりがなを けす").check()
    expect(reading).to_be_hidden()


def test_desk_card_is_complete_on_paper(open_page: OpenPage):
    page = open_page()
    page.goto("/contact/")

    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    text = re.sub(r"\s+", "", "".join(sheet.extract_text() for sheet in pdf.pages))

    assert "0999-00-0110" in text
    assert "0999-00-0119" in text
    assert "平日8時30分～17時15分" in text
    assert "本文へ移動" not in text
    assert len(pdf.pages) == 1


def test_fixed_pages_keep_their_marks_in_forced_colours(open_page: OpenPage):
    page = open_page(forced_colors="active")
    page.goto("/")

    expect_no_axe_violations(page)
    screenshot(page, "portal-forced-colours")
