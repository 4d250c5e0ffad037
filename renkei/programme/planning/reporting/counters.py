"""What a report counts of the room's own records; the same function tells today's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.db.models import Q, QuerySet

from renkei.programme.planning.models import (
    CAME,
    Action,
    ActionState,
    Activity,
    Audience,
    Goal,
    GoalState,
    Issue,
    IssueEvidence,
    IssueState,
    MinutesLine,
    Outcome,
    Seat,
)
from renkei.programme.planning.queries.issues import issues_seen_by
from renkei.programme.planning.queries.plans import item_matrix
from renkei.programme.planning.reporting.scope import Scope

NONE: Final = "記録なし"
OPEN_ACTIONS: Final = (ActionState.OPEN, ActionState.DOING)


@dataclass(frozen=True, slots=True)
class Counter:
    """One way of counting. ``key`` narrows it: a council, an item, a scene, a state."""

    code: str
    label: str
    definition: str
    source: str
    count: Callable[[Scope, str], str]


def _goals(scope: Scope, **fields: str) -> QuerySet[Goal]:
    return Goal.objects.filter(plan=scope.plan(), **fields)


def _activities(scope: Scope) -> QuerySet[Activity]:
    return Activity.objects.filter(plan=scope.plan())


def issues_in(scope: Scope) -> QuerySet[Issue]:
    """The year's issues as a report may name them: none that rests on a closed item."""
    closed = MinutesLine.objects.filter(
        Q(audience=Audience.CLOSED)
        | Q(item__audience=Audience.CLOSED)
        | Q(meeting__audience=Audience.CLOSED),
        meeting__council__in=scope.councils(),
    )
    keys = [str(uid) for uid in closed.values_list("uid", flat=True)]
    found = issues_seen_by(scope.viewer).filter(area=scope.area)
    return found.exclude(
        pk__in=IssueEvidence.objects.filter(kind="minutes", key__in=keys).values("issue")
    )


def _attendance(scope: Scope, key: str) -> str:
    seats = Seat.objects.filter(meeting__in=scope.meetings(key))
    asked = seats.count()
    if not asked:
        return NONE
    came = seats.filter(attendance__in=CAME).count()
    share = (Decimal(came) * 100 / asked).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{share} %"


def _actions(scope: Scope) -> QuerySet[Action]:
    return Action.objects.filter(line__in=scope.public_lines())


def _holes(scope: Scope, _key: str) -> str:
    plan = scope.plan()
    if plan is None:
        return NONE
    return f"{sum(cell.is_hole for row in item_matrix(plan) for cell in row.cells)}か所"


def _cited_indicators(scope: Scope, _key: str) -> str:
    found = issues_in(scope).filter(evidence__kind="indicator").distinct()
    return f"{found.count()}件"


MINUTES, PLAN, ISSUES = "会議の記録", "計画の記録", "課題の記録"
_ALL: Final = (
    Counter(
        "councils", "会議体の数", "終わっていない協議会・部会などの数。", MINUTES,
        lambda scope, _: f"{scope.councils().filter(ended_on=None).count()}",
    ),
    Counter(
        "meetings", "会議の開催回数",
        "年度のうちに開いた会議の数。中止した会議は数えない。", MINUTES,
        lambda scope, key: f"{scope.meetings(key).count()}回",
    ),
    Counter(
        "attendance", "出席率",
        "案内した委員ののべ人数のうち、出席（Web・代理を含む）した割合。", MINUTES,
        _attendance,
    ),
    Counter(
        "digests", "要旨を公開した会議", "会議の要旨を公開した会議の数。", MINUTES,
        lambda scope, key: f"{scope.public_meetings(key).count()}回",
    ),
    Counter(
        "decisions", "決定の件数",
        "公開した会議の要旨にある決定の数。非公開の議題の決定は数えない。", MINUTES,
        lambda scope, key: f"{scope.public_lines(key).filter(outcome=Outcome.DECIDED).count()}件",
    ),
    Counter(
        "actions_done", "済んだこと",
        "公開した決定から生じた「すべきこと」のうち、済んだもの。", MINUTES,
        lambda scope, _: f"{_actions(scope).filter(state=ActionState.DONE).count()}件",
    ),
    Counter(
        "actions_open", "残っていること",
        "公開した決定から生じた「すべきこと」のうち、済んでいないもの。", MINUTES,
        lambda scope, _: f"{_actions(scope).filter(state__in=OPEN_ACTIONS).count()}件",
    ),
    Counter(
        "goals", "目標の数", "年度の計画に書いた目標の数。", PLAN,
        lambda scope, key: f"{_goals(scope, **({'scene': key} if key else {})).count()}件",
    ),
    Counter(
        "goals_reached", "達成した目標", "年度の振り返りで達成とした目標の数。", PLAN,
        lambda scope, _: f"{_goals(scope, state=GoalState.REACHED).count()}件",
    ),
    Counter(
        "goals_verdict", "振り返りの結果", "年度の振り返りで、この結果とした目標の数。", PLAN,
        lambda scope, key: f"{_goals(scope, verdict=key).count()}件",
    ),
    Counter(
        "activities", "活動の数", "年度の計画に書いた活動の数。", PLAN,
        lambda scope, _: f"{_activities(scope).count()}件",
    ),
    Counter(
        "activities_item", "項目の活動の数", "年度の計画で、この項目を付けた活動の数。", PLAN,
        lambda scope, key: f"{_activities(scope).filter(items__contains=[key]).count()}件",
    ),
    Counter(
        "activities_scene", "場面の活動の数", "年度の計画で、この場面を付けた活動の数。", PLAN,
        lambda scope, key: f"{_activities(scope).filter(scenes__contains=[key]).count()}件",
    ),
    Counter(
        "holes", "足りない所", "項目と場面の表で、目標・指標・担当のどれかがない所の数。", PLAN,
        _holes,
    ),
    Counter(
        "issues", "課題の件数",
        "いま登録されている課題の数。非公開の議事を根拠にした課題は数えない。", ISSUES,
        lambda scope, _: f"{issues_in(scope).count()}件",
    ),
    Counter(
        "issues_state", "状態ごとの課題",
        "いまこの状態にある課題の数。非公開の議事を根拠にした課題は数えない。", ISSUES,
        lambda scope, key: f"{issues_in(scope).filter(state=key).count()}件",
    ),
    Counter(
        "issues_cited", "指標を根拠にした課題", "根拠に指標の値を付けた課題の数。", ISSUES,
        _cited_indicators,
    ),
)  # fmt: skip
COUNTERS: Final = {one.code: one for one in _ALL}
# Issues a report names: what a council decided on, or is doing.
NAMED_ISSUES: Final = (
    IssueState.DECIDED,
    IssueState.IN_ACTION,
    IssueState.EVALUATED,
    IssueState.CLOSED,
)
