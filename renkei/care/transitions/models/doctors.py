"""主治医・副主治医: the doctors who take part, their absences, the pair of a person."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from renkei.care.patients.models import Patient
from renkei.care.transitions.models.contacts import Channel
from renkei.care.transitions.pair_states import OVER, Audience, PairState, PairStep
from renkei.foundation.accounts.models import Membership, Organisation

_OVER = sorted(state.value for state in OVER)


class Doctor(models.Model):
    """A doctor of the register, kept by the own organisation."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="doctors", verbose_name="組織"
    )
    name = models.CharField("医師の氏名", max_length=100)
    phone = models.CharField("医師につながる電話番号", max_length=40)
    may_be_deputy = models.BooleanField("副主治医にもなれる", default=False)
    takes_nights = models.BooleanField("夜間・休日も受ける", default=False)
    # {"0": [["08:30", "17:15"]], …} as in 窓口一覧; where nights are taken, at any hour.
    weekly_hours = models.JSONField("曜日ごとの対応時間", default=dict, blank=True)
    area_note = models.CharField("対応する地域", max_length=200, blank=True)
    most_patients = models.PositiveSmallIntegerField("受け持てる人数", null=True, blank=True)
    ended_at = models.DateTimeField("登録を終えた日時", null=True, blank=True)
    updated_at = models.DateTimeField("更新日時")

    def __str__(self) -> str:
        return self.name


class DoctorAbsence(models.Model):
    """不在: from one second to another a doctor cannot be called. Never a reason."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField("不在の始まり")
    ends_at = models.DateTimeField("不在の終わり")
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("不在を取り消した日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="doctor_absence_ends_later",
                violation_error_message="終わりは始まりより後の日時を入力してください。",
            ),
        )
        indexes = (models.Index(fields=["ends_at", "starts_at"], name="doctor_absence_by_end"),)


class OfficeAbsence(models.Model):
    """休み: a whole office cannot be called; its doctors' deputies are, and its rosters rest."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="absences", verbose_name="組織"
    )
    starts_at = models.DateTimeField("不在の始まり")
    ends_at = models.DateTimeField("不在の終わり")
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("不在を取り消した日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="office_absence_ends_later",
                violation_error_message="終わりは始まりより後の日時を入力してください。",
            ),
        )
        indexes = (models.Index(fields=["ends_at", "starts_at"], name="office_absence_by_end"),)


class DoctorPair(models.Model):
    """The main doctor and the deputy of one person; its steps say how it came about."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="doctor_pairs")
    main = models.ForeignKey(Doctor, models.PROTECT, related_name="+", verbose_name="主治医")
    deputy = models.ForeignKey(Doctor, models.PROTECT, related_name="+", verbose_name="副主治医")
    state = models.CharField(
        "組の状態", max_length=12, choices=PairState, default=PairState.PROPOSED
    )
    # The pair that this one takes the place of.
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField("申し込んだ日時")
    started_at = models.DateTimeField("始まった日時", null=True, blank=True)
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(state=PairState.ACTIVE),
                name="doctor_pair_one_active",
                violation_error_message="実施中の組があります。先に組み替えるか、終えてください。",
            ),
            models.CheckConstraint(
                condition=~Q(main=F("deputy")),
                name="doctor_pair_of_two",
                violation_error_message="主治医と副主治医に別の医師を選んでください。",
            ),
        )
        indexes = (
            models.Index(
                fields=["patient"], condition=~Q(state__in=_OVER), name="doctor_pair_present"
            ),
        )


class PairRecord(models.Model):
    """One step of a pair: who agreed, when, how it was learned, who wrote it down."""

    pair = models.ForeignKey(DoctorPair, models.CASCADE, related_name="records")
    step = models.CharField("組の歩み", max_length=16, choices=PairStep)
    at = models.DateTimeField("あった日時")
    channel = models.CharField("手段", max_length=8, choices=Channel)
    person_name = models.CharField("答えた人", max_length=100, blank=True)
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")


class PairNotice(models.Model):
    """Somebody who has to know the pair: told when, and when they said that they know."""

    pair = models.ForeignKey(DoctorPair, models.CASCADE, related_name="notices")
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
            models.UniqueConstraint(fields=["pair", "audience"], name="pair_notice_once"),
        )


class DeputyCall(models.Model):
    """発動記録: the deputy was called upon: when, why, who went, what came of it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pair = models.ForeignKey(DoctorPair, models.PROTECT, related_name="calls")
    at = models.DateTimeField("呼んだ日時")
    reason = models.CharField("呼んだ理由", max_length=200)
    went = models.ForeignKey(Doctor, models.PROTECT, related_name="+", verbose_name="行った医師")
    outcome = models.CharField("結果", max_length=200)
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
