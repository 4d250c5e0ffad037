"""How bases are shown. Only formatting."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.foundation.common import clock
from renkei.programme.planning.models import Base
from renkei.programme.planning.queries.bases import (
    BaseDoor,
    Checklist,
    DutyRow,
    checklist_of,
    consultations_of,
)


@dataclass(frozen=True, slots=True)
class BaseLine:
    base: Base
    mark: str
    word: str
    shown: int
    of: int
    warnings: int


def base_line(base: Base) -> BaseLine:
    """One base with how many of its goals and duties have evidence of this year."""
    found = checklist_of(base)
    mark, word = _state(base)
    return BaseLine(base, mark, word, found.shown, len(found.rows), len(found.warnings))


def _state(base: Base) -> tuple[str, str]:
    today, last = clock.today(), base.last_day
    if base.first_day > today:
        return "future", "これから"
    if last is not None and last < today:
        return "over", "期間が終わっている"
    return "done", "有効"


@dataclass(frozen=True, slots=True)
class BasePage:
    mark: str
    word: str
    goals: list[DutyRow]
    duties: list[DutyRow]
    found: Checklist
    consultations: list[object]


def base_page(door: BaseDoor) -> BasePage:
    """The checklist in its two parts."""
    found = checklist_of(door.base)
    mark, word = _state(door.base)
    return BasePage(
        mark,
        word,
        [row for row in found.rows if row.is_goal],
        [row for row in found.rows if not row.is_goal],
        found,
        list(consultations_of(door.base)),
    )
