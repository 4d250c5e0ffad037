"""What a working group did to a draft, so that a step can be taken back."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.care.transitions.models.rules import RuleVersion
from renkei.foundation.accounts.models import Membership


class DraftChange(models.Model):
    """One part of a draft written anew. Goes with the draft where that is thrown away."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="draft_changes")
    # A key of ``rule_parts.PARTS``.
    part = models.CharField("直した所", max_length=20)
    before = models.JSONField()
    after = models.JSONField()
    changed_at = models.DateTimeField("変更日時")
    changed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("元に戻した日時", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["version", "-changed_at"], name="draft_change_of_version"),)
