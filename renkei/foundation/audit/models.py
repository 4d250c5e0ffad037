"""The audit trail: append-only, hash-chained per month (design decisions 5 and §3b)."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """One act. Rows are only ever added; the database refuses anything else.

    The chain runs within a month: ``hash`` covers the row with the hash of the row before it.
    ``detail`` holds field names, counts and ids, never a person's name or content.
    """

    month = models.DateField("月", help_text="その月の1日")
    sequence = models.PositiveBigIntegerField("連番")
    at = models.DateTimeField("日時")
    actor_kind = models.CharField("行為者の種類", max_length=10)
    actor_user_id = models.BigIntegerField("利用者番号", null=True)
    actor_membership_id = models.BigIntegerField("所属番号", null=True)
    action = models.CharField("行為", max_length=60)
    target_type = models.CharField("対象の種類", max_length=60)
    target_id = models.CharField("対象の番号", max_length=60)
    detail = models.JSONField("内容", default=dict)
    previous_hash = models.CharField("前の行の値", max_length=64)
    hash = models.CharField("この行の値", max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["month", "sequence"], name="audit_event_one_chain_per_month"
            ),
        )
        indexes = (
            models.Index(fields=["target_type", "target_id"], name="audit_event_target"),
            models.Index(fields=["actor_user_id", "at"], name="audit_event_actor"),
            models.Index(fields=["at"], name="audit_event_at"),
        )
