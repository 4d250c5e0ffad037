"""What municipalities share along an agreement (協定): rooms above register what they share.

They do so from ``AppConfig.ready``; the page of an agreement lists it with links.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from renkei.foundation.areas.models import Agreement, Area


@dataclass(frozen=True)
class SharedThing:
    """One thing shared along an agreement, as its page shows it."""

    kind: str
    name: str
    owner: str
    path: str
    shared_at: datetime


# (agreement, the municipality that looks, the day): what reaches it on that day.
Lister = Callable[[Agreement, Area, date], list[SharedThing]]
_LISTERS: list[Lister] = []


def on_listing(lister: Lister) -> None:
    """Have ``lister`` asked for what is shared along an agreement."""
    if lister not in _LISTERS:
        _LISTERS.append(lister)


def shared_along(agreement: Agreement, area: Area, day: date) -> list[SharedThing]:
    """Everything an area shares, and has shared with it, along an agreement on a day."""
    return [thing for lister in _LISTERS for thing in lister(agreement, area, day)]
