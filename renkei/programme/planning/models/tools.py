"""The life of a sharing tool as a working group's checklist (T-TOOL1)."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.areas.models import Area
from renkei.programme.planning.models.councils import Council
from renkei.programme.planning.models.proofs import Proof


class ToolKind(models.TextChoices):
    """Source: 事業の手引き (S3), （エ）: 方法."""

    NOTEBOOK = "notebook", "連絡帳"
    SHEET = "sheet", "情報共有シート"
    PATHWAY = "pathway", "地域連携クリティカルパス"
    FAX = "fax", "ファックス"
    MAIL = "mail", "電子メール"
    ICT = "ict", "ICTの仕組み"
    OTHER = "other", "そのほか"


class ToolStep(models.TextChoices):
    """Steps in their order. Source: 事業の手引き (S3), （エ） 1 and 2; F-D-01."""

    INVENTORY = "inventory", "いまあるツールと活用状況を調べる"
    GROUP = "group", "作業部会で必要性・方法・内容を検討する"
    HANDBOOK = "handbook", "様式と手引き（個人情報の取扱いを含む）を定める"
    INTRODUCE = "introduce", "研修会や手引きの配布で導入を支援する"
    SURVEY = "survey", "活用状況と効果を調べる"
    REVISE = "revise", "内容や手引きを改定し、周知する"
    ANNOUNCE = "announce", "担当者が替わる時期に、毎年あらためて周知する"


class SharingTool(models.Model):
    """One way people of an area share information; Renkei is one of them."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="所管の課"
    )
    group = models.ForeignKey(
        Council,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tools",
        verbose_name="検討する部会",
    )
    name = models.CharField("共有ツール", max_length=120)
    kind = models.CharField("ツールの種類", max_length=12, choices=ToolKind)
    is_renkei = models.BooleanField("このシステム（連携）", default=False)
    text = models.TextField("ツールの説明", max_length=2000, blank=True)
    # April, when people of offices change; another month where the area says so.
    announce_month = models.PositiveSmallIntegerField(
        "毎年周知する月", default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    # The fiscal year for which people were told that it is time again.
    reminded_year = models.PositiveSmallIntegerField("知らせた年度", null=True, blank=True)
    ended_on = models.DateField("使うのをやめた日", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area", "name"],
                name="sharing_tool_once",
                violation_error_message="この名前のツールはもうあります。",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ToolEvidence(Proof):
    """What shows that a step was done."""

    tool = models.ForeignKey(SharingTool, models.PROTECT, related_name="evidence")
    step = models.CharField("ツールの段階", max_length=12, choices=ToolStep)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    covers_personal_data = models.BooleanField("個人情報の取扱いを定めている", default=False)

    class Meta(Proof.Meta):
        indexes = (models.Index(fields=["tool", "step"], name="tool_evidence_step"),)


class ToolTick(models.Model):
    """済み: one step of one fiscal year. Only with evidence (services.tools)."""

    tool = models.ForeignKey(SharingTool, models.PROTECT, related_name="ticks")
    step = models.CharField("ツールの段階", max_length=12, choices=ToolStep)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    ticked_at = models.DateTimeField("済みにした日時")
    ticked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tool", "step", "fiscal_year"], name="tool_tick_once"),
        )

    def __str__(self) -> str:
        return f"{self.tool} {self.get_step_display()}"
