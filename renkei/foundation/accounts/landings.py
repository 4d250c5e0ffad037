"""Where somebody starts: the one page each role lands on after signing in and by the logo.

Rooms above register theirs from ``AppConfig.ready``; the first that suits the viewer is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from renkei.foundation.accounts.viewers import Viewer

# Whoever no room claims finds their memberships here, or why they have none.
ELSEWHERE = "accounts:home"


@dataclass(frozen=True)
class Landing:
    """One first page, asked in the order of ``place``. ``suits`` may ask the database."""

    name: str
    url_name: str
    place: int
    suits: Callable[[Viewer], bool]


_LANDINGS: dict[str, Landing] = {}


def register(landing: Landing) -> None:
    """Add a first page, from ``AppConfig.ready``."""
    _LANDINGS[landing.name] = landing


def landing_for(viewer: Viewer) -> str:
    """The path this viewer starts at."""
    landings = sorted(_LANDINGS.values(), key=lambda landing: landing.place)
    suiting = (landing.url_name for landing in landings if landing.suits(viewer))
    return reverse(next(suiting, ELSEWHERE))
