"""協力医療機関: what a care home agreed on with medical institutions, and how it keeps it alive.

No person is in any of these rows.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from renkei.care.transitions.models.contacts import Channel
from renkei.foundation.accounts.models import Membership
from renkei.registry.facilities.models import Facility


class CareHome(models.Model):
    """施設: one service of a home, known by what the register knows it by.

    A place of the register may become another one; source, key and service stay.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField("出典", max_length=20)
    source_key = models.CharField("出典での番号", max_length=60)
    service_code = models.CharField("サービス", max_length=20)
    # As it was last seen: the register may drop it, what was agreed stays readable.
    name = models.CharField("施設の名称", max_length=300)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source", "source_key", "service_code"], name="care_home_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Known(models.TextChoices):
    YES = "yes", "はい"
    NO = "no", "いいえ"
    UNKNOWN = "unknown", "不明"


class Cooperation(models.Model):
    """協力医療機関の定め: with one institution, which of the law's conditions it meets."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    home = models.ForeignKey(CareHome, models.PROTECT, related_name="cooperations")
    institution = models.ForeignKey(
        Facility, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="医療機関"
    )
    institution_name = models.CharField("協力医療機関の名称", max_length=200)
    institution_code = models.CharField("医療機関コード", max_length=10, blank=True)
    institution_address = models.CharField("協力医療機関の所在地", max_length=400, blank=True)
    phone = models.CharField("電話番号", max_length=40, blank=True)
    person_name = models.CharField("協力医療機関の担当者", max_length=100, blank=True)
    is_hospital = models.BooleanField("病院", default=False)
    consults = models.BooleanField("相談対応の体制", default=False)
    examines = models.BooleanField("診療の体制", default=False)
    admits = models.BooleanField("入院受入れの体制", default=False)
    details = models.TextField("取り決めの内容", blank=True, max_length=2000)
    # 第二種協定指定医療機関: then a home must also talk about new infections.
    infection_agreement = models.CharField(
        "第二種協定指定医療機関", max_length=8, choices=Known, default=Known.UNKNOWN
    )
    since_on = models.DateField("協力の始まり")
    ended_on = models.DateField("協力の終わり", null=True, blank=True)
    ended_reason = models.CharField("終わりの理由", max_length=200, blank=True)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("記録日時")
    changed_at = models.DateTimeField("変更日時")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since_on")),
                name="cooperation_ends_after_it_began",
                violation_error_message="終わりの日は始まりの日以降の日付を入力してください。",
            ),
        )

    def __str__(self) -> str:
        return self.institution_name


class ContactKind(models.TextChoices):
    CONFIRMATION = "confirmation", "急変時の対応の確認（年1回以上）"
    CONFERENCE = "conference", "会議（情報共有）"


class CooperationContact(models.Model):
    """確認・会議: what home and institution went through together on a day. Rows are only added."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cooperation = models.ForeignKey(Cooperation, models.PROTECT, related_name="contacts")
    kind = models.CharField("確認・会議の種類", max_length=14, choices=ContactKind)
    held_on = models.DateField("行った日")
    counterpart = models.CharField("医療機関側の出席者", max_length=200)
    own_people = models.CharField("施設側の出席者", max_length=200)
    channel = models.CharField("連絡手段", max_length=8, choices=Channel)
    minutes = models.TextField("議事録", max_length=4000)
    taken_back_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("記録日時")


class CooperationNotice(models.Model):
    """届出: the sheet as it stood when it was made; what is changed later does not change it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    home = models.ForeignKey(CareHome, models.PROTECT, related_name="notices")
    addressee = models.CharField("届け出る先", max_length=120)
    content = models.JSONField("届出の内容")
    made_at = models.DateTimeField("作成日時")
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    submitted_on = models.DateField("届け出た日", null=True, blank=True)


class CooperationReminder(models.Model):
    """Told once: a year is nearly over, or over."""

    class Step(models.TextChoices):
        SOON = "soon", "間近"
        OVER = "over", "超過"

    home = models.ForeignKey(CareHome, models.CASCADE, related_name="reminders")
    step = models.CharField("知らせの段階", max_length=5, choices=Step)
    due_on = models.DateField("期限")
    told_at = models.DateTimeField("知らせた日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["home", "step", "due_on"], name="cooperation_reminder_once"
            ),
        )
