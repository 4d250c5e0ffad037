"""How a facility joins: application, devices; and who has not joined, and why."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from renkei.foundation.accounts.models.people import Organisation, User
from renkei.foundation.areas.models import Area


class ApplicationState(models.TextChoices):
    RECEIVED = "received", "受け付けました"
    ASKED = "asked", "確認のお願いがあります"
    APPROVED = "approved", "承認しました"
    REFUSED = "refused", "お断りしました"


class JoiningApplication(models.Model):
    """A facility that wants to take part, as it wrote itself."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Read out on the phone: digits with a check digit. Guessing one leads nowhere alone.
    receipt_number = models.CharField("受付番号", max_length=12, unique=True)
    name = models.CharField("施設・事業所の名前", max_length=200)
    # 医療機関コード or 介護事業所番号, ten signs with their check digit; empty for others.
    office_code = models.CharField("事業所番号・医療機関コード", max_length=10, blank=True)
    address = models.CharField("所在地", max_length=200)
    phone = models.CharField("電話番号", max_length=40)
    fax = models.CharField("FAX番号", max_length=40, blank=True)
    contact_name = models.CharField("連絡を受ける人", max_length=100)
    contact_email = models.EmailField("連絡先のメールアドレス")
    # {"看護師": 3, …}: how many people of which profession want to use it.
    wished_users = models.JSONField("使いたい人数", default=dict)
    device_count = models.PositiveIntegerField("使いたい端末の数", default=1)
    remarks = models.TextField("申込みの備考", blank=True, max_length=1000)
    state = models.CharField(
        "申込みの状態",
        max_length=12,
        choices=ApplicationState,
        default=ApplicationState.RECEIVED,
    )
    received_at = models.DateTimeField("申込日時")
    decided_at = models.DateTimeField("決めた日時", null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="applications"
    )

    class Meta:
        indexes = (models.Index(fields=["state", "received_at"], name="joining_application_state"),)

    def __str__(self) -> str:
        return self.name


class NoteKind(models.TextChoices):
    QUESTION = "question", "事務局からの確認"
    ANSWER = "answer", "施設からの返事"
    DECISION = "decision", "決定"


class ApplicationNote(models.Model):
    """What was said about an application, in order."""

    application = models.ForeignKey(JoiningApplication, models.PROTECT, related_name="notes")
    kind = models.CharField("やりとりの種類", max_length=10, choices=NoteKind)
    text = models.TextField("やりとりの内容", max_length=1000)
    said_at = models.DateTimeField("やりとりの日時")

    class Meta:
        indexes = (models.Index(fields=["application", "said_at"], name="application_note_order"),)

    def __str__(self) -> str:
        return self.get_kind_display()


class Device(models.Model):
    """A computer or phone that an organisation registered, known by its signed cookie."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="devices")
    label = models.CharField("端末の名前", max_length=100)
    # Set when one person alone carries it: lost with them, ended with their sign-in.
    holder = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="devices", verbose_name="持つ人"
    )
    # Typed once on the device itself; only its hash is kept.
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("端末のコードを作った日時")
    registered_at = models.DateTimeField("端末を登録した日時", null=True, blank=True)
    expires_on = models.DateField("端末の期限")
    revoked_at = models.DateTimeField("端末を止めた日時", null=True, blank=True)
    last_seen_at = models.DateTimeField("最後に使われた日時", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["organisation", "revoked_at"], name="device_organisation"),)

    def __str__(self) -> str:
        return self.label


class NonUseReason(models.TextChoices):
    """Why an office does not take part.

    Source: acceptance N4, answers of 122 regions (日医総研 2022): few professions 56, IT 47,
    cost 38, registering and deleting people 34, more work than before 27, hard to use 20.
    """

    FEW_PROFESSIONS = "few_professions", "参加する職種・施設が少ない"
    IT_LITERACY = "it_literacy", "ITが苦手・機器がない"
    COST = "cost", "費用がかかる"
    ACCOUNTS = "accounts", "利用者の登録・削除が大変"
    MORE_WORK = "more_work", "前のやり方より仕事が増える"
    HARD_TO_USE = "hard_to_use", "使いにくい"
    OTHER_SYSTEM = "other_system", "ほかの仕組みを使っている"
    NOT_TOLD = "not_told", "まだ案内していない"
    OTHER = "other", "そのほか"


class OutsideOffice(models.Model):
    """An office that does not take part yet (idea 22): why not, and who last spoke with it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("施設・事業所の名前", max_length=200)
    office_code = models.CharField("事業所番号・医療機関コード", max_length=10, blank=True)
    profession = models.CharField("主な職種", max_length=60, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="圏域"
    )
    phone = models.CharField("電話番号", max_length=40, blank=True)
    reasons = ArrayField(
        models.CharField(max_length=20, choices=NonUseReason),
        verbose_name="参加していない理由",
        default=list,
        blank=True,
    )
    tool = models.CharField("使っている仕組み", max_length=100, blank=True)
    last_contact_on = models.DateField("最後に連絡した日", null=True, blank=True)
    remarks = models.TextField("連絡の記録", blank=True, max_length=1000)
    joined_at = models.DateTimeField("参加した日時", null=True, blank=True)
    removed_at = models.DateTimeField("一覧から外した日時", null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["joined_at", "removed_at"], name="outside_office_open"),)

    def __str__(self) -> str:
        return self.name
