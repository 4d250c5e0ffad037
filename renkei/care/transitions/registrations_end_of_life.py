"""What 看取りと意思の確認 registers with the rooms below, once, when the application starts."""

from __future__ import annotations

from django.db.models import QuerySet

from renkei.care.patients import disposal, emergency_notes, events, tabs
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.transitions.presenters_end_of_life import note_beside_wish
from renkei.care.transitions.queries.cases import team_patients
from renkei.care.transitions.services.wish_lifecycle import (
    destroy_wish_plans,
    move_wish_plans,
    move_wish_plans_back,
)
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.kept_queries import kept_with_plan


def register_all() -> None:
    """The person's page, the line beside the wish, and the part in merging and disposing."""
    tabs.register(
        tabs.PersonTab(
            "end_of_life", "意思の確認", "transitions:person_end_of_life", 37, shown=_opens_wishes
        )
    )
    emergency_notes.register("transitions", note_beside_wish)
    events.on_merge(events.MergeHandler("wish_plans", move_wish_plans, move_wish_plans_back))
    disposal.on_dispose("wish_plans", destroy_wish_plans)


def _opens_wishes(viewer: Viewer, patient: Patient) -> bool:
    if not may_work_in_teams(viewer):
        return False
    return bool(_wishes_opened(viewer, patient.pk))


@kept_with_plan
def _wishes_opened(viewer: Viewer, patient_id: int) -> QuerySet[Patient, int]:
    opened = team_patients(viewer, ContentClass.WISHES).filter(pk=patient_id)
    return opened.values_list("pk", flat=True)
