"""課題: what is wrong, by which evidence, what is done about it (F-B-01, T-B2, T-B8)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.areas.models import Area
from renkei.foundation.papers.models import StoredFile
from renkei.programme.planning.frames import Item, Scene
from renkei.programme.planning.models.councils import Council


class RaisedFrom(models.TextChoices):
    MEETING = "meeting", "会議"
    CARE_MEETING = "care_meeting", "地域ケア会議"
    CONSULTATION = "consultation", "相談"
    SURVEY = "survey", "調査"
    INDICATOR = "indicator", "指標"
    RESIDENT = "resident", "住民"
    RESOURCE = "resource", "資源の把握"


class IssueState(models.TextChoices):
    """Source: domain/training-outreach-consult.md §1.3."""

    RAISED = "raised", "出された"
    ANALYSED = "analysed", "分析した"
    DRAFTED = "drafted", "対応策の案がある"
    DISCUSSED = "discussed", "話し合った"
    DECIDED = "decided", "決定"
    RETURNED = "returned", "差し戻し"
    SHELVED = "shelved", "保留"
    IN_ACTION = "in_action", "実施中"
    EVALUATED = "evaluated", "評価した"
    CLOSED = "closed", "終わった"


class Comparison(models.TextChoices):
    AT_LEAST = "at_least", "以上になったら"
    AT_MOST = "at_most", "以下になったら"


class Issue(models.Model):
    """One issue of one area. It cannot be without a piece of frozen evidence."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="圏域")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="所管の課"
    )
    title = models.CharField("課題", max_length=200)
    text = models.TextField("課題の内容", max_length=4000, blank=True)
    raised_from = models.CharField("課題の出どころ", max_length=20, choices=RaisedFrom)
    state = models.CharField(
        "課題の状態", max_length=12, choices=IssueState, default=IssueState.RAISED
    )
    items = ArrayField(
        models.CharField(max_length=1, choices=Item), default=list, blank=True, verbose_name="項目"
    )
    scenes = ArrayField(
        models.CharField(max_length=10, choices=Scene),
        default=list,
        blank=True,
        verbose_name="場面",
    )
    response = models.TextField("対応策", max_length=4000, blank=True)
    # 当面はこれで対応する: only with the day or the condition on which it is looked at again.
    is_provisional = models.BooleanField("暫定対応", default=False)
    look_again_on = models.DateField("見直しの日", null=True, blank=True)
    watched_code = models.CharField("見張る指標", max_length=60, blank=True)
    watched_comparison = models.CharField(
        "見直しの条件", max_length=10, choices=Comparison, blank=True
    )
    watched_value = models.DecimalField(
        "見直しの値", max_digits=20, decimal_places=6, null=True, blank=True
    )
    council = models.ForeignKey(
        Council,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name="話し合う会議体",
    )
    owner = models.CharField("担当", max_length=100, blank=True)
    due_on = models.DateField("期限", null=True, blank=True)
    raised_on = models.DateField("課題が出た日")

    class Meta:
        constraints = (
            # Source: domain/training-outreach-consult.md §12.3.
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "in_action"])
                | (~Q(owner="") & Q(due_on__isnull=False)),
                name="issue_decision_has_owner_and_date",
                violation_error_message="決定には担当と期限が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(is_provisional=False)
                | Q(look_again_on__isnull=False)
                | Q(watched_value__isnull=False),
                name="issue_provisional_is_looked_at_again",
                violation_error_message="暫定対応には、見直しの日か条件が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(watched_code="", watched_comparison="", watched_value=None)
                | (
                    ~Q(watched_code="") & ~Q(watched_comparison="") & Q(watched_value__isnull=False)
                ),
                name="issue_condition_is_whole",
                violation_error_message="見直しの条件は、指標・条件・値の3つを入力してください。",
            ),
        )
        indexes = (
            models.Index(fields=["area", "state"], name="issue_area_state"),
            models.Index(fields=["look_again_on"], name="issue_look_again"),
        )

    def __str__(self) -> str:
        return self.title


class IssueEvidence(models.Model):
    """One piece of evidence as it was on the day it was cited; never rewritten."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="evidence")
    # A registered kind (``evidence.EvidenceKind``) and what it is known by there.
    kind = models.CharField("根拠の種類", max_length=30)
    key = models.CharField("根拠の符号", max_length=200)
    # {"text": as shown, "source": …, "as_of": …, and what the kind needs to see a drift}.
    frozen = models.JSONField("付けた時の根拠")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField("根拠を付けた日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["issue", "kind", "key"], name="issue_evidence_once"),
        )

    def __str__(self) -> str:
        return str(self.frozen.get("text", ""))[:60]


class IssueStep(models.Model):
    """From which state to which, when, why; in order."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="steps")
    before = models.CharField("前の状態", max_length=12, choices=IssueState, blank=True)
    after = models.CharField("後の状態", max_length=12, choices=IssueState)
    note = models.TextField("理由・経過", max_length=2000, blank=True)
    at = models.DateTimeField("変わった日時")
    # None: the product itself, because a day came or a condition held.
    by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["issue", "at"], name="issue_step_order"),)

    def __str__(self) -> str:
        return self.get_after_display()
