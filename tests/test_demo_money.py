"""What the demo region shows of contracts and money."""

from __future__ import annotations

from datetime import datetime

import pytest

from renkei.demo.planning_money import fill
from renkei.foundation.common.clock import TOKYO
from renkei.programme.planning.models import Plan
from renkei.programme.planning.presenters_programme import progress_page_of
from renkei.programme.planning.queries.money import money_lines_of, sums_of
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.queries.programme import progress_for
from renkei.programme.planning.services import plans
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("now", ["2026-11-22", "2026-04-01", "2027-03-31"])
def test_the_demo_has_a_late_report_a_contract_without_successor_and_two_years_of_money(
    time_machine, now: str
):
    time_machine.move_to(datetime.fromisoformat(now).replace(hour=10, tzinfo=TOKYO), tick=False)
    viewer = factories.viewer(factories.sato())
    for year in (2025, 2026):
        plan = plans.make_plan(
            viewer=viewer, fiscal_year=year, vision="姿", visions={"daily": "家で暮らせる"}
        )
        for item in "abcdefgh":
            plans.write_activity(
                door=plan_door(viewer, plan.uid),
                fields={
                    "name": f"活動{item}", "items": [item], "scenes": ["daily"],
                    "targets": ["workers"],
                },
            )  # fmt: skip

    fill(viewer)

    (progress,) = progress_for(viewer, [factories.town()])
    words = {one.word for one in progress_page_of(progress).troubles}
    assert {"報告の遅れ", "終わりが近い"} <= words
    assert sums_of(money_lines_of(plan)).budget == 5_314_918
    before = Plan.objects.get(fiscal_year=2025)
    assert sums_of(money_lines_of(before)).waiting == 0
