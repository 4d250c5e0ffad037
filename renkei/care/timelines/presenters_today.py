"""The rows of 今日やること."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import Entry, EntryKind
from renkei.care.timelines.presenters import (
    ICONS,
    KIND_CLASSES,
    URGENT_LATE,
    entry_url,
    lateness,
    moment_words,
    signed,
)
from renkei.care.timelines.queries.today import Today
from renkei.care.timelines.values import CALL, CONFIRMED
from renkei.foundation.common import clock

EXCERPT = 80


@dataclass(frozen=True)
class Task:
    """One entry that waits: what, about whom, until when, and the one thing to do."""

    entry: Entry
    patient: Patient
    kind_class: str
    icon: str
    text: str
    about: str
    due: str
    due_kind: str
    overdue: bool
    url: str
    person_url: str
    confirm: bool
    confirm_url: str


@dataclass(frozen=True)
class TodayPage:
    """Everything of the page, in its order."""

    first: Sequence[Task]
    rest: Sequence[Task]
    asked: Sequence[Task]
    news: Sequence[dict[str, Any]]
    news_count: int
    person_count: int
    ledger: Sequence[dict[str, Any]]
    patients: Sequence[Patient]

    @classmethod
    def of(cls, today: Today) -> TodayPage:
        tasks = [task_of(row.entry) for row in today.waiting]
        asked = [task_of(entry) for entry in today.asked]
        first = sorted(
            (task for task in tasks if task.overdue or task.entry.kind == EntryKind.URGENT),
            key=lambda task: (task.entry.kind != EntryKind.URGENT, task.entry.posted_at),
        )
        rest = [task for task in tasks if task not in first]
        news = [one for one in today.news if one.patient.pk]
        named = [task.patient for task in [*tasks, *asked]] + [one.patient for one in news]
        return cls(
            first=first,
            rest=rest,
            asked=asked,
            news=[
                {"patient": one.patient, "count": one.count, "url": _person_url(one.patient)}
                for one in news
            ],
            news_count=today.news_count,
            person_count=today.person_count,
            ledger=_ledger(tasks, asked, today),
            patients=list({one.pk: one for one in named}.values()),
        )


def task_of(entry: Entry) -> Task:
    """One waiting entry as a row."""
    patient = entry.room.patient
    assert patient is not None  # noqa: S101 - a room of a person
    late_since = _late_since(entry)
    due, kind = _due(entry, late_since)
    line = " ".join(entry.text.split())
    office = f"・{entry.author_organisation}" if entry.author_organisation else ""
    return Task(
        entry=entry,
        patient=patient,
        kind_class=KIND_CLASSES[entry.kind],
        icon=ICONS[entry.kind],
        text=(line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…")
        + (f"　{CALL}。" if entry.kind == EntryKind.URGENT else ""),
        about=f"{moment_words(entry.posted_at)}　"
        + signed(entry.author_name, f"{entry.author_profession}{office}"),
        due=due,
        due_kind=kind,
        overdue=late_since is not None,
        url=entry_url(entry),
        person_url=_person_url(patient),
        confirm=entry.kind in CONFIRMED,
        confirm_url=reverse("timelines:entry_acknowledge", args=[entry.room.uid, entry.uid]),
    )


def _late_since(entry: Entry) -> datetime | None:
    now = clock.now()
    if entry.kind == EntryKind.URGENT and entry.posted_at + URGENT_LATE < now:
        return entry.posted_at
    if entry.reply_by is not None and entry.reply_by < now:
        return entry.reply_by
    return None


def _due(entry: Entry, late_since: datetime | None) -> tuple[str, str]:
    if late_since is not None:
        return lateness(late_since), "over"
    if entry.kind == EntryKind.URGENT:
        return "すぐ", "over"
    if entry.reply_by is None:
        return "期限なし", "plain"
    soon = entry.reply_by.astimezone(clock.TOKYO).date() <= clock.today()
    return moment_words(entry.reply_by), "soon" if soon else "in"


def _person_url(patient: Patient) -> str:
    return reverse("timelines:timeline", args=[patient.uid])


def _ledger(tasks: Sequence[Task], asked: Sequence[Task], today: Today) -> list[dict[str, Any]]:
    answers = [task for task in tasks if not task.confirm]
    orders = sum(task.entry.kind == EntryKind.ORDER for task in tasks)
    urgent = sum(task.entry.kind == EntryKind.URGENT for task in tasks)
    late = sum(task.overdue for task in answers)
    return [
        {
            "count": len(answers),
            "word": "返事をする",
            "note": f"うち期限切れ {late}" if late else "期限切れはありません",
        },
        {"count": orders + urgent, "word": "確認する", "note": f"指示 {orders}・緊急 {urgent}"},
        {"count": len(asked), "word": "返事を待つ", "note": "自分の相談"},
        {"count": today.news_count, "word": "新しい書き込み", "note": "30日以内"},
    ]
