"""Nights, calls and reviews as counters for the room of indicators; unsuppressed."""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.care.transitions.queries.call_counts import call_counts
from renkei.care.transitions.queries.hole_minutes import hole_minutes
from renkei.care.transitions.queries.reviews import review_counts
from renkei.foundation.areas.counters import Counted, Counter, register
from renkei.foundation.areas.models import Area

HOLE_TIME: Final = (
    "在宅の人の時間（分）のうち、最初に電話する先がなかった時間の割合。入院中と、記録の始まる前・"
    "終わった後は除く。電話する順・主治医・当番表・不在は、その時点のもので数える。"
)
REFUSALS: Final = (
    "急変時の受け入れの依頼のうち、病院が答えたものに占める「受け入れられない」の割合。"
    "取りやめと返事待ちは除く。"
)
REVIEWED: Final = "出来事の月が期間にある事後検証のうち、終えたものの割合。"
ACTIONS_DONE: Final = "出来事の月が期間にある事後検証で決めた対応のうち、済んだものの割合。"


def register_night_counters() -> None:
    """Offer them, from ``AppConfig.ready``."""
    for code, name, count in (
        ("hole_time_rate", "最初に電話する先がない時間の割合", _hole_time),
        ("emergency_refusal_rate", "急変時の受け入れを断られた割合", _refusals),
        ("reviews_closed_rate", "事後検証を終えた割合", _reviews),
        ("review_actions_done_rate", "事後検証で決めた対応の実施率", _actions),
    ):
        register(Counter(f"transitions.{code}", name, count))


def _hole_time(area: Area, first: date, last: date) -> tuple[Counted, ...]:
    found = hole_minutes(area, first, last)
    return _share(found.minutes, found.minutes_at_home, HOLE_TIME, n=found.persons)


def _refusals(area: Area, first: date, last: date) -> tuple[Counted, ...]:
    found = call_counts(area, first, last)
    return _share(found.refused, found.answered, REFUSALS)


def _reviews(area: Area, first: date, last: date) -> tuple[Counted, ...]:
    found = review_counts(area, since=first, until=last)
    return _share(found.closed, found.reviews, REVIEWED)


def _actions(area: Area, first: date, last: date) -> tuple[Counted, ...]:
    found = review_counts(area, since=first, until=last)
    return _share(found.actions_done, found.actions, ACTIONS_DONE)


def _share(part: int, whole: int, words: str, *, n: int | None = None) -> tuple[Counted, ...]:
    return (
        Counted(
            numerator=part,
            denominator=whole,
            n=whole if n is None else n,
            value=100 * part / whole if whole else None,
            unit="%",
            definition=words,
        ),
    )
