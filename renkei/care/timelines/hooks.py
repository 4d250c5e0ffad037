"""What other parts of the room do when something was written; registered from ``AppConfig.ready``.

Called inside the transaction that writes, before its audit event.
"""

from __future__ import annotations

from collections.abc import Callable

from renkei.care.timelines.models import Entry

_AFTER_POSTING: list[Callable[[Entry], None]] = []


def after_posting(handler: Callable[[Entry], None]) -> None:
    """Call ``handler(entry)`` after each entry, its observations and files already saved."""
    if handler not in _AFTER_POSTING:
        _AFTER_POSTING.append(handler)


def run_after_posting(entry: Entry) -> None:
    """Call all handlers, in the order they were registered."""
    for handler in _AFTER_POSTING:
        handler(entry)
