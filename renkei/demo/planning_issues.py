"""Issues of 架空市 with their evidence: one decided, one for now, one from a 地域ケア会議."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from renkei.demo.care import viewer_named
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.programme.planning.models import Council, Issue, IssueState, MinutesLine
from renkei.programme.planning.queries.issues import issue_door
from renkei.programme.planning.services.issues import move_issue, raise_issue

Say = Callable[[str], None]
CITY = "kawase"


def raise_issues(council: Council, say: Say) -> None:
    """Four issues, each on something that can be looked up."""
    viewer = viewer_named(CITY)
    lines = list(MinutesLine.objects.filter(meeting__council=council).exclude(outcome=""))
    by_word = {one.text[:4]: f"minutes:{one.uid}" for one in lines}
    decided = _raise(
        viewer,
        council,
        title="夜間・休日に連絡のつく所がわからない",
        cited=[by_word["夜間・休"], "resource:130"],
        raised_from="meeting",
        scenes=["acute"],
        items=["a", "c"],
        text="連絡先の一覧が古く、搬送の途中で確かめられないことがあった。",
        response="医師会が年2回、夜間・休日の連絡先を確かめて配り直す。",
    )
    day = clock.today()
    for state in (IssueState.ANALYSED, IssueState.DRAFTED, IssueState.DISCUSSED):
        _move(viewer, decided, state)
    _move(viewer, decided, IssueState.DECIDED, owner="架空市医師会", due_on=day + timedelta(60))
    _raise(
        viewer,
        council,
        title="集まりに来られない人に、届け方がない",
        cited=[by_word["集まりに"]],
        raised_from="meeting",
        scenes=["daily", "end"],
        items=["g"],
        response="当面は、訪問する人に冊子を渡してもらう。",
        is_provisional=True,
        look_again_on=day + timedelta(120),
    )
    resting = _raise(
        viewer,
        council,
        title="訪問入浴の事業所が少ない",
        cited=["resource:120"],
        raised_from="resource",
        scenes=["daily"],
        items=["a"],
    )
    _move(
        viewer,
        resting,
        IssueState.SHELVED,
        note="事業所の意向を聞いてから考える。",
        look_again_on=day + timedelta(150),
    )
    say("課題を根拠とともに用意しました")


def _raise(
    viewer: Viewer, council: Council, *, title: str, cited: list[str], **fields: object
) -> Issue:
    values = {"title": title, "council": council, **fields}
    with clock.told_at(clock.now() - timedelta(days=30)):
        return raise_issue(viewer=viewer, fields=values, cited=cited)


def _move(
    viewer: Viewer, issue: Issue, to: IssueState, *, note: str = "", **fields: object
) -> None:
    with clock.told_at(clock.now() - timedelta(days=20)):
        move_issue(door=issue_door(viewer, issue.uid), to=to, note=note, fields=fields)
