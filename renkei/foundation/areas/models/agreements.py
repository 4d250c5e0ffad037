"""協定: what municipalities share with each other, for what, how long (広域連携)."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from renkei.foundation.areas.models.places import Area


class Agreement(models.Model):
    """Municipalities agree to share forms, rules, directories or courses."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("協定の名称", max_length=120)
    purpose = models.TextField("協定の目的", blank=True)
    period = DateRangeField("有効期間", help_text="終わりの日は含みません")
    # Empty for agreements recorded before they were proposed on the platform.
    proposer = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="提案した市町村",
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="agreement_period_not_empty"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date | None:
        """The last day it holds; None while it has no end."""
        end: date | None = self.period.upper
        return end - timedelta(days=1) if end else None


def _same(column: str) -> tuple[Func, str]:
    # The embedded server has no btree_gist: a one-number range stands for equality.
    return Func(F(column), F(column), Value("[]"), function="int8range"), RangeOperators.OVERLAPS


class AgreementMember(models.Model):
    """A municipality is party to an agreement for a period, once it has confirmed."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="members")
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="agreement_memberships", verbose_name="市町村"
    )
    period = DateRangeField("加わる期間", help_text="終わりの日は含みません")
    # Both empty: asked, and has not answered yet.
    confirmed_at = models.DateTimeField("確認した日時", null=True, blank=True)
    refused_at = models.DateTimeField("断った日時", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="返事をした人",
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(refused_at=None),
                name="agreement_member_one_answer",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="agreement_member_period_not_empty"
            ),
            ExclusionConstraint(
                name="agreement_member_once_at_a_time",
                expressions=[
                    _same("agreement"),
                    _same("area"),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この市町村は、同じ期間にすでにこの協定に加わっています。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement} {self.area}"

    @property
    def last_day(self) -> date | None:
        """The last day it takes part; None while it has no end."""
        end: date | None = self.period.upper
        return end - timedelta(days=1) if end else None
