"""窓口一覧: how to reach an office, and when it is open. Each office keeps its own row."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from renkei.foundation.accounts.models import Membership, Organisation


class Channel(models.TextChoices):
    """How something was told. ``SYSTEM``: both sides read it here."""

    PHONE = "phone", "電話"
    FAX = "fax", "FAX"
    SYSTEM = "system", "連携"
    PAPER = "paper", "紙（手渡し・郵送）"
    MEETING = "meeting", "面談・会議"


class OfficeKind(models.TextChoices):
    """What sort of place a contact point belongs to, in the order of the printed list."""

    HOSPITAL = "hospital", "病院"
    CLINIC = "clinic", "診療所"
    CARE_MANAGER = "care_manager", "居宅介護支援事業所"
    SUPPORT_CENTRE = "support_centre", "地域包括支援センター"
    NURSING = "nursing", "訪問看護"
    PHARMACY = "pharmacy", "薬局"
    DENTAL = "dental", "歯科"
    MULTI = "multi", "小規模多機能・看護小規模多機能"
    HOME_HELP = "home_help", "訪問介護など"
    DAY_CARE = "day_care", "通所・短期入所"
    FACILITY = "facility", "入所施設・住まい"
    DESK = "desk", "相談窓口・市町村"
    OTHER = "other", "そのほか"


class ContactPoint(models.Model):
    """窓口: one way to reach an office: its main one (``ward`` empty), or that of a ward."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contact_points", verbose_name="組織"
    )
    ward = models.CharField("病棟・部署", max_length=60, blank=True)
    # The office's own word; empty: as the register or the kind of organisation has it.
    office_kind = models.CharField(
        "窓口の種類", max_length=16, choices=OfficeKind, blank=True, default=""
    )
    person_name = models.CharField("窓口の担当者", max_length=100, blank=True)
    title = models.CharField("窓口の職名", max_length=60, blank=True)
    phone = models.CharField("電話番号", max_length=40, blank=True)
    extension = models.CharField("内線", max_length=20, blank=True)
    fax = models.CharField("FAX番号", max_length=40, blank=True)
    night_phone = models.CharField("夜間・休日の電話番号", max_length=40, blank=True)
    preferred_channel = models.CharField(
        "希望する連絡手段", max_length=8, choices=Channel, default=Channel.PHONE
    )
    # {"0": [["08:30", "17:15"]], …}: Monday is 0; a weekday without a row is closed.
    weekly_hours = models.JSONField("曜日ごとの受付時間", default=dict)
    closes_on_holidays = models.BooleanField("祝日は休み", default=True)
    closes_at_year_end = models.BooleanField("年末年始は休み", default=True)
    closed_days = ArrayField(models.DateField(), verbose_name="そのほかの休み", default=list)
    meeting_note = models.CharField("面会・面談の方法", max_length=200, blank=True)
    note = models.CharField("備考", max_length=300, blank=True)
    confirmed_at = models.DateTimeField("確認日時")
    confirmed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "ward"],
                name="contact_point_once_per_ward",
                violation_error_message="この病棟・部署の窓口はすでにあります。",
            ),
        )


class ContactChangeKind(models.TextChoices):
    WRITTEN = "written", "書いた"
    CONFIRMED = "confirmed", "変わりないと確かめた"
    REMOVED = "removed", "消した"
    UNDONE = "undone", "元に戻した"
    REMINDED = "reminded", "確かめるよう知らせた"


class ContactChange(models.Model):
    """One change of an office's contact points: what it was, what it became, who did it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contact_changes", verbose_name="組織"
    )
    ward = models.CharField("病棟・部署", max_length=60, blank=True)
    kind = models.CharField("変更の種類", max_length=10, choices=ContactChangeKind)
    # The values of the columns; None: there was no such contact point, or there is none any more.
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    changed_at = models.DateTimeField("変更日時")
    # Empty: the demo or an import.
    changed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = (
            models.Index(fields=["organisation", "-changed_at"], name="contact_change_of_office"),
        )
