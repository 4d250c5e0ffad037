"""When a person's care manager changes in the middle of a stay, the stay follows."""

from __future__ import annotations

from django.db.models import Q

from renkei.care.patients.models import Patient, TeamMember
from renkei.care.transitions import notices
from renkei.care.transitions.models import CoordinationCase, Side
from renkei.care.transitions.queries.people import care_manager_of
from renkei.care.transitions.services.cases import manager_values
from renkei.care.transitions.services.facts import locked
from renkei.care.transitions.services.refreshing import refresh
from renkei.care.transitions.services.telling import case_path, people_of_side
from renkei.foundation.notifications.services import notify


def follow_care_manager(patient: Patient) -> None:
    """Turn the open stays to the care manager of today: part of the act that changed the team.

    Only where the one a stay names left the team: a name somebody wrote by hand stays.
    """
    open_cases = CoordinationCase.objects.filter(
        patient=patient, is_open=True, care_office__isnull=False
    )
    for pk in open_cases.order_by("pk").values_list("pk", flat=True):
        case = locked(CoordinationCase(pk=pk))
        if not _left(case):
            continue
        manager = care_manager_of(patient)
        if manager.member is None or manager.member.pk == case.care_member_id:
            continue
        values = manager_values(manager)
        for name, value in values.items():
            setattr(case, name, value)
        case.save(update_fields=[*values])
        # Another office counts by other hours.
        refresh(case)
        _tell(case)


def _left(case: CoordinationCase) -> bool:
    """The care manager is not on the team any more, nor their office for them."""
    own = Q(membership=None, organisation=case.care_office_id)
    if case.care_member_id:
        own |= Q(membership=case.care_member_id)
    else:
        own |= Q(organisation=case.care_office_id)
    there = TeamMember.objects.filter(
        own, patient=case.patient_id, left_at=None, joined_at__isnull=False
    )
    return not there.exists()


def _tell(case: CoordinationCase) -> None:
    """Both sides learn that somebody else is called now."""
    people = people_of_side(case, Side.HOSPITAL) | people_of_side(case, Side.CARE)
    notify(
        user_ids=people,
        kind=notices.CASE_NEWS,
        path=case_path(case),
        dedupe_key=f"{notices.CASE_NEWS}:{case.uid}",
    )
