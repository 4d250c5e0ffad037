"""Who runs the programme in an area: secretariat, base, council, health centre."""

from __future__ import annotations

from django.db import models

from renkei.foundation.areas.models.places import Area


class OfficeKind(models.TextChoices):
    """Source: 北海道「連携の拠点」の役割分担 (source-features §4)."""

    SECRETARIAT = "secretariat", "事務局"
    BASE = "base", "連携の拠点"
    COUNCIL = "council", "協議会"
    HEALTH_CENTRE = "health_centre", "保健所"
    SUPPORT_CENTRE = "support_centre", "地域包括支援センター"


class AreaOffice(models.Model):
    """One body with a part in an area's programme, as plain text: organisations live above."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="offices")
    kind = models.CharField("役割", max_length=20, choices=OfficeKind)
    name = models.CharField("名称", max_length=120)
    phone = models.CharField("電話番号", max_length=30, blank=True)
    note = models.TextField("説明", blank=True)
    source = models.CharField("出典", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area", "kind", "name"], name="area_office_once"),
        )

    def __str__(self) -> str:
        return self.name
