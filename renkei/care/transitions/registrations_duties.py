"""What duty registers with the rooms below, once, when the application starts."""

from __future__ import annotations

from renkei.care.patients import disposal, events, tabs
from renkei.care.patients.models import Patient
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.timelines import own_links
from renkei.care.transitions.queries.family import has_contacts, waits_for_family
from renkei.care.transitions.services.duty_lifecycle import (
    destroy_arrangements,
    destroy_first_contacts,
    move_arrangements,
    move_arrangements_back,
    move_first_contacts,
    move_first_contacts_back,
)
from renkei.foundation.accounts.viewers import Viewer


def register_all() -> None:
    """The page of a person that says whom to call, and what happens to their order."""
    tabs.register(
        tabs.PersonTab(
            "tonight", "電話する先", "transitions:person_tonight", 35, shown=_works_in_teams
        )
    )
    tabs.register(
        tabs.PersonTab(
            "emergency_call", "急変時", "transitions:person_emergency", 36, shown=_works_in_teams
        )
    )
    own_links.register(own_links.OwnLink("transitions:family_contacts", _own_label))
    events.on_merge(
        events.MergeHandler("first_contacts", move_first_contacts, move_first_contacts_back)
    )
    events.on_merge(events.MergeHandler("arrangements", move_arrangements, move_arrangements_back))
    disposal.on_dispose("arrangements", destroy_arrangements)
    disposal.on_dispose("first_contacts", destroy_first_contacts)


def _own_label(patient: Patient) -> str:
    if not has_contacts(patient):
        return ""
    return f"もしものときに電話する先{'（確かめてください）' if waits_for_family(patient) else ''}"


def _works_in_teams(viewer: Viewer, _patient: Patient) -> bool:
    return may_work_in_teams(viewer)
