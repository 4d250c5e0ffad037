"""What this room registers with the rooms below it, once, when the application starts."""

from __future__ import annotations

from renkei.care.patients import papers, tabs
from renkei.care.patients.services.family import join_with_invitation
from renkei.care.patients.services.transfers import hand_over_teams, orphaned_places
from renkei.foundation.accounts import transfers
from renkei.foundation.accounts.joined import on_joined


def register_all() -> None:
    """Pages of a person. Places: the timeline before them, 100–190 here, sheets after."""
    tabs.register(tabs.PersonTab("basic", "基本情報", "patients:patient_detail", 100))
    tabs.register(tabs.PersonTab("consent", "同意", "patients:consent_detail", 110))
    tabs.register(tabs.PersonTab("team", "チーム", "patients:team_detail", 120))
    papers.register()
    on_joined(join_with_invitation)
    transfers.register_handover(hand_over_teams)
    transfers.register_orphans(orphaned_places)
