"""Reviews for those who take part in them; their actions and counts without a person (T-DNAR1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from renkei.care.transitions.models import EventReview, ReviewAction, ReviewPartner
from renkei.care.transitions.review_questions import QUESTIONS
from renkei.care.transitions.rules_homes import may_see_reviews
from renkei.foundation.accounts.models import Membership, Organisation, Role
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

# In the trail: words that named the person were refused.
REFUSED: Final = "event_review.identity_refused"


@dataclass(frozen=True)
class ReviewDoor:
    """One review as one viewer may use it; ``partner``: whom the viewer speaks for, if anybody."""

    review: EventReview
    partner: ReviewPartner | None

    @property
    def may_write(self) -> bool:
        return self.partner is not None and self.review.closed_at is None

    @property
    def may_finish_actions(self) -> bool:
        """What was decided is done after the review is over as well."""
        return self.partner is not None


def reviews_visible_to(viewer: Viewer) -> QuerySet[EventReview]:
    """Those the viewer's organisation takes part in; the town also those that are over."""
    if not may_see_reviews(viewer) or viewer.organisation_id is None:
        return EventReview.objects.none()
    own = ReviewPartner.objects.filter(review=OuterRef("pk"), organisation=viewer.organisation_id)
    scope = Q(Exists(own))
    area = own_area_of(viewer) if viewer.role == Role.MUNICIPAL_STAFF else None
    if area is not None:
        scope |= Q(closed_at__isnull=False, area__in=descendants_on(area, clock.today()))
    return EventReview.objects.filter(scope).select_related("area").order_by("-opened_at", "-pk")


def review_for(viewer: Viewer, uid: UUID) -> ReviewDoor:
    """One review.

    Raises:
        EventReview.DoesNotExist: unknown, or not for this viewer: the same.
    """
    review = reviews_visible_to(viewer).get(uid=uid)
    partner = review.partners.filter(organisation=viewer.organisation_id).first()
    return ReviewDoor(review, partner)


def refusals_of(viewer: Viewer, review: EventReview, *, since: datetime) -> int:
    """How often words of the viewer's office were refused because they named the person."""
    colleagues = Membership.objects.filter(organisation=viewer.organisation_id or 0)
    return AuditEvent.objects.filter(
        target_id=str(review.uid),
        action=REFUSED,
        actor_membership_id__in=colleagues.values("pk"),
        at__gte=since,
    ).count()


def organisation_named(name: str) -> Organisation | None:
    """The one organisation of exactly this name."""
    found = list(Organisation.objects.filter(name=name)[:2])
    return found[0] if len(found) == 1 else None


def review_actions(
    area: Area | None,
    *,
    since: date | None = None,
    until: date | None = None,
    open_only: bool = False,
) -> QuerySet[ReviewAction]:
    """What reviews decided in an area, for the council: no person is in these rows.

    ``since`` and ``until`` (included) are days on which they were decided.
    """
    rows = ReviewAction.objects.select_related("review__area", "owner__organisation")
    if area is not None:
        rows = rows.filter(review__area__in=descendants_on(area, clock.today()))
    if since is not None:
        rows = rows.filter(recorded_at__date__gte=since)
    if until is not None:
        rows = rows.filter(recorded_at__date__lte=until)
    if open_only:
        rows = rows.filter(done_on=None)
    return rows.order_by("due_on", "pk")


@dataclass(frozen=True)
class ReviewCounts:
    """Numbers of a time; ``answers``: per question, how often each choice was given."""

    reviews: int
    closed: int
    actions: int
    actions_done: int
    answers: Mapping[str, Mapping[str, int]]


def review_counts(area: Area | None, *, since: date, until: date) -> ReviewCounts:
    """Events reviewed whose month lies in a time; ``until`` is included. Never through a viewer.

    Counts of persons: whoever publishes them hides the small ones.
    """
    rows = EventReview.objects.filter(event_month__gte=since, event_month__lte=until)
    if area is not None:
        rows = rows.filter(area__in=descendants_on(area, clock.today()))
    found = list(rows.values_list("pk", "answers", "closed_at"))
    actions = list(
        ReviewAction.objects.filter(review__in=[pk for pk, *_ in found]).values_list(
            "done_on", flat=True
        )
    )
    return ReviewCounts(
        reviews=len(found),
        closed=sum(closed is not None for *_, closed in found),
        actions=len(actions),
        actions_done=sum(day is not None for day in actions),
        answers={
            one.code: dict(Counter(answers.get(one.code, "") for _, answers, _ in found))
            for one in QUESTIONS
        },
    )


def reviews_by_area(areas: Iterable[int], *, since: date, until: date) -> list[tuple[int, int]]:
    """How many events each area reviewed whose month lies in a time; ``until`` is included.

    Counts of persons: whoever publishes them hides the small ones.
    """
    rows = EventReview.objects.filter(
        area__in=list(areas), event_month__gte=since, event_month__lte=until
    )
    return list(rows.values_list("area").annotate(Count("pk")).order_by("area"))
