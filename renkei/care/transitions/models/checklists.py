"""退院時のチェックリスト: what has to be there when a person comes home."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.care.transitions.models.cases import CoordinationCase, FactKind, Side
from renkei.foundation.accounts.models import Membership


class DischargeChecklist(models.Model):
    """Opens by itself with the first fact that says the person went home."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.OneToOneField(CoordinationCase, models.CASCADE, related_name="checklist")
    opened_at = models.DateTimeField("作成日時")

    def __str__(self) -> str:
        return f"退院時のチェックリスト {self.pk}"


class ChecklistLine(models.Model):
    """One thing to look after. With ``fact_kind`` it is done when that fact is recorded."""

    class State(models.TextChoices):
        OPEN = "open", "まだ"
        DONE = "done", "済み"
        NOT_NEEDED = "none", "対象外"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    checklist = models.ForeignKey(DischargeChecklist, models.CASCADE, related_name="lines")
    code = models.CharField("符号", max_length=24)
    label = models.CharField("確かめること", max_length=100)
    side = models.CharField("動く側", max_length=8, choices=Side)
    position = models.PositiveSmallIntegerField("並び順")
    fact_kind = models.CharField("あったこと", max_length=28, choices=FactKind, blank=True)
    state = models.CharField("状態", max_length=4, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField("記録日時", null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_name = models.CharField("記録した人", max_length=100, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["checklist", "code"], name="checklist_line_once"),
        )
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"
