"""Tickets: what a sheet of paper carries so that it finds its way back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.papers import numbers


class Ticket(models.Model):
    """A number printed on paper, as a QR code and in digits, that names one subject.

    What a ticket of its kind means is registered by a higher room (``handlers``).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Twelve digits, the last two check the others (tickets.py).
    code = models.CharField("受付番号", max_length=12, unique=True)
    kind = models.CharField(max_length=40)
    subject_uid = models.UUIDField()
    # Whose paper it is; other organisations may not even learn that it exists.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="組織"
    )
    expected_pages = models.PositiveSmallIntegerField("枚数", default=1)
    issued_at = models.DateTimeField("発行日時")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField("期限")
    closed_at = models.DateTimeField("受付を終えた日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="ticket_expires_after_issue"
            ),
            models.CheckConstraint(condition=Q(expected_pages__gte=1), name="ticket_has_a_page"),
        )
        indexes = (models.Index(fields=["kind", "subject_uid"], name="ticket_subject"),)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As it is printed and read out: 1234-5678-9012."""
        return numbers.readable(self.code)

    def qr_text(self, page: int, pages: int | None = None) -> str:
        """What the QR code of one sheet holds; ``pages`` where a cover makes them more."""
        return numbers.qr_text(self.code, page, pages or max(page, self.expected_pages))
