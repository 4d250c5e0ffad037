"""在宅医療に必要な連携を担う拠点: designated, consulted on, each duty with evidence (T-BASE1)."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.areas.models import Area
from renkei.programme.planning.models.proofs import Proof


class BaseBody(models.TextChoices):
    """Who may be the base. Source: 在宅医療の体制構築に係る指針 (6) as quoted in S4."""

    HOSPITAL = "hospital", "病院"
    CLINIC = "clinic", "診療所"
    STATION = "station", "訪問看護事業所"
    ASSOCIATION = "association", "地域医師会等関係団体"
    HEALTH_CENTRE = "health_centre", "保健所"
    MUNICIPALITY = "municipality", "市町村"
    OTHER = "other", "そのほか"


class Duty(models.TextChoices):
    """Four goals and five duties of the base, in its order. Source: S4, (6) ① and ②."""

    GOAL_SUPPLY = "g1", "多職種協働による包括的かつ継続的な在宅医療の提供体制の構築を図ること"
    GOAL_PEOPLE = "g2", "在宅医療に関する人材育成を行うこと"
    GOAL_AWARENESS = "g3", "在宅医療に関する地域住民への普及啓発を行うこと"
    GOAL_DISASTER = "g4", "災害時及び災害に備えた体制構築への支援を行うこと"
    MEETINGS = (
        "d1",
        (
            "医療・介護・障害福祉の関係者の会議を定期に開き、提供状況の把握、災害時対応を含む課題の抽出、"
            "対応策の検討を行うこと"
        ),
    )
    COORDINATION = (
        "d2",
        (
            "医療・介護・障害福祉サービスの所在地や機能を把握し、地域包括支援センター・障害者相談支援事業所等と、"
            "退院時から看取りまでの支援を調整すること"
        ),
    )
    ROUND_THE_CLOCK = "d3", "急変時の対応や24時間体制の構築、多職種による情報共有の促進を図ること"
    TRAINING = (
        "d4",
        "医療・介護・障害福祉の関係者に、必要な知識・技能の研修や情報の共有を行うこと",
    )
    AWARENESS = "d5", "在宅医療に関する地域住民への普及啓発を行うこと"


class Base(models.Model):
    """One organisation is the base of an area for a time."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="拠点となる組織"
    )
    designated_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="位置付けた課・保健所"
    )
    body = models.CharField("拠点の主体", max_length=20, choices=BaseBody)
    period = DateRangeField("有効期間", help_text="終わりの日は含みません")
    plan_reference = models.CharField("医療計画での位置付け", max_length=300)
    runs_programme = models.BooleanField(
        "在宅医療・介護連携推進事業の実施主体と同じ", default=False
    )
    is_active_institution = models.BooleanField("積極的役割を担う医療機関を兼ねる", default=False)
    disability_note = models.CharField("障害福祉の相談支援との整合性", max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(period__isempty=False),
                name="base_period_not_empty",
                violation_error_message="終わりの日は始まり以降の日付を入力してください。",
            ),
        )
        indexes = (
            models.Index(fields=["area"], name="base_area"),
            models.Index(fields=["organisation"], name="base_organisation"),
        )

    def __str__(self) -> str:
        return f"{self.area} {self.organisation}"

    @property
    def first_day(self) -> date:
        """The day it begins."""
        first: date = self.period.lower
        return first

    @property
    def last_day(self) -> date | None:
        """The last day it holds; None while it has no end."""
        end: date | None = self.period.upper
        return end - timedelta(days=1) if end else None


class BaseConsultation(models.Model):
    """市町村との協議: before the base is named (S4: 事前に市町村と十分に協議する)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    base = models.ForeignKey(Base, models.PROTECT, related_name="consultations")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="市町村")
    held_on = models.DateField("協議した日")
    with_whom = models.CharField("協議した課・団体", max_length=200)
    result = models.TextField("協議の結果", max_length=2000)
    recorded_at = models.DateTimeField("記録日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["base", "area", "held_on"],
                name="base_consultation_once",
                violation_error_message="この市町村とのこの日の協議は、もう記録されています。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area} {self.held_on}"


class BaseEvidence(Proof):
    """What shows that a goal is worked on, or a duty done."""

    base = models.ForeignKey(Base, models.PROTECT, related_name="evidence")
    duty = models.CharField("目標・求められる事項", max_length=2, choices=Duty)

    class Meta(Proof.Meta):
        indexes = (models.Index(fields=["base", "duty"], name="base_evidence_duty"),)
