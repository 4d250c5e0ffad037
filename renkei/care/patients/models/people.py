"""The person and what is known of them over time."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from renkei.foundation.accounts.models import Organisation, User
from renkei.foundation.areas.models import Area
from renkei.registry.facilities.models import Facility


class PersonKind(models.TextChoices):
    """Whom the programme serves: a certified care level is never demanded."""

    OLDER = "older", "高齢の方"
    DISABLED = "disabled", "障害のある方"
    CHILD = "child", "お子さん（医療的ケア児など）"
    INTRACTABLE = "intractable", "難病の方"


class Sex(models.TextChoices):
    FEMALE = "female", "女性"
    MALE = "male", "男性"
    OTHER = "other", "その他"
    UNKNOWN = "unknown", "不明"


class Household(models.TextChoices):
    """Source: domain/forms.md §1.8 (世帯)."""

    ALONE = "alone", "独居"
    OLDER_COUPLE = "older", "高齢者世帯"
    WITH_CHILDREN = "children", "子と同居"
    ALONE_BY_DAY = "alone_by_day", "日中独居"
    OTHER = "other", "その他"


class EndOfCare(models.TextChoices):
    DEATH = "death", "死亡"
    MOVED = "moved", "転出"
    ENDED = "ended", "終了"


class HistoryFrom(models.TextChoices):
    """From when a new member of the team reads (T-MCS2)."""

    START = "start", "最初から"
    JOINING = "joining", "参加した日から"


class Patient(models.Model):
    """療養者: one person whose team works together here."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("区分", max_length=12, choices=PersonKind, default=PersonKind.OLDER)
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    # Folded (common.kana.fold): what is compared and sorted, never shown.
    name_key = models.CharField("氏名の鍵", max_length=120)
    kana_key = models.CharField("フリガナの鍵", max_length=120, blank=True)
    sex = models.CharField("性別", max_length=8, choices=Sex, default=Sex.UNKNOWN)
    # Null where nobody knows it. The card's own spelling (平成33年) is kept beside it.
    birth_on = models.DateField("生年月日", null=True, blank=True)
    birth_written = models.CharField("生年月日（書かれたまま）", max_length=40, blank=True)
    postcode = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=300, blank=True)
    building = models.CharField("方書", max_length=200, blank=True)
    municipality = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="市区町村"
    )
    phone = models.CharField("電話番号", max_length=40, blank=True)
    household = models.CharField("世帯", max_length=16, choices=Household, blank=True)
    insurer_number = models.CharField("介護保険者番号", max_length=6, blank=True)
    # H and nine digits for 生活保護単独: text, never a number.
    insured_number = models.CharField("被保険者番号", max_length=10, blank=True)
    # 連携ホスト: opens the record, asks for consent, invites, closes.
    host = models.ForeignKey(
        Organisation, models.PROTECT, related_name="hosted_patients", verbose_name="連携ホスト"
    )
    history_from = models.CharField(
        "新しい人が読める範囲", max_length=8, choices=HistoryFrom, default=HistoryFrom.JOINING
    )
    registered_at = models.DateTimeField("登録日時")
    closed_on = models.DateField("終了日", null=True, blank=True)
    closed_because = models.CharField("終了の理由", max_length=8, choices=EndOfCare, blank=True)
    # Set when two records turned out to be one person: this one only leads to the other.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    # Content was destroyed after its retention; the certificate tells what and when.
    disposed_at = models.DateTimeField("廃棄日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_because=""),
                name="patient_closed_with_a_reason",
                violation_error_message="終了の理由を選んでください。",
            ),
        )
        indexes = (
            models.Index(fields=["kana_key", "birth_on"], name="patient_by_kana"),
            models.Index(fields=["name_key", "birth_on"], name="patient_by_name"),
            models.Index(fields=["insured_number"], name="patient_by_insured_number"),
        )

    def __str__(self) -> str:
        return f"療養者 {self.pk}"  # never the name: this text reaches logs

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None


class FormerName(models.Model):
    """Another name of the person: a maiden name, the name they go by."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="former_names")
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    name_key = models.CharField("氏名の鍵", max_length=120)
    reason = models.CharField("別名の種類", max_length=40, blank=True)


class CareLevel(models.TextChoices):
    """要介護状態区分. Source: ケアプランデータ連携標準仕様 V4.1 (domain/forms.md §1.1)."""

    NOT_ELIGIBLE = "01", "非該当"
    PROGRAMME = "06", "事業対象者"
    SUPPORT_1 = "12", "要支援1"
    SUPPORT_2 = "13", "要支援2"
    CARE_1 = "21", "要介護1"
    CARE_2 = "22", "要介護2"
    CARE_3 = "23", "要介護3"
    CARE_4 = "24", "要介護4"
    CARE_5 = "25", "要介護5"


class CertificationState(models.TextChoices):
    """1 and 2 from the same source; 3 and 4 are this house's own."""

    APPLIED = "1", "申請中"
    CERTIFIED = "2", "認定済"
    NOT_APPLIED = "3", "未申請"
    CHANGE_APPLIED = "4", "区分変更申請中"


class Certification(models.Model):
    """One certified care level with its period, or an application under way."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="certifications")
    state = models.CharField("認定状況", max_length=1, choices=CertificationState)
    level = models.CharField("要介護度", max_length=2, choices=CareLevel, blank=True)
    period = DateRangeField("認定の有効期間", null=True, blank=True)
    applied_on = models.DateField("申請日", null=True, blank=True)
    certified_on = models.DateField("認定日", null=True, blank=True)
    recorded_at = models.DateTimeField("記録日時")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="2")
                | (Q(period__isnull=False) & Q(period__isempty=False) & ~Q(level="")),
                name="certification_has_level_and_period",
                violation_error_message="認定済のときは、要介護度と有効期間を入力してください。",
            ),
            ExclusionConstraint(
                name="certification_one_at_a_time",
                expressions=(
                    (
                        Func(
                            F("patient"),
                            F("patient"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("period", RangeOperators.OVERLAPS),
                ),
                condition=Q(state="2"),
                violation_error_message="この期間の認定はすでに登録されています。期間を確かめてください。",
            ),
        )


class DisabilityIndependence(models.TextChoices):
    """障害高齢者の日常生活自立度. Source: domain/forms.md §1.2."""

    SELF = "01", "自立"
    J1 = "11", "J1"
    J2 = "12", "J2"
    A1 = "21", "A1"
    A2 = "22", "A2"
    B1 = "31", "B1"
    B2 = "32", "B2"
    C1 = "41", "C1"
    C2 = "42", "C2"


class DementiaIndependence(models.TextChoices):
    """認知症高齢者の日常生活自立度. Source: domain/forms.md §1.2."""

    SELF = "01", "自立"
    I = "02", "Ⅰ"  # noqa: E741 - the official name of the step
    II_A = "03", "Ⅱa"
    II_B = "04", "Ⅱb"
    III_A = "05", "Ⅲa"
    III_B = "06", "Ⅲb"
    IV = "07", "Ⅳ"
    M = "08", "M"


class Independence(models.Model):
    """自立度 as somebody judged it on a day."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="independence_records")
    disability = models.CharField(
        "障害高齢者の日常生活自立度", max_length=2, choices=DisabilityIndependence, blank=True
    )
    dementia = models.CharField(
        "認知症高齢者の日常生活自立度", max_length=2, choices=DementiaIndependence, blank=True
    )
    judged_on = models.DateField("判断した日")
    judged_by = models.CharField("判断者", max_length=60, blank=True)


class Relative(models.Model):
    """家族・キーパーソン. Shown to the team only under the relative's own consent."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="relatives")
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    relation = models.CharField("続柄", max_length=20, blank=True)
    phone = models.CharField("電話番号", max_length=40, blank=True)
    second_phone = models.CharField("ほかの電話番号", max_length=40, blank=True)
    address = models.CharField("住所", max_length=300, blank=True)
    lives_together = models.BooleanField("同居", null=True, blank=True)
    is_key_person = models.BooleanField("キーパーソン", default=False)
    is_main_carer = models.BooleanField("主介護者", default=False)
    is_surrogate = models.BooleanField("代理意思決定者", default=False)
    # Whom to call first, second, …; empty: not in an emergency.
    call_order = models.PositiveSmallIntegerField("緊急時に電話する順", null=True, blank=True)
    # The account of a relative (or of the person) who takes part in the family room.
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("備考", max_length=300, blank=True)
    removed_at = models.DateTimeField("外した日時", null=True, blank=True)


class ProviderRole(models.TextChoices):
    MAIN_DOCTOR = "main_doctor", "主治医"
    DEPUTY_DOCTOR = "deputy_doctor", "副主治医"
    DENTIST = "dentist", "歯科"
    STATION = "station", "訪問看護"
    PHARMACY = "pharmacy", "薬局"
    CARE_MANAGER = "care_manager", "ケアマネジャー"
    HOME_HELP = "home_help", "訪問介護"
    DAY_CARE = "day_care", "通い"
    HOSPITAL_OF_CHOICE = "hospital_of_choice", "緊急時の希望病院"
    BACKUP_HOSPITAL = "backup_hospital", "後方支援病院"
    OTHER = "other", "その他"


class Provider(models.Model):
    """Who treats and cares for the person, whether or not they work on the platform."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="providers")
    role = models.CharField("役割", max_length=20, choices=ProviderRole)
    facility = models.ForeignKey(
        Facility, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="施設"
    )
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Written down as well: the register may lose a place, the record may not.
    name = models.CharField("名称", max_length=200)
    person_name = models.CharField("担当者", max_length=100, blank=True)
    phone = models.CharField("電話番号", max_length=40, blank=True)
    fax = models.CharField("FAX番号", max_length=40, blank=True)
    around_the_clock = models.BooleanField("24時間", default=False)
    hours = models.CharField("受付時間", max_length=120, blank=True)
    period = DateRangeField("期間")


class NetworkKind(models.TextChoices):
    MCS = "mcs", "MedicalCareSTATION（MCS）"
    ISM_LINK = "ism_link", "ism-Link"
    TOBIUME = "tobiume", "とびうめネット"
    AZALEA = "azalea", "アザレアネット"
    OTHER = "other", "その他の連携システム"


class OtherNetwork(models.Model):
    """Another network the person is in: told here, opened there, never copied (T-D9, T-MCS11)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="other_networks")
    kind = models.CharField("連携システム", max_length=12, choices=NetworkKind)
    name = models.CharField("名称", max_length=100, blank=True)
    number = models.CharField("そこでの番号", max_length=60, blank=True)
    since_on = models.DateField("登録日", null=True, blank=True)
    consent_until = models.DateField("そこでの同意の期限", null=True, blank=True)
    # The team keeps its talk there: nothing here asks anybody to post twice.
    is_main_channel = models.BooleanField("やり取りはこちらで行う", default=False)
    url = models.URLField("開く先", max_length=300, blank=True)
    ended_on = models.DateField("終了日", null=True, blank=True)
