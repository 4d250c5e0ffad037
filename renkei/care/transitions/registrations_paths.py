"""What referrals and pathways register with the rooms below, when the application starts."""

from __future__ import annotations

from renkei.care.patients import disposal, events, tabs
from renkei.care.patients.models import Patient
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.transitions import referral_papers
from renkei.care.transitions.services.path_lifecycle import (
    destroy_paths,
    move_paths,
    move_paths_back,
)
from renkei.care.transitions.services.referral_lifecycle import (
    destroy_referrals,
    move_referrals,
    move_referrals_back,
)
from renkei.care.transitions.services.referral_watch import stop_groundless_referrals
from renkei.foundation.accounts.viewers import Viewer


def register_all() -> None:
    """The person's page 紹介, the room's part in merging and disposing, and the papers."""
    tabs.register(
        tabs.PersonTab(
            "referrals", "紹介", "transitions:patient_referrals", 32, shown=_works_in_teams
        )
    )
    events.on_team_changed(stop_groundless_referrals)
    events.on_merge(events.MergeHandler("referrals", move_referrals, move_referrals_back))
    disposal.on_dispose("referrals", destroy_referrals)
    events.on_merge(events.MergeHandler("clinical_paths", move_paths, move_paths_back))
    disposal.on_dispose("clinical_paths", destroy_paths)
    referral_papers.register()


def _works_in_teams(viewer: Viewer, _patient: Patient) -> bool:
    return may_work_in_teams(viewer)
