"""How a file of numbers is read, and what reading it changed."""

from __future__ import annotations

import uuid

from django.db import models

from renkei.foundation.areas.models import Area


class ImportMapping(models.Model):
    """How the columns of one kind of file were understood the last time."""

    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="圏域")
    name = models.CharField("ファイルの種類の名前", max_length=100)
    # Headings by which the file is known again.
    headings = models.JSONField("見出し", default=list)
    # As importers.plan.Mapping writes it.
    mapping = models.JSONField("列の対応", default=dict)
    changed_by_id = models.BigIntegerField("決めた人")
    changed_at = models.DateTimeField("決めた日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area", "name"], nulls_distinct=False, name="import_mapping_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class RunState(models.TextChoices):
    """Where a file stands."""

    DRAFT = "draft", "列を確かめています"
    READING = "reading", "読んでいます"
    APPLYING = "applying", "取り込んでいます"
    APPLIED = "applied", "取り込みました"
    DISCARDED = "discarded", "やめました"


class ImportRun(models.Model):
    """One file: its columns, and once applied what it changed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="圏域")
    state = models.CharField("状態", max_length=12, choices=RunState, default=RunState.DRAFT)
    path = models.CharField("置き場所", max_length=500)
    file_name = models.CharField("ファイル名", max_length=300)
    file_hash = models.CharField("ファイルの指紋", max_length=64)
    known = models.ForeignKey(
        ImportMapping, models.SET_NULL, null=True, blank=True, related_name="runs"
    )
    mapping = models.JSONField("列の対応", default=dict)
    # How many cells of numbers: many are read by a worker, not while somebody waits.
    cells = models.PositiveIntegerField("数のセルの数", default=0)
    progress = models.PositiveSmallIntegerField("進み具合（%）", default=0)
    progress_text = models.CharField("いましていること", max_length=200, blank=True)
    # What a worker read, as the page of the preview shows it.
    preview = models.JSONField("取り込みの確認", default=dict)
    # One sentence where the worker could not go on; the columns can be decided anew.
    error = models.TextField("読めなかった理由", blank=True)
    # Counts by verdict, and the changed values with before and after.
    summary = models.JSONField("取り込みの結果", default=dict)
    changes = models.JSONField("変わった値", default=list)
    started_by_id = models.BigIntegerField("始めた人")
    started_at = models.DateTimeField("始めた日時")
    applied_at = models.DateTimeField("取り込んだ日時", null=True, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        indexes = (models.Index(fields=["area", "state"], name="import_run_area_state"),)

    def __str__(self) -> str:
        return self.file_name
