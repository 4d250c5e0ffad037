"""入退院の調整: one stay of one person, as dated facts. Its state is derived, never chosen."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from renkei.care.patients.models import Patient
from renkei.care.transitions.models.contacts import Channel
from renkei.care.transitions.models.rules import RuleVersion
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.registry.facilities.models import Facility


class PatientClass(models.TextChoices):
    """Source: domain/admission-discharge-rules.md §2."""

    A = "a", "A（入院前にケアマネがいる）"
    B = "b", "B（入院前にケアマネがいない）"
    UNKNOWN = "unknown", "不明"


class Side(models.TextChoices):
    """Whose act or whose turn it is."""

    HOSPITAL = "hospital", "病院側"
    CARE = "care", "在宅側"


class CaseState(models.TextChoices):
    """Source: domain/admission-discharge-rules.md §4. LEAK (もれ) is a flag beside the state."""

    DRAFT = "draft", "入院の前"
    ADMITTED = "admitted", "入院した"
    CM_IDENTIFIED = "cm_identified", "ケアマネがわかった"
    INFO_SENT = "info_sent", "情報を送った"
    SUPPORT_STARTED = "support_started", "退院支援中"
    DISCHARGE_NOTIFIED = "discharge_notified", "退院の連絡があった"
    CONFERENCE_SET = "conference_set", "カンファレンスが決まった"
    PLAN_READY = "plan_ready", "退院の準備ができた"
    DISCHARGED = "discharged", "退院した"
    FOLLOWED_UP = "followed_up", "退院後の報告をした"
    CLOSED = "closed", "終わり"
    TRANSFERRED = "transferred", "転院した"
    DIED_IN_HOSPITAL = "died", "入院中に死亡"
    CANCELLED = "cancelled", "取り消し"


class FactKind(models.TextChoices):
    """What can happen in a stay. Source: domain/admission-discharge-rules.md §3, §4."""

    ADMISSION_REGISTERED = "admission_registered", "入院した"
    CM_IDENTIFIED = "cm_identified", "ケアマネがわかった"
    CM_UNKNOWN = "cm_unknown", "ケアマネがわからない"
    ADMISSION_INFO_SENT = "admission_info_sent", "入院時の情報を送った"
    ADMISSION_INFO_RECEIVED = "admission_info_received", "入院時の情報を受け取った"
    CONTACT = "contact", "連絡した"
    SCREENING_DONE = "screening_done", "退院困難の確認をした"
    TALK_HELD = "talk_held", "初回の面談をした"
    CERTIFICATION_APPLIED = "certification_applied", "介護認定を申請した"
    CM_CONTRACTED = "cm_contracted", "ケアマネが決まった（契約）"
    DISCHARGE_NOTIFIED = "discharge_notified", "退院が決まった"
    CONFERENCE_SCHEDULED = "conference_scheduled", "カンファレンスの日を決めた"
    CONFERENCE_HELD = "conference_held", "カンファレンスをした"
    PLAN_AGREED = "plan_agreed", "ケアプランとサービスが決まった"
    SUMMARY_HANDED_OVER = "summary_handed_over", "退院時の書類を渡した"
    DISCHARGED = "discharged", "退院した"
    DISCHARGED_WITHOUT_NOTICE = "discharged_without_notice", "退院を知らされていなかった"
    FOLLOW_UP_REPORTED = "follow_up_reported", "退院後の様子を病院に伝えた"
    TRANSFER_NOTIFIED = "transfer_notified", "転院した"
    DIED_IN_HOSPITAL = "died_in_hospital", "入院中に亡くなった"
    CANCELLED = "cancelled", "この入院は取り消し"
    CLOSED = "closed", "調整を終えた"
    # Takes the fact it corrects out of the account, without putting another in its place.
    RETRACTED = "retracted", "記録の取り消し"


class CoordinationCase(models.Model):
    """入退院の調整: one stay in one hospital.

    The columns from ``state`` on are copies of what ``states.derive`` and ``clock_rules`` say of
    the facts, for lists; ``services.refreshing.refresh`` alone writes them.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="coordination_cases")
    # The hospital as a party here; empty where it works without an account.
    hospital = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="病院",
    )
    facility = models.ForeignKey(
        Facility, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="施設"
    )
    # Written down as well: the register may lose a place, the record may not.
    hospital_name = models.CharField("病院の名称", max_length=200)
    # ``org:12`` or ``name:`` and the folded name: what "the same hospital" means.
    hospital_key = models.CharField("病院の鍵", max_length=240)
    hospital_phone = models.CharField("病院の電話番号", max_length=40, blank=True)
    hospital_fax = models.CharField("病院のFAX番号", max_length=40, blank=True)
    hospital_person = models.CharField("病院の担当者", max_length=100, blank=True)
    ward = models.CharField("病棟", max_length=60, blank=True)
    # Frozen when the case opened: a revision does not move deadlines of a stay under way.
    # Empty where no rule is in force.
    rule_version = models.ForeignKey(
        RuleVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    care_office = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ケアマネの事業所",
    )
    care_member = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ケアマネ",
    )
    care_office_name = models.CharField("ケアマネの事業所の名称", max_length=200, blank=True)
    care_person = models.CharField("ケアマネの氏名", max_length=100, blank=True)
    care_phone = models.CharField("ケアマネの電話番号", max_length=40, blank=True)
    care_fax = models.CharField("ケアマネのFAX番号", max_length=40, blank=True)
    # The stay this one follows by transfer.
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="next_cases"
    )
    # The stay that ended at most 30 days before this one began.
    readmission_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="readmissions"
    )
    opened_at = models.DateTimeField("作成日時")
    opened_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")

    state = models.CharField(
        "入退院の状態", max_length=20, choices=CaseState, default=CaseState.DRAFT
    )
    patient_class = models.CharField(
        "区分（A・B）", max_length=8, choices=PatientClass, default=PatientClass.UNKNOWN
    )
    is_leak = models.BooleanField("もれ", default=False)
    # Neither discharged nor ended otherwise.
    in_hospital = models.BooleanField("入院中", default=True)
    # Something is still to be done.
    is_open = models.BooleanField("調整中", default=True)
    admitted_at = models.DateTimeField("入院日時", null=True, blank=True)
    planned_discharge_on = models.DateField("退院予定日", null=True, blank=True)
    discharged_at = models.DateTimeField("退院日時", null=True, blank=True)
    # The next deadline not yet met: its code, whose turn, when.
    next_code = models.CharField("次の期限", max_length=4, blank=True)
    next_side = models.CharField("次に動く側", max_length=8, choices=Side, blank=True)
    next_due_at = models.DateTimeField("次の期限の日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient", "hospital_key"],
                condition=Q(in_hospital=True),
                name="case_one_stay_per_hospital",
                violation_error_message="この病院に入院中の記録がすでにあります。その記録を開いてください。",
            ),
            models.CheckConstraint(
                condition=Q(admitted_at__isnull=True)
                | Q(discharged_at__isnull=True)
                | Q(discharged_at__gte=F("admitted_at")),
                name="case_discharged_after_admission",
                violation_error_message="退院は入院の日時以降を入力してください。",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_due_at", "patient"],
                condition=Q(is_open=True),
                name="case_open_by_due",
            ),
            models.Index(fields=["patient", "-opened_at"], name="case_of_patient"),
            models.Index(fields=["hospital", "is_open"], name="case_of_hospital"),
            models.Index(fields=["admitted_at"], name="case_by_admission"),
            models.Index(fields=["discharged_at"], name="case_by_discharge"),
        )

    def __str__(self) -> str:
        return f"入退院の調整 {self.pk}"  # no name: this text reaches logs


class CaseFact(models.Model):
    """One thing that happened. Never changed: a correction is another fact.

    A trigger of the database refuses changes, and refuses deletion outside a person's disposal.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Made by the device that sends it: sent twice, it is kept once.
    client_uid = models.UUIDField(unique=True, null=True, blank=True)
    case = models.ForeignKey(CoordinationCase, models.PROTECT, related_name="facts")
    kind = models.CharField("あったこと", max_length=28, choices=FactKind)
    at = models.DateTimeField("あった日時")
    # Whose act it was; the recorder may be of the other side and have heard of it by telephone.
    side = models.CharField("動いた側", max_length=8, choices=Side)
    channel = models.CharField("手段", max_length=8, choices=Channel)
    # Who of the other side was reached, or who told it.
    counterpart = models.CharField("相手", max_length=100, blank=True)
    # Plain values per kind, checked by ``details.clean``.
    detail = models.JSONField("詳しい内容", default=dict)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    previous_state = models.CharField("前の状態", max_length=20, choices=CaseState)
    # Who recorded it, as they were then.
    recorded_at = models.DateTimeField("記録日時")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    author_name = models.CharField("記録した人", max_length=100)
    author_profession = models.CharField("記録した人の職種", max_length=60, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation_name = models.CharField("記録した組織", max_length=200)

    class Meta:
        indexes = (models.Index(fields=["case", "at"], name="case_fact_of_case"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CaseAlert(models.Model):
    """A deadline somebody was told of: once per deadline, step and due instant."""

    class Step(models.TextChoices):
        SOON = "soon", "間近"
        OVER = "over", "超過"

    case = models.ForeignKey(CoordinationCase, models.CASCADE, related_name="alerts")
    code = models.CharField("期限の符号", max_length=4)
    step = models.CharField("知らせの段", max_length=4, choices=Step)
    due_at = models.DateTimeField("期限の日時")
    told_at = models.DateTimeField("知らせた日時")
    people_count = models.PositiveIntegerField("知らせた人数", default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "code", "step", "due_at"], name="case_alert_once"
            ),
        )
