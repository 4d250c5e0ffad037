"""Who performs an item, by which contract, and what the programme works with (T-COM1, T-B7)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from renkei.foundation.areas.models import Area
from renkei.foundation.papers.models import StoredFile
from renkei.programme.planning.frames import Item
from renkei.registry.facilities.models import Facility


class Execution(models.TextChoices):
    """How a municipality has an item done. Source: F-FR-09, F-FR-10."""

    SELF = "self", "直営"
    CONTRACTED = "contracted", "委託"
    JOINT = "joint", "共同"
    OTHER_BODY = "other_body", "他団体"
    # Another body's work counts as the municipality's: its result serves the municipality.
    DEEMED = "deemed", "みなし実施"


class Arrangement(models.Model):
    """実施のかたち: by whom some items are performed, from when to when."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    items = ArrayField(
        models.CharField(max_length=1, choices=Item), default=list, verbose_name="項目"
    )
    execution = models.CharField("実施のしかた", max_length=12, choices=Execution)
    partner = models.CharField("受託者・相手の団体", max_length=200, blank=True)
    # The same body in the register, found by its name.
    facility = models.ForeignKey(
        Facility, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事業所"
    )
    joint_with = models.CharField("共同する市町村", max_length=300, blank=True)
    first_day = models.DateField("契約・実施の始まり")
    last_day = models.DateField("契約・実施の終わり", null=True, blank=True)
    section = models.CharField("担当の課", max_length=100, blank=True)
    outline_on = models.DateField("実施要綱の日付", null=True, blank=True)
    outline_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_supported = models.BooleanField("都道府県・保健所の支援", default=False)
    note = models.TextField("契約のメモ", max_length=1000, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="arrangement_ends_after_it_begins",
                violation_error_message="終わりは、始まり以降の日付を入力してください。",
            ),
            models.CheckConstraint(
                condition=~Q(execution__in=["contracted", "other_body", "deemed"]) | ~Q(partner=""),
                name="arrangement_names_the_other_body",
                violation_error_message="受託者・相手の団体を入力してください。",
            ),
        )
        indexes = (models.Index(fields=["area", "first_day"], name="arrangement_area"),)

    def __str__(self) -> str:
        return (
            f"{self.get_execution_display()}　{self.partner}"
            if self.partner
            else (str(self.get_execution_display()))
        )


class ReportDue(models.Model):
    """A report the other body owes the municipality, and the day it came."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="reports")
    name = models.CharField("報告の名前", max_length=100)
    due_on = models.DateField("報告の期限")
    received_on = models.DateField("報告を受け取った日", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["arrangement", "name", "due_on"],
                name="report_due_once",
                violation_error_message="同じ名前と期限の報告がすでにあります。",
            ),
        )
        indexes = (models.Index(fields=["due_on"], name="report_due_day"),)

    def __str__(self) -> str:
        return self.name


class SisterProgramme(models.Model):
    """関係する事業 of a municipality with the section that owns it (F-FR-02, T-B7)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    name = models.CharField("関係する事業", max_length=100)
    section = models.CharField("担当の課", max_length=100)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    note = models.CharField("連携すること", max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area", "name"],
                name="sister_programme_once",
                violation_error_message="この事業はもう登録されています。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.section}）"


class YearlyTask(models.Model):
    """One entry of the yearly calendar: the town's own, or a shipped one that it moved."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    # Of ``calendar.SHIPPED``; empty for the town's own.
    code = models.CharField("年間の予定の符号", max_length=40, blank=True)
    month = models.PositiveSmallIntegerField("月")
    text = models.CharField("すること", max_length=200)
    section = models.CharField("担当の課", max_length=100, blank=True)
    is_dropped = models.BooleanField("この市町村では行わない", default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area", "code"], condition=~Q(code=""), name="yearly_task_once"
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1) & Q(month__lte=12), name="yearly_task_month"
            ),
        )

    def __str__(self) -> str:
        return self.text


class YearlyTaskDone(models.Model):
    """Ticked off for one fiscal year."""

    task = models.ForeignKey(YearlyTask, models.PROTECT, related_name="ticks")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    done_on = models.DateField("済んだ日")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["task", "fiscal_year"], name="yearly_task_done_once"),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.fiscal_year}"
