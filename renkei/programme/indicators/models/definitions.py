"""What an indicator counts, in versions: a changed definition never relabels an old value."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from renkei.foundation.areas.models import Area


class Scene(models.TextChoices):
    """The four scenes of the handbook, what holds for all of them, and the region itself.

    Plans, issues and councils take the codes of the four from here.
    """

    DAILY = "daily", "日常の療養支援"
    HOSPITAL = "hospital", "入退院支援"
    ACUTE = "acute", "急変時の対応"
    END = "end", "看取り"
    PROGRAMME = "programme", "事業全体"
    REGION = "region", "地域のすがた"


class Kind(models.TextChoices):
    """What part of the chain from means to ends an indicator looks at."""

    STRUCTURE = "structure", "体制の指標"
    PROCESS = "process", "過程の指標"
    OUTCOME = "outcome", "成果の指標"
    CONTEXT = "context", "背景の数"


class Direction(models.TextChoices):
    """Which way is better, as far as one can say."""

    UP = "up", "多いほうがよい"
    DOWN = "down", "少ないほうがよい"
    NEUTRAL = "neutral", "どちらともいえない"


class Aggregation(models.TextChoices):
    """What may be done with the values of several areas or months."""

    SUM = "sum", "足し合わせられる"
    RATIO = "ratio", "分子と分母を足してから割る"
    NONE = "none", "足し合わせない"


class Indicator(models.Model):
    """One indicator over all its definitions."""

    code = models.CharField("指標番号", max_length=32, unique=True)
    # An indicator a municipality added itself; the shipped ones belong to nobody.
    owner = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="持ち主の圏域"
    )
    position = models.PositiveIntegerField("並び順", default=0)

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.code

    @property
    def latest(self) -> IndicatorVersion:
        """The definition that counts today; prefetch ``versions`` where there are many."""
        return max(self.versions.all(), key=lambda version: version.number)


class IndicatorVersion(models.Model):
    """One definition. Values belong to it, and are compared only within it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("定義の版")
    valid_from = models.DateField("定義の始まり", null=True, blank=True)
    name = models.CharField("指標名", max_length=120)
    scenes = ArrayField(models.CharField(max_length=16, choices=Scene), verbose_name="場面")
    kind = models.CharField("指標の種類", max_length=12, choices=Kind)
    performer = models.CharField("担い手", max_length=60, blank=True)
    numerator = models.CharField("分子", max_length=300, blank=True)
    denominator = models.CharField("分母", max_length=300, blank=True)
    # As printed beside every number: 回/人口10万対, %, 施設.
    unit = models.CharField("単位", max_length=40)
    # 100,000 for 人口10万対; 1 where nothing is divided.
    factor = models.PositiveIntegerField("倍率", default=1)
    decimals = models.PositiveSmallIntegerField("小数の桁数", default=1)
    direction = models.CharField("望む向き", max_length=8, choices=Direction)
    aggregation = models.CharField("合計のしかた", max_length=8, choices=Aggregation)
    levels = ArrayField(models.CharField(max_length=32), verbose_name="数えられる圏域の種類")
    period_kind = models.CharField("数える期間", max_length=12)
    source = models.CharField("出典", max_length=200)
    source_table = models.CharField("出典の表", max_length=200, blank=True)
    cycle = models.CharField("更新の周期", max_length=60, blank=True)
    lag = models.CharField("公表までの遅れ", max_length=60, blank=True)
    text = models.TextField("意味")
    caution = models.TextField("読むときの注意", blank=True)
    contact = models.CharField("聞く先", max_length=200, blank=True)
    reference = models.CharField("手引き・法令の参照", max_length=200, blank=True)
    # What could not be compared with the handbook or the 指標例 says so.
    confirmed = models.BooleanField("原典と照合済み", default=False)
    # Persons stand behind the numbers: small ones are hidden outside the municipality.
    counts_persons = models.BooleanField("人の数", default=False)
    # Over other indicators; empty where values come from a source.
    expression = models.CharField("計算式", max_length=300, blank=True)
    # The number counted by a room of this installation, e.g. "transitions.leak_rate".
    counter = models.CharField("この仕組みの集計", max_length=60, blank=True)
    # Other names files use: the id of a 見える化 export, a column's heading.
    aliases = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name="ファイルでの呼び名",
    )

    class Meta:
        ordering = ("indicator", "number")
        constraints = (
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_version_once"),
        )
        indexes = (models.Index(fields=["counter"], name="indicator_version_counter"),)

    def __str__(self) -> str:
        return f"{self.name}（第{self.number}版）"
