"""Writing down that somebody of one's office is on leave, and taking it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.models import MemberAbsence
from renkei.care.transitions.notices import STAND_IN
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

# A year and a half of child care leave and more; longer, and the person has left the office.
LONGEST: Final = timedelta(days=3 * 366)


@transaction.atomic
def record_member_absence(
    *,
    viewer: Viewer,
    membership: Membership,
    first_day: date,
    last_day: date,
    stand_in: Membership | None = None,
) -> MemberAbsence:
    """Note the days off of somebody in the viewer's office; why, nobody asks.

    The caller has found both people through the viewer's own office.

    Raises:
        ValidationError: the days are over, too many, in the wrong order, or noted already.
    """
    # Two colleagues may write the same days down.
    Membership.objects.select_for_update().get(pk=membership.pk)
    absence = MemberAbsence(
        membership=membership,
        first_day=first_day,
        last_day=last_day,
        stand_in=stand_in,
        recorded_at=clock.now(),
        recorded_by_id=membership_of(viewer),
    )
    absence.full_clean()
    if last_day < clock.today():
        raise ValidationError({"last_day": "休みの最後の日は、きょう以降を入力してください。"})
    if last_day - first_day > LONGEST:
        raise ValidationError({"last_day": "休みは3年以内で入力してください。"})
    same = MemberAbsence.objects.filter(
        membership=membership,
        cancelled_at=None,
        first_day__lte=last_day,
        last_day__gte=first_day,
    )
    if same.exists():
        raise ValidationError(
            {"first_day": "この期間の休みはすでにあります。先に取り消してください。"}
        )
    absence.save(force_insert=True)
    if stand_in is not None and stand_in.user_id != viewer.user_id:
        notify(
            user_ids=[stand_in.user_id],
            kind=STAND_IN,
            path=reverse("transitions:member_absence_list"),
        )
    record_event(actor=viewer.actor, action="member_absence.recorded", target=absence)
    return absence


@transaction.atomic
def cancel_member_absence(*, viewer: Viewer, absence: MemberAbsence) -> None:
    """They are at work after all; a second call changes nothing."""
    locked = MemberAbsence.objects.select_for_update().get(pk=absence.pk)
    if locked.cancelled_at is not None:
        return
    locked.cancelled_at = clock.now()
    locked.save(update_fields=["cancelled_at"])
    record_event(actor=viewer.actor, action="member_absence.cancelled", target=locked)
