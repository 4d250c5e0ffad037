"""測定: values hung on entries, the person's own limits, and one question per excursion (T-D8)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from renkei.care.patients.models import Patient
from renkei.care.timelines.models.entries import Entry
from renkei.foundation.accounts.models import Membership


class ObservationCode(models.TextChoices):
    TEMPERATURE = "temperature", "体温"
    SYSTOLIC = "systolic", "血圧（上）"
    DIASTOLIC = "diastolic", "血圧（下）"
    PULSE = "pulse", "脈拍"
    SPO2 = "spo2", "SpO2"
    RESPIRATION = "respiration", "呼吸数"
    WEIGHT = "weight", "体重"
    BLOOD_SUGAR = "blood_sugar", "血糖"
    MEAL = "meal", "食事"
    WATER = "water", "水分"
    URINE = "urine", "尿"
    STOOL = "stool", "便"
    PAIN = "pain", "痛み"
    SKIN = "skin", "皮膚"
    SLEEP = "sleep", "睡眠"
    CONSCIOUSNESS = "consciousness", "意識"


class Observation(models.Model):
    """One value of one person at one instant; corrected by a new entry, never changed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="observations")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="observations")
    code = models.CharField("測定の種類", max_length=16, choices=ObservationCode)
    # A number with its unit, or words (skin, consciousness), or both.
    value = models.DecimalField("値", max_digits=8, decimal_places=2, null=True, blank=True)
    text = models.CharField("ことば", max_length=200, blank=True)
    unit = models.CharField("単位", max_length=16, blank=True)
    measured_at = models.DateTimeField("測った日時")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(text=""),
                name="observation_says_something",
                violation_error_message="測定の値を入力してください。",
            ),
            models.UniqueConstraint(
                fields=["entry", "code", "measured_at"], name="observation_once_per_entry"
            ),
        )
        indexes = (
            models.Index(
                F("patient"), F("code"), F("measured_at").desc(), name="observation_by_time"
            ),
        )


class Limit(models.Model):
    """この人の範囲: what is usual for this person, set by a professional; a change is a new row."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="limits")
    code = models.CharField("測定の種類", max_length=16, choices=ObservationCode)
    low = models.DecimalField("下限", max_digits=8, decimal_places=2, null=True, blank=True)
    high = models.DecimalField("上限", max_digits=8, decimal_places=2, null=True, blank=True)
    note = models.CharField("備考", max_length=200, blank=True)
    set_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    set_by_name = models.CharField("決めた人の氏名", max_length=100)
    set_by_profession = models.CharField("決めた人の職種", max_length=60, blank=True)
    set_at = models.DateTimeField("決めた日時")
    # Who is asked when a value leaves the range; empty: the one who set it.
    ask_profession = models.CharField("外れたときの宛先", max_length=60, blank=True)
    ended_at = models.DateTimeField("終えた日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False),
                name="limit_has_an_end",
                violation_error_message="下限か上限のどちらかを入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lt=F("high")),
                name="limit_low_below_high",
                violation_error_message="上限は下限より大きい値を入力してください。",
            ),
            models.UniqueConstraint(
                fields=["patient", "code"],
                condition=Q(ended_at__isnull=True),
                name="limit_one_in_force",
            ),
        )


class Excursion(models.Model):
    """One stay outside the limits, however many readings: it raises one 相談."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="excursions")
    code = models.CharField("測定の種類", max_length=16, choices=ObservationCode)
    limit = models.ForeignKey(Limit, models.PROTECT, related_name="excursions")
    first_observation = models.ForeignKey(Observation, models.PROTECT, related_name="+")
    is_high = models.BooleanField("上限を超えた")
    question = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="excursions"
    )
    started_at = models.DateTimeField("外れた日時")
    ended_at = models.DateTimeField("戻った日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient", "code"],
                condition=Q(ended_at__isnull=True),
                name="excursion_one_open",
            ),
        )
