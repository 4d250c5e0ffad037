"""Opening a stay, and arranging who its two sides are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.transitions.hooks import run_after_fact
from renkei.care.transitions.models import (
    CaseFact,
    Channel,
    CoordinationCase,
    FactKind,
    PatientClass,
    RuleVersion,
    Side,
)
from renkei.care.transitions.queries.cases import CaseDoor, door_of
from renkei.care.transitions.queries.contacts import contact_of
from renkei.care.transitions.queries.people import care_manager_of
from renkei.care.transitions.queries.rules import rule_in_force
from renkei.care.transitions.services.facts import add_fact, locked
from renkei.care.transitions.services.refreshing import refresh
from renkei.care.transitions.services.telling import tell_of_new_case
from renkei.care.transitions.values import CareManager, Hospital, NewFact, NewStay
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock, kana

# Source: domain/admission-discharge-rules.md §7.2 (30日再入院率).
READMISSION: Final = timedelta(days=30)
ALREADY: Final = "この病院に入院中の記録がすでにあります。その記録を開いてください。"


@transaction.atomic
def open_case(*, viewer: Viewer, patient: Patient, stay: NewStay) -> CoordinationCase:
    """Begin to coordinate a stay, with the rule of the person's area as it is today.

    The caller has checked that the viewer is on the team. The care manager comes from the team or
    the record; the class from there; a stay that ended at most 30 days ago is linked.

    Raises:
        ValidationError: the hospital is not named, or the person already is in it.
    """
    known = _sent_before(patient, stay)
    if known is not None:
        return known
    # Two wards may admit the same person at the same moment.
    Patient.objects.select_for_update().get(pk=patient.pk)
    manager = stay.care_manager or care_manager_of(patient)
    case = make_case(viewer=viewer, patient=patient, stay=stay, manager=manager)
    door = door_of(viewer, case)
    case = _first_facts(door, stay, manager)
    tell_of_new_case(door)
    record_event(
        actor=viewer.actor,
        action="case.opened",
        target=case,
        detail={"patient": str(patient.uid), "with_account": case.hospital_id is not None},
    )
    return case


def make_case(
    *, viewer: Viewer, patient: Patient, stay: NewStay, manager: CareManager, **links: Any
) -> CoordinationCase:
    """The row of a stay, before its first fact: a part of larger acts.

    Raises:
        ValidationError: no hospital, or one that the person is in already.
    """
    case = CoordinationCase(
        patient=patient,
        rule_version=_rule_for(patient, stay.hospital),
        ward=stay.ward,
        readmission_of=_left_lately(patient, stay),
        opened_at=clock.now(),
        opened_by_id=viewer.membership_id or 0,
        **hospital_values(stay.hospital),
        **manager_values(manager),
        **links,
    )
    same = CoordinationCase.objects.filter(
        patient=patient, hospital_key=case.hospital_key, in_hospital=True
    )
    if same.exists():
        raise ValidationError(ALREADY)
    case.full_clean(validate_constraints=False)
    case.save()
    return case


def _first_facts(door: CaseDoor, stay: NewStay, manager: CareManager) -> CoordinationCase:
    case = locked(door.case)
    if stay.admitted_at is not None:
        fact = add_fact(door=door, case=case, fact=admission_fact(door, stay, manager))
        run_after_fact(case, fact)
    if manager.is_known and door.side == Side.CARE and stay.admitted_at is not None:
        # Whoever opens the stay from the care side knows the care manager already.
        _name_manager(door, case, stay)
    refresh(case)
    return case


def admission_fact(door: CaseDoor, stay: NewStay, manager: CareManager) -> NewFact:
    """The fact a stay begins with."""
    assert stay.admitted_at is not None  # noqa: S101 - only asked where it is known
    told_by_other = door.side != Side.HOSPITAL and stay.channel == Channel.SYSTEM
    detail = {
        "way": stay.way,
        "class": stay.patient_class or class_of(manager),
        "note": stay.note if door.opens_content else "",
    }
    return NewFact(
        kind=FactKind.ADMISSION_REGISTERED,
        at=stay.admitted_at,
        side=door.side if told_by_other else Side.HOSPITAL,
        channel=stay.channel,
        counterpart=stay.counterpart,
        detail={name: value for name, value in detail.items() if value},
        client_uid=stay.client_uid,
    )


def _name_manager(door: CaseDoor, case: CoordinationCase, stay: NewStay) -> CaseFact:
    assert stay.admitted_at is not None  # noqa: S101 - only asked where it is known
    return add_fact(
        door=door,
        case=case,
        fact=NewFact(
            kind=FactKind.CM_IDENTIFIED,
            at=stay.admitted_at,
            side=door.side,
            detail={"source": "network"},
        ),
    )


def class_of(manager: CareManager) -> str:
    """A: the person had a care manager before. Who has none may have one nobody knows of."""
    return PatientClass.A if manager.is_known else PatientClass.UNKNOWN


def hospital_values(hospital: Hospital) -> dict[str, Any]:
    """The columns that say which hospital.

    Raises:
        ValidationError: no name.
    """
    organisation, facility = hospital.organisation, hospital.facility
    name = hospital.name or (organisation.name if organisation else "")
    name = name or (facility.name if facility else "")
    if not name.strip():
        raise ValidationError({"hospital_name": "病院を選ぶか、名前を入力してください。"})
    point = contact_of(organisation.pk) if organisation else None
    key = f"org:{organisation.pk}" if organisation else f"name:{kana.fold(name)}"
    return {
        "hospital": organisation,
        "facility": facility,
        "hospital_name": name.strip(),
        "hospital_key": key,
        "hospital_phone": hospital.phone or (point.phone if point else ""),
        "hospital_fax": hospital.fax or (point.fax if point else ""),
        "hospital_person": hospital.person or (point.person_name if point else ""),
    }


def manager_values(manager: CareManager) -> dict[str, Any]:
    """The columns that say who the care manager is."""
    office = manager.office or (manager.member.organisation if manager.member else None)
    person = manager.person or (manager.member.user.name if manager.member else "")
    return {
        "care_office": office,
        "care_member": manager.member,
        "care_office_name": manager.office_name or (office.name if office else ""),
        "care_person": person,
        "care_phone": manager.phone or (office.phone if office else ""),
        "care_fax": manager.fax,
    }


def _sent_before(patient: Patient, stay: NewStay) -> CoordinationCase | None:
    if stay.client_uid is None:
        return None
    fact = CaseFact.objects.filter(client_uid=stay.client_uid, case__patient=patient).first()
    return fact.case if fact else None


def _rule_for(patient: Patient, hospital: Hospital) -> RuleVersion | None:
    """Of where the person lives; where nobody knows that, of the host, then of the hospital."""
    today = clock.today()
    places: list[Area | None] = [patient.municipality, patient.host.area]
    if hospital.organisation is not None:
        places.append(hospital.organisation.area)
    found = (rule_in_force(place, today) for place in places)
    return next((version for version in found if version is not None), None)


def _left_lately(patient: Patient, stay: NewStay) -> CoordinationCase | None:
    """The stay this one follows within 30 days; a transfer goes on, it is no readmission."""
    if stay.admitted_at is None:
        return None
    return (
        CoordinationCase.objects.filter(
            patient=patient,
            discharged_at__lte=stay.admitted_at,
            discharged_at__gte=stay.admitted_at - READMISSION,
            state__in=("discharged", "followed_up", "closed"),
        )
        .order_by("-discharged_at", "-pk")
        .first()
    )


@transaction.atomic
def arrange(*, door: CaseDoor, ward: str, hospital: Hospital, manager: CareManager) -> None:
    """Correct where the person lies and who the two sides are. The hospital itself stays.

    Raises:
        ValidationError: a value does not fit.
    """
    case = locked(door.case)
    case.ward = ward
    values = manager_values(manager)
    values |= {
        "hospital_phone": hospital.phone,
        "hospital_fax": hospital.fax,
        "hospital_person": hospital.person,
    }
    changed = [name for name, value in values.items() if getattr(case, name) != value]
    for name in changed:
        setattr(case, name, values[name])
    case.full_clean(validate_constraints=False)
    case.save(update_fields=["ward", *values])
    # Another office counts by other hours.
    refresh(case)
    record_event(
        actor=door.viewer.actor, action="case.arranged", target=case, detail={"fields": changed}
    )
