"""What was printed to be filled in by hand, so that the paper finds person and form again."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.care.patients.models import Patient
from renkei.foundation.sheets.models import FormVersion


class PrintedSheet(models.Model):
    """One empty form of one person; the subject of the ticket printed on its pages."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="printed_sheets")
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField("印刷した日時")

    def __str__(self) -> str:
        return f"記入用の様式 {self.pk}"  # never whose
