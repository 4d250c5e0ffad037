"""Whom a municipality told of an item, by which channel, and how many it reached (F-FR-10)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from renkei.foundation.areas.models import Area
from renkei.programme.planning.frames import Item


class ToldSide(models.TextChoices):
    """Who was told. Source: F-FR-10: doctors and the care side each have their own channel."""

    MEDICAL = "medical", "医療側"
    CARE = "care", "介護側"
    RESIDENTS = "residents", "住民"


class ToldBy(models.TextChoices):
    """Source: F-FR-10: the medical association, the 包括支援センター; the others are usual."""

    MEDICAL_ASSOCIATION = "medical_association", "医師会"
    DENTAL_ASSOCIATION = "dental_association", "歯科医師会"
    PHARMACISTS = "pharmacists", "薬剤師会"
    SUPPORT_CENTRE = "support_centre", "地域包括支援センター"
    OFFICES = "offices", "事業所の連絡会"
    GAZETTE = "gazette", "広報・ホームページ"
    LETTER = "letter", "文書・FAX・メール"
    OTHER = "other", "その他"


class Publicity(models.Model):
    """周知の記録: one time somebody was told of some items."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    items = ArrayField(
        models.CharField(max_length=1, choices=Item), default=list, verbose_name="項目"
    )
    told_on = models.DateField("知らせた日")
    side = models.CharField("知らせた相手", max_length=12, choices=ToldSide)
    channel = models.CharField("知らせた経路", max_length=20, choices=ToldBy)
    what = models.CharField("知らせたこと", max_length=200)
    sent = models.PositiveIntegerField("知らせた数", null=True, blank=True)
    # Who answered, came or signed: how one knows it arrived.
    reached = models.PositiveIntegerField("届いたと分かった数", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(reached=None) | Q(sent=None) | Q(reached__lte=F("sent")),
                name="publicity_reaches_no_more_than_were_told",
                violation_error_message="届いたと分かった数は、知らせた数までを入力してください。",
            ),
        )
        indexes = (models.Index(fields=["area", "-told_on"], name="publicity_area"),)

    def __str__(self) -> str:
        return self.what
