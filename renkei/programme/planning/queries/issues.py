"""Issues, their evidence, and those that are to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear
from renkei.programme.indicators.models import Value
from renkei.programme.planning.models import (
    Comparison,
    Council,
    CouncilKind,
    Issue,
    IssueEvidence,
    IssueState,
    Meeting,
    MeetingState,
)
from renkei.programme.planning.queries.councils import councils_worked_in
from renkei.programme.planning.rules import may_clerk, may_keep_plans, watches_areas

OVER = (IssueState.CLOSED,)
# What waits on purpose: a day or a condition brings it back.
RESTING = (
    IssueState.SHELVED,
    IssueState.DECIDED,
    IssueState.IN_ACTION,
    IssueState.EVALUATED,
    IssueState.CLOSED,
)
HELD = (
    MeetingState.HELD,
    MeetingState.MINUTES_DRAFT,
    MeetingState.MINUTES_CONFIRMED,
    MeetingState.PUBLISHED,
    MeetingState.CLOSED,
)


@dataclass(frozen=True)
class IssueDoor:
    """One issue as one viewer may use it."""

    issue: Issue
    viewer: Viewer
    may_write: bool


def issues_seen_by(viewer: Viewer) -> QuerySet[Issue]:
    """The municipality's and its 拠点's own; a member's where his council discusses them.

    The prefecture reads those of its municipalities that a council has decided on.
    """
    area = own_area_of(viewer)
    reach = Q(council__in=councils_worked_in(viewer))
    if area is not None and may_clerk(viewer):
        reach |= Q(area=area)
    if area is not None and watches_areas(viewer):
        decided = [IssueState.DECIDED, IssueState.IN_ACTION, IssueState.EVALUATED]
        reach |= Q(area__in=descendants_on(area, clock.today()), state__in=[*decided, *OVER])
        reach |= Q(area=area)
    return (
        Issue.objects.filter(reach)
        .select_related("area", "council", "organisation")
        .order_by("-raised_on", "-pk")
    )


def issues_listed(viewer: Viewer) -> QuerySet[Issue]:
    """For the list, with the number of pieces of evidence."""
    return issues_seen_by(viewer).annotate(evidence_count=Count("evidence", distinct=True))


def issue_door(viewer: Viewer, uid: UUID) -> IssueDoor:
    """One issue.

    Raises:
        Issue.DoesNotExist: not there, or not theirs to see.
    """
    issue = issues_seen_by(viewer).get(uid=uid)
    area = own_area_of(viewer)
    own = may_keep_plans(viewer) and area is not None and issue.area_id == area.pk
    return IssueDoor(issue=issue, viewer=viewer, may_write=own)


def evidence_of(issue: Issue) -> QuerySet[IssueEvidence]:
    """What an issue rests on, in the order it was cited."""
    return IssueEvidence.objects.filter(issue=issue).select_related("file").order_by("pk")


def evidence_called(door: IssueDoor, uid: UUID) -> IssueEvidence:
    """One piece.

    Raises:
        IssueEvidence.DoesNotExist: of another issue.
    """
    return IssueEvidence.objects.select_related("file").get(uid=uid, issue=door.issue)


def councils_for_issues(viewer: Viewer) -> QuerySet[Council]:
    """Where an issue can be discussed."""
    return councils_worked_in(viewer).filter(ended_on=None).order_by("name", "pk")


def issues_due_again(day: date) -> list[Issue]:
    """Issues whose day has come or whose condition holds (T-B8)."""
    waiting = Issue.objects.filter(state__in=RESTING).select_related("area")
    by_day = list(waiting.filter(look_again_on__lte=day))
    known = {one.pk for one in by_day}
    watched = waiting.exclude(watched_code="").exclude(pk__in=known)
    return by_day + [one for one in watched if condition_holds(one)]


def condition_holds(issue: Issue) -> bool:
    """Whether the newest value of the watched indicator has reached the value named."""
    newest = (
        Value.objects.filter(
            area=issue.area,
            indicator__code=issue.watched_code,
            value__isnull=False,
            # Whoever moves the limit up and down must not learn a hidden number.
            is_hidden=False,
        )
        .order_by("-period", "-version__number")
        .first()
    )
    if newest is None or newest.value is None or issue.watched_value is None:
        return False
    if issue.watched_comparison == Comparison.AT_LEAST:
        return newest.value >= issue.watched_value
    return newest.value <= issue.watched_value


@dataclass(frozen=True, slots=True)
class CareMeetings:
    """地域ケア会議 of a municipality in a 年度: held or not, and what came of them (T-B6)."""

    area: Area
    year: str
    held: int
    issues: int

    @property
    def word(self) -> str:
        return "開いた" if self.held else "開いていない"


def care_meetings_of(area: Area, year: FiscalYear) -> CareMeetings:
    """Counted from the meetings themselves; nobody types a number."""
    held = Meeting.objects.filter(
        council__area=area,
        council__kind=CouncilKind.CARE_MEETING,
        fiscal_year=year.year,
        state__in=HELD,
    ).count()
    issues = Issue.objects.filter(
        area=area, raised_from="care_meeting", raised_on__range=(year.start, year.end)
    ).count()
    return CareMeetings(area=area, year=year.label, held=held, issues=issues)
