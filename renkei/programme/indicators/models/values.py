"""One number of one area and period, with its unit, source and day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renkei.foundation.areas.models import Area
from renkei.programme.indicators.models.definitions import Indicator, IndicatorVersion
from renkei.programme.indicators.models.imports import ImportRun


class PeriodKind(models.TextChoices):
    """年度 and 暦年 are different axes and never share a chart."""

    FISCAL_YEAR = "fiscal_year", "年度"
    CALENDAR_YEAR = "year", "暦年"
    MONTH = "month", "月"
    PLAN = "plan", "計画期"
    DAY = "day", "時点"


class Quality(models.TextChoices):
    """What one has to know before believing a number."""

    OK = "ok", "問題なし"
    ESTIMATED = "estimated", "推計"
    UNIT_UNCLEAR = "unit_unclear", "単位に疑い"
    CHANGED_DEFINITION = "changed", "定義の変更あり"
    PRELIMINARY = "preliminary", "速報"


class Absence(models.TextChoices):
    """Why there is no number; zero is a number (design decision 9)."""

    NOT_RECORDED = "not_recorded", "記録なし"
    NOT_ANSWERED = "not_answered", "無回答"
    UNKNOWN = "unknown", "不明"
    NOT_APPLICABLE = "none", "対象なし"
    NOT_DISCLOSED = "not_disclosed", "非開示"
    SUPPRESSED = "suppressed", "非公開"


class Sharing(models.TextChoices):
    """Who may read a value beyond the area it is of."""

    OPEN = "open", "公表された数"
    SHARED = "shared", "県と近隣に見せる"
    OWN = "own", "自分の圏域だけ"


class Value(models.Model):
    """A number, or the reason why there is none; never without unit, source and as-of day."""

    # Copied from the version, for the many reads by indicator.
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    version = models.ForeignKey(IndicatorVersion, models.PROTECT, related_name="values")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    period_kind = models.CharField("期間の種類", max_length=12, choices=PeriodKind)
    # 2017, 2017-04, 2024-2026, 2015-08-01: sorts as text within its kind.
    period = models.CharField("期間", max_length=16)
    value = models.DecimalField("値", max_digits=20, decimal_places=6, null=True, blank=True)
    absence = models.CharField("値がない理由", max_length=16, choices=Absence, blank=True)
    # As the source wrote it: 516.0 and 537 are not the same care for digits.
    printed = models.CharField("原資料の表記", max_length=40, blank=True)
    unit = models.CharField("単位", max_length=40)
    numerator = models.DecimalField("分子", max_digits=20, decimal_places=3, null=True, blank=True)
    denominator = models.DecimalField(
        "分母", max_digits=20, decimal_places=3, null=True, blank=True
    )
    n = models.PositiveIntegerField("対象の数", null=True, blank=True)
    source = models.CharField("出典", max_length=200)
    source_file = models.CharField("出典のファイル", max_length=300, blank=True)
    as_of = models.DateField("基準日")
    quality = models.CharField("数値の確かさ", max_length=12, choices=Quality, default=Quality.OK)
    note = models.CharField("注記", max_length=500, blank=True)
    sharing = models.CharField("見せる範囲", max_length=8, choices=Sharing, default=Sharing.OPEN)
    # A small number of persons, or what would give one away; nobody reads it (services.disclosure).
    is_hidden = models.BooleanField("非公開", default=False)
    # What readers saw of it so far: (value, numerator, denominator) as text.
    shown = models.JSONField("見せた値", default=list)
    run = models.ForeignKey(ImportRun, models.PROTECT, null=True, blank=True, related_name="values")
    recorded_at = models.DateTimeField("登録日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "area", "period_kind", "period"], name="value_once"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, absence="")
                | (Q(value__isnull=True) & ~Q(absence="")),
                name="value_or_reason",
            ),
            models.CheckConstraint(condition=~Q(unit=""), name="value_has_a_unit"),
        )
        indexes = (
            models.Index(
                fields=["indicator", "period_kind", "period"], name="value_indicator_period"
            ),
            models.Index(fields=["area", "indicator"], name="value_area_indicator"),
            # Few beside millions that are published.
            models.Index(
                fields=["version", "area"],
                name="value_not_published",
                condition=~Q(sharing=Sharing.OPEN),
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.area} {self.period}"
