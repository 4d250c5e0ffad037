"""Planning visits: whom, when, by whom of the office."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import PlannedVisit
from renkei.care.timelines.plan_queries import visitors_of
from renkei.care.timelines.queries.people import Reader
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

DAYS_AHEAD: Final = 90


@transaction.atomic
def plan_visit(
    *,
    viewer: Viewer,
    patient: Patient,
    at: time | None,
    on: date | None = None,
    membership_id: int | None = None,
) -> PlannedVisit:
    """Somebody of the viewer's office means to visit this person; the viewer today if not said.

    The caller has checked that the viewer may plan for this person.

    Raises:
        ValidationError: nobody of the office who reads this person's story, a day that cannot be
            meant, or a second visit of one member on one day that no time tells from the first.
    """
    visitor = _visitor(viewer, patient, membership_id or viewer.membership_id)
    # Two colleagues may plan the same visit at the same moment.
    Patient.objects.select_for_update().get(pk=patient.pk)
    visit = PlannedVisit(
        patient=patient,
        membership_id=visitor.membership_id,
        on=_day(on or clock.today()),
        at=at,
    )
    _told_apart(visit)
    visit.save()
    _tell(viewer, {visitor.user_id})
    record_event(actor=viewer.actor, action="visit.planned", target=patient)
    return visit


@transaction.atomic
def change_visit(
    *, viewer: Viewer, visit: PlannedVisit, membership_id: int, on: date, at: time | None
) -> None:
    """Another day, time or colleague; the caller has checked that the visit is the office's.

    Raises:
        ValidationError: as for ``plan_visit``.
    """
    visitor = _visitor(viewer, visit.patient, membership_id)
    Patient.objects.select_for_update().get(pk=visit.patient_id)
    told = {visit.membership.user_id, visitor.user_id}
    visit.membership_id, visit.on, visit.at = visitor.membership_id, _day(on), at
    _told_apart(visit)
    visit.save()
    _tell(viewer, told)
    record_event(actor=viewer.actor, action="visit.changed", target=visit.patient)


@transaction.atomic
def cancel_visit(*, viewer: Viewer, visit: PlannedVisit) -> None:
    """The visit will not be made; the caller has checked that it is the office's."""
    told, patient = {visit.membership.user_id}, visit.patient
    visit.delete()
    _tell(viewer, told)
    record_event(actor=viewer.actor, action="visit.cancelled", target=patient)


def _told_apart(visit: PlannedVisit) -> None:
    """The caller holds the person's row, so that nobody plans the same in between."""
    others = PlannedVisit.objects.filter(
        membership_id=visit.membership_id, patient=visit.patient, on=visit.on
    ).exclude(pk=visit.pk)
    times = list(others.values_list("at", flat=True))
    if visit.at in times:
        raise ValidationError(
            "この人には、同じ人の訪問がこの日のこの時刻にもう決まっています。"
            "1日に2回訪問するときは、ちがう時刻を入れてください。"
        )
    if times and None in (visit.at, *times):
        raise ValidationError(
            "この日には、同じ人の訪問がもう1つあります。"
            "1日に2回訪問するときは、どちらの予定にも時刻を入れてください。"
        )


def _visitor(viewer: Viewer, patient: Patient, membership_id: int | None) -> Reader:
    found = [one for one in visitors_of(viewer, patient) if one.membership_id == membership_id]
    if not found:
        raise ValidationError(
            {
                "visitor": "この人のチームにいる、同じ事業所の人を選んでください。"
                "まだチームにいない人は、先にチームに招いてください。"
            }
        )
    return found[0]


def _day(on: date) -> date:
    today = clock.today()
    if not today <= on <= today + timedelta(days=DAYS_AHEAD):
        raise ValidationError({"on": f"きょうから{DAYS_AHEAD}日以内の日を選んでください。"})
    return on


def _tell(viewer: Viewer, user_ids: set[int]) -> None:
    """Whom somebody else plans for hears that something changed, not what."""
    others = user_ids - {viewer.user_id}
    if others:
        notify(
            user_ids=others,
            kind="timelines.visit_plan",
            path="/visits/",
            dedupe_key=f"visits:{clock.today():%Y-%m-%d}",
        )
