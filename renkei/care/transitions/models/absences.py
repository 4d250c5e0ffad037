"""休みの予定: the days somebody is not at work, so that a deadline finds somebody who is."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from renkei.foundation.accounts.models import Membership


class MemberAbsence(models.Model):
    """Some days off of one person in one office; nothing says why."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="absences", verbose_name="休む人"
    )
    first_day = models.DateField("休みの最初の日")
    last_day = models.DateField("休みの最後の日")
    stand_in = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代わりの人",
    )
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="member_absence_forward",
                violation_error_message="休みの最後の日は、最初の日以降を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=F("membership")),
                name="member_absence_by_another",
                violation_error_message="代わりの人は、休む人と別の人を選んでください。",
            ),
        )
        indexes = (
            models.Index(
                fields=["membership", "last_day"],
                condition=Q(cancelled_at=None),
                name="member_absence_present",
            ),
        )
