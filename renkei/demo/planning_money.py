"""架空市's contracts, related programmes and two years of money, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from renkei.demo.care import viewer_named
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, fiscal_year
from renkei.programme.planning.forms_plans import LEGAL_BASIS
from renkei.programme.planning.models import Activity, Arrangement
from renkei.programme.planning.queries.plans import (
    PlanDoor,
    activities_of,
    plan_door,
    plans_seen_by,
)
from renkei.programme.planning.services import calendar, money, plans, programme

Say = Callable[[str], None]
CITY: Final = "kawase"
SISTERS: Final = (
    ("認知症総合支援事業", "長寿支援課"),
    ("生活支援体制整備事業", "地域福祉課"),
    ("介護予防・日常生活支援総合事業", "介護保険課"),
    ("国民健康保険・保健事業", "保険年金課"),
)
# What an activity of an item is a part of, and what it costs: 費目, 財源, yen.
MEASURES: Final = {
    "a": ("資源を見えるようにする", (("services", "comprehensive", 198_000),)),
    "b": ("話し合って決める", (("fee", "comprehensive", 192_000),)),
    "c": ("切れ目をなくす", (("fee", "fund", 96_000), ("supplies", "comprehensive", 45_501))),
    "d": ("情報をつなぐ", (("rent", "comprehensive", 264_000),)),
    "e": ("相談にこたえる", (("contract", "comprehensive", 3_960_000),)),
    "f": ("ともに学ぶ", (("fee", "comprehensive", 120_000), ("rent", "own", 33_000))),
    "g": ("住民に知らせる", (("services", "comprehensive", 377_777),)),
    "h": ("となりと組む", (("travel", "comprehensive", 28_640),)),
}
# Performers of activities by how their item is done.
PERFORMERS: Final = {
    "contracted": "contracted",
    "deemed": "other_body",
    "joint": "joint",
    "self": "self",
}


def keep_money(say: Say) -> None:
    """After the plans were made."""
    fill(viewer_named(CITY))
    say("委託・報告・関係する課と、2年度の事業費を用意しました")


def fill(viewer: Viewer) -> None:
    """One contract whose report is late, one that ends with nobody after it, and the rest whole."""
    contracts = _contracts(viewer)
    sisters = [
        programme.write_sister(viewer=viewer, fields={"name": name, "section": section})
        for name, section in SISTERS
    ]
    this = fiscal_year(clock.today()).year
    for plan in plans_seen_by(viewer):
        door = plan_door(viewer, plan.uid)
        if plan.fiscal_year == this:
            for number, one in enumerate(activities_of(plan)):
                _complete(door, one, contracts[one.items[0]], sisters[number % 4 : number % 4 + 1])
        _spend(door, spent=plan.fiscal_year < this)
    calendar.tick_task(viewer=viewer, key="contacts", done=True)


def _contracts(viewer: Viewer) -> dict[str, Arrangement]:
    today = clock.today()
    year = fiscal_year(today)

    def arrange(items: str, execution: str, partner: str = "", **more: Any) -> Arrangement:
        fields = {
            "items": list(items), "execution": execution, "partner": partner,
            "first_day": year.start, "section": "高齢者支援課",
        }  # fmt: skip
        return programme.write_arrangement(viewer=viewer, fields=fields | more)

    drawn_up = FiscalYear(year.year - 1).end - timedelta(days=16)
    own = arrange("abcd", "self")
    desk = arrange(
        "e", "contracted", "架空市医師会", outline_on=drawn_up, last_day=year.end,
        is_supported=True,
    )  # fmt: skip
    training = arrange("f", "deemed", "架空郡市医師会", outline_on=drawn_up)
    public = arrange(
        "g", "contracted", "架空市社会福祉協議会", outline_on=drawn_up,
        last_day=max(today + timedelta(days=40), year.start),
    )  # fmt: skip
    joint = arrange("h", "joint", joint_with="汐見市・磯辺町", is_supported=True)
    _report(viewer, desk, today - timedelta(days=110), received=today - timedelta(days=112))
    _report(viewer, desk, today - timedelta(days=19))
    _report(viewer, training, year.end)
    found = dict.fromkeys("abcd", own)
    return found | {"e": desk, "f": training, "g": public, "h": joint}


def _report(
    viewer: Viewer, arrangement: Arrangement, due: date, *, received: date | None = None
) -> None:
    fields = {"name": "四半期の実績報告", "due_on": due, "received_on": received}
    programme.write_report(viewer=viewer, arrangement=arrangement, fields=fields)


def _complete(door: PlanDoor, one: Activity, contract: Arrangement, programmes: list[Any]) -> None:
    measure, costs = MEASURES[one.items[0]]
    plans.write_activity(
        door=door,
        activity=one,
        fields={
            "measure": measure,
            "legal_basis": LEGAL_BASIS,
            "arrangement": contract,
            "performer": PERFORMERS[contract.execution],
            "funding": costs[0][1],
            "programmes": programmes,
        },
    )


def _spend(door: PlanDoor, *, spent: bool) -> None:
    """The first activity of an item carries its cost; last year is settled, this one foreseen."""
    seen: set[str] = set()
    for one in activities_of(door.plan):
        item = one.items[0]
        if item in seen:
            continue
        seen.add(item)
        for category, funding, yen in MEASURES[item][1]:
            settled = yen * 97 // 100
            amounts = {"actual_yen": settled} if spent else {"forecast_yen": yen}
            fields = {
                "activity": one, "item": item, "category": category, "funding": funding,
                "budget_yen": yen,
            }  # fmt: skip
            money.write_line(door=door, fields=fields | amounts)
