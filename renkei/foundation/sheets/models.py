"""Forms (様式), their versions and the answers given on them (design decision 3)."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.areas.models import Area
from renkei.foundation.papers.models import StoredFile


class FormKind(models.TextChoices):
    """What a form is about; the rooms above offer the forms of their kind."""

    PERSON = "person", "療養者"
    FACILITY = "facility", "事業所への調査"
    SURVEY = "survey", "アンケート"
    OTHER = "other", "その他"


class Form(models.Model):
    """A form under its code. Without an area it came with the product."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField("様式の記号", max_length=60)
    name = models.CharField("様式の名称", max_length=120)
    kind = models.CharField("様式の対象", max_length=20, choices=FormKind, default=FormKind.PERSON)
    # The municipality that looks after it; null for the forms that come with the product.
    owner_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="forms", verbose_name="持ち主"
    )
    made_at = models.DateTimeField("作成日時", auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["code", "owner_area"],
                nulls_distinct=False,
                name="form_one_per_code_and_owner",
                violation_error_message="この記号の様式はすでにあります。別の記号を入力してください。",
            ),
        )

    def __str__(self) -> str:
        return self.name


class VersionState(models.TextChoices):
    DRAFT = "draft", "作成中"
    PUBLISHED = "published", "公開中"
    WITHDRAWN = "withdrawn", "取り下げ"


def _just(number: F | Func) -> Func:
    """A range that holds only this number: the embedded server has no btree_gist."""
    return Func(
        number, number, Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )


class FormVersion(models.Model):
    """One edition of a form; once published its text never changes (a trigger sees to it)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form = models.ForeignKey(Form, models.PROTECT, related_name="versions", verbose_name="様式")
    number = models.PositiveIntegerField("版")
    state = models.CharField(
        "版の状態", max_length=12, choices=VersionState, default=VersionState.DRAFT
    )
    # Null while it is being written.
    period = DateRangeField("使う期間", null=True, blank=True, help_text="終わりの日は含みません")
    issuer = models.CharField("発行者", max_length=120, blank=True)
    source = models.TextField("版の出典", blank=True)
    # What is not confirmed about the whole form, one sentence each.
    unconfirmed = models.JSONField("確かめていないこと", default=list, blank=True)
    questionnaire = models.JSONField("様式の定義（FHIR Questionnaire）")
    # Counts the edits of a draft, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField("編集の回数", default=0)
    made_at = models.DateTimeField("作成日時", auto_now_add=True)
    published_at = models.DateTimeField("公開した日時", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["form", "number"], name="form_version_number"),
            models.UniqueConstraint(
                fields=["form"],
                condition=Q(state="draft"),
                name="form_version_one_draft",
                violation_error_message="この様式には、作成中の版がすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(period__isempty=False),
                name="form_version_period_once_published",
            ),
            ExclusionConstraint(
                name="form_version_one_in_force",
                expressions=(
                    (_just(F("form")), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ),
                condition=Q(state="published"),
                violation_error_message="同じ期間に使う版がすでにあります。使い始める日を確かめてください。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form} 第{self.number}版"

    @property
    def valid_from(self) -> date | None:
        return self.period.lower if self.period else None

    @property
    def last_day(self) -> date | None:
        """The last day it is used, as people say it; None while it has no end."""
        end: date | None = self.period.upper if self.period else None
        return end - timedelta(days=1) if end else None


class FormAdoption(models.Model):
    """A municipality uses a version of a form another one shares along an agreement."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        FormVersion, models.PROTECT, related_name="adoptions", verbose_name="採用した版"
    )
    share = models.ForeignKey("FormShare", models.PROTECT, related_name="adoptions")
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="form_adoptions", verbose_name="採用した市町村"
    )
    adopted_at = models.DateTimeField("採用した日時")
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Whom the municipality told about it, when and how.
    announcement = models.CharField("周知の記録", max_length=300, blank=True)
    ended_at = models.DateTimeField("採用をやめた日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "area"],
                condition=Q(ended_at=None),
                name="form_adoption_once",
                violation_error_message="この版はすでに採用しています。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area} ← {self.version}"


class FormShare(models.Model):
    """The owner lets the members of an agreement (協定) use a form while the agreement holds."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="shares")
    agreement = models.ForeignKey(
        "areas.Agreement", models.PROTECT, related_name="form_shares", verbose_name="協定"
    )
    shared_at = models.DateTimeField("共有した日時")
    ended_at = models.DateTimeField("共有をやめた日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["form", "agreement"],
                condition=Q(ended_at=None),
                name="form_share_once",
                violation_error_message="この協定では、すでに共有しています。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form} → {self.agreement}"


class AnswerSource(models.TextChoices):
    WEB = "web", "画面"
    EXCEL = "excel", "Excel"
    PAPER = "paper", "紙"
    API = "api", "システム連携"
    # Somebody without an account, by a link for this one sheet.
    LINK = "link", "リンク"


class Answer(models.Model):
    """One answer, for ever as it was given; a correction is a new one that replaces it.

    A trigger refuses changes; disposal of a record goes through ``services.destroy_answers``.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        FormVersion, models.PROTECT, related_name="answers", verbose_name="答えた版"
    )
    # Whom or what it is about: this room knows nothing more.
    subject_uid = models.UUIDField("対象の番号")
    content = models.JSONField("回答（FHIR QuestionnaireResponse）")
    answered_at = models.DateTimeField("回答日時")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField("回答の届き方", max_length=10, choices=AnswerSource)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    # Who says to have given it, where there is no account: name, profession, organisation.
    given_by = models.CharField("回答したと名乗った人", max_length=300, blank=True, db_default="")
    # Given by an offline device or a sending system, so that a repeat is not a second answer.
    client_uid = models.UUIDField("送り手の番号", null=True, blank=True, unique=True)

    class Meta:
        indexes = (
            models.Index(fields=["subject_uid", "version", "answered_at"], name="answer_subject"),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.uid}"

    @property
    def giver(self) -> str:
        """Who gave it, in words."""
        if self.author is None:
            return self.given_by or "記録なし"
        office = f"（{self.organisation.name}）" if self.organisation else ""
        return f"{self.author.name}{office}"


class Draft(models.Model):
    """An answer being written, shared by the people of one organisation."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="drafts")
    subject_uid = models.UUIDField("対象の番号")
    # Who saved last.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    content = models.JSONField("書きかけの回答")
    # The answer it started from: what others answered since then is merged when it is sent.
    base_answer = models.ForeignKey(Answer, models.PROTECT, null=True, blank=True, related_name="+")
    # Fields that two people changed differently; both values stay here until one is chosen.
    conflicts = models.JSONField("食い違い", default=list, blank=True)
    revision = models.PositiveIntegerField("保存の回数", default=0)
    saved_at = models.DateTimeField("保存日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "subject_uid", "organisation"],
                nulls_distinct=False,
                name="draft_one_per_office",
            ),
        )
        indexes = (models.Index(fields=["subject_uid"], name="draft_subject"),)

    def __str__(self) -> str:
        return f"{self.version} {self.uid}"

    @property
    def has_conflicts(self) -> bool:
        conflicts: list[dict[str, Any]] = self.conflicts
        return bool(conflicts)


class OfficeWorkbook(models.Model):
    """An organisation's own .xlsx with the cells into which the items of a version go."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="office_workbooks")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="組織"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    # linkId (with row: "family[0]/who") → sheet and cell, as ``workbooks`` reads it.
    mapping = models.JSONField("セルの対応", default=dict, blank=True)
    made_at = models.DateTimeField("作成日時", auto_now_add=True)
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "organisation"],
                condition=Q(withdrawn_at=None),
                name="office_workbook_one_per_office",
                violation_error_message="この様式のExcelはすでに登録されています。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.version}"
