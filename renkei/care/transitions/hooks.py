"""What other parts of the room do when something was recorded; registered from ``ready``.

Called inside the transaction that records, before its audit event.
"""

from __future__ import annotations

from collections.abc import Callable

from renkei.care.transitions.models import CaseFact, CoordinationCase

AfterFact = Callable[[CoordinationCase, CaseFact], None]
_AFTER_FACT: list[AfterFact] = []


def after_fact(handler: AfterFact) -> None:
    """Call ``handler(case, fact)`` after each fact, the case's copies already renewed."""
    if handler not in _AFTER_FACT:
        _AFTER_FACT.append(handler)


def run_after_fact(case: CoordinationCase, fact: CaseFact) -> None:
    """Call all handlers, in the order they were registered."""
    for handler in _AFTER_FACT:
        handler(case, fact)
