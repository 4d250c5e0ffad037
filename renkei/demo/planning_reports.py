"""What came out of two years: last year's report, the next council paper, what residents see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from renkei.demo.care import viewer_named
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.planning.models import Council, GrantReply, ReportKind
from renkei.programme.planning.queries.councils import council_door
from renkei.programme.planning.queries.plans import plan_door, plans_seen_by
from renkei.programme.planning.queries.reports import meetings_to_come
from renkei.programme.planning.services.public import show_members, show_plan
from renkei.programme.planning.services.reports import answer_grant, make_pack

Say = Callable[[str], None]
CITY: Final = "kawase"
ANSWERS: Final = (
    ("issues", GrantReply.MET, ""),
    ("scenes", GrantReply.MET, ""),
    ("sharing", GrantReply.SHORT, "手引きが、すべての事業所に届いていなかった。"),
    ("discharge", GrantReply.MET, ""),
    ("end", GrantReply.NOT_REPORTED, "研修の記録を、期限までに出せなかった。"),
)


def make_reports(council: Council, say: Say) -> None:
    """Two packs, last year's answers to the grant, the plan and the roster on the portal."""
    viewer = viewer_named(CITY)
    area = own_area_of(viewer)
    if area is None:
        return
    this = fiscal_year(clock.today()).year
    for question, answer, note in ANSWERS:
        answer_grant(
            viewer=viewer, area=area, fiscal_year=this - 1, question=question, answer=answer,
            note=note,
        )  # fmt: skip
    make_pack(viewer=viewer, area=area, fiscal_year=this - 1, kind=ReportKind.ANNUAL)
    coming = next(
        (one for one in meetings_to_come(viewer, area) if one.council_id == council.pk), None
    )
    make_pack(viewer=viewer, area=area, fiscal_year=this, kind=ReportKind.COUNCIL, meeting=coming)
    plan = plans_seen_by(viewer).get(area=area, fiscal_year=this)
    show_plan(door=plan_door(viewer, plan.uid), show=True)
    show_members(door=council_door(viewer, council.uid), show=True)
    say("報告と住民向けページを用意しました")
