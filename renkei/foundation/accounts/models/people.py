"""People, organisations and memberships: who acts for whom, as what, since when."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from renkei.foundation.areas.models import Area


class Role(models.TextChoices):
    """The twelve roles (design §3b). 住民 is anonymous and never stored in a membership."""

    RESIDENT = "resident", "住民"
    PERSON_OR_FAMILY = "person_or_family", "本人・家族"
    PROFESSIONAL = "professional", "専門職"
    SHARING_HOST = "sharing_host", "連携ホスト"
    ORGANISATION_ADMIN = "organisation_admin", "組織管理者"
    DESK = "desk", "相談窓口"
    MUNICIPAL_STAFF = "municipal_staff", "市町村担当"
    PRIVACY_OFFICER = "privacy_officer", "個人情報保護責任者"
    PREFECTURE = "prefecture", "都道府県・保健所"
    COUNCIL_MEMBER = "council_member", "協議会委員"
    FIRE_DISPATCH = "fire_dispatch", "救急指令"
    OPERATOR = "operator", "運用者"


class OrganisationKind(models.TextChoices):
    MUNICIPAL_SECTION = "municipal_section", "市町村の課"
    PREFECTURE = "prefecture", "都道府県"
    HEALTH_CENTRE = "public_health_center", "保健所"
    WIDE_AREA_UNION = "wide_area_union", "広域連合"
    MEDICAL_ASSOCIATION = "district_medical_association", "郡市区医師会"
    COORDINATION_CENTRE = "coordination_center", "在宅医療・介護連携支援センター"
    GENERAL_SUPPORT_CENTRE = "community_general_support_center", "地域包括支援センター"
    FACILITY = "facility", "医療機関・介護事業所"
    FIRE_DEPARTMENT = "fire_department", "消防本部"
    COUNCIL = "council", "協議会"
    OTHER = "other", "その他"


class UserManager(BaseUserManager["User"]):
    """Accounts are known by their mail address."""

    def create_user(self, email: str | None, password: str | None = None, **fields: object) -> User:
        address = self.normalize_email(email).lower() if email else None
        user = self.model(email=address, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an account. What they may do comes from their memberships alone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Null for people without mail, who sign in with their login name.
    email = models.EmailField("メールアドレス", unique=True, null=True, blank=True)
    login_name = models.CharField("利用者番号", max_length=20, unique=True, null=True, blank=True)
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    is_active = models.BooleanField("有効", default=True)
    # Made by the demo; production refuses to start while one of these exists.
    is_demo = models.BooleanField("デモ用", default=False)
    date_joined = models.DateTimeField("登録日時", auto_now_add=True)
    # Every session and every offline cache from before this moment is void.
    sessions_void_before = models.DateTimeField("サインインを止めた日時", null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(login_name__isnull=False),
                name="user_has_a_way_to_sign_in",
                violation_error_message="メールアドレスか利用者番号のどちらかを入力してください。",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A body whose people work on the platform."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("種類", max_length=40, choices=OrganisationKind)
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name="圏域",
    )
    phone = models.CharField("電話番号", max_length=40, blank=True)
    hours = models.CharField("受付時間", max_length=120, blank=True)
    # 医療機関コード or 介護事業所番号, as it stood in the application to join.
    office_code = models.CharField("事業所番号・医療機関コード", max_length=10, blank=True)
    joined_on = models.DateField("参加日", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


def _just(number: F | Func) -> Func:
    """A range that holds only this number: overlapping then means being equal.

    Stands in for ``=`` in an exclusion constraint: the embedded server has no btree_gist.
    """
    return Func(
        number, number, Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )


class Membership(models.Model):
    """One person acting for one organisation, as one profession in one role, for a period."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField("役割", max_length=32, choices=Role)
    profession = models.CharField("職種", max_length=60, blank=True)
    period = DateRangeField("期間", help_text="終わりの日は含みません")
    # Set when access had to stop at once; otherwise it stops with the period, at midnight.
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(period__isempty=False),
                name="membership_period_not_empty",
                violation_error_message="終わりの日は始まりの日より後の日付を入力してください。",
            ),
            ExclusionConstraint(
                name="membership_one_at_a_time",
                expressions=(
                    (_just(F("user")), RangeOperators.OVERLAPS),
                    (_just(F("organisation")), RangeOperators.OVERLAPS),
                    (
                        _just(Func(F("role"), function="hashtext")),
                        RangeOperators.OVERLAPS,
                    ),
                    ("period", RangeOperators.OVERLAPS),
                ),
                condition=Q(revoked_at__isnull=True),
                violation_error_message="この人はこの組織で同じ役割をすでに持っています。期間を確かめてください。",
            ),
        )
        indexes = (models.Index(fields=["organisation", "user"], name="membership_organisation"),)

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()}"

    @property
    def last_day(self) -> date | None:
        """The last day it holds, as people say it; None while it has no end."""
        end: date | None = self.period.upper
        return end - timedelta(days=1) if end else None


class Invitation(models.Model):
    """An offer to join an organisation or to set up one's sign-in anew; used once, by its code.

    Only the hash of the code is kept: neither the database nor a backup opens an account.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations", verbose_name="組織"
    )
    # Set when an account lost its password or second factor: a new start, no new membership.
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    name = models.CharField("氏名", max_length=100)
    # Empty for people without mail: they get the printed invitation and a login name.
    email = models.EmailField("メールアドレス", blank=True)
    role = models.CharField("役割", max_length=32, choices=Role)
    profession = models.CharField("職種", max_length=60, blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("作成日時")
    expires_at = models.DateTimeField("期限")
    # A place that begins later: the account can be set up before, the membership begins then.
    starts_on = models.DateField("所属の始まる日", null=True, blank=True)
    used_at = models.DateTimeField("使用日時", null=True, blank=True)
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["organisation", "used_at"], name="invitation_open"),)

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_role_display()}"
