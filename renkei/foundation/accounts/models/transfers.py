"""人事異動: many people moving at one midnight, from one workbook."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from renkei.foundation.accounts.models.people import (
    Invitation,
    Membership,
    Organisation,
    Role,
    User,
)


class TransferState(models.TextChoices):
    PREVIEW = "preview", "確かめ中"
    PLANNED = "planned", "予約済み"
    CARRIED_OUT = "carried_out", "実施済み"
    WITHDRAWN = "withdrawn", "取りやめ"


class Transfer(models.Model):
    """One workbook of moves that take effect together, at 00:00 of one day in Japan."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Who made it; its administrator sees no other organisation's.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers")
    effective_on = models.DateField("異動日")
    state = models.CharField(
        "異動の状態", max_length=12, choices=TransferState, default=TransferState.PREVIEW
    )
    made_at = models.DateTimeField("異動の作成日時")
    planned_at = models.DateTimeField("予約した日時", null=True, blank=True)
    carried_out_at = models.DateTimeField("実施した日時", null=True, blank=True)
    withdrawn_at = models.DateTimeField("取りやめた日時", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["state", "effective_on"], name="transfer_due"),)

    def __str__(self) -> str:
        return f"{self.effective_on} {self.get_state_display()}"


class MoveAction(models.TextChoices):
    MOVE = "move", "異動"
    LEAVE = "leave", "退職"
    JOIN = "join", "採用"


class Move(models.Model):
    """One row of the workbook: one person's old and new place, and who takes over."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="moves")
    row = models.PositiveIntegerField("行")
    action = models.CharField("異動の区分", max_length=8, choices=MoveAction)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="moves")
    old_membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What the old membership's end was before, for a withdrawal; null: it had none.
    old_end = models.DateField(null=True, blank=True)
    name = models.CharField("氏名", max_length=100)
    email = models.EmailField("メールアドレス", blank=True)
    new_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField("役割", max_length=32, choices=Role, blank=True)
    profession = models.CharField("職種", max_length=60, blank=True)
    successor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    new_membership = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # How many duties the registered rooms handed over when the day came.
    handed_over_count = models.PositiveIntegerField("引き継いだ件数", default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["transfer", "row"], name="move_row"),
            models.UniqueConstraint(
                fields=["transfer", "old_membership"],
                condition=Q(old_membership__isnull=False),
                name="move_membership_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.row} {self.get_action_display()}"
