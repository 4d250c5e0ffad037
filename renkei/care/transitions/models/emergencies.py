"""急変時診療医療機関: who takes a person in at a sudden turn, and each call to a hospital."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from renkei.care.patients.models import Patient
from renkei.care.transitions.emergency_states import (
    OPEN,
    CallState,
    CallStep,
    CancelReason,
    RefusalReason,
    Vehicle,
)
from renkei.care.transitions.models.contacts import Channel
from renkei.care.transitions.pair_states import Audience
from renkei.foundation.accounts.models import Membership, Organisation

_OPEN = sorted(state.value for state in OPEN)


class HospitalFields(models.Model):
    """A hospital: a party here, or one outside that only has a name and a number."""

    hospital = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="病院",
    )
    hospital_name = models.CharField("病院の名称", max_length=200)
    # ``org:12`` or ``name:`` and the folded name, as in a stay.
    hospital_key = models.CharField("病院の鍵", max_length=240)
    hospital_phone = models.CharField("病院の電話番号", max_length=40, blank=True)

    class Meta:
        abstract = True


class EmergencyAgreement(HospitalFields):
    """後方支援: the one hospital that agreed to take this person in, and on what terms."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="emergency_agreements")
    beds = models.CharField("使える病床", max_length=120, blank=True)
    hours = models.CharField("受けられる時間", max_length=120, blank=True)
    not_accepted = models.CharField("受けられない場合", max_length=200, blank=True)
    transport = models.CharField("搬送の方法", max_length=200, blank=True)
    information = models.CharField("送る情報", max_length=200, blank=True)
    agreed_at = models.DateTimeField("取り決めた日時")
    agreed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    # The last time the hospital said that it still holds; at most six months ago.
    confirmed_on = models.DateField("確認日")
    confirmed_name = models.CharField("確認に答えた人", max_length=100)
    confirmed_channel = models.CharField("手段", max_length=8, choices=Channel)
    ended_at = models.DateTimeField("取り決めを終えた日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(ended_at__isnull=True),
                name="emergency_agreement_one_per_person",
            ),
        )


class AgreementNotice(models.Model):
    """Somebody who has to know the agreement, and when they said that they do."""

    agreement = models.ForeignKey(EmergencyAgreement, models.CASCADE, related_name="notices")
    audience = models.CharField("伝える相手", max_length=16, choices=Audience)
    told_at = models.DateTimeField("伝えた日時")
    confirmed_at = models.DateTimeField("確かめた日時", null=True, blank=True)
    confirmed_name = models.CharField("確かめた人", max_length=100, blank=True)
    channel = models.CharField("手段", max_length=8, choices=Channel, blank=True)
    # 訪問看護やケアマネがいない: said by somebody, never taken for granted.
    has_nobody = models.BooleanField("この人にはいない", default=False)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agreement", "audience"], name="agreement_notice_once"),
        )


class EmergencyCall(HospitalFields):
    """One call to one hospital for one person; several may run beside each other."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="emergency_calls")
    agreement = models.ForeignKey(
        EmergencyAgreement, models.SET_NULL, null=True, blank=True, related_name="calls"
    )
    state = models.CharField(
        "受け入れの状態", max_length=12, choices=CallState, default=CallState.CALLED
    )
    called_at = models.DateTimeField("頼んだ日時")
    called_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reason = models.CharField("頼む理由", max_length=200)
    is_disaster = models.BooleanField("災害時の扱い", default=False)
    refusal = models.CharField("受けられない理由", max_length=16, choices=RefusalReason, blank=True)
    refusal_note = models.CharField("受けられない事情", max_length=200, blank=True)
    vehicle = models.CharField("搬送の手段", max_length=12, choices=Vehicle, blank=True)
    cancel_reason = models.CharField(
        "取りやめた理由", max_length=20, choices=CancelReason, blank=True
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient", "hospital_key"],
                condition=Q(state__in=_OPEN),
                name="emergency_call_one_open_per_hospital",
                violation_error_message="この病院への依頼が続いています。その依頼を開いてください。",
            ),
            models.CheckConstraint(
                condition=~Q(state=CallState.REFUSED) | ~Q(refusal=""),
                name="emergency_call_refused_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=["patient", "-called_at"], name="emergency_call_of_patient"),
            models.Index(fields=["hospital", "state"], name="emergency_call_of_hospital"),
        )


class EmergencyCallRecord(models.Model):
    """One step of a call: who answered, by what means, who wrote it down under their own name."""

    call = models.ForeignKey(EmergencyCall, models.CASCADE, related_name="records")
    step = models.CharField("受け入れの歩み", max_length=12, choices=CallStep)
    at = models.DateTimeField("あった日時")
    channel = models.CharField("手段", max_length=8, choices=Channel)
    person_name = models.CharField("答えた人", max_length=100, blank=True)
    # Made by the rules, not by somebody: another hospital took the person in.
    is_automatic = models.BooleanField("自動の記録", default=False)
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
