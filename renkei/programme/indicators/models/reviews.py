"""What somebody found when they looked at an odd number."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from renkei.programme.indicators.models.values import Value


class FindingReview(models.Model):
    """The number is right although a rule doubts it, and why; void once the number changes."""

    value = models.ForeignKey(Value, models.CASCADE, related_name="reviews")
    rule = models.CharField("点検の規則", max_length=20)
    # The number that was looked at.
    seen = models.DecimalField("確かめた値", max_digits=20, decimal_places=6, default=Decimal(0))
    reason = models.CharField("正しいと分かる理由", max_length=300)
    decided_by_id = models.BigIntegerField("確かめた人")
    decided_at = models.DateTimeField("確かめた日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["value", "rule"], name="finding_reviewed_once"),
        )

    def __str__(self) -> str:
        return f"{self.value} {self.rule}"
