"""What the questions of the grant ask for, and which records show it.

Source: domain/indicators.md §9. The official wording and points change yearly and are not shipped;
these checks say which evidence is there, never how many points it brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renkei.programme.planning.frames import Scene
from renkei.programme.planning.models import GrantQuestion
from renkei.programme.planning.reporting.book import Book
from renkei.programme.planning.reporting.counters import COUNTERS, NONE
from renkei.programme.planning.reporting.scope import Scope


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of evidence: it is there when its count is not zero."""

    label: str
    counter: str
    key: str = ""

    def shown(self, book: Book) -> str:
        """The count with its footnote."""
        return book.count(self.counter, self.key, self.label)

    def value(self, scope: Scope) -> str:
        return COUNTERS[self.counter].count(scope, self.key)

    def holds(self, scope: Scope) -> bool:
        """Whether there is any."""
        text = self.value(scope)
        return text != NONE and any(one in "123456789" for one in text)


CHECKS: Final[dict[str, tuple[Check, ...]]] = {
    GrantQuestion.ISSUES: (
        Check("会議を開いた", "meetings"),
        Check("会議の要旨を公開した", "digests"),
        Check("指標の値を根拠に課題を取り出した", "issues_cited"),
        Check("対応策を決めた", "decisions"),
        Check("計画に目標がある", "goals"),
    ),
    GrantQuestion.SCENES: tuple(
        Check(f"{one.label}の活動がある", "activities_scene", one.value) for one in Scene
    ),
    GrantQuestion.SHARING: (Check("情報共有の活動がある", "activities_item", "d"),),
    GrantQuestion.DISCHARGE: (
        Check("入退院支援の活動がある", "activities_scene", "hospital"),
        Check("入退院支援の目標がある", "goals", "hospital"),
    ),
    GrantQuestion.END: (
        Check("看取りの活動がある", "activities_scene", "end"),
        Check("看取りの目標がある", "goals", "end"),
    ),
}
