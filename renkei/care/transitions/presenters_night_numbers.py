"""Nights, calls and reviews of an area in numbers, small ones hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from renkei.care.transitions.emergency_states import RefusalReason
from renkei.care.transitions.presenters_numbers import HIDDEN, NOBODY, YEARS
from renkei.care.transitions.queries.call_counts import CallCounts
from renkei.care.transitions.queries.hole_minutes import HoleCount
from renkei.care.transitions.queries.reviews import ReviewCounts
from renkei.care.transitions.review_questions import QUESTIONS
from renkei.foundation.common.eras import FiscalYear
from renkei.foundation.common.suppression import Sum, hidden_cells, is_small

MONTHS_BACK = 12
HOUR = 60


@dataclass(frozen=True)
class CountRow:
    """One line: what, and how many in words. ``is_part``: one of those above it."""

    label: str
    count: str
    is_part: bool = False


@dataclass(frozen=True)
class CountTable:
    """Counts under a heading."""

    title: str
    rows: Sequence[CountRow]


def month_asked(text: str, today: date) -> date:
    """The first day of the month asked for; else of the last month that is over."""
    offered = months_offered(today)
    return next((month for month in offered if f"{month:%Y-%m}" == text), offered[-1])


def months_offered(today: date) -> list[date]:
    """The last twelve months that are over, the oldest first."""
    months = []
    first = today.replace(day=1)
    for _ in range(MONTHS_BACK):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months[::-1]


def years_offered(this_year: FiscalYear) -> list[FiscalYear]:
    """The present 年度 and the four before it."""
    return [FiscalYear(this_year.year - back) for back in range(YEARS)]


def hole_sentence(found: HoleCount) -> str:
    """How much of the time at home nobody could be called."""
    if not found.persons:
        return f"この月に在宅だった人は記録にありません（{NOBODY}）。"
    if is_small(found.persons):
        return "この月に在宅だった人が少ないため、非公開です。"
    if not found.minutes:
        return f"在宅の{found.persons:,}人に、いつでも最初に電話する先がありました。"
    share = 100 * found.minutes / found.minutes_at_home
    hours, minutes = divmod(found.minutes, HOUR)
    length = f"{hours:,}時間{minutes}分" if hours else f"{minutes}分"
    words = f"{share:.2f}%" if share >= 0.01 else "0.01%未満"  # noqa: PLR2004 - two digits
    return (
        f"在宅の{found.persons:,}人で、だれにも電話できない時間はのべ{length}でした"
        f"（在宅の時間の{words}）。"
    )


def call_table(found: CallCounts) -> CountTable:
    """Calls by what came of them, the refused by reason."""
    reasons = {reason.value: found.reasons.get(reason.value, 0) for reason in RefusalReason}
    values = {
        "calls": found.calls,
        "accepted": found.accepted,
        "refused": found.refused,
        "waiting": found.waiting,
        "cancelled": found.cancelled,
        **reasons,
    }
    sums = [
        Sum("calls", ("accepted", "refused", "waiting", "cancelled")),
        Sum("refused", tuple(reasons)),
    ]
    words = _words(values, sums, "件")
    if is_small(found.calls):
        # With so few the reason that is hidden would be known by those that are not.
        return CountTable("急変時の受け入れの依頼", [CountRow("受け入れの依頼", HIDDEN)])
    rows = [
        CountRow("受け入れの依頼", words["calls"]),
        CountRow("受け入れると答えた", words["accepted"]),
        CountRow("受け入れられないと答えた", words["refused"]),
        *(CountRow(reason.label, words[reason.value], is_part=True) for reason in RefusalReason),
        CountRow("返事を待っている", words["waiting"]),
        CountRow("取りやめた", words["cancelled"]),
    ]
    return CountTable("急変時の受け入れの依頼", rows)


def review_tables(found: ReviewCounts) -> list[CountTable]:
    """Events reviewed, and what was answered of them."""
    values = {
        "reviews": found.reviews,
        "closed": found.closed,
        "open": found.reviews - found.closed,
    }
    sums = [Sum("reviews", ("closed", "open"))]
    for question in QUESTIONS:
        answers = found.answers.get(question.code, {})
        parts = []
        for code, _label in (*question.choices, ("", "")):
            key = f"{question.code}:{code}"
            values[key] = answers.get(code, 0)
            parts.append(key)
        sums.append(Sum("reviews", tuple(parts)))
    words = _words(values, sums, "件")
    head = CountTable(
        "事後検証",
        [
            CountRow("検証した出来事", words["reviews"]),
            CountRow("検証を終えた", words["closed"], is_part=True),
            CountRow("検証を続けている", words["open"], is_part=True),
            # Of an office or a council, not of a person.
            CountRow("決めた対応", f"{found.actions:,}件"),
            CountRow("済んだ対応", f"{found.actions_done:,}件", is_part=True),
        ],
    )
    if not found.reviews or is_small(found.reviews):
        # With so few the answers that nobody gave would tell the one that all gave.
        return [head]
    return [head] + [
        CountTable(
            question.label,
            [
                CountRow(label or "記録なし", words[f"{question.code}:{code}"])
                for code, label in (*question.choices, ("", ""))
            ],
        )
        for question in QUESTIONS
    ]


def _words(values: Mapping[str, int], sums: Sequence[Sum[str]], unit: str) -> dict[str, str]:
    hidden = hidden_cells(values, sums)
    return {key: HIDDEN if key in hidden else f"{value:,}{unit}" for key, value in values.items()}
