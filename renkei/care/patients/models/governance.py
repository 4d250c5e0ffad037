"""What the council decides about records, and how records end."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from renkei.care.patients.models.people import Patient
from renkei.foundation.accounts.models import Membership
from renkei.foundation.areas.models import Area


class DisclosureTable(models.Model):
    """文書の種類と見られる職種: one version; in force once two people approved it (T-ISM2)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveIntegerField("版")
    proposed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField("提案日時")
    reason = models.CharField("変える理由", max_length=300, blank=True)
    first_approved_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_approved_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    in_force_since = models.DateTimeField("効力の始まり", null=True, blank=True)
    refused_at = models.DateTimeField("見送った日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area", "number"], nulls_distinct=False, name="disclosure_table_number"
            ),
            models.CheckConstraint(
                condition=Q(first_approved_by__isnull=True)
                | Q(second_approved_by__isnull=True)
                | ~Q(first_approved_by=F("second_approved_by")),
                name="disclosure_table_two_approvals",
                violation_error_message="別の人の承認が必要です。",
            ),
        )


class DisclosureRule(models.Model):
    """One document type (a form's code, or ``photo``, ``file``) and the professions that see it."""

    table = models.ForeignKey(DisclosureTable, models.CASCADE, related_name="rules")
    document_type = models.CharField("文書の種類", max_length=60)
    label = models.CharField("文書の名称", max_length=120)
    # Empty: nobody; ["*"]: every profession on the team.
    professions = ArrayField(
        models.CharField(max_length=60), verbose_name="見られる職種", default=list
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["table", "document_type"], name="disclosure_rule_once_per_type"
            ),
        )


class RetentionRule(models.Model):
    """How long a class of documents is kept after care ended.

    Source: domain/information-sharing.md §7.5; municipal rules differ, so it is data.
    """

    document_class = models.CharField("文書の種別", max_length=40, unique=True)
    label = models.CharField("名称", max_length=100)
    years = models.PositiveSmallIntegerField("保存年数")
    basis = models.CharField("根拠", max_length=200, blank=True)


class Disposal(models.Model):
    """廃棄記録: what was destroyed when, on whose word. Holds nothing of the person."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="disposals")
    document_class = models.CharField("文書の種別", max_length=40)
    due_on = models.DateField("保存期限")
    # A legal hold stops the clock until it is lifted.
    held_because = models.CharField("保留の理由", max_length=200, blank=True)
    proposed_at = models.DateTimeField("候補になった日時")
    approved_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    disposed_at = models.DateTimeField("廃棄日時", null=True, blank=True)
    counts = models.JSONField("廃棄した件数", default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient", "document_class"], name="disposal_once_per_class"
            ),
        )


class MunicipalityChoice(models.Model):
    """What one municipality chose about its records; ``area`` empty: for all that chose nothing."""

    area = models.OneToOneField(Area, models.PROTECT, null=True, blank=True, related_name="+")
    family_sees_read_log = models.BooleanField("本人・家族に閲覧記録を見せる", default=False)
    changed_at = models.DateTimeField("変更日時")
