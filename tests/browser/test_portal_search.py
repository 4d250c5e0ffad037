"""Finding care near home: with and without script, by keyboard, on a telephone, on paper."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from renkei.gateways.portal.queries import demo_site
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.tests.towns import make_city, make_places
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

PLACES = 12


@pytest.fixture(autouse=True)
def region() -> None:
    demo_site().save()
    make_places(make_city(), PLACES)
    rebuild_index()


def wait_for_marks(page: Page) -> None:
    expect(page.locator(".map-mark").first).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("width", [360, 1280])
def test_t_a6b_map_passes_axe_and_every_mark_is_in_the_list(open_page: OpenPage, width):
    page = open_page(width=width)
    page.goto("/search/?area=992011&view=map")
    wait_for_marks(page)

    expect_no_axe_violations(page)
    screenshot(page, f"portal-map-{width}")
    listed = page.locator("#list h3 a").all_inner_texts()
    assert len(listed) == PLACES
    for label in marks_of(page):
        if found := re.match(r"(\d+)番、\S+ (\S+?)、", label):
            assert listed[int(found[1]) - 1] == found[2]
        else:
            assert "件が集まっています" in label
    expect(page.get_by_role("status")).to_contain_text(f"{PLACES}件")


def marks_of(page: Page) -> list[str]:
    marks = page.locator(".map-mark").all()
    return [mark.get_attribute("aria-label") or "" for mark in marks]


def test_t_a6c_map_draws_with_every_host_but_ours_cut_off(open_page: OpenPage):
    page = open_page()
    page.route(
        lambda url: not url.startswith(("http://localhost", "data:", "blob:")),
        lambda route: route.abort(),
    )
    page.goto("/search/?area=992011")
    wait_for_marks(page)

    # The names of the areas are drawn, so their font was there before the canvas.
    fonts = page.evaluate("document.fonts.check('500 14px \"Noto Sans JP Variable\"', '架空市')")
    assert fonts is True
    assert page.locator("canvas").evaluate("canvas => canvas.width") > 0


def test_map_is_worked_by_keyboard_alone(open_page: OpenPage):
    page = open_page()
    page.goto("/search/?area=992011")
    wait_for_marks(page)
    mark = page.locator(".map-mark[aria-label*='番、']").first
    name = mark.get_attribute("aria-label")

    mark.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect_no_axe_violations(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name

    before = page.locator(".map-marks li").first.get_attribute("style")
    page.get_by_role("button", name="東へ動かす").press("Enter")
    expect(page.locator(".map-marks li").first).not_to_have_attribute("style", before or "")


def test_marks_can_be_pressed_with_a_finger(open_page: OpenPage):
    page = open_page(width=360)
    page.goto("/search/?area=992011")
    wait_for_marks(page)

    sizes = page.eval_on_selector_all(
        ".map-mark, .map-controls button",
        "all => all.map(one => { const box = one.getBoundingClientRect();"
        " return Math.min(box.width, box.height); })",
    )
    assert min(sizes) >= 24


def test_without_webgl_the_still_map_remains(open_page: OpenPage):
    page = open_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto("/search/?area=992011")

    expect(page.get_by_role("img", name=re.compile("架空市の地図"))).to_be_visible()
    expect(page.locator("#list > li")).to_have_count(PLACES)


@pytest.mark.parametrize("width", [360, 1280])
def test_resident_finds_a_telephone_number_without_script(open_page: OpenPage, width):
    page = open_page(width=width, javascript=False)
    page.goto("/")
    page.get_by_role("searchbox", name="名前・住所・電話など").fill("架空施設0003号")
    page.get_by_role("button", name="さがす").click()
    expect(page.locator("#list > li")).to_have_count(1)
    page.get_by_role("link", name="架空施設0003号", exact=True).click()

    expect(page.get_by_role("heading", level=1, name="架空施設0003号")).to_be_visible()
    expect(page.locator(".callbox a[href='tel:0999010003']")).to_be_visible()
    expect_no_sideways_scroll(page)


def test_resident_narrows_by_need_without_script(open_page: OpenPage):
    page = open_page(javascript=False)
    page.goto("/search/")
    page.get_by_label("看護師に来てほしい").check()
    page.get_by_role("button", name="この条件でさがす").click()

    expect(page).to_have_url(re.compile(r"group=nursing"))
    expect(page.locator("#list > li")).to_have_count(PLACES // 4)
    page.get_by_role("link", name=re.compile("看護師に来てほしい.*をはずす")).click()
    expect(page.locator("#list > li")).to_have_count(PLACES)


@pytest.mark.parametrize(
    "address", ["/search/?area=992011", "/search/?q=ない名前", "/search/?hour=99"]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_search_passes_axe_and_fits_the_screen(open_page: OpenPage, address, width):
    page = open_page(width=width)
    page.goto(address)
    page.wait_for_load_state("networkidle")

    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_place_and_correction_pass_axe_and_fit_the_screen(open_page: OpenPage, width):
    page = open_page(width=width)
    page.goto("/search/")
    page.locator("#list h3 a").first.click()
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"portal-place-{width}")

    page.get_by_role("link", name="この情報の修正を依頼する").click()
    page.get_by_role("button", name=re.compile("依頼")).click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)


def test_result_prints_as_a_list_with_its_map(open_page: OpenPage):
    page = open_page()
    page.goto("/search/?area=992011")
    wait_for_marks(page)

    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    text = re.sub(r"\s+", "", "".join(sheet.extract_text() for sheet in pdf.pages))

    for number in range(1, PLACES + 1):
        assert f"架空施設{number:04}号" in text
        assert f"0999-01-{number:04}" in text
    assert "しぼり込み" not in text


def test_marks_and_words_stay_in_forced_colours(open_page: OpenPage):
    page = open_page(forced_colors="active")
    page.goto("/search/?area=992011")

    expect_no_axe_violations(page)
    screenshot(page, "portal-search-forced-colours")
