"""What a review of an event decided becomes an action of the council (T-DNAR1).

Only the words, the office and the day come over: nothing here knows whose event it was.
"""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.transitions.models import EventReview, ReviewAction
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.programme.planning.models import Action, ActionState, Council, ReviewedAction
from renkei.programme.planning.queries.councils import CouncilDoor
from renkei.programme.planning.queries.reviews import council_for_reviews

TAKEN: Final = "これはもう、すべきことになっています。"


def after_review(actor: Actor, review: EventReview) -> None:
    """A hook of the room below, inside its transaction: take up what is decided, follow its end."""
    if review.closed_at is None:
        return
    council = council_for_reviews(review.area)
    known = {
        one.review_action_uid: one
        for one in ReviewedAction.objects.select_related("action").filter(
            review_action_uid__in=review.actions.values("uid")
        )
    }
    for row in ReviewAction.objects.filter(review=review).select_related("owner"):
        tie = known.get(row.uid)
        if tie is not None:
            _follow(tie.action, row)
        elif council is not None:
            _take_up(actor, council, review, row)


@transaction.atomic
def take_up(*, door: CouncilDoor, row: ReviewAction) -> Action:
    """By hand, where there was no council when the review was closed.

    Raises:
        ValidationError: taken up already.
    """
    # Two clicks wait for each other here; the second one learns that it is done.
    ReviewAction.objects.select_for_update().get(pk=row.pk)
    if ReviewedAction.objects.filter(review_action_uid=row.uid).exists():
        raise ValidationError(TAKEN)
    return _take_up(door.viewer.actor, door.council, row.review, row)


def _take_up(actor: Actor, council: Council, review: EventReview, row: ReviewAction) -> Action:
    action = Action(
        council=council,
        text=row.text,
        owner=row.owner.name[:100],
        due_on=row.due_on,
        origin=f"事例の検証 {review.number}",
    )
    action.full_clean()
    action.save()
    ReviewedAction.objects.create(action=action, review_action_uid=row.uid, taken_up_at=clock.now())
    _follow(action, row)
    record_event(actor=actor, action="review_action.taken_up", target=action)
    return action


def _follow(action: Action, row: ReviewAction) -> None:
    if row.done_on is None or action.state in (ActionState.DONE, ActionState.DROPPED):
        return
    action.state, action.finished_on = ActionState.DONE, row.done_on
    action.result = row.result or "検証の記録で済みになりました。"
    action.full_clean()
    action.save()
