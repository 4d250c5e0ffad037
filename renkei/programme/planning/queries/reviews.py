"""What reviews of events left to do, and how many there were, without a person (T-DNAR1)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from renkei.care.transitions.models import ReviewAction
from renkei.care.transitions.queries.reviews import review_actions, review_counts
from renkei.care.transitions.review_questions import QUESTIONS
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.common.eras import FiscalYear
from renkei.foundation.common.suppression import Sum, hidden_cells
from renkei.programme.planning.frames import Scene
from renkei.programme.planning.models import Council, CouncilKind, ReviewedAction
from renkei.programme.planning.queries.support import HIDDEN
from renkei.programme.planning.rules import may_own_councils, may_see_review_actions


def council_for_reviews(area: Area) -> Council | None:
    """Where the actions of an area's reviews go: a 部会 about 急変時, otherwise the council."""
    found = Council.objects.filter(area=area, ended_on=None).order_by("pk")
    groups = found.filter(kind=CouncilKind.GROUP, scenes__contains=[Scene.ACUTE])
    return groups.first() or found.filter(kind=CouncilKind.PLENARY).first()


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What one closed review decided; ``tie``: the council's action, once it was taken up."""

    row: ReviewAction
    tie: ReviewedAction | None


def review_rows(viewer: Viewer) -> list[ReviewRow]:
    """Decisions of the own municipality's closed reviews; the prefecture reads counts only."""
    area = own_area_of(viewer)
    if area is None or not may_own_councils(viewer):
        return []
    rows = list(review_actions(area).filter(review__closed_at__isnull=False))
    ties = {
        one.review_action_uid: one
        for one in ReviewedAction.objects.filter(
            review_action_uid__in=[row.uid for row in rows]
        ).select_related("action__council")
    }
    return [ReviewRow(one, ties.get(one.uid)) for one in rows]


def review_row(viewer: Viewer, uid: UUID) -> ReviewAction:
    """One decision of the own municipality.

    Raises:
        ReviewAction.DoesNotExist: not there, or not theirs.
    """
    for one in review_rows(viewer):
        if one.row.uid == uid and one.tie is None:
            return one.row
    raise ReviewAction.DoesNotExist


@dataclass(frozen=True, slots=True)
class CountTable:
    """How often each answer was given, small numbers hidden. ``rows``: question, answer, count."""

    reviews: str
    rows: list[tuple[str, list[tuple[str, str]]]]
    actions: int
    done: int


def counts_shown(viewer: Viewer, year: FiscalYear) -> CountTable | None:
    """Events of a 年度 reviewed in the own area, as may be shown; None where there is no area."""
    area = own_area_of(viewer)
    if area is None or not may_see_review_actions(viewer):
        return None
    counts = review_counts(area, since=year.start, until=year.end)
    # Each question's answers add up to the number of events.
    values: dict[tuple[str, str], int] = {("", ""): counts.reviews}
    sums = []
    for question in QUESTIONS:
        given = counts.answers[question.code]
        parts = []
        for code in [*(one for one, _ in question.choices), ""]:
            values[(question.code, code)] = given.get(code, 0)
            parts.append((question.code, code))
        sums.append(Sum(("", ""), tuple(parts)))
    hidden = hidden_cells(values, sums)

    def word(key: tuple[str, str]) -> str:
        return HIDDEN if key in hidden else str(values[key])

    rows = [
        (
            question.label,
            [
                *((label, word((question.code, code))) for code, label in question.choices),
                ("記録なし", word((question.code, ""))),
            ],
        )
        for question in QUESTIONS
    ]
    return CountTable(word(("", "")), rows, counts.actions, counts.actions_done)
