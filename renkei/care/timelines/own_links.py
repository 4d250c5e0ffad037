"""Pages of higher rooms that わたしの連携 leads the person and family to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renkei.care.patients.models import Patient


@dataclass(frozen=True)
class OwnLink:
    """One page of a person. ``label``: what it is called now, "" where there is nothing to see."""

    name: str
    label: Callable[[Patient], str]


_LINKS: list[OwnLink] = []


def register(link: OwnLink) -> None:
    """Offer a page, from ``AppConfig.ready``."""
    if link not in _LINKS:
        _LINKS.append(link)


def own_links() -> tuple[OwnLink, ...]:
    """All of them, in the order they came."""
    return tuple(_LINKS)
