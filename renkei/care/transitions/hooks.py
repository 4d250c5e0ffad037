"""What other parts of the room, and floors above, do when something was recorded.

Registered from ``ready``.

Called inside the transaction that records, before its audit event.
"""

from __future__ import annotations

from collections.abc import Callable

from renkei.care.transitions.models import CaseFact, CoordinationCase, EventReview
from renkei.foundation.audit.actors import Actor

AfterFact = Callable[[CoordinationCase, CaseFact], None]
AfterReview = Callable[[Actor, EventReview], None]
_AFTER_FACT: list[AfterFact] = []
_AFTER_REVIEW: list[AfterReview] = []


def after_fact(handler: AfterFact) -> None:
    """Call ``handler(case, fact)`` after each fact, the case's copies already renewed."""
    if handler not in _AFTER_FACT:
        _AFTER_FACT.append(handler)


def run_after_fact(case: CoordinationCase, fact: CaseFact) -> None:
    """Call all handlers, in the order they were registered."""
    for handler in _AFTER_FACT:
        handler(case, fact)


def after_review(handler: AfterReview) -> None:
    """Call ``handler(actor, review)`` when a review is over, and when what it decided is done."""
    if handler not in _AFTER_REVIEW:
        _AFTER_REVIEW.append(handler)


def run_after_review(actor: Actor, review: EventReview) -> None:
    """Call all handlers, in the order they were registered."""
    for handler in _AFTER_REVIEW:
        handler(actor, review)
