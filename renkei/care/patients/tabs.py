"""The pages of one person. Rooms above add theirs: the timeline, the sheets."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from renkei.care.patients.models import ContentClass, Patient
from renkei.foundation.accounts.viewers import Viewer


def _always(_viewer: Viewer, _patient: Patient) -> bool:
    return True


@dataclass(frozen=True)
class PersonTab:
    """One page of a person, in the order of ``place``; ``url_name`` takes the person's uid.

    Shown to whom ``content`` of the person is open, and of whom ``shown`` says so.
    """

    name: str
    label: str
    url_name: str
    place: int
    shown: Callable[[Viewer, Patient], bool] = _always
    content: ContentClass = ContentClass.BASIC


_TABS: dict[str, PersonTab] = {}


def register(tab: PersonTab) -> None:
    """Add a page, from ``AppConfig.ready``."""
    _TABS[tab.name] = tab


def tabs_for(
    viewer: Viewer, patient: Patient, contents: Collection[ContentClass]
) -> list[PersonTab]:
    """The pages of this person for a viewer to whom these contents are open, in order."""
    shown = (
        tab for tab in _TABS.values() if tab.content in contents and tab.shown(viewer, patient)
    )
    return sorted(shown, key=lambda tab: tab.place)
