"""What the office shows residents beside the published 要旨: nothing unless it said so."""

from __future__ import annotations

from django.db import models

from renkei.programme.planning.models.councils import Council
from renkei.programme.planning.models.plans import Plan


class PlanOnPortal(models.Model):
    """The summary of a plan is on the portal; taking it down deletes the row."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="on_portal")
    since = models.DateTimeField("公開した日時")

    def __str__(self) -> str:
        return str(self.plan)


class MembersOnPortal(models.Model):
    """How many members of each profession a council has is on the portal; never a name."""

    council = models.OneToOneField(Council, models.CASCADE, related_name="on_portal")
    since = models.DateTimeField("公開した日時")

    def __str__(self) -> str:
        return str(self.council)
