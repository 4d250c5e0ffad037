"""How long the platform waits for people, by municipality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import EscalationTimes
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event


@dataclass(frozen=True)
class Times:
    """Waiting times as durations."""

    mail_after: timedelta
    call_after: timedelta
    answer_within: timedelta


def times_for(patient: Patient | None) -> Times:
    """Those of the person's municipality, else of the installation, else what we ship with."""
    area_id = patient.municipality_id if patient is not None else None
    row = (
        EscalationTimes.objects.filter(Q(area=None) | Q(area=area_id))
        .order_by(F("area").asc(nulls_last=True))
        .first()
    ) or EscalationTimes()
    return Times(
        timedelta(minutes=row.urgent_mail_after),
        timedelta(minutes=row.urgent_call_after),
        timedelta(hours=row.answer_within_hours),
    )


@transaction.atomic
def set_times(
    *, viewer: Viewer, area: Area | None, mail_after: int, call_after: int, answer_hours: int
) -> EscalationTimes:
    """Set the waiting times of one municipality; what is already waiting keeps its own.

    Raises:
        ValidationError: the call list would come before the mail.
    """
    row = EscalationTimes.objects.filter(area=area).first() or EscalationTimes(area=area)
    row.urgent_mail_after = mail_after
    row.urgent_call_after = call_after
    row.answer_within_hours = answer_hours
    if call_after < mail_after:
        raise ValidationError(
            {"call_after": "電話の一覧までの分は、メールまでの分以上にしてください。"}
        )
    row.full_clean()
    row.save()
    record_event(
        actor=viewer.actor,
        action="escalation_times.set",
        target=row,
        detail={"mail": mail_after, "call": call_after, "hours": answer_hours},
    )
    return row
