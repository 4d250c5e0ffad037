"""Whom readers of a printed page may ask. The site above the register knows; it says so here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renkei.registry.facilities.booklet.plan import Desk

NO_DESK = Desk("相談窓口", "", "")


@dataclass(frozen=True)
class Region:
    """The installation's own name and its desk."""

    name: str = ""
    desk: Desk = NO_DESK


_providers: list[Callable[[], Region]] = []


def use_region(provider: Callable[[], Region]) -> None:
    """Register who knows the region; the last one registered is asked."""
    _providers.append(provider)


def current_region() -> Region:
    """The region as the site describes it today; empty where there is no site."""
    return _providers[-1]() if _providers else Region()
