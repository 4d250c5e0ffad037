"""From an empty cell of the matrix to a goal, and its review (T-B3a, T-B3b)."""

from __future__ import annotations

import pytest

from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.tests.factories import make_value, make_version
from renkei.programme.planning.services import plans
from renkei.programme.planning.tests import factories
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


def _fine(page, name):
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, name)


@pytest.mark.parametrize("width", [1280, 360])
def test_t_b3b_a_hole_becomes_a_goal_is_reviewed_and_carried_on(open_page, sato_client, width):
    viewer = factories.viewer(factories.sato())
    version = make_version("A-P1", name="退院・退所加算", unit="回")
    make_value(version, factories.town(), fiscal(2024), value=552)
    plan = plans.make_plan(
        viewer=viewer,
        fiscal_year=fiscal_year(clock.today()).year,
        vision="その人らしく暮らせる。",
        visions={"hospital": "元の暮らしに戻れる。"},
    )
    page = open_page(width=width, client=sato_client)
    page.goto(f"/planning/plans/{plan.uid}/")
    _fine(page, f"plan-matrix-{width}")
    page.locator("td.hole").nth(1).get_by_role("link", name="目標を立てる").click()
    page.locator("[name=text]").fill("退院の連携を増やす")
    page.locator("[name=indicator_code]").select_option("A-P1")
    page.locator("[name=target]").fill("600")
    page.locator("[name=owner]").fill("高齢者支援課")
    _fine(page, f"plan-goal-{width}")
    page.get_by_role("button", name="書く").click()
    assert "552 回" in page.inner_text("main")
    page.get_by_role("link", name="年度の振り返り").click()
    page.get_by_role("link", name="振り返る").first.click()
    page.locator("[name=state][value=ongoing]").check()
    page.locator("[name=verdict][value=continue]").check()
    page.locator("[name=reason]").fill("まだ届いていない")
    _fine(page, f"plan-review-goal-{width}")
    page.get_by_role("button", name="記録する").click()
    _fine(page, f"plan-review-{width}")
    page.get_by_role("button", name="の計画を作る").click()
    assert "退院の連携を増やす" in page.inner_text("main")
