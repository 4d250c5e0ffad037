"""Two years of 架空市's plan: last year's looked back on, this year's made from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from renkei.demo.care import viewer_named
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.indicators.models import Direction
from renkei.programme.indicators.queries.values import values_for
from renkei.programme.planning.models import GoalState, Plan, Verdict
from renkei.programme.planning.queries.plans import (
    PlanDoor,
    activities_of,
    goals_of,
    plan_door,
)
from renkei.programme.planning.services import plans

Say = Callable[[str], None]
CITY: Final = "kawase"
# What the numbers of care tell about: the supply of care, and the exchange about it.
COUNTED: Final = ("c", "d")
VISIONS: Final = {
    "daily": "通院できなくても、家で治療を続けられる",
    "hospital": "入院しても、元の暮らしに戻れる",
    "acute": "夜でも、どこに頼るかが決まっている",
    "end": "望む場所で最期を迎えられる",
}
# (scene, item, goal, activity, owner, target group, month)
ROWS: Final = (
    ("daily", "a", "施設の情報を年1回確かめる", "資源の台帳と地図", "川瀬", "citizens", 9),
    ("daily", "b", "課題を年5件話し合う", "協議会・多職種部会", "川瀬", "workers", 6),
    ("daily", "c", "主治医・副主治医の組を増やす", "主治医・副主治医", "医師会", "workers", 10),
    ("daily", "d", "記録を共有する事業所を増やす", "療養者の記録の共有", "川瀬", "workers", 5),
    ("daily", "e", "相談に当日こたえる", "相談窓口", "支援センター", "workers", 4),
    ("daily", "f", "9職種が研修に参加する", "多職種研修", "医師会", "workers", 11),
    ("daily", "g", "冊子を全世帯に届ける", "広報と冊子", "川瀬", "citizens", 11),
    ("daily", "h", "5市町村で年3回話し合う", "5市町村の連絡会", "保健所", "workers", 2),
    ("hospital", "a", "窓口一覧を更新する", "病院の窓口一覧", "川瀬", "workers", 4),
    ("hospital", "c", "連絡もれを減らす", "入退院の調整ルール", "入退院調整部会", "workers", 7),
    ("hospital", "d", "入院時の情報提供を増やす", "情報提供書の電子化", "部会", "workers", 8),
    ("hospital", "f", "入退院の研修を開く", "入退院の研修", "部会", "workers", 1),
    ("acute", "c", "担当のない時間を減らす", "今夜の担当表", "医師会", "workers", 11),
    ("acute", "d", "救急で使える情報を増やす", "救急の画面", "消防", "workers", 11),
    ("acute", "g", "救急情報キットを配る", "救急情報キット", "消防", "citizens", 9),
    ("end", "a", "看取りに対応する所を知らせる", "看取りに対応する所", "川瀬", "citizens", 9),
    ("end", "f", "施設の職員が研修を受ける", "看取りの研修", "研修部会", "facilities", 1),
    ("end", "g", "話し合った人を増やす", "もしものときの話し合い", "窓口", "citizens", 11),
)
ENDED: Final = "救急情報キット"
GOES_ON: Final = (GoalState.ONGOING, Verdict.CONTINUE, "目標の年度まで続ける。")
GOALS_REVIEWED: Final = {
    "救急情報キットを配る": (GoalState.REACHED, Verdict.END, "希望した世帯に配り終えた。"),
    "施設の情報を年1回確かめる": (
        GoalState.REACHED,
        Verdict.CONTINUE,
        "すべての施設に確かめた。次の年度も続ける。",
    ),
    "施設の職員が研修を受ける": (
        GoalState.MISSED,
        Verdict.REVISE,
        "参加が少なかったので、施設に出向いて開く。",
    ),
}
RESULTS: Final = {
    "協議会・多職種部会": "協議会を3回開き、3件を決めた。",
    "多職種研修": "2回開き、9職種が参加した。",
    "入退院の研修": "説明会を2回開き、38事業所が参加した。",
    "看取りの研修": "1回開き、施設の職員12名が参加した。",
    "救急情報キット": "希望した412世帯に配った。",
}


def make_plans(say: Say) -> None:
    """Last year's plan with its review, this year's with holes that say what is missing."""
    viewer = viewer_named(CITY)
    this = fiscal_year(clock.today()).year
    with clock.told_at(datetime(this - 1, 4, 10, 9, tzinfo=clock.TOKYO)):
        plan = plans.make_plan(
            viewer=viewer,
            fiscal_year=this - 1,
            vision="最期まで、架空市で、その人らしく暮らせる。",
            visions=VISIONS,
        )
        door = plan_door(viewer, plan.uid)
        _fill(door)
        plans.leave_out(door=door, item="g", scene="hospital", reason="病院が説明するため")
        plans.leave_out(door=door, item="e", scene="acute", reason="救急相談が受けるため")
    with clock.told_at(datetime(this, 3, 20, 9, tzinfo=clock.TOKYO)):
        following = _look_back(door)
    # Somebody left: their activity has no owner now.
    door = plan_door(viewer, following.uid)
    last = activities_of(following).last()
    if last is not None:
        plans.write_activity(door=door, fields={"owner": ""}, activity=last)
    say("2年度の計画と振り返りを用意しました")


def _known(door: PlanDoor) -> dict[str, list[tuple[str, str, Decimal]]]:
    """Indicators that have a value for the town, by scene, each with a target a tenth better."""
    area = own_area_of(door.viewer)
    rows = values_for(door.viewer).filter(area=area, value__isnull=False)
    found: dict[str, list[tuple[str, str, Decimal]]] = {}
    seen = set()
    for one in rows.select_related("indicator", "version").order_by("indicator__code", "-period"):
        if one.indicator.code in seen or one.value is None or not one.version.scenes:
            continue
        seen.add(one.indicator.code)
        down = one.version.direction == Direction.DOWN
        target = (one.value * Decimal("0.9" if down else "1.1")).quantize(Decimal("0.1"))
        goal = f"{one.version.name}を{'減らす' if down else '増やす'}"
        scene = one.version.scenes[0]
        found.setdefault(scene, []).append((one.indicator.code, goal[:300], target))
    return found


def _fill(door: PlanDoor) -> None:
    known = _known(door)
    for scene, item, goal, activity, owner, target, month in ROWS:
        fields: dict[str, Any] = {"scene": scene, "items": [item], "text": goal, "owner": owner}
        # Goals for which nothing is counted yet wait for their indicator, as in any real plan.
        if item in COUNTED and known.get(scene):
            code, text, value = known[scene].pop(0)
            fields |= {"text": text, "indicator_code": code, "target": value, "due_year": 2029}
        made = plans.write_goal(door=door, fields=fields)
        plans.write_activity(
            door=door,
            fields={
                "name": activity,
                "goal": made,
                "items": [item],
                "scenes": [scene],
                "targets": [target],
                "owner": owner,
                "months": [month],
                "parts": {"e": ["2"], "g": ["3"], "d": ["4"], "f": ["4"]}.get(item, ["1"]),
                "performer": "contracted" if owner == "支援センター" else "self",
            },
        )


def _look_back(door: PlanDoor) -> Plan:
    for activity in activities_of(door.plan):
        result = RESULTS.get(activity.name, "")
        if result:
            plans.write_activity(door=door, fields={"result_text": result}, activity=activity)
    for goal in goals_of(door.plan):
        state, verdict, reason = GOALS_REVIEWED.get(goal.text, GOES_ON)
        plans.review_goal(
            door=door,
            goal=goal,
            state=state,
            verdict=verdict,
            reason=reason,
            reached_reason=reason if state == GoalState.REACHED else "",
        )
    for number, activity in enumerate(activities_of(door.plan)):
        verdict = Verdict.REVISE if number % 6 == 0 else Verdict.CONTINUE
        reason = "参加する人が少ないので、やり方を変える。" if number % 6 == 0 else "続ける。"
        if activity.name == ENDED:
            verdict, reason = Verdict.END, "配り終えたので、やめる。"
        plans.review_activity(door=door, activity=activity, verdict=verdict, reason=reason)
    return plans.make_next_plan(door=door)
