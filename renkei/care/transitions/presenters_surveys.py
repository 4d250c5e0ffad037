"""調査票 in words: what was counted from the stays, and a place for what comes on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from renkei.care.transitions.numbers_tables import Period
from renkei.care.transitions.presenters_numbers import HIDDEN
from renkei.care.transitions.queries.surveys import Survey
from renkei.care.transitions.survey_tallies import BY_HAND, TITLES
from renkei.foundation.common import clock

# The paper answers come with the room of surveys and are never mixed with these.
NOT_YET: Final = "まだ取り込まれていません"
FROM_CASES: Final = "事例から数えた数"
ON_PAPER: Final = "調査票（紙）"
MONTHS_BACK: Final = 24


@dataclass(frozen=True)
class SurveyRow:
    """One answer: counted from the stays, and on paper."""

    label: str
    counted: str
    on_paper: str
    is_total: bool = False


@dataclass(frozen=True)
class SurveyTable:
    """One question."""

    title: str
    rows: Sequence[SurveyRow]


@dataclass(frozen=True)
class SurveyPage:
    """One form."""

    title: str
    answering: str
    month: str
    is_own: bool
    tables: Sequence[SurveyTable]
    by_hand: Sequence[str]


def month_asked(raw: str) -> Period:
    """「2026-07」 as a month of the last two years; anything else is the month before this one."""
    today = clock.today()
    last = today.replace(day=1) - timedelta(days=1)
    try:
        first = date.fromisoformat(f"{raw}-01")
    except ValueError:
        first = last.replace(day=1)
    if not 0 <= _months(first, today) <= MONTHS_BACK:
        first = last.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return Period(first, after - timedelta(days=1), f"{first.year}年{first.month}月")


def months_offered() -> list[tuple[str, str]]:
    """(value, words) of the months one can choose, the newest first."""
    first = clock.today().replace(day=1)
    found = []
    for _ in range(MONTHS_BACK + 1):
        found.append((f"{first:%Y-%m}", f"{first.year}年{first.month}月"))
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def survey_page(survey: Survey) -> SurveyPage:
    """A form in words."""
    return SurveyPage(
        title=TITLES[survey.form],
        answering=survey.answering,
        month=f"{survey.month.year}年{survey.month.month}月",
        is_own=survey.is_own,
        tables=[
            SurveyTable(
                section.title,
                [
                    *(SurveyRow(item.label, _count(item.count), NOT_YET) for item in section.items),
                    SurveyRow("計", _count(section.total), NOT_YET, is_total=True),
                ],
            )
            for section in survey.sections
        ],
        by_hand=BY_HAND[survey.form],
    )


def _count(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def _months(first: date, today: date) -> int:
    return (today.year - first.year) * 12 + today.month - first.month
