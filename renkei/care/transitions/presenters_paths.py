"""A person's way in words, for the page and for the sheet of paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from renkei.care.transitions.models import PathAct, PathEvent
from renkei.care.transitions.path_states import GoalView, PhaseView, VarianceView
from renkei.care.transitions.queries.paths import PathDoor, events_of_path
from renkei.foundation.common import eras

A = PathAct


@dataclass(frozen=True)
class GoalLine:
    """One goal."""

    text: str
    criterion: str
    due: str
    mark: str
    word: str
    who: str
    record_url: str
    # For paper, where room is short.
    due_short: str
    name: str


@dataclass(frozen=True)
class PhaseSection:
    """One phase with its goals and what went differently."""

    name: str
    kind: str
    where: str
    span: str
    days: str
    mark: str
    word: str
    goals: Sequence[GoalLine]
    reached: str
    variances: Sequence[tuple[str, str]]
    hand_on: str
    handed: str


@dataclass(frozen=True)
class PathPage:
    """The overview on one sheet."""

    title: str
    edition: str
    began: str
    counts_from: str
    is_example: bool
    mark: str
    word: str
    waiting: str
    phases: Sequence[PhaseSection]
    buttons: Sequence[tuple[str, str]]
    events: Sequence[PathLine]
    notes: Sequence[str]


@dataclass(frozen=True)
class PathLine:
    """One thing written down."""

    on: str
    label: str
    words: str
    who: str
    is_gone: bool
    retract_url: str


def path_page(door: PathDoor) -> PathPage:
    """One person's way along a path."""
    view, path = door.overview, door.path
    waiting = view.waiting_for
    words = ""
    if waiting is not None:
        phase = door.content.phase(waiting.phase_code)
        name = phase.name if phase else ""
        words = f"{waiting.institution_name}（{name}）に渡しました。受け入れの記録を待っています。"
    return PathPage(
        title=door.content.title,
        edition=f"第{path.version.number}版",
        began=eras.format_screen(path.began_on),
        counts_from=door.content.counts_from,
        is_example=path.version.definition.is_example,
        mark="in" if view.is_open else "done",
        word="途中" if view.is_open else "終わり",
        waiting=words,
        phases=[_section(door, one) for one in view.phases],
        buttons=_buttons(door),
        events=_events(door),
        notes=door.content.unconfirmed,
    )


def _buttons(door: PathDoor) -> list[tuple[str, str]]:
    if not door.may_write or not door.overview.is_open:
        return []
    acts = [(A.REACHED, "目標に達した"), (A.VARIANCE, "バリアンスを書く")]
    if door.content.after(door.overview.current) is not None:
        acts += [(A.HANDED_ON, "次の機関に渡した"), (A.ENTERED, "次の段階に入った")]
    acts.append((A.ENDED, "パスを終える"))
    return [(_url(door, act), label) for act, label in acts]


def _url(door: PathDoor, act: PathAct) -> str:
    return reverse("transitions:path_record", args=[door.path.uid, act.value])


def _section(door: PathDoor, view: PhaseView) -> PhaseSection:
    phase, entered = view.phase, view.entered
    expected = f"標準 {phase.expected_days}日" if phase.expected_days else "標準の日数なし"
    days = f"{view.days}日目（{expected}）" if entered else expected
    if view.left_on is not None:
        days = f"{view.days}日（{expected}）"
    if view.over_days:
        days += f"　{view.over_days}日超過"
    mark, word = "plain", "まだ"
    if entered is not None:
        mark, word = ("in", "いまここ") if view.is_current else ("done", "終わり")
    span = ""
    if entered is not None:
        until = eras.format_western(view.left_on) if view.left_on else ""
        span = f"{eras.format_western(entered.on)}～{until}"
    handed = view.handed_on
    return PhaseSection(
        name=phase.name,
        kind=phase.institution_kind,
        where=entered.institution_name if entered else "",
        span=span,
        days=days,
        mark=mark,
        word=word,
        goals=[_goal(door, one, view) for one in view.goals],
        reached=f"達成 {view.reached_count}／{len(view.goals)}",
        variances=[_variance(one) for one in view.variances],
        hand_on=phase.hand_on,
        handed=f"{eras.format_western(handed.on)}　{handed.institution_name}へ" if handed else "",
    )


def _goal(door: PathDoor, view: GoalView, phase: PhaseView) -> GoalLine:
    mark, word, who = "plain", "まだ", ""
    if view.reached is not None:
        mark, word = "done", f"{eras.format_western(view.reached.on)}"
        who = f"{view.reached.author_name}（{view.reached.organisation_name}）"
        if view.is_late:
            word += "（目安より後）"
    elif view.is_late:
        mark, word = "over", "目安を過ぎた"
    records = view.reached is None and phase.entered is not None
    records = records and door.may_write and door.overview.is_open
    return GoalLine(
        text=view.goal.text,
        criterion=view.goal.criterion,
        due=_due(view),
        mark=mark,
        word=word,
        who=who,
        record_url=f"{_url(door, A.REACHED)}?goal={view.goal.code}" if records else "",
        due_short=f"{view.due_on:%-m/%-d}" if view.due_on else _due(view),
        name=view.reached.author_name if view.reached else "",
    )


def _due(view: GoalView) -> str:
    if view.due_on is not None:
        return f"{eras.format_western(view.due_on)}（{view.goal.by_day}日目）"
    return f"{view.goal.by_day}日目" if view.goal.by_day else ""


def _variance(view: VarianceView) -> tuple[str, str]:
    kind = f"{view.variance.group}：{view.variance.text}" if view.variance else ""
    about = f"（{view.goal.text}）" if view.goal else ""
    day = eras.format_western(view.event.on)
    return f"{day}　{kind}{about}", f"{view.event.reason}　記録：{view.event.author_name}"


def _events(door: PathDoor) -> list[PathLine]:
    rows = list(events_of_path(door.path))
    gone = {row.corrects_id for row in rows if row.corrects_id is not None}
    return [_line(door, row, is_gone=row.pk in gone) for row in rows if row.act != A.RETRACTED]


def _line(door: PathDoor, row: PathEvent, *, is_gone: bool) -> PathLine:
    phase, goal = door.content.phase(row.phase_code), door.content.goal(row.goal_code)
    parts = [phase.name if phase else "", goal.text if goal else "", row.institution_name]
    takes_back = door.may_write and not is_gone
    arguments = [door.path.uid, row.uid]
    return PathLine(
        on=eras.format_western(row.on),
        label=str(row.get_act_display()),
        words="　".join(filter(None, [*parts, row.reason])),
        who=f"{row.author_name}（{row.organisation_name}）",
        is_gone=is_gone,
        retract_url=reverse("transitions:path_retract", args=arguments) if takes_back else "",
    )
