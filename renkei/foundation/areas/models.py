"""Areas, the hierarchies over them, and how both change over time (design decision 6)."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q


class AreaLevel(models.TextChoices):
    """What kind of area it is."""

    NATION = "nation", "国"
    PREFECTURE = "prefecture", "都道府県"
    MUNICIPALITY = "municipality", "市区町村"
    WARD = "ward", "政令指定都市の区"
    DAILY_LIVING = "daily_living_area", "日常生活圏域"
    TERTIARY_MEDICAL = "tertiary_medical_area", "三次医療圏"
    SECONDARY_MEDICAL = "secondary_medical_area", "二次医療圏"
    HOME_CARE = "home_care_area", "在宅医療圏"
    HEALTH_CENTRE = "public_health_center", "保健所の管轄"
    MEDICAL_ASSOCIATION = "district_medical_association", "郡市区医師会"
    WIDE_AREA_UNION = "wide_area_union", "広域連合"


class Area(models.Model):
    """One area. A municipality whose code or name changes becomes a new area with its own period."""

    level = models.CharField("種類", max_length=32, choices=AreaLevel)
    # 6 digits with check digit for prefectures, municipalities and wards; empty for others.
    code = models.CharField("全国地方公共団体コード", max_length=6, blank=True)
    # Stable key for areas without a code, e.g. "二次医療圏/20/飯伊".
    key = models.CharField("識別名", max_length=120)
    name = models.CharField("名称", max_length=120)
    kana = models.CharField("名称（カナ）", max_length=200, blank=True)
    prefecture_code = models.CharField("都道府県番号", max_length=2, blank=True)
    latitude = models.FloatField("役所の緯度", null=True, blank=True)
    longitude = models.FloatField("役所の経度", null=True, blank=True)
    website = models.URLField("ウェブサイト", blank=True, max_length=500)
    period = DateRangeField("有効期間", help_text="終わりの日は含みません")
    source = models.CharField("出典", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(period__isempty=True), name="area_period_not_empty"
            ),
            models.UniqueConstraint(fields=["key", "period"], name="area_one_per_key_and_period"),
        )
        indexes = (
            models.Index(fields=["code"], name="area_code"),
            models.Index(fields=["level", "prefecture_code"], name="area_level_prefecture"),
        )

    def __str__(self) -> str:
        return self.name
