"""The working group's pages in words: drafts, differences, the example stay, adoptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from renkei.care.transitions.clock_rules import WORDS, Timer, timers_of
from renkei.care.transitions.models import (
    DraftChange,
    FactKind,
    RuleAdoption,
    RuleVersion,
    Side,
)
from renkei.care.transitions.office_calendar import OfficeCalendar
from renkei.care.transitions.queries.rule_keeping import changes_of_draft, version_before
from renkei.care.transitions.rule_checks import Problem, problems_of
from renkei.care.transitions.rule_content import RuleContent, counting_text, parse
from renkei.care.transitions.rule_differences import PartDifference, differences
from renkei.care.transitions.rule_texts import PART_LABELS, Entry, entries_of
from renkei.care.transitions.states import Derived, Fact, derive
from renkei.care.transitions.words import due_text, moment_text
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import format_western

# Parts of which every row has a page of its own.
ROW_PARTS = ("steps", "deadlines", "forms", "metrics")


@dataclass(frozen=True)
class PartSection:
    """One part of a draft on its page."""

    key: str
    label: str
    entries: Sequence[Entry]
    problems: Sequence[Problem]
    # Its rows are written one by one.
    by_row: bool


@dataclass(frozen=True)
class DraftPage:
    """Everything the page of a draft shows."""

    draft: RuleVersion
    title: str
    sections: Sequence[PartSection]
    problems: Sequence[Problem]
    before: RuleVersion | None
    changes: Sequence[tuple[DraftChange, str, str]]
    may_undo: bool


@dataclass(frozen=True)
class PreviewRow:
    """What one deadline would do, in the draft and in the edition it follows."""

    label: str
    who: str
    counting: str
    due: str
    practical: str
    state: str
    word: str
    before: str
    differs: bool


@dataclass(frozen=True)
class AdoptionLine:
    """Who goes by which rule."""

    adoption: RuleAdoption
    who: str
    since: str
    until: str
    is_over: bool


def draft_page_of(draft: RuleVersion) -> DraftPage:
    """A draft with what is still to be put right."""
    content = parse(draft.content)
    problems = problems_of(content)
    changes = list(changes_of_draft(draft)[:20])
    return DraftPage(
        draft=draft,
        title=content.title,
        sections=[
            PartSection(
                key=key,
                label=label,
                entries=entries_of(content, key),
                problems=[each for each in problems if each.part == key],
                by_row=key in ROW_PARTS,
            )
            for key, label in PART_LABELS.items()
        ],
        problems=problems,
        before=version_before(draft),
        changes=[
            (each, moment_text(each.changed_at), PART_LABELS.get(each.part, "")) for each in changes
        ],
        may_undo=any(each.undone_at is None for each in changes),
    )


def difference_between(old: RuleVersion | None, new: RuleVersion) -> tuple[PartDifference, ...]:
    """What changes from one edition to another."""
    return differences(parse(old.content) if old else None, parse(new.content))


@dataclass(frozen=True)
class ExampleStay:
    """A stay that nobody had."""

    patient_class: str
    admitted_at: datetime
    screened: date | None = None
    planned: date | None = None
    discharged: date | None = None


def preview_of(
    content: RuleContent, before: RuleContent | None, stay: ExampleStay
) -> list[PreviewRow]:
    """What the clock would say of an example stay on the evening it began."""
    derived = _derived(stay)
    now = stay.admitted_at + timedelta(minutes=1)
    calendars = {Side.HOSPITAL: OfficeCalendar(), Side.CARE: OfficeCalendar()}
    mine = timers_of(content, derived, calendars, now)
    theirs = timers_of(before, derived, calendars, now) if before else ()
    old = {timer.code: timer for timer in theirs}
    return [_row(timer, old.get(timer.code)) for timer in mine]


def _derived(stay: ExampleStay) -> Derived:
    facts = [_fact(1, FactKind.ADMISSION_REGISTERED, stay.admitted_at, stay.patient_class)]
    for number, (kind, day) in enumerate(
        ((FactKind.SCREENING_DONE, stay.screened), (FactKind.DISCHARGED, stay.discharged)), start=2
    ):
        if day is not None:
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO)
            facts.append(_fact(number, kind, max(noon, stay.admitted_at)))
    # The plan without the notice: the notice would meet the very deadline that is shown.
    return replace(derive(facts), planned_discharge_on=stay.planned)


def _fact(number: int, kind: FactKind, at: datetime, patient_class: str = "") -> Fact:
    detail: dict[str, Any] = {"class": patient_class} if patient_class else {}
    return Fact(number=number, kind=kind.value, at=at, recorded_at=at, detail=detail)


def _row(timer: Timer, old: Timer | None) -> PreviewRow:
    due, before = _due(timer), _due(old) if old else "なし"
    practical = timer.practical_at
    shown = practical and timer.due_at and practical != timer.due_at
    return PreviewRow(
        label=f"{timer.code}　{timer.deadline.label}",
        who=str(timer.side.label),
        counting=counting_text(timer.deadline),
        due=due,
        practical=moment_text(practical) if shown and practical else "",
        state=timer.state.value,
        word=WORDS[timer.state],
        before=before,
        differs=due != before,
    )


def _due(timer: Timer) -> str:
    return due_text(timer.due_at) if timer.due_at else "まだ決まらない"


def adoption_lines(adoptions: Sequence[RuleAdoption], today: date) -> list[AdoptionLine]:
    """Who goes by which rule, in words."""
    lines = []
    for one in adoptions:
        until = one.period.upper
        lines.append(
            AdoptionLine(
                adoption=one,
                who=f"協定：{one.agreement}" if one.agreement else str(one.area),
                since=format_western(one.period.lower),
                until=format_western(until - timedelta(days=1)) if until else "",
                is_over=until is not None and until <= today,
            )
        )
    return lines


def draft_url(draft: RuleVersion) -> str:
    """The page of a draft."""
    return reverse("transitions:draft_detail", args=[draft.uid])
