"""協議会・部会: who sits where, for which area, until when."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from renkei.foundation.accounts.models import Organisation, User
from renkei.foundation.areas.models import Agreement, Area
from renkei.programme.planning.frames import Item, Scene


class CouncilKind(models.TextChoices):
    PLENARY = "plenary", "協議会（全体会）"
    GROUP = "group", "部会・作業部会"
    CARE_MEETING = "care_meeting", "地域ケア会議"
    OTHER = "other", "そのほかの会議"


class WithholdingRate(models.Model):
    """源泉徴収の率 as the office pays it, from a day on. Typed by people; never assumed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # None: shipped with the product as a proposal.
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="圏域"
    )
    code = models.SlugField("率の符号", max_length=40)
    name = models.CharField("率の名前", max_length=100)
    percent = models.DecimalField("源泉徴収の率（％）", max_digits=6, decimal_places=3)
    period = DateRangeField("有効期間", help_text="終わりの日は含みません")
    source = models.CharField("根拠", max_length=300, blank=True)
    # Whether somebody of the town compared it with the law in force.
    is_confirmed = models.BooleanField("確かめた", default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(percent__gte=0) & Q(percent__lt=100),
                name="withholding_rate_is_a_share",
                violation_error_message="率は0以上100未満で入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="withholding_rate_period_not_empty"
            ),
        )
        indexes = (models.Index(fields=["area", "code"], name="withholding_rate_code"),)

    def __str__(self) -> str:
        return f"{self.name} {self.percent.normalize():f}%"


class Council(models.Model):
    """One body that meets: for one area, or for those of an agreement."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("会議体の名称", max_length=120)
    kind = models.CharField("会議体の種類", max_length=20, choices=CouncilKind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
        verbose_name="上の会議体",
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="圏域"
    )
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="協定"
    )
    # The municipality's section that answers for it: the agenda stays there.
    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="所管の課"
    )
    # Who does the clerical work; the same as owner unless it is contracted out.
    # Source: 事業の手引き (S3, F-B-02): clerical work may be outsourced, the agenda may not.
    office = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="事務局"
    )
    # A 地域ケア会議 may stand for the council where it meets the purpose (S3, F-B-02).
    is_substitute = models.BooleanField("協議会に代える地域ケア会議", default=False)
    legal_basis = models.CharField("設置の根拠", max_length=200, blank=True)
    purpose = models.TextField("会議体の目的", max_length=2000, blank=True)
    # What a 部会 does and how it stands, as in the table of a council's report (T-BUK1).
    work = models.TextField("実施内容", max_length=2000, blank=True)
    state_text = models.TextField("状況", max_length=2000, blank=True)
    items = ArrayField(
        models.CharField(max_length=1, choices=Item), default=list, blank=True, verbose_name="項目"
    )
    scenes = ArrayField(
        models.CharField(max_length=10, choices=Scene),
        default=list,
        blank=True,
        verbose_name="場面",
    )
    sender_name = models.CharField("通知の差出人", max_length=100, blank=True)
    contact_person = models.CharField("会議の担当者", max_length=100, blank=True)
    phone = models.CharField("電話番号", max_length=40, blank=True)
    fax = models.CharField("FAX番号", max_length=40, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    # Of the members with a vote; 50 means: at least half of them.
    quorum_percent = models.PositiveSmallIntegerField(
        "定足数（％）", default=50, validators=[MaxValueValidator(100)]
    )
    fee_yen = models.PositiveIntegerField("1回の報償費（円）", default=0)
    withholding_code = models.SlugField("率の符号", max_length=40, blank=True)
    ended_on = models.DateField("終わった日", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(area__isnull=False, agreement__isnull=True)
                | Q(area__isnull=True, agreement__isnull=False),
                name="council_for_an_area_or_an_agreement",
                violation_error_message="圏域か協定のどちらか1つを選んでください。",
            ),
            models.CheckConstraint(
                condition=~Q(is_substitute=True) | Q(kind="care_meeting"),
                name="council_only_a_care_meeting_stands_in",
                violation_error_message="協議会に代えられるのは地域ケア会議だけです。種類を確かめてください。",
            ),
        )
        indexes = (
            models.Index(fields=["area", "ended_on"], name="council_area"),
            models.Index(fields=["parent"], name="council_parent"),
        )

    def __str__(self) -> str:
        return self.name


class Position(models.TextChoices):
    CHAIR = "chair", "会長"
    DEPUTY = "deputy", "副会長"
    MEMBER = "member", "委員"
    OBSERVER = "observer", "オブザーバー"


class CouncilMember(models.Model):
    """One person on one council for one term. A new term is a new row: 任期 has a history."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="members")
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    profession = models.CharField("職種", max_length=60)
    organisation_name = models.CharField("所属", max_length=200)
    title = models.CharField("職名", max_length=100, blank=True)
    position = models.CharField(
        "会議での役", max_length=10, choices=Position, default=Position.MEMBER
    )
    # Whoever has an account answers by it.
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="利用者"
    )
    fax = models.CharField("FAX番号", max_length=40, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    term = DateRangeField("任期", help_text="終わりの日は含みません")
    is_paid = models.BooleanField("報償費を払う", default=True)
    note = models.CharField("委員の備考", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(term__isempty=False),
                name="council_member_term_not_empty",
                violation_error_message="任期の終わりは始まり以降の日付を入力してください。",
            ),
        )
        indexes = (
            models.Index(fields=["council", "name"], name="council_member_council"),
            models.Index(fields=["user"], name="council_member_user"),
        )

    def __str__(self) -> str:
        return f"{self.council} {self.get_position_display()}"

    @property
    def last_day(self) -> date | None:
        """The last day of the term, as the letter of appointment says it."""
        end: date | None = self.term.upper
        return end - timedelta(days=1) if end else None
