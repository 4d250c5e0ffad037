"""転院: one stay ends, the next begins, and the care manager is passed on."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.transitions.hooks import run_after_fact
from renkei.care.transitions.models import CoordinationCase, FactKind, PatientClass
from renkei.care.transitions.queries.cases import CaseDoor, door_of
from renkei.care.transitions.services.cases import make_case
from renkei.care.transitions.services.facts import add_fact, locked
from renkei.care.transitions.services.telling import tell_of_new_case
from renkei.care.transitions.states import LEFT
from renkei.care.transitions.values import CareManager, Hospital, NewFact, NewStay
from renkei.foundation.audit.services import record_event


@transaction.atomic
def transfer(
    *, door: CaseDoor, to: Hospital, at: datetime, channel: str, ward: str = "", note: str = ""
) -> CoordinationCase:
    """Record that the person went on to another hospital, and begin the stay there.

    Source: domain/admission-discharge-rules.md §2: the sending hospital tells the next one who the
    care manager is.

    Raises:
        ValidationError: the person is not in this hospital, or is in the next one already.
    """
    Patient.objects.select_for_update().get(pk=door.patient.pk)
    case = locked(door.case)
    if case.state in LEFT:
        raise ValidationError("この入院は終わっています。新しい入院として記録してください。")
    stay = NewStay(hospital=to, ward=ward, admitted_at=at)
    following = make_case(
        viewer=door.viewer,
        patient=case.patient,
        stay=stay,
        manager=_manager_of(case),
        previous=case,
    )
    following.readmission_of = None
    following.save(update_fields=["readmission_of"])
    detail = {"next_case": str(following.uid), "note": note}
    left = NewFact(kind=FactKind.TRANSFER_NOTIFIED, at=at, channel=channel, detail=detail)
    run_after_fact(case, add_fact(door=door, case=case, fact=left))
    _begin(door, following, case, at, channel)
    tell_of_new_case(door_of(door.viewer, following))
    record_event(
        actor=door.viewer.actor,
        action="case.transferred",
        target=case,
        detail={"next": str(following.uid)},
    )
    return following


def _begin(
    door: CaseDoor, following: CoordinationCase, case: CoordinationCase, at: datetime, channel: str
) -> None:
    """The first facts of the next stay: admitted, and the care manager known from the last one."""
    entered = door_of(door.viewer, following)
    row = locked(following)
    known = row.care_office_id is not None or bool(row.care_office_name or row.care_person)
    kinds = [(FactKind.ADMISSION_REGISTERED, {"way": "planned", "class": case.patient_class})]
    if known and case.patient_class != PatientClass.B:
        kinds.append((FactKind.CM_IDENTIFIED, {"source": "hospital"}))
    elif known:
        kinds.append((FactKind.CM_CONTRACTED, {}))
    for kind, detail in kinds:
        # Told by whoever recorded the transfer; the next hospital may know nothing of it yet.
        fact = NewFact(kind=kind, at=at, side=entered.side, channel=channel, detail=detail)
        run_after_fact(row, add_fact(door=entered, case=row, fact=fact))
    following.refresh_from_db()


def _manager_of(case: CoordinationCase) -> CareManager:
    return CareManager(
        member=case.care_member,
        office=case.care_office,
        office_name=case.care_office_name,
        person=case.care_person,
        phone=case.care_phone,
        fax=case.care_fax,
    )
