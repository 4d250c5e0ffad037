"""緊急閲覧 (T-P3): one person, some hours, told at once, reviewed on the next working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import (
    AccessGrant,
    BreakGlassUse,
    BreakGlassVerdict,
    ContentClass,
    FailedOpening,
    FailedWay,
    GrantKind,
    Patient,
)
from renkei.care.patients.notices import (
    BREAK_GLASS_OVERDUE,
    BREAK_GLASS_TO_REVIEW,
    BREAK_GLASS_USED,
    path_of,
)
from renkei.care.patients.people_to_tell import (
    administrator_user_ids,
    host_user_ids,
    officer_user_ids,
)
from renkei.care.patients.queries_break_glass import overdue_uses, person_meant_by
from renkei.care.patients.queries_cards import has_binding_refusal, is_desk_locked
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.calendars import next_business_day
from renkei.foundation.notifications.services import notify

CONTENT: Final = (ContentClass.EMERGENCY, ContentClass.WISHES)


@dataclass(frozen=True)
class Glass:
    """``use`` where a record was opened; ``locked`` where too many guesses came before."""

    use: BreakGlassUse | None = None
    locked: bool = False


@transaction.atomic
def break_glass(
    *, viewer: Viewer, name: str, birth_on: date, reason_code: str, reason: str
) -> Glass:
    """Open the one person's emergency information for some hours.

    Unknown, ambiguous and refused for good answer alike. A second use is never refused for there
    having been a first. What is opened is what a rescuer needs: never timeline or sheets.

    Source: domain/information-sharing.md §7.4.
    """
    if is_desk_locked(viewer, FailedWay.BREAK_GLASS):
        return Glass(locked=True)
    patient = person_meant_by(name, birth_on)
    if patient is None or has_binding_refusal(patient):
        _note_failure(viewer)
        return Glass()
    now = clock.now()
    grant = AccessGrant.objects.create(
        patient=patient,
        kind=GrantKind.BREAK_GLASS,
        membership_id=viewer.membership_id,
        organisation_id=viewer.organisation_id,
        content_classes=[each.value for each in CONTENT],
        starts_at=now,
        ends_at=now + timedelta(hours=settings.BREAK_GLASS_HOURS),
    )
    use = BreakGlassUse.objects.create(
        grant=grant,
        used_by_id=_membership_of(viewer),
        reason_code=reason_code,
        reason=reason,
        used_at=now,
        review_due_on=next_business_day(now.date()),
    )
    _tell(viewer, use, patient)
    record_event(
        actor=viewer.actor,
        action="break_glass.used",
        target=use,
        detail={"patient": str(patient.uid), "reason": reason_code},
    )
    return Glass(use)


@transaction.atomic
def review_break_glass(
    *,
    viewer: Viewer,
    use: BreakGlassUse,
    verdict: str,
    note: str,
    patient_told_on: date | None,
) -> None:
    """The officer's word on one use. A later one replaces 「確認を続ける」, and no other.

    Raises:
        ValidationError: it was reviewed for good already, or by whoever used it.
    """
    locked = BreakGlassUse.objects.select_for_update(of=("self",)).get(pk=use.pk)
    if locked.verdict not in {"", BreakGlassVerdict.UNCLEAR}:
        raise ValidationError("この緊急閲覧の確認は済んでいます。")
    if locked.used_by_id == viewer.membership_id:
        raise ValidationError("自分の緊急閲覧は確認できません。別の責任者に頼んでください。")
    locked.verdict, locked.review_note = verdict, note
    locked.patient_told_on = patient_told_on
    # 「確認を続ける」 leaves the review open, so that its alarm goes on.
    if verdict != BreakGlassVerdict.UNCLEAR:
        locked.reviewed_at, locked.reviewed_by_id = clock.now(), viewer.membership_id
    locked.full_clean(exclude=["grant", "used_by", "reviewed_by"])
    locked.save()
    record_event(
        actor=viewer.actor,
        action="break_glass.reviewed",
        target=locked,
        detail={"verdict": verdict, "patient_told": patient_told_on is not None},
    )


@transaction.atomic
def alarm_about_overdue_reviews() -> int:
    """Remind the officers of reviews that are late; run each morning.

    Returns:
        How many uses are overdue.
    """
    overdue = list(overdue_uses(clock.today()))
    for use in overdue:
        notify(
            user_ids=officer_user_ids(use.grant.patient),
            kind=BREAK_GLASS_OVERDUE,
            path=path_of("patients:break_glass_review", use.uid),
            dedupe_key=f"{BREAK_GLASS_OVERDUE}:{use.uid}",
        )
    return len(overdue)


def _tell(viewer: Viewer, use: BreakGlassUse, patient: Patient) -> None:
    administrators = administrator_user_ids([_organisation_of(viewer), patient.host_id])
    notify(
        user_ids=host_user_ids(patient),
        kind=BREAK_GLASS_USED,
        path=path_of("patients:read_log", patient.uid),
    )
    # An administrator elsewhere learns that it was used, and not for whom.
    notify(
        user_ids=administrators - host_user_ids(patient),
        kind=BREAK_GLASS_USED,
        path=path_of("patients:break_glass"),
    )
    notify(
        user_ids=officer_user_ids(patient),
        kind=BREAK_GLASS_TO_REVIEW,
        path=path_of("patients:break_glass_review", use.uid),
    )


def _note_failure(viewer: Viewer) -> None:
    FailedOpening.objects.create(
        way=FailedWay.BREAK_GLASS,
        membership_id=_membership_of(viewer),
        organisation_id=_organisation_of(viewer),
        at=clock.now(),
    )
    # Neither name nor birth date: whoever was meant stays unknown here as well.
    record_event(
        actor=viewer.actor,
        action="break_glass.nobody_found",
        target=("patients.breakglassuse", "unknown"),
    )


def _membership_of(viewer: Viewer) -> int:
    assert viewer.membership_id is not None  # noqa: S101 - may_break_glass asked for it
    return viewer.membership_id


def _organisation_of(viewer: Viewer) -> int:
    assert viewer.organisation_id is not None  # noqa: S101 - a membership has its organisation
    return viewer.organisation_id
