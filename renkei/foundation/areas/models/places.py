"""Areas, the hierarchies over them, and how both change over time (design decision 6)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


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
    """One area. A municipality whose code or name changes becomes a new one with its own period."""

    level = models.CharField("種類", max_length=32, choices=AreaLevel)
    # 6 digits with check digit for prefectures, municipalities and wards; empty for others.
    code = models.CharField("全国地方公共団体コード", max_length=6, blank=True)
    # Stable key for areas without a code, e.g. "二次医療圏/20/飯伊"; otherwise the code.
    key = models.CharField("識別名", max_length=120)
    # Wards carry the name of their city: "札幌市中央区".
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
            models.Index(fields=["name"], name="area_name"),
        )

    def __str__(self) -> str:
        return self.name


class HierarchyCode(models.TextChoices):
    """The hierarchies every installation knows; a region may add its own rows."""

    ADMINISTRATIVE = "administrative", "行政"
    MEDICAL = "medical", "医療"
    HEALTH_CENTRE = "health_centre", "保健所"
    MEDICAL_ASSOCIATION = "medical_association", "郡市区医師会"
    WIDE_AREA_UNION = "wide_area_union", "広域連合"
    DAILY_LIVING = "daily_living", "日常生活圏域"


class Hierarchy(models.Model):
    """One way to put areas above each other. Several hold at the same time."""

    code = models.CharField("コード", max_length=32, unique=True)
    name = models.CharField("名称", max_length=60)
    # Whether an area has at most one parent on any day.
    exclusive = models.BooleanField("上位の圏域は1つだけ")
    position = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


def _same(column: str) -> tuple[Func, str]:
    # The embedded server has no btree_gist: a one-number range stands for equality.
    return Func(F(column), F(column), Value("[]"), function="int8range"), RangeOperators.OVERLAPS


class AreaEdge(models.Model):
    """``child`` lies in ``parent`` in one hierarchy during a period."""

    hierarchy = models.ForeignKey(Hierarchy, models.PROTECT, related_name="edges")
    # Copied from the hierarchy by the service, because a constraint cannot look it up.
    exclusive = models.BooleanField("上位の圏域は1つだけ", editable=False)
    child = models.ForeignKey(Area, models.PROTECT, related_name="edges_up")
    parent = models.ForeignKey(Area, models.PROTECT, related_name="edges_down")
    period = DateRangeField("有効期間", help_text="終わりの日は含みません")
    source = models.CharField("出典", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(period__isempty=True), name="area_edge_period_not_empty"
            ),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="area_edge_not_to_itself"),
            ExclusionConstraint(
                name="area_edge_once_at_a_time",
                expressions=[
                    _same("hierarchy"),
                    _same("child"),
                    _same("parent"),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この圏域の親子関係は、同じ期間にすでに登録されています。",
            ),
            ExclusionConstraint(
                name="area_edge_one_parent_where_exclusive",
                expressions=[
                    _same("hierarchy"),
                    _same("child"),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(exclusive=True),
                violation_error_message="この圏域は、同じ期間に別の上位の圏域に属しています。",
            ),
        )
        indexes = (
            models.Index(fields=["hierarchy", "child"], name="area_edge_up"),
            models.Index(fields=["hierarchy", "parent"], name="area_edge_down"),
        )

    def __str__(self) -> str:
        return f"{self.child} → {self.parent}"


class ChangeKind(models.TextChoices):
    """Why an area became another one. Source: e-Stat 統計LOD 標準地域コード."""

    ABSORPTION = "absorption", "編入合併"
    NEW_BY_MERGER = "new_by_merger", "新設合併"
    WARDS_REORGANISED = "wards_reorganised", "区の再編"
    RENAMED = "renamed", "名称変更"
    TO_CITY = "to_city", "市制施行"
    TO_TOWN = "to_town", "町制施行"
    TO_DESIGNATED_CITY = "to_designated_city", "政令指定都市施行"
    DIVISION = "division", "分割"
    SEPARATION = "separation", "分離"
    DISTRICT = "district", "郡の変更"
    OTHER = "other", "その他"


class AreaChange(models.Model):
    """On this day the old area, or a part of it, became (a part of) the new one."""

    changed_on = models.DateField("変更日")
    kind = models.CharField("変更の種類", max_length=20, choices=ChangeKind)
    old = models.ForeignKey(Area, models.PROTECT, related_name="changes_to")
    new = models.ForeignKey(Area, models.PROTECT, related_name="changes_from")
    source = models.CharField("出典", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["changed_on", "old", "new"], name="area_change_once_a_day"
            ),
        )
        indexes = (models.Index(fields=["changed_on"], name="area_change_day"),)

    def __str__(self) -> str:
        return f"{self.changed_on} {self.old} → {self.new}"
