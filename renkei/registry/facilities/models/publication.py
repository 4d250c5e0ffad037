"""Who may see which field, and what readers report."""

from __future__ import annotations

from django.db import models

from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.models.register import Facility


class FieldPolicy(models.Model):
    """The audience of one field from a moment on. The newest row per field applies.

    Releasing a field to 住民 says who checked that it does not hinder cooperation, and when
    (T-A11).
    ``facility`` empty: for the whole register; set: an exception for one place.
    """

    field = models.CharField("項目", max_length=60)
    facility = models.ForeignKey(
        Facility, models.CASCADE, null=True, blank=True, related_name="field_policies"
    )
    audience = models.CharField("見せる相手", max_length=12, choices=Audience)
    checked_by_id = models.BigIntegerField("確かめた人")
    checked_at = models.DateTimeField("確かめた日時")
    note = models.CharField("確かめたこと", max_length=500)


class CorrectionRequest(models.Model):
    """「この情報の修正を依頼する」: what a reader says is wrong."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="correction_requests")
    text = models.TextField("直してほしい所", max_length=1000)
    contact = models.CharField("連絡先（任意）", max_length=200, blank=True)
    received_at = models.DateTimeField("受付日時")
    closed_at = models.DateTimeField("対応した日時", null=True, blank=True)
    closed_by_id = models.BigIntegerField("対応した人", null=True, blank=True)
    answer = models.CharField("対応の内容", max_length=500, blank=True)
