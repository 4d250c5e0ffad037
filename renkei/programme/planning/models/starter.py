"""はじめの一式: what an office started from, so that it can be taken back while untouched."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.foundation.areas.models import Area
from renkei.programme.planning.models.councils import Council
from renkei.programme.planning.models.plans import Plan


class StarterKit(models.Model):
    """The kit 「小規模町村」 of one municipality, with what was made from it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.OneToOneField(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    # Each is empty where there was one already: the kit never writes over somebody's work.
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, related_name="+")
    council = models.ForeignKey(Council, models.SET_NULL, null=True, related_name="+")
    # What was written, as a fingerprint: only what is still like that may be taken back.
    fingerprint = models.CharField("一式の指紋", max_length=64)
    made_at = models.DateTimeField("一式を作った日時")

    def __str__(self) -> str:
        return str(self.area)
