"""What shows that something was really done: a file, a meeting, a count."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from renkei.foundation.accounts.models import Membership
from renkei.foundation.common.suppression import THRESHOLD, is_small
from renkei.foundation.papers.models import StoredFile
from renkei.programme.planning.models.meetings import Meeting


class Proof(models.Model):
    """One piece of evidence. ``of_persons``: a count of persons, of which few are not shown."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.CharField("根拠の内容", max_length=300)
    done_on = models.DateField("行った日")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="会議"
    )
    count = models.PositiveIntegerField("数", null=True, blank=True)
    unit = models.CharField("単位", max_length=20, blank=True)
    of_persons = models.BooleanField("療養者・家族の人数", default=False)
    added_at = models.DateTimeField("根拠を付けた日時")
    added_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(file__isnull=False) | Q(meeting__isnull=False) | Q(count__isnull=False),
                name="%(class)s_shows_something",
                violation_error_message="ファイル・会議・数のどれかを入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(count=None) | ~Q(unit=""),
                name="%(class)s_count_has_a_unit",
                violation_error_message="数の単位を入力してください。",
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def counted(self) -> str:
        """The count as it may be shown; empty where nothing was counted."""
        if self.count is None:
            return ""
        if self.of_persons and is_small(self.count):
            return f"1～{THRESHOLD - 1}{self.unit}（少数のため幅で示しています）"
        return f"{self.count:,}{self.unit}"
