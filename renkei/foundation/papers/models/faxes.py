"""送信簿: what left by FAX, when, to whom; never about whom."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.papers.models.tickets import Ticket


class SentFax(models.Model):
    """One document made for the FAX machine."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="組織"
    )
    # [{"name", "organisation", "fax"}]: people at their work, never the person cared for.
    recipients = models.JSONField("送信先", default=list)
    subject_line = models.CharField("件名", max_length=100, blank=True)
    case_number = models.CharField("整理番号", max_length=40, blank=True)
    pages = models.PositiveSmallIntegerField("枚数")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="faxes")
    # Empty where the system made it, as it does for a call list at night.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作った人",
    )
    made_at = models.DateTimeField("作った日時")
    # The machine stands in the office: a person says when it went through.
    sent_at = models.DateTimeField("送信した日時", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="送信した人",
    )

    class Meta:
        indexes = (models.Index(fields=["organisation", "-made_at"], name="sent_fax_by_time"),)

    def __str__(self) -> str:
        return self.subject_line or "FAX"
