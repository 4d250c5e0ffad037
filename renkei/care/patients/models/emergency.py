"""What a rescuer needs to know, the person's wishes, the card, and the ways in of the night."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from renkei.care.patients.models.people import Patient
from renkei.care.patients.models.team import AccessGrant
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.areas.models import Area


class EmergencyCategory(models.TextChoices):
    DISEASE = "disease", "病気"
    DRUG = "drug", "薬"
    ALLERGY = "allergy", "アレルギー"
    INFECTION = "infection", "感染症"
    DEVICE = "device", "機器・管"


class Presence(models.TextChoices):
    """Absence has kinds (design §3.9): nobody asked, nobody knows, there is none, listed."""

    NOT_ASKED = "not_asked", "記録なし"
    UNKNOWN = "unknown", "不明"
    NONE = "none", "なし"
    LISTED = "listed", "あり"


class EmergencyProfile(models.Model):
    """救急情報: one per person, confirmed as a whole by somebody on a day."""

    patient = models.OneToOneField(Patient, models.CASCADE, related_name="emergency_profile")
    diseases = models.CharField(
        "病気の有無", max_length=10, choices=Presence, default=Presence.NOT_ASKED
    )
    drugs = models.CharField(
        "薬の有無", max_length=10, choices=Presence, default=Presence.NOT_ASKED
    )
    allergies = models.CharField(
        "アレルギーの有無", max_length=10, choices=Presence, default="not_asked"
    )
    infections = models.CharField(
        "感染症の有無", max_length=10, choices=Presence, default="not_asked"
    )
    devices = models.CharField(
        "機器・管の有無", max_length=10, choices=Presence, default="not_asked"
    )
    # For the disaster list (T-D10); derived from nothing, set by the team.
    on_ventilator = models.BooleanField("人工呼吸器", default=False)
    on_oxygen = models.BooleanField("在宅酸素", default=False)
    on_dialysis = models.BooleanField("透析", default=False)
    blood_type = models.CharField("血液型", max_length=10, blank=True)
    key_place = models.CharField("鍵・入り方", max_length=200, blank=True)
    usual_state = models.CharField("普段の状態", max_length=300, blank=True)
    confirmed_on = models.DateField("確認日", null=True, blank=True)
    confirmed_by = models.CharField("確認した人", max_length=120, blank=True)
    updated_at = models.DateTimeField("更新日時")


class EmergencyItem(models.Model):
    """One disease, drug, allergy, infection or device, in the order of its weight."""

    profile = models.ForeignKey(EmergencyProfile, models.CASCADE, related_name="items")
    category = models.CharField("種類", max_length=10, choices=EmergencyCategory)
    text = models.CharField("内容", max_length=120)
    detail = models.CharField("補足", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("並び順", default=0)


class DoctorConfirmation(models.TextChoices):
    DONE = "done", "済"
    NOT_YET = "not_yet", "未"


class Wish(models.Model):
    """本人の意思の記録: a record, never an order (design §3.14). Each talk is a new row."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="wishes")
    text = models.TextField("意思の記録")
    # Shown on the emergency screen: what matters to a rescuer, in one sentence.
    emergency_summary = models.CharField("救急の画面に出す文", max_length=120, blank=True)
    talked_on = models.DateField("話した日")
    participants = models.CharField("話した人", max_length=200)
    spoken_by = models.CharField("意思を示した人（本人・推定）", max_length=60, blank=True)
    doctor_confirmation = models.CharField(
        "医師の確認", max_length=8, choices=DoctorConfirmation, default=DoctorConfirmation.NOT_YET
    )
    doctor_name = models.CharField("確認した医師", max_length=100, blank=True)
    doctor_confirmed_on = models.DateField("医師の確認日", null=True, blank=True)
    review_on = models.DateField("見直す日", null=True, blank=True)
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)
    # The paper the person keeps: 私の生き方ノート, わたしの人生ファイル (T-CARD2).
    paper_name = models.CharField("紙の名称", max_length=60, blank=True)
    paper_edition = models.CharField("紙の版", max_length=40, blank=True)
    paper_place = models.CharField("紙の保管場所", max_length=120, blank=True)
    # Private until the person shares it, item by item (T-G1b).
    is_shared = models.BooleanField("チームに共有する", default=False)
    shared_at = models.DateTimeField("共有した日時", null=True, blank=True)
    sheet_answer_uid = models.UUIDField("様式の記入", null=True, blank=True)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("記録日時")


class EmergencyCard(models.Model):
    """救急カード: its code (in the QR) and PIN are kept as hashes; it holds no personal data."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="emergency_cards")
    code_hash = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=128)
    issued_at = models.DateTimeField("発行日時")
    issued_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    wrong_pins = models.PositiveSmallIntegerField("PINの誤り", default=0)
    locked_until = models.DateTimeField("使えない期限", null=True, blank=True)


class FailedWay(models.TextChoices):
    CARD = "card", "救急カード"
    BREAK_GLASS = "break_glass", "緊急閲覧"


class FailedOpening(models.Model):
    """One attempt that opened nothing: what locks a desk out that keeps guessing."""

    way = models.CharField("経路", max_length=12, choices=FailedWay)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    at = models.DateTimeField("日時")

    class Meta:
        indexes = (
            models.Index(fields=["organisation", "at"], name="failed_opening_organisation"),
            models.Index(fields=["membership", "at"], name="failed_opening_membership"),
        )


class BreakGlassReason(models.TextChoices):
    UNCONSCIOUS = "unconscious", "意識がない・話せない"
    TRANSPORT = "transport", "救急搬送"
    SUDDEN = "sudden", "急変の往診・訪問"
    NO_CONTACT = "no_contact", "家族やチームと連絡が取れない"
    OTHER = "other", "その他"


class BreakGlassVerdict(models.TextChoices):
    PROPER = "proper", "妥当"
    IMPROPER = "improper", "不適切"
    UNCLEAR = "unclear", "確認を続ける"


class BreakGlassUse(models.Model):
    """緊急閲覧: one use, with reason, and its review on the next working day (T-P3)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    grant = models.OneToOneField(AccessGrant, models.PROTECT, related_name="break_glass")
    used_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reason_code = models.CharField("理由の種類", max_length=20, choices=BreakGlassReason)
    reason = models.CharField("理由", max_length=300)
    used_at = models.DateTimeField("使った日時")
    review_due_on = models.DateField("確認の期限")
    reviewed_at = models.DateTimeField("確認日時", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict = models.CharField("確認の結果", max_length=20, blank=True, choices=BreakGlassVerdict)
    review_note = models.CharField("確認の内容", max_length=300, blank=True)
    patient_told_on = models.DateField("本人に知らせた日", null=True, blank=True)


class DisasterMode(models.Model):
    """発災の切り替え: two persons open it for a fixed time (T-D10)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="対象の地域")
    # The municipalities of the area on the day it was asked for: what the gate compares with.
    municipality_ids = ArrayField(models.BigIntegerField(), default=list)
    reason = models.CharField("理由", max_length=200)
    is_drill = models.BooleanField("訓練", default=False)
    roles = ArrayField(models.CharField(max_length=32), verbose_name="見られる役割", default=list)
    content_classes = ArrayField(
        models.CharField(max_length=12), verbose_name="見られる内容", default=list
    )
    requested_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("申し出た日時")
    approved_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField("承認日時", null=True, blank=True)
    ends_at = models.DateTimeField("終わり")
    ended_at = models.DateTimeField("終えた日時", null=True, blank=True)
    # Everyone who looked was gone through afterwards.
    reviewed_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField("確認日時", null=True, blank=True)
    review_note = models.CharField("確認の内容", max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("requested_by")),
                name="disaster_mode_two_persons",
                violation_error_message="申し出た人とは別の人が承認してください。",
            ),
        )
