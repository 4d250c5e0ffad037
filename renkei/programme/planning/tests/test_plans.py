"""The plan names its own holes, and next year's comes from this one (T-B3a-c, T-B5)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common.clock import TOKYO
from renkei.programme.indicators.models import Direction
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.tests.factories import make_value, make_version
from renkei.programme.planning.models import Activity, Goal, GoalState, Plan, Verdict
from renkei.programme.planning.presenters_plans import cuts_of, plan_page_of
from renkei.programme.planning.queries.plans import (
    PlanDoor,
    due_this_month,
    item_matrix,
    plan_door,
    plans_seen_by,
    target_matrix,
)
from renkei.programme.planning.services import plans
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def planned(**visions: str) -> PlanDoor:
    """A plan of 令和8年度 with めざす姿 for the acute scene."""
    viewer = factories.viewer(factories.sato())
    plan = plans.make_plan(
        viewer=viewer,
        fiscal_year=2026,
        vision="最期まで、その人らしく暮らせる。",
        visions=visions or {"acute": "夜でも、どこに頼るかが決まっている。"},
    )
    return plan_door(viewer, plan.uid)


def goal(door: PlanDoor, **fields: Any) -> Goal:
    values = {"scene": "acute", "items": ["c"], "text": "夜の連絡先を決める", "owner": "医師会"}
    return plans.write_goal(door=door, fields=values | fields)


def activity(door: PlanDoor, **fields: Any) -> Activity:
    values: dict[str, Any] = {
        "name": "今夜の担当表",
        "items": ["c"],
        "parts": ["4"],
        "scenes": ["acute"],
        "targets": ["workers"],
        "owner": "医師会",
        "months": [11],
    }
    return plans.write_activity(door=door, fields=values | fields)


def cell(door: PlanDoor, item: str, scene: str) -> Any:
    row = next(one for one in item_matrix(door.plan) if one.code == item)
    return next(one for one in row.cells if one.scene == scene)


def test_t_b3a_every_cell_without_goal_indicator_or_owner_is_named(django_assert_num_queries):
    door = planned()
    assert [len(row.cells) for row in item_matrix(door.plan)] == [4] * 8
    assert len(plan_page_of(door, by="items").holes) == 32
    assert cell(door, "c", "acute").missing == ("目標なし",)

    one = goal(door, owner="")
    assert cell(door, "c", "acute").missing == ("指標なし", "担当なし")
    make_value(make_version("X-GAP"), factories.town(), fiscal(2025), value=26)
    plans.write_goal(
        door=door,
        goal=one,
        fields={"indicator_code": "X-GAP", "target": Decimal(10), "owner": "医師会"},
    )
    activity(door)
    plans.leave_out(door=door, item="g", scene="acute", reason="救急相談が受けるため")

    assert cell(door, "c", "acute").missing == ()
    assert cell(door, "g", "acute").not_done == "救急相談が受けるため"
    page = plan_page_of(door, by="items")
    assert [one["count"] for one in page.ledger] == [32, 1, 30, 1]
    for number in range(2):
        activity(door, name=f"活動{number}")
    with django_assert_num_queries(3):
        item_matrix(door.plan)


def test_t_b3a_the_matrix_by_target_shows_whom_a_scene_forgets():
    door = planned()
    activity(door, goal=goal(door))

    rows = {row.code: row for row in target_matrix(door.plan)}
    acute = {code: row.cells[2] for code, row in rows.items()}

    assert [len(row.cells) for row in rows.values()] == [4] * 3
    assert acute["workers"].missing == ("指標なし",)
    assert acute["citizens"].missing == ("目標なし",)


def test_a_goal_needs_the_vision_of_its_scene_and_reads_its_baseline():
    door = planned()
    with pytest.raises(ValidationError, match="めざす姿がありません"):
        goal(door, scene="end")
    with pytest.raises(ValidationError, match="指標が見つかりません"):
        goal(door, indicator_code="none")
    version = make_version("X-GAP")
    value = make_value(version, factories.town(), fiscal(2025), value=26)

    made = goal(door, indicator_code="X-GAP", target=Decimal(10))
    value.value = Decimal(30)
    value.save()
    made.refresh_from_db()

    assert made.baseline is not None
    assert Decimal(made.baseline["value"]) == 26
    with pytest.raises(ValidationError, match="消せません"):
        plans.change_visions(door=door, vision="別の姿", visions={"acute": ""})


def test_t_b5_an_activity_is_entered_once_and_seen_in_every_cut():
    door = planned()
    made = activity(
        door, measure="夜間の体制", partners="架空市医師会", result_text="当番表ができた",
        items=["c", "d"],
    )  # fmt: skip

    cuts = cuts_of(door.plan)

    assert Activity.objects.count() == 1
    by_item = {cut.label[:3]: cut.activities for cut in cuts.items}
    assert (by_item["（ウ）"], by_item["（エ）"], by_item["（ア）"]) == ([made], [made], [])
    assert [cut.activities for cut in cuts.parts] == [[], [], [], [made]]
    assert [(one.measure, one.name, one.result_text) for one in cuts.measures] == [
        ("夜間の体制", "今夜の担当表", "当番表ができた")
    ]
    assert cuts.measures[0].partners == "架空市医師会"
    assert due_this_month(door.plan, 11) == [made]
    assert due_this_month(door.plan, 12) == []


def test_t_b3b_next_year_carries_what_goes_on_with_its_reason():
    door = planned()
    kept, ended = goal(door), goal(door, text="やめる目標")
    activity(door, goal=kept)
    with pytest.raises(ValidationError, match="目標が2件、活動が1件"):
        plans.make_next_plan(door=door)

    for one, verdict in ((kept, Verdict.REVISE), (ended, Verdict.END)):
        plans.review_goal(
            door=door,
            goal=one,
            state=GoalState.MISSED,
            verdict=verdict,
            reason="夜の件数が減らない",
        )
    plans.review_activity(
        door=door, activity=Activity.objects.get(), verdict=Verdict.CONTINUE, reason="使われている"
    )
    following = plans.make_next_plan(door=door)

    assert (following.fiscal_year, following.previous) == (2027, door.plan)
    carried = Goal.objects.get(plan=following)
    assert (carried.text, carried.carried_from, carried.verdict) == (kept.text, kept, "")
    assert carried.carried_from is not None
    kept.refresh_from_db()
    assert (kept.verdict, kept.verdict_reason) == (Verdict.REVISE, "夜の件数が減らない")
    assert Activity.objects.get(plan=following).goal == carried
    with pytest.raises(ValidationError, match="振り返りを終えています"):
        goal(door)


def test_t_b3c_a_goal_is_reached_only_by_its_indicator_or_a_reason():
    door = planned()
    version = make_version("X-GAP", direction=Direction.DOWN)
    make_value(version, factories.town(), fiscal(2025), value=26)
    made = goal(door, indicator_code="X-GAP", target=Decimal(10))

    def reach(**fields: str) -> Goal:
        return plans.review_goal(
            door=door, goal=made, state=GoalState.REACHED, verdict=Verdict.CONTINUE,
            reason="続ける", **fields,
        )  # fmt: skip

    with pytest.raises(ValidationError, match="目標値に届いていません"):
        reach()
    assert reach(reached_reason="月末に体制ができた").state == GoalState.REACHED
    make_value(version, factories.town(), fiscal(2026), value=8)
    met = reach()

    assert met.result is not None
    assert (int(Decimal(met.result["value"])), met.reached_reason) == (8, "")


def test_who_sees_a_plan():
    door = planned()
    assert plan_door(factories.viewer(factories.desk()), door.plan.uid).may_write is False
    for stranger in (accounts.suzuki(), factories.other_town()):
        assert not plans_seen_by(factories.viewer(stranger)).exists()


def test_the_pages_of_a_plan_from_its_vision_to_next_year():
    client = accounts.sign_in(Client(), factories.sato())
    assert client.get("/planning/plans/").status_code == 200
    posted = {"fiscal_year": 2026, "vision": "めざす姿", "vision_acute": "夜でも頼れる"}
    assert client.post("/planning/plans/add/", posted).status_code == 302
    plan = Plan.objects.get()
    page = f"/planning/plans/{plan.uid}/"
    filled = {"scene": "acute", "items": ["c"], "text": "連絡先を決める"}
    assert client.get(f"{page}goals/add/?item=c&scene=acute").status_code == 200
    assert client.post(f"{page}goals/add/", filled | {"scene": "end"}).status_code == 422
    assert client.post(f"{page}goals/add/", filled).status_code == 302
    work = {
        "name": "担当表", "items": ["c"], "scenes": ["acute"], "targets": ["workers"],
        "performer": "self", "months": ["11", "3"],
    }  # fmt: skip
    assert client.post(f"{page}activities/add/", work).status_code == 302
    assert client.post(f"{page}left-out/g/acute/", {"reason": "しない"}).status_code == 302
    assert client.get(f"{page}left-out/z/acute/").status_code == 404
    one, act = Goal.objects.get(), Activity.objects.get()
    assert act.months == [11, 3]
    for path in ("", "?by=targets", "cuts/", "edit/", "review/", f"goals/{one.uid}/"):
        assert client.get(page + path).status_code == 200, path
    assert "31か所" in client.get(page).content.decode()
    client.post(f"{page}carry/")
    assert Plan.objects.count() == 1
    told = {"verdict": "continue", "reason": "続ける"}
    assert (
        client.post(f"{page}goals/{one.uid}/review/", told | {"state": "reached"}).status_code
        == 422
    )
    assert (
        client.post(f"{page}goals/{one.uid}/review/", told | {"state": "ongoing"}).status_code
        == 302
    )
    assert client.post(f"{page}activities/{act.uid}/review/", told).status_code == 302
    client.post(f"{page}carry/")
    assert Plan.objects.count() == 2
