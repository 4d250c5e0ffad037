"""What this room registers with the rooms below it, once, when the application starts."""

from __future__ import annotations

from renkei.care.patients import disposal, events, tabs
from renkei.care.patients.models import Patient
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.patients.visibility import patients_visible_to
from renkei.care.timelines import live
from renkei.care.timelines.link_services import close_groundless_links
from renkei.care.timelines.rules import is_person_or_family
from renkei.care.timelines.services.lifecycle import (
    destroy_rooms,
    destroy_sheets,
    move_rooms,
    move_rooms_back,
)
from renkei.foundation.accounts import landings
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

# Whose work is care, whoever waits for them today.
CARE_ROLES = frozenset({Role.PROFESSIONAL, Role.SHARING_HOST})


def register_all() -> None:
    """The person's first page, and what happens to open pages when a team changes."""
    tabs.register(
        tabs.PersonTab("timeline", "経過", "timelines:timeline", 10, shown=_works_in_teams)
    )
    events.on_team_changed(live.team_changed)
    events.on_team_changed(close_groundless_links)
    events.on_merge(events.MergeHandler("timelines", move_rooms, move_rooms_back))
    disposal.on_dispose("timelines", destroy_rooms)
    disposal.on_dispose("sheets", destroy_sheets)
    landings.register(landings.Landing("own", "timelines:own_page", 20, is_person_or_family))
    landings.register(landings.Landing("today", "timelines:today", 30, _has_persons))


def _has_persons(viewer: Viewer) -> bool:
    """Nurses and doctors always; who runs an office or a desk, only with persons of their own."""
    if viewer.role in CARE_ROLES:
        return True
    return may_work_in_teams(viewer) and patients_visible_to(viewer).exists()


def _works_in_teams(viewer: Viewer, _patient: Patient) -> bool:
    return may_work_in_teams(viewer)
