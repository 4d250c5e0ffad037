"""The forms of a stay as one viewer may use them, and how they were handed over."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from renkei.care.patients.models import ContentClass
from renkei.care.patients.queries import merged_uids
from renkei.care.timelines.models import Room, RoomKind
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.services.rooms import opened_doors_of
from renkei.care.timelines.sheet_queries import answer_through, open_form
from renkei.care.transitions.models import FormSending
from renkei.care.transitions.queries.cases import CaseDoor, team_patients
from renkei.care.transitions.queries.forms import USUAL
from renkei.care.transitions.rule_content import RuleContent, RuleForm
from renkei.foundation.sheets.models import Answer, FormVersion
from renkei.foundation.sheets.queries import answers_of


@dataclass(frozen=True)
class FormDoor:
    """A stay whose sheets may be read, with the person's staff room."""

    case: CaseDoor
    room: Door


def form_door(door: CaseDoor) -> FormDoor:
    """The way to the sheets of this stay.

    Raises:
        Room.DoesNotExist: no consent to sheets or to the story.
    """
    patient = door.patient
    readable = team_patients(door.viewer, ContentClass.SHEETS).filter(pk=patient.pk).exists()
    if not (readable and door.opens_content):
        raise Room.DoesNotExist
    return FormDoor(door, opened_doors_of(door.viewer, patient.uid)[RoomKind.STAFF])


def forms_used(rule: RuleContent | None) -> tuple[RuleForm, ...]:
    """The forms the rule names, or the one every care manager sends."""
    return tuple(rule.forms) if rule else USUAL


def form_version(way: FormDoor, code: str) -> FormVersion:
    """The edition to write on.

    Raises:
        FormVersion.DoesNotExist: no such form for this viewer.
    """
    return open_form(way.case.viewer, way.room, code)


def answer_of_case(way: FormDoor, uid: UUID) -> Answer:
    """One answer about the person.

    Raises:
        Answer.DoesNotExist: unknown, or not for this viewer.
    """
    return answer_through(way.case.viewer, way.room, uid)


def answer_known(way: FormDoor, uid: UUID | None) -> Answer | None:
    """The answer a paper was compared with."""
    if uid is None:
        return None
    patient = way.case.patient
    return answers_of(patient.uid, also=merged_uids(patient)).filter(uid=uid).first()


def sendings_of(door: CaseDoor) -> QuerySet[FormSending]:
    """How forms of this stay were handed over, the newest first."""
    return (
        FormSending.objects.filter(fact__case=door.case)
        .select_related("fact__author__organisation", "ticket")
        .order_by("-made_at", "-pk")
    )


def sending_of(door: CaseDoor, uid: UUID) -> FormSending:
    """One handing over of this stay.

    Raises:
        FormSending.DoesNotExist: none of this stay.
    """
    return sendings_of(door).get(uid=uid)
