"""Consent as data: who allows whom to see which content, for what, until when (T-P2)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from renkei.care.patients.models.people import Patient, Relative
from renkei.foundation.accounts.models import Membership, Organisation


class ContentClass(models.TextChoices):
    """What a record is made of. A grant and a consent each name the classes they open."""

    BASIC = "basic", "基本情報"
    TIMELINE = "timeline", "経過"
    SHEETS = "sheets", "様式"
    EMERGENCY = "emergency", "救急情報"
    WISHES = "wishes", "意思の記録"


class ConsentPurpose(models.TextChoices):
    """Source: domain/information-sharing.md §7.3."""

    TREATMENT = "treatment", "治療"
    CARE = "care", "介護"
    TRANSITIONS = "transitions", "入退院調整"
    TEAM_SHARING = "team_sharing", "多職種での共有"
    EMERGENCY = "emergency", "救急での共有"
    STATISTICS = "statistics", "統計"


class ConsentSubject(models.TextChoices):
    PATIENT = "patient", "本人"
    RELATIVE = "relative", "家族"


class ConsentDecision(models.TextChoices):
    """What was said. 未取得 is the absence of a row; 撤回 and 期限切れ are derived."""

    AGREED = "agreed", "同意"
    REFUSED = "refused", "拒否"


class ConsentMethod(models.TextChoices):
    WRITTEN = "written", "書面"
    ORAL = "oral", "口頭（記録）"
    ELECTRONIC = "electronic", "電子"


class ConsentState(models.TextChoices):
    """The derived state (``rules.consent_state``)."""

    NOT_OBTAINED = "not_obtained", "未取得"
    AGREED = "agreed", "同意"
    BY_PROXY = "by_proxy", "代理"
    NOT_YET = "not_yet", "開始前"
    REFUSED = "refused", "拒否"
    WITHDRAWN = "withdrawn", "撤回"
    EXPIRED = "expired", "期限切れ"


class Consent(models.Model):
    """One decision of one subject. Never edited: a change is a new row, or a withdrawal."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="consents")
    subject = models.CharField("だれの同意か", max_length=10, choices=ConsentSubject)
    relative = models.ForeignKey(
        Relative, models.CASCADE, null=True, blank=True, related_name="consents"
    )
    decision = models.CharField("意思", max_length=8, choices=ConsentDecision)
    purposes = ArrayField(models.CharField(max_length=16, choices=ConsentPurpose), default=list)
    content_classes = ArrayField(
        models.CharField(max_length=12, choices=ContentClass), default=list
    )
    # True: everybody in the team, now and later. False: only the listed organisations.
    whole_team = models.BooleanField("チーム全員に共有する", default=True)
    includes_family = models.BooleanField("家族の部屋でも共有する", default=False)
    # A refusal that also binds break-glass (T-P2); without it protection of life goes first.
    binds_emergency = models.BooleanField("緊急時にも従う", default=False)
    period = DateRangeField("有効期間")
    method = models.CharField("方法", max_length=10, choices=ConsentMethod)
    decided_on = models.DateField("意思を示した日")
    explained_by = models.CharField("説明した人", max_length=120)
    witness = models.CharField("立ち会った人", max_length=120, blank=True)
    # Who decided for a person who cannot, and why.
    proxy = models.ForeignKey(
        Relative, models.PROTECT, null=True, blank=True, related_name="consents_given"
    )
    proxy_reason = models.CharField("代理の理由", max_length=200, blank=True)
    paper_uid = models.UUIDField("書面の写し", null=True, blank=True)  # papers.StoredFile
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("記録日時")
    withdrawn_at = models.DateTimeField("撤回日時", null=True, blank=True)
    withdrawal_reason = models.CharField("撤回の理由", max_length=200, blank=True)
    withdrawal_paper_uid = models.UUIDField("撤回書の写し", null=True, blank=True)
    # A later decision of the same subject took its place.
    superseded_at = models.DateTimeField("次の意思に代わった日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(subject="patient") & Q(relative__isnull=True))
                | (Q(subject="relative") & Q(relative__isnull=False)),
                name="consent_names_its_subject",
                violation_error_message="だれの同意かを選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="consent_period_not_empty"
            ),
            models.UniqueConstraint(
                fields=["patient", "relative"],
                nulls_distinct=False,
                condition=Q(superseded_at__isnull=True),
                name="consent_one_present_per_subject",
            ),
        )


class ConsentRecipient(models.Model):
    """An organisation the subject named, or a relative who is not to be told."""

    consent = models.ForeignKey(Consent, models.CASCADE, related_name="recipients")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    excluded_relative = models.ForeignKey(
        Relative, models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) ^ Q(excluded_relative__isnull=False),
                name="consent_recipient_is_one",
            ),
        )


class PaperKind(models.TextChoices):
    CONSENT = "consent", "同意書"
    WITHDRAWAL = "withdrawal", "撤回書"


class ConsentPaper(models.Model):
    """A signed paper that came back and waits for the host, who confirms what is ticked on it.

    A machine reads whose paper it is, never what the person decided.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="consent_papers")
    # Whose consent: a relative's, or empty for the person's own.
    relative = models.ForeignKey(Relative, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField("書面の種類", max_length=10, choices=PaperKind)
    file_uid = models.UUIDField()  # papers.StoredFile
    ticket_uid = models.UUIDField(null=True)  # papers.Ticket
    received_at = models.DateTimeField("届いた日時")
    settled_at = models.DateTimeField("確かめた日時", null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["patient"],
                condition=Q(settled_at__isnull=True),
                name="consent_paper_waiting",
            ),
        )
