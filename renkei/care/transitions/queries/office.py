"""What an office left undone, for its administrators: no person, no hospital, no way in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import F, Q

from renkei.care.patients.models import TeamMember
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions.models import CoordinationCase, Side
from renkei.care.transitions.queries.member_absences import absences_on
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

# How far ahead a deadline counts that nobody at work can keep.
COMING: Final = timedelta(days=3)


@dataclass(frozen=True)
class OverdueDuty:
    """A deadline an office let pass or nobody at work can keep, and who can do something about it.

    ``colleagues``: the office's own people on the team; ``whole_office``: everybody there is.
    """

    case: CoordinationCase
    colleagues: tuple[str, ...]
    whole_office: bool
    is_over: bool


def office_of_side(case: CoordinationCase, side: Side) -> int | None:
    """The office whose turn it is: it is told when a deadline passes, whoever is away.

    Without an office on that side it is the person's host, so that somebody always is.
    """
    office = case.hospital_id if side == Side.HOSPITAL else case.care_office_id
    if office is None:
        return case.patient.host_id
    on_team = TeamMember.objects.filter(
        patient=case.patient, organisation=office, left_at=None, joined_at__isnull=False
    )
    return office if on_team.exists() else case.patient.host_id


def overdue_of_office(viewer: Viewer) -> list[OverdueDuty]:
    """The deadlines the viewer's own office let pass, the longest ago first, and those of the next
    days whose people are all on leave.

    The administrators are told of them (``services.escalation``) and are mostly on no team. They
    learn whom of their own people to ask; whose stay it is, these know.
    """
    office = viewer.organisation_id
    if office is None:
        return []
    concerned = Q(hospital=office) | Q(care_office=office) | Q(patient__host=office)
    late = (
        CoordinationCase.objects.filter(
            concerned, is_open=True, next_due_at__lt=clock.now() + COMING
        )
        .select_related("patient", "rule_version")
        .order_by(F("next_due_at").asc(), "pk")
    )
    own = [case for case in late if office_of_side(case, Side(case.next_side)) == office]
    return [
        duty
        for duty in _with_colleagues(own, office)
        if duty.is_over or not (duty.colleagues or duty.whole_office)
    ]


def _with_colleagues(cases: Iterable[CoordinationCase], office: int) -> list[OverdueDuty]:
    cases, now = list(cases), clock.now()
    away = {one.membership_id for one in absences_on([office], clock.today())}
    names = {
        row.pk: row.user.name
        for row in present_memberships().filter(organisation=office).exclude(pk__in=away)
    }
    members: Iterable[tuple[int, int | None]] = TeamMember.objects.filter(
        patient__in={case.patient_id for case in cases},
        organisation=office,
        left_at=None,
        joined_at__isnull=False,
        is_observer=False,
    ).values_list("patient_id", "membership_id")
    named: dict[int, set[str]] = {}
    whole = set()
    for patient, membership in members:
        if membership is None:
            whole.add(patient)
        elif membership in names:
            named.setdefault(patient, set()).add(names[membership])
    return [
        OverdueDuty(
            case=case,
            colleagues=tuple(sorted(named.get(case.patient_id, ()))),
            whole_office=case.patient_id in whole,
            is_over=case.next_due_at is not None and case.next_due_at < now,
        )
        for case in cases
    ]
