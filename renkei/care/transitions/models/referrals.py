"""紹介・引き継ぎ: one service asks another to take part or to take over, with consent."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from renkei.care.patients.models import ConsentMethod, ContentClass, Patient, TeamMember
from renkei.care.transitions.models.contacts import Channel
from renkei.foundation.accounts.models import Membership, Organisation


class ReferralKind(models.TextChoices):
    """What is asked. Source: acceptance.md C4 (Referral and Transfer)."""

    REFERRAL = "referral", "紹介（いっしょに受け持つ）"
    TRANSFER = "transfer", "引き継ぎ（受け持ちを渡す）"


class ReferralService(models.TextChoices):
    """What the other side is to do. Source: domain/training-outreach-consult.md §5 (topics)."""

    HOME_VISIT = "home_visit", "訪問診療・往診"
    NURSING = "nursing", "訪問看護"
    PHARMACY = "pharmacy", "薬（訪問薬剤管理）"
    DENTISTRY = "dentistry", "歯科・口腔"
    REHABILITATION = "rehabilitation", "リハビリテーション"
    CARE_MANAGEMENT = "care_management", "ケアマネジメント"
    CARE_SERVICE = "care_service", "介護サービス"
    ADMISSION = "admission", "入院・レスパイト"
    CONSULTATION = "consultation", "相談（包括・相談窓口）"
    OTHER = "other", "その他"


class ReferralState(models.TextChoices):
    """Derived from the events, never chosen."""

    WAITING = "waiting", "返事待ち"
    ACCEPTED = "accepted", "引き受けた"
    STARTED = "started", "始まった"
    REJECTED = "rejected", "引き受けられない"
    RETURNED = "returned", "戻された"
    WITHDRAWN = "withdrawn", "取り下げ"
    EXPIRED = "expired", "期限切れ"
    STOPPED = "stopped", "同意がなくなり停止"
    ENDED = "ended", "終わり"


class ReferralAct(models.TextChoices):
    """What can happen to a referral."""

    SENT = "sent", "送った"
    REMINDED = "reminded", "期限が近いことを知らせた"
    PAPER_CAME = "paper_came", "紙の返事が届いた"
    EXTENDED = "extended", "返事の期限を延ばした"
    ACCEPTED = "accepted", "引き受けた"
    REJECTED = "rejected", "引き受けられないと答えた"
    WITHDRAWN = "withdrawn", "取り下げた"
    EXPIRED = "expired", "返事の期限が切れた"
    STOPPED = "stopped", "本人の同意がなくなり、止まった"
    STARTED = "started", "初回の診察・訪問・相談をした"
    RETURNED = "returned", "戻した"
    ENDED = "ended", "終わった"


class Referral(models.Model):
    """紹介・引き継ぎ. The columns from ``state`` on are copies of what the events say."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Made by the browser: a form sent twice by a nervous finger is kept once.
    client_uid = models.UUIDField(unique=True, null=True, blank=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="referrals")
    kind = models.CharField("紹介の種類", max_length=8, choices=ReferralKind)
    service = models.CharField("頼むこと", max_length=16, choices=ReferralService)
    sender = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="送った組織"
    )
    sender_member = models.ForeignKey(
        Membership, models.PROTECT, related_name="+", verbose_name="送った人"
    )
    # The place on the team that a transfer gives up when the other side accepts.
    sender_place = models.ForeignKey(
        TeamMember, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Whether the sender was the host, which a transfer hands on and a return brings home.
    sender_was_host = models.BooleanField("送った組織が連携ホスト", default=False)
    # Empty where the receiver works without an account.
    receiver = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="送り先の組織",
    )
    receiver_name = models.CharField("送り先の名称", max_length=200)
    receiver_person = models.CharField("送り先の担当者", max_length=100, blank=True)
    receiver_phone = models.CharField("送り先の電話番号", max_length=40, blank=True)
    receiver_fax = models.CharField("送り先のFAX番号", max_length=40, blank=True)
    # Shown before acceptance, so it names nobody (``fax_covers.refuse_names``).
    words = models.TextField("頼みたい内容", max_length=600, blank=True)
    wanted_on = models.DateField("始めてほしい日", null=True, blank=True)
    # What is opened by acceptance; never more than the person's consent.
    content_classes = ArrayField(
        models.CharField(max_length=12, choices=ContentClass), verbose_name="渡す範囲", default=list
    )
    # How the person agreed to this referral itself, beside their consent to share.
    asked_on = models.DateField("本人に確かめた日")
    asked_by_way = models.CharField("確かめた方法", max_length=10, choices=ConsentMethod)
    expires_at = models.DateTimeField("返事の期限")
    sent_at = models.DateTimeField("送った日時")

    state = models.CharField(
        "紹介の状態", max_length=10, choices=ReferralState, default=ReferralState.WAITING
    )
    accepted_by = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="引き受けた人",
    )
    # The place on the team that acceptance made; empty where the receiver had one already.
    receiver_place = models.ForeignKey(
        TeamMember, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(receiver__isnull=True) | ~Q(receiver=models.F("sender")),
                name="referral_to_another_office",
                violation_error_message="ほかの組織を選んでください。同じ組織の中は、チームの「引き継ぐ」を使ってください。",
            ),
        )
        indexes = (
            models.Index(fields=["sender", "-sent_at"], name="referral_sent"),
            models.Index(fields=["receiver", "-sent_at"], name="referral_received"),
            models.Index(fields=["patient", "-sent_at"], name="referral_of_patient"),
            models.Index(
                fields=["expires_at"], condition=Q(state="waiting"), name="referral_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"紹介 {self.pk}"  # never of whom

    @property
    def is_outside(self) -> bool:
        """Whether the receiver works without an account."""
        return self.receiver_id is None


class ReferralEvent(models.Model):
    """One thing that happened to a referral: who, when, why, under which consent. Never changed.

    A trigger of the database refuses changes, and refuses deletion outside a person's disposal.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="events")
    act = models.CharField("紹介であったこと", max_length=10, choices=ReferralAct)
    at = models.DateTimeField("あった日時")
    channel = models.CharField("手段", max_length=8, choices=Channel, default=Channel.SYSTEM)
    # Who of the other side said it, where it was told by telephone or on paper.
    counterpart = models.CharField("相手", max_length=100, blank=True)
    reason_code = models.CharField("理由の符号", max_length=12, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    # New deadline, day of the first visit, the file of a paper: plain values.
    detail = models.JSONField("詳しい内容", default=dict)
    # The decision that was in force then; empty where there was none any more.
    consent_uid = models.UUIDField("もとにした同意", null=True, blank=True)
    # Empty: the platform itself, whose clock ran out.
    author = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    author_name = models.CharField("記録した人", max_length=100, blank=True)
    author_profession = models.CharField("記録した人の職種", max_length=60, blank=True)
    organisation_name = models.CharField("記録した組織", max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["referral", "at"], name="referral_event_of"),)

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"


class ReferralDocument(models.Model):
    """One answered sheet chosen to go along: named, not copied; read through the gate."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="documents")
    answer_uid = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["referral", "answer_uid"], name="referral_document_once"
            ),
        )
