"""The pages of one person. Rooms above add theirs: the timeline, the sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renkei.care.patients.models import Patient
from renkei.foundation.accounts.viewers import Viewer


def _always(_viewer: Viewer, _patient: Patient) -> bool:
    return True


@dataclass(frozen=True)
class PersonTab:
    """One page of a person, in the order of ``place``; ``url_name`` takes the person's uid."""

    name: str
    label: str
    url_name: str
    place: int
    shown: Callable[[Viewer, Patient], bool] = _always


_TABS: dict[str, PersonTab] = {}


def register(tab: PersonTab) -> None:
    """Add a page, from ``AppConfig.ready``."""
    _TABS[tab.name] = tab


def tabs_for(viewer: Viewer, patient: Patient) -> list[PersonTab]:
    """The pages this viewer may open of this person, in order."""
    shown = (tab for tab in _TABS.values() if tab.shown(viewer, patient))
    return sorted(shown, key=lambda tab: tab.place)
