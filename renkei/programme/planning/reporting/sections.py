"""The parts reports are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.common.eras import FiscalYear, format_long
from renkei.programme.indicators.models import Indicator, Value
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.queries.values import values_for
from renkei.programme.planning.frames import Item, Scene, scenes_text
from renkei.programme.planning.models import Goal, IssueState, Outcome, Plan, Verdict
from renkei.programme.planning.queries.plans import activities_of, goals_of, visions_of
from renkei.programme.planning.reporting.book import Book
from renkei.programme.planning.reporting.counters import NAMED_ISSUES, issues_in
from renkei.programme.planning.reporting.scope import Scope

PER_SCENE: Final = 5
NO_PLAN: Final = "この年度の計画は、まだ作られていません。"
NOTHING: Final = "なし"


def newest_values(scope: Scope) -> dict[str, list[tuple[Indicator, Period]]]:
    """By scene: the indicators that have a value of the area, with the newest period in the year.

    Those a goal of the plan follows come first.
    """
    end = FiscalYear(scope.year).end
    rows = (
        values_for(scope.viewer)
        .filter(area=scope.area)
        .select_related("indicator", "version")
        .order_by("indicator__position", "indicator__code", "-period", "-version__number")
    )
    newest: dict[int, Value] = {}
    for row in rows:
        if Period(row.period_kind, row.period).first <= end:
            newest.setdefault(row.indicator_id, row)
    plan = scope.plan()
    chosen = {one.indicator_code for one in goals_of(plan)} if plan else set()
    ordered = sorted(newest.values(), key=lambda one: one.indicator.code not in chosen)
    found: dict[str, list[tuple[Indicator, Period]]] = {one.value: [] for one in Scene}
    for row in ordered:
        for scene in set(row.version.scenes) & set(found):
            found[scene].append((row.indicator, Period(row.period_kind, row.period)))
    return found


def visions(book: Book) -> None:
    """めざす姿, of the town and of each scene."""
    plan = book.scope.plan()
    book.heading("めざす姿")
    if plan is None:
        book.line(NO_PLAN)
        return
    book.line(book.quote("plan", plan, "vision"))
    written = visions_of(plan)
    rows = [(str(one.label), written[one.value]) for one in Scene if one.value in written]
    if rows:
        book.facts(rows)


def meetings(book: Book) -> None:
    """Each council: how often it met, who came, what it decided."""
    book.heading("会議の開催")
    rows, idle = [], []
    met = set(book.scope.meetings().values_list("council", flat=True))
    for one in book.scope.councils().filter(ended_on=None):
        key, name = str(one.uid), one.name
        if one.pk not in met:
            idle.append(book.quote("council", one, "name"))
            continue
        rows.append(
            (
                book.quote("council", one, "name"),
                book.count("meetings", key, name),
                book.count("attendance", key, name),
                book.count("digests", key, name),
                book.count("decisions", key, name),
            )
        )
    if rows:
        widths = (("会議体", None), ("開催", 24), ("出席率", 30), ("要旨の公開", 26), ("決定", 24))
        book.table(widths, rows)
    if idle:
        book.line(f"この年度に開いた記録のない会議体：{'、'.join(idle)}")
    elif not rows:
        book.line("会議体は登録されていません。")


def decisions(book: Book, *, most: int | None = None) -> None:
    """What was decided, as published, with owner and day."""
    book.heading("決まったこと")
    lines = book.scope.public_lines().filter(outcome=Outcome.DECIDED)
    rows = [
        (
            book.quote("line", one, "text"),
            book.written(f"{one.meeting.council.name}　第{one.meeting.number}回"),
            one.owner,
            format_long(one.due_on) if one.due_on else "",
        )
        for one in (lines[:most] if most else lines)
    ]
    if not rows:
        book.line("公開した会議の要旨に、決定はありません。")
        return
    book.table((("決まったこと", None), ("会議", 46), ("担当", 30), ("期限", 34)), rows)


def indicators(book: Book) -> None:
    """Per scene: the value, the one before, the prefecture's."""
    book.heading("場面ごとの指標")
    found = newest_values(book.scope)
    above = prefecture_of(book.scope.area)
    for scene in Scene:
        rows = [
            _indicator_row(book, one, period, above) for one, period in found[scene][:PER_SCENE]
        ]
        if not rows:
            book.line(f"{scene.label}：値のある指標はありません。")
            continue
        book.table(
            ((str(scene.label), None), (book.scope.area.name, 42), ("前の期間", 36), ("県", 36)),
            rows,
        )


def _indicator_row(
    book: Book, indicator: Indicator, period: Period, above: Area | None
) -> tuple[str, ...]:
    area = book.scope.area
    value = book.reading(indicator, area, period)
    return (
        book.named(f"{indicator.latest.name}（{period.label}）", value),
        value,
        book.reading(indicator, area, period.before()),
        book.reading(indicator, above, period) if above else NOTHING,
    )


def prefecture_of(area: Area) -> Area | None:
    """The prefecture an area lies in; none for the prefecture itself."""
    if area.level == AreaLevel.PREFECTURE:
        return None
    found = Area.objects.filter(level=AreaLevel.PREFECTURE, prefecture_code=area.prefecture_code)
    return found.order_by("-period").first()


def activities(book: Book) -> None:
    """What was done for each item, by whom, with which result."""
    book.heading("取組の実施状況")
    plan = book.scope.plan()
    if plan is None:
        book.line(NO_PLAN)
        return
    found = list(activities_of(plan))
    for item in Item:
        inside = [one for one in found if item.value in one.items]
        count = book.count("activities_item", item.value, str(item.label))
        book.line(f"{item.label}　{count}")
        if inside:
            book.table(
                (("活動", None), ("だれが", 24), ("場面", 46), ("結果", 56)),
                [
                    (
                        book.quote("activity", one, "name"),
                        one.get_performer_display(),
                        scenes_text(one.scenes),
                        book.quote("activity", one, "result_text") or "―",
                    )
                    for one in inside
                ],
            )


def goals(book: Book) -> None:
    """Each goal: baseline, target, result, and what the review said."""
    book.heading("目標の達成状況と振り返り")
    plan = book.scope.plan()
    if plan is None:
        book.line(NO_PLAN)
        return
    words = "、".join(
        f"{one.label} {book.count('goals_verdict', one.value, str(one.label))}" for one in Verdict
    )
    book.line(
        f"目標 {book.count('goals')}のうち、達成 {book.count('goals_reached')}。"
        f"振り返りは、{words}。"
    )
    for scene in Scene:
        rows = [_goal_row(book, one) for one in goals_of(plan) if one.scene == scene.value]
        if rows:
            book.table(
                (
                    (str(scene.label), None), ("基準値", 32), ("目標値", 26), ("実績", 32),
                    ("振り返り", 40),
                ),
                rows,
            )  # fmt: skip


def _goal_row(book: Book, goal: Goal) -> tuple[str, ...]:
    if not goal.indicator_code:
        numbers = ("指標なし", "―", "―")
    else:
        due = f"（{FiscalYear(goal.due_year).label}）" if goal.due_year else ""
        target = f"{book.quote('goal', goal, 'target')}{due}" if goal.target is not None else "―"
        numbers = (book.kept(goal.baseline), target, book.kept(goal.result))
    verdict = goal.get_verdict_display() if goal.verdict else goal.get_state_display()
    reason = book.quote("goal", goal, "verdict_reason")
    return (
        book.quote("goal", goal, "text"),
        *numbers,
        f"{verdict}\n{reason}" if reason else str(verdict),
    )


def issues(book: Book) -> None:
    """How many issues stand where; those a council decided on, by name."""
    book.heading("課題と対応")
    states = "、".join(
        f"{one.label} {book.count('issues_state', one.value, str(one.label))}"
        for one in IssueState
        if issues_in(book.scope).filter(state=one).exists()
    )
    book.line(
        f"課題 {book.count('issues')}（{states}）。このうち、指標を根拠にしたもの "
        f"{book.count('issues_cited')}。"
        if states
        else "登録された課題はありません。"
    )
    rows = [
        (
            book.quote("issue", one, "title"),
            book.quote("issue", one, "response") or "―",
            one.owner,
            str(one.get_state_display()),
        )
        for one in issues_in(book.scope).filter(state__in=NAMED_ISSUES)
    ]
    if rows:
        book.table((("課題", 52), ("対応策", None), ("担当", 32), ("状態", 24)), rows)


def actions(book: Book) -> None:
    """すべきこと of the published decisions, by number."""
    done, left = book.count("actions_done"), book.count("actions_open")
    book.line(f"決定から生じた「すべきこと」は、済んだもの {done}、残っているもの {left}です。")


def holes(book: Book) -> None:
    """Where the plan lacks something, for the council to talk about."""
    book.heading("ご協議いただきたいこと")
    plan = book.scope.plan()
    if plan is None:
        book.line(NO_PLAN)
        return
    book.line(f"計画の表で、目標・指標・担当のどれかがない所 {book.count('holes')}。")
    book.line("前の会議から続いている議題と、次に開く会議の議題は、次第のとおりです。")


def key_goals(plan: Plan) -> Iterable[Goal]:
    """One goal per scene, those with an indicator first: for the one page of the assembly."""
    found = sorted(goals_of(plan), key=lambda one: not one.indicator_code)
    for scene in Scene:
        goal = next((one for one in found if one.scene == scene.value), None)
        if goal is not None:
            yield goal
