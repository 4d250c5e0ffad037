"""The 保健所 looks at its municipalities, its plan, the base and the tools; on a phone as well."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client

from renkei.foundation.accounts.models import User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common.clock import TOKYO
from renkei.programme.planning.frames import Scene
from renkei.programme.planning.models import Grouping
from renkei.programme.planning.proofs import ProofFile
from renkei.programme.planning.queries.bases import base_door
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.queries.tools import tool_door
from renkei.programme.planning.services import bases, plans, support, tools
from renkei.programme.planning.tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

NOW = datetime(2026, 11, 23, 10, tzinfo=TOKYO)
DAY = date(2026, 11, 1)


@pytest.fixture
def watcher(time_machine) -> User:
    """岬 of the 保健所, with something on every page."""
    time_machine.move_to(NOW, tick=True)
    factories.ship_rates()
    user = factories.prefecture()
    here, city = factories.viewer(user), factories.viewer(factories.sato())
    desk = factories.viewer(factories.desk())
    factories.full_council()
    support.ask_for_support(viewer=city, fields={"item": "data", "title": "統計がほしい"})
    support.log_support(
        viewer=here, areas=[factories.town()],
        fields={"item": "people", "kind": "gathering", "done_on": DAY, "text": "情報交換会"},
    )  # fmt: skip
    support.share_material(viewer=here, fields={"item": "data", "title": "医療統計"})
    plan = plans.make_plan(
        viewer=here, fiscal_year=2026, vision="家で暮らせる",
        visions=dict.fromkeys(Scene.values, "支える"), grouping=Grouping.THREE,
    )  # fmt: skip
    plans.write_goal(
        door=plan_door(here, plan.uid),
        fields={"scene": "hospital", "more_scenes": ["acute"], "text": "受け入れ先を決める"},
    )
    base = bases.designate_base(
        viewer=here, first_day=date(2024, 4, 1), last_day=date(2030, 3, 31),
        fields={
            "area": factories.town(), "organisation": factories.office("架空連携センター"),
            "body": "association", "plan_reference": "第8次計画",
        },
    )  # fmt: skip
    proof = {"text": "研修", "done_on": DAY, "count": 3, "unit": "回"}
    bases.add_evidence(door=base_door(desk, base.uid), duty="d4", fields=proof, file=ProofFile())
    tool = tools.write_tool(viewer=city, fields={"name": "連携", "kind": "ict", "is_renkei": True})
    tools.add_evidence(
        door=tool_door(city, tool.uid), step="inventory", fields=proof, file=ProofFile()
    )
    return user


def test_t_h3_the_desk_the_plan_the_base_and_the_tools_on_a_screen_and_a_phone(
    open_page: OpenPage, watcher: User
):
    client = accounts.sign_in(Client(), watcher)
    page = open_page(client=client)
    paths = ["support/", "support/log/", "support/materials/", "support/log/add/", "bases/add/"]
    paths += ["reviews/"]
    found = [f"/planning/{one}" for one in paths]
    for start, words in (
        ("plans/", "令和8年度の計画"), ("bases/", "架空連携センター"), ("tools/", "連携"),
        ("support/", "統計がほしい"),
    ):  # fmt: skip
        page.goto(f"/planning/{start}")
        page.locator("main").get_by_role("link", name=words, exact=True).first.click()
        found.append(page.url)
    for path in found:
        page.goto(path)
        expect_no_sideways_scroll(page)
        expect_no_axe_violations(page)
    phone = open_page(client=client, width=360, height=740)
    for number, path in enumerate(found):
        phone.goto(path)
        expect_no_sideways_scroll(phone)
        screenshot(phone, f"regions-{number}-360")
    for number, path in enumerate(found):
        page.goto(path)
        screenshot(page, f"regions-{number}-1280")
