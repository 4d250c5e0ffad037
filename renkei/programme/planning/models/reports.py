"""報告: packs of readings kept as they were (T-Q1), and the yearly answers of the grant."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.areas.models import Area
from renkei.programme.planning.models.meetings import Meeting


class ReportKind(models.TextChoices):
    ANNUAL = "annual", "事業報告書"
    COUNCIL = "council", "協議会資料"
    ASSEMBLY = "assembly", "議会資料"
    GRANT = "grant", "交付金の評価の根拠資料"


class ReportPack(models.Model):
    """One report as it was made: words and numbers frozen, each number with its footnote."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("報告の種類", max_length=10, choices=ReportKind)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    # Who made it: read by its own people alone, for the numbers are those it may see.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="報告を作った課"
    )
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name="資料にする会議",
    )
    title = models.CharField("報告の名前", max_length=200)
    # ``reporting.book.Book.content``: blocks in order, and the footnotes with what they cite.
    content = models.JSONField("報告の中身")
    # SHA-256 of the content: two prints of one pack say the same.
    digest = models.CharField("照合番号", max_length=64)
    made_at = models.DateTimeField("報告を作った日時")

    class Meta:
        indexes = (models.Index(fields=["area", "-made_at"], name="report_pack_area"),)

    def __str__(self) -> str:
        return self.title


class GrantQuestion(models.TextChoices):
    """Source: domain/indicators.md §9, 目標Ⅲ of 保険者努力支援; the short wording is ours."""

    ISSUES = "issues", "課題の検討と対応策"
    SCENES = "scenes", "場面ごとの取組"
    SHARING = "sharing", "医療・介護関係者の情報共有"
    DISCHARGE = "discharge", "入退院支援の実施"
    END = "end", "人生の最終段階における支援"


class GrantReply(models.TextChoices):
    """Three ways of getting no point stay apart (domain/indicators.md §9)."""

    MET = "met", "実施した"
    SHORT = "short", "実施したが、条件に届かない"
    NOT_DONE = "not_done", "実施していない"
    NOT_REPORTED = "not_reported", "報告しなかった"


class GrantAnswer(models.Model):
    """What a municipality answers to one question about the activities of one fiscal year."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    question = models.CharField("評価の項目", max_length=12, choices=GrantQuestion)
    answer = models.CharField("評価の回答", max_length=12, choices=GrantReply)
    note = models.CharField("評価の回答の備考", max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area", "fiscal_year", "question"], name="grant_answer_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_question_display()} {self.fiscal_year}"
