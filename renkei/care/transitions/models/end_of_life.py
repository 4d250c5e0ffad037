"""看取りと意思の確認: an area's conditions, and who confirmed or was told what of one person.

A wish is a record, never an order (design §3.14). Source: domain/forms.md §9.3.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from renkei.care.patients.models import Patient
from renkei.care.transitions.models.contacts import Channel
from renkei.care.transitions.models.rules import VersionState, just
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.areas.models import Area


class WishConditions(models.Model):
    """地域の取り決め: one edition of what an area asks for. Published editions never change."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", verbose_name="取り決めを定めた圏域"
    )
    number = models.PositiveIntegerField("版")
    state = models.CharField(
        "版の状態", max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    period = DateRangeField("適用期間", null=True, blank=True)
    # end_of_life.conditions.Conditions as JSON; read it with ``parse``.
    content = models.JSONField("取り決めの内容", default=dict)
    reason = models.CharField("改訂の理由", max_length=300, blank=True)
    written_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    published_at = models.DateTimeField("公開日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["area", "number"], name="wish_conditions_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(period__isnull=False, published_at__isnull=False),
                name="wish_conditions_published_with_period",
            ),
            ExclusionConstraint(
                name="wish_conditions_one_in_force",
                expressions=(
                    (just("area"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ),
                condition=Q(state="published"),
                violation_error_message="適用期間がほかの公開済みの版と重なっています。",
            ),
        )


class WishPlan(models.Model):
    """What hangs together for one person: facts stay with it when two records become one."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="wish_plans")
    opened_at = models.DateTimeField("作成日時")


class WishFactKind(models.TextChoices):
    CONFIRMED = "confirmed", "確認した"
    TOLD = "told", "伝えた"
    PLACED = "placed", "書類を置いた"
    WITHDRAWN = "withdrawn", "本人が取りやめた"
    TAKEN_BACK = "taken_back", "記録の誤りを取り消した"


class WishFact(models.Model):
    """確認の記録: who confirmed or was told what, and when. Rows are only added (trigger)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(WishPlan, models.PROTECT, related_name="facts")
    kind = models.CharField("確認の種類", max_length=12, choices=WishFactKind)
    # A key of the area's conditions; what it was called then stands beside it.
    code = models.CharField("取り決めの項目", max_length=40, blank=True)
    label = models.CharField("項目の名称", max_length=120, blank=True)
    # The talk it was about: another talk asks for another confirmation.
    wish_uid = models.UUIDField("意思の記録", null=True, blank=True)
    happened_on = models.DateField("確認した日")
    person_name = models.CharField("確認した人・伝えた相手", max_length=120, blank=True)
    phone = models.CharField("24時間つながる電話番号", max_length=40, blank=True)
    channel = models.CharField("連絡手段", max_length=8, choices=Channel, blank=True)
    note = models.CharField("確認の内容", max_length=500, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    author_name = models.CharField("記録した人", max_length=100)
    author_profession = models.CharField("職種", max_length=60, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation_name = models.CharField("記録した組織", max_length=200)
    recorded_at = models.DateTimeField("記録日時")
