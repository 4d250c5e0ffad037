"""An officer enters what a training costs and sees who bears it, to the yen (T-FUND1, T-COM1)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client
from playwright.sync_api import expect

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common.clock import TOKYO
from renkei.programme.planning.models import Plan
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.services import plans, programme
from renkei.programme.planning.tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

NOW = datetime(2026, 11, 23, 10, tzinfo=TOKYO)


@pytest.fixture
def plan(time_machine) -> Plan:
    """This year's plan with one training, and a contract whose report is late."""
    time_machine.move_to(NOW, tick=True)
    viewer = factories.viewer(factories.sato())
    made = plans.make_plan(
        viewer=viewer, fiscal_year=2026, vision="姿", visions={"daily": "家で暮らせる"}
    )
    door = plan_door(viewer, made.uid)
    plans.write_goal(
        door=door, fields={"scene": "daily", "items": ["f"], "text": "9職種が研修に参加する"}
    )
    plans.write_activity(
        door=door,
        fields={"name": "多職種研修", "items": ["f"], "scenes": ["daily"], "targets": ["workers"]},
    )
    contract = programme.write_arrangement(
        viewer=viewer,
        fields={
            "items": ["e", "f"], "execution": "contracted", "partner": "架空市医師会",
            "first_day": date(2026, 4, 1), "last_day": date(2027, 3, 31), "section": "高齢福祉課",
        },
    )  # fmt: skip
    programme.write_report(
        viewer=viewer, arrangement=contract,
        fields={"name": "上半期の実績報告", "due_on": date(2026, 10, 31)},
    )  # fmt: skip
    programme.write_sister(
        viewer=viewer, fields={"name": "認知症総合支援事業", "section": "長寿支援課"}
    )
    return made


def test_t_fund1_an_officer_enters_a_cost_and_sees_who_bears_it(open_page: OpenPage, plan: Plan):
    client = accounts.sign_in(Client(), factories.sato())
    page = open_page(client=client)
    page.goto("/planning/plans/")
    page.get_by_role("link", name="令和8年度の計画").click()
    page.get_by_role("link", name="事業費").click()
    page.get_by_role("link", name="行を加える").click()
    page.get_by_label("活動").select_option(label="多職種研修")
    page.get_by_label("項目").select_option(value="f")
    page.get_by_label("費目").select_option(label="報償費")
    page.get_by_label("予算額（円）").fill("100001")
    page.get_by_role("button", name="書く").click()

    burden = page.get_by_role("table", name="包括的支援事業・任意事業")
    expect(burden.get_by_role("row", name="国", exact=False).first).to_contain_text("38,501")
    expect(burden.get_by_role("row", name="計", exact=False)).to_contain_text("100,001")
    expect(page.get_by_text("円未満の端数1円を", exact=False)).to_be_visible()

    # The same cost a second time, from the fund: refused in words, nothing is lost.
    page.get_by_role("link", name="行を加える").click()
    page.get_by_label("活動").select_option(label="多職種研修")
    page.get_by_label("項目").select_option(value="f")
    page.get_by_label("費目").select_option(label="報償費")
    page.get_by_label("財源").select_option(label="地域医療介護総合確保基金")
    page.get_by_label("予算額（円）").fill("5000")
    page.get_by_role("button", name="書く").click()
    expect(page.get_by_text("1つの行の経費に重ねて使えません", exact=False).first).to_be_visible()
    expect(page.get_by_label("予算額（円）")).to_have_value("5000")
    expect_no_axe_violations(page)

    money = f"/planning/plans/{plan.uid}/money/"
    there = {
        "money": money,
        "money-outcomes": f"{money}outcomes/",
        "money-import": f"{money}import/",
        "plans": "/planning/plans/",
        "programme": "/planning/programme/",
        "programme-related": "/planning/programme/related/",
        "programme-due": "/planning/programme/due/",
        "programme-calendar": "/planning/programme/calendar/",
        "programme-arrangement": "/planning/programme/arrangements/add/",
    }
    for width in (1280, 360):
        narrow = open_page(width=width, client=client)
        for name, address in there.items():
            narrow.goto(address)
            screenshot(narrow, f"{name}-{width}")
            expect_no_axe_violations(narrow)
            expect_no_sideways_scroll(narrow)
