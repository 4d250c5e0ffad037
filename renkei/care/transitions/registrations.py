"""What this room registers with the rooms below it, once, when the application starts."""

from __future__ import annotations

from renkei.care.patients import disposal, events, tabs
from renkei.care.patients.models import Patient
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.transitions.agreed import rules_along
from renkei.care.transitions.services.care_managers import follow_care_manager
from renkei.care.transitions.services.lifecycle import (
    destroy_cases,
    move_cases,
    move_cases_back,
)
from renkei.foundation.accounts.agreed import on_listing
from renkei.foundation.accounts.viewers import Viewer


def register_all() -> None:
    """The person's page 入退院, and the room's part in merging and disposing."""
    tabs.register(
        tabs.PersonTab(
            "transitions", "入退院", "transitions:patient_cases", 30, shown=_works_in_teams
        )
    )
    events.on_team_changed(follow_care_manager)
    events.on_merge(events.MergeHandler("transitions", move_cases, move_cases_back))
    disposal.on_dispose("transitions", destroy_cases)
    on_listing(rules_along)


def _works_in_teams(viewer: Viewer, _patient: Patient) -> bool:
    return may_work_in_teams(viewer)
