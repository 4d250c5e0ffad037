"""協定: proposed, confirmed and left in the browser, at two widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from renkei.foundation.accounts.tests.towns import LIST, Town, page, propose
from renkei.foundation.areas.models import Agreement
from renkei.foundation.common import clock
from renkei.foundation.sheets.models import FormShare
from renkei.foundation.sheets.tests.factories import make_version
from tests.browser.conftest import OpenPage
from tests.browser.helpers import expect_no_axe_violations, expect_no_sideways_scroll, screenshot


def look(at: Page, name: str, width: int) -> None:
    expect_no_axe_violations(at)
    expect_no_sideways_scroll(at)
    screenshot(at, f"agreements-{name}-{width}")


@pytest.mark.parametrize("width", [360, 1280])
def test_two_municipalities_agree_and_share(open_page: OpenPage, width):
    kakuu, umibe, yoso = Town("架空市"), Town("海辺町"), Town("よそ市")
    city = open_page(width=width, client=kakuu.client)
    town = open_page(width=width, client=umibe.client)
    city.goto(LIST)
    look(city, "empty", width)
    city.get_by_role("link", name="協定を提案する").click()
    city.get_by_role("button", name="確認を頼む").click()
    expect(city.get_by_text("協定を結ぶ相手の市町村を選んでください。").first).to_be_visible()
    look(city, "add-wrong", width)
    city.get_by_label("協定の名称").fill("架空市・海辺町 在宅医療・介護連携に関する協定")
    city.get_by_label("協定の目的").fill("様式をそろえ、相談窓口を互いに使えるようにする")
    city.get_by_label("海辺町").check()
    city.get_by_label("よそ市").check()
    city.get_by_role("button", name="確認を頼む").click()
    expect(city.get_by_text("協定を提案しました。")).to_be_visible()
    look(city, "waiting", width)

    agreement = Agreement.objects.get()
    town.goto("/notifications/")
    expect(town.get_by_text("ほかの市町村から、協定の提案があります。", exact=True)).to_be_visible()
    town.goto(page(agreement))
    look(town, "to-answer", width)
    town.get_by_role("button", name="確認して加わる").click()
    expect(town.get_by_text("協定に加わりました。")).to_be_visible()
    version = make_version(area=kakuu.area, code="kakuu_shared")
    FormShare.objects.create(form=version.form, agreement=agreement, shared_at=clock.now())
    town.goto(page(agreement))
    town.get_by_label("最後の日").fill("きのう")
    town.get_by_role("button", name="この日で抜ける").click()
    expect(town.locator("h1")).to_be_visible()
    look(town, "in-force-wrong-day", width)
    propose(yoso, kakuu)
    city.goto(LIST)
    look(city, "list", width)
    city.goto(page(agreement))
    look(city, "proposer", width)
    city.get_by_role("link", name="架空の様式").click()
    expect(city.locator("h1")).to_contain_text("架空の様式")
    city.goto("/accounts/organisations/")
    look(city, "organisations", width)
