"""入退院調整ルール as versioned data: whose rule, its versions, and who goes by it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from renkei.foundation.accounts.models import Membership
from renkei.foundation.areas.models import Agreement, Area


def just(number: str) -> Func:
    """A range that holds only this number: the embedded server has no btree_gist."""
    return Func(
        F(number),
        F(number),
        Value("[]"),
        function="int8range",
        output_field=BigIntegerRangeField(),
    )


class VersionState(models.TextChoices):
    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開"
    WITHDRAWN = "withdrawn", "取り下げ"


class Rule(models.Model):
    """入退院調整ルール: what the hospitals and care managers of a region agreed on."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField("ルールの符号", max_length=40, unique=True)
    name = models.CharField("ルールの名称", max_length=120)
    # Who keeps it. Empty: it ships with Renkei.
    owner_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="定めた圏域"
    )
    # Made up from published facts to show what a rule can hold; never anybody's rule.
    is_example = models.BooleanField("例として同梱", default=False)

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """One edition. Once published its content stays as it is: cases count by it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版")
    state = models.CharField(
        "版の状態", max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    # From which day on it holds; empty while it is a draft.
    period = DateRangeField("適用期間", null=True, blank=True)
    # rule_content.RuleContent as JSON; read it with ``rule_content.parse``.
    content = models.JSONField("ルールの内容", default=dict)
    reason = models.CharField("改訂の理由", max_length=300, blank=True)
    # Which meeting or document decided it.
    decision = models.CharField("決めた会議・文書", max_length=200, blank=True)
    # What the draft began as; the difference of a revision is told against the edition before it.
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="もとにした版"
    )
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    # Empty: it ships with Renkei.
    published_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField("取り下げた理由", max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(state="draft"),
                name="rule_version_one_draft",
                violation_error_message="このルールには書きかけの版がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["rule", "number"],
                name="rule_version_number_once",
                violation_error_message="この版の番号はすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(period__isnull=False, published_at__isnull=False),
                name="rule_version_published_with_period",
                violation_error_message="適用期間の始まりを入力してください。",
            ),
            ExclusionConstraint(
                name="rule_version_one_in_force",
                expressions=(
                    (just("rule"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ),
                condition=Q(state="published"),
                violation_error_message="適用期間がほかの公開済みの版と重なっています。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} 第{self.number}版"


class RuleAdoption(models.Model):
    """An area, or all members of an agreement (協定), goes by a rule for a time."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="adoptions")
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="圏域"
    )
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="協定"
    )
    period = DateRangeField("適用期間")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(area__isnull=True) ^ Q(agreement__isnull=True),
                name="rule_adoption_by_area_or_agreement",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="rule_adoption_period_not_empty"
            ),
            ExclusionConstraint(
                name="rule_adoption_one_per_area",
                expressions=(
                    (just("area"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ),
                condition=Q(area__isnull=False),
                violation_error_message="この圏域はこの期間に別のルールを使っています。",
            ),
            ExclusionConstraint(
                name="rule_adoption_one_per_agreement",
                expressions=(
                    (just("agreement"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ),
                condition=Q(agreement__isnull=False),
                violation_error_message="この協定はこの期間に別のルールを使っています。",
            ),
        )
