"""事例の検証: fire department, hospital and facility look back on an event, without its person."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from renkei.care.patients.models import Patient
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.areas.models import Area


class PartnerKind(models.TextChoices):
    FIRE = "fire", "消防本部"
    HOSPITAL = "hospital", "病院"
    CLINIC = "clinic", "かかりつけ医・診療所"
    HOME = "home", "施設"
    STATION = "station", "訪問看護"
    CARE_MANAGER = "care_manager", "ケアマネジャー"
    CITY = "city", "市町村"
    OTHER = "other", "その他"


class EventReview(models.Model):
    """検証: one event, told by its month, kind of place and age band, never by a name."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Numbers cannot be guessed at: what two offices call a review on the telephone.
    number = models.CharField("検証番号", max_length=20, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="市区町村")
    # Whose identifiers are stopped; opens nothing, and goes when the record goes.
    patient = models.ForeignKey(Patient, models.SET_NULL, null=True, blank=True, related_name="+")
    event_month = models.DateField("出来事の月")
    # review_questions.QUESTIONS: {code: choice}.
    answers = models.JSONField("検証の項目", default=dict)
    held_on = models.DateField("検証会の日", null=True, blank=True)
    opened_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("作成日時")
    closed_at = models.DateTimeField("検証を終えた日時", null=True, blank=True)


class ReviewPartner(models.Model):
    """検証に加わる機関: with an organisation here, or by name only (by paper and telephone)."""

    review = models.ForeignKey(EventReview, models.CASCADE, related_name="partners")
    kind = models.CharField("機関の種類", max_length=14, choices=PartnerKind)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="組織"
    )
    name = models.CharField("機関の名称", max_length=200)
    added_at = models.DateTimeField("加わった日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["review", "organisation"],
                condition=Q(organisation__isnull=False),
                name="review_partner_once",
                violation_error_message="この機関はすでに検証に加わっています。",
            ),
        )


class FindingKind(models.TextChoices):
    WELL = "well", "うまくいったこと"
    HARD = "hard", "難しかったこと"
    CAUSE = "cause", "背景・原因"
    AGREED = "agreed", "話し合ってわかったこと"


class ReviewFinding(models.Model):
    """検証の意見: what one partner says. Rows are only added; a mistake is taken back."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(EventReview, models.CASCADE, related_name="findings")
    kind = models.CharField("意見の種類", max_length=8, choices=FindingKind)
    text = models.TextField("意見", max_length=1000)
    partner = models.ForeignKey(ReviewPartner, models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("記録日時")
    taken_back_at = models.DateTimeField("取り消した日時", null=True, blank=True)


class ReviewAction(models.Model):
    """決めたこと: what changes, who does it, until when."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(EventReview, models.PROTECT, related_name="actions")
    text = models.CharField("決めたこと", max_length=300)
    owner = models.ForeignKey(ReviewPartner, models.PROTECT, related_name="+")
    due_on = models.DateField("期限")
    done_on = models.DateField("終えた日", null=True, blank=True)
    result = models.CharField("結果", max_length=300, blank=True)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("記録日時")
