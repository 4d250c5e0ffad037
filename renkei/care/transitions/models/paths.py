"""地域連携クリティカルパス: one plan over several institutions, and one person's way along it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from renkei.care.patients.models import Patient
from renkei.care.transitions.models.rules import VersionState
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.areas.models import Area


class PathDefinition(models.Model):
    """What the institutions of a region agreed on for one disease."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField("パスの符号", max_length=40, unique=True)
    name = models.CharField("パスの名称", max_length=120)
    # Who keeps it. Empty: it ships with Renkei.
    owner_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="定めた圏域"
    )
    is_example = models.BooleanField("例として同梱", default=False)

    def __str__(self) -> str:
        return self.name


class PathVersion(models.Model):
    """One edition. Once published its content stays as it is: persons are on it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    definition = models.ForeignKey(PathDefinition, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版")
    state = models.CharField(
        "版の状態", max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    # path_content.PathContent as JSON; read it with ``path_content.parse``.
    content = models.JSONField("パスの内容", default=dict)
    reason = models.CharField("改訂の理由", max_length=300, blank=True)
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    # Empty: it ships with Renkei.
    published_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["definition", "number"],
                name="path_version_number_once",
                violation_error_message="この版の番号はすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="path_version_published_on_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.definition} 第{self.number}版"


class PathAct(models.TextChoices):
    """What can happen on a path."""

    ENTERED = "entered", "段階に入った"
    REACHED = "reached", "目標に達した"
    VARIANCE = "variance", "バリアンス（計画とのずれ）"
    HANDED_ON = "handed_on", "次の機関に渡した"
    ENDED = "ended", "パスを終えた"
    RETRACTED = "retracted", "記録の取り消し"


class PatientPath(models.Model):
    """One person on one edition of a path. The last two columns are copies of what events say."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client_uid = models.UUIDField(unique=True, null=True, blank=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="clinical_paths")
    # Frozen when the person was put on it: a revision does not move goals under way.
    version = models.ForeignKey(PathVersion, models.PROTECT, related_name="+")
    # Day 0: onset, injury or operation, whichever the path counts from.
    began_on = models.DateField("起点の日")
    started_at = models.DateTimeField("パスを始めた日時")
    is_open = models.BooleanField("パスの途中", default=True)
    phase_code = models.CharField("いまの段階", max_length=20, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["patient", "version"],
                condition=Q(is_open=True),
                name="patient_path_once_at_a_time",
                violation_error_message="このパスはすでに始まっています。",
            ),
        )
        indexes = (models.Index(fields=["patient", "-started_at"], name="patient_path_of"),)

    def __str__(self) -> str:
        return f"パス {self.pk}"  # no name: this text reaches logs


class PathEvent(models.Model):
    """One thing that happened on the way. Never changed: a mistake is taken back by another.

    A trigger of the database refuses changes, and refuses deletion outside a person's disposal.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client_uid = models.UUIDField(unique=True, null=True, blank=True)
    path = models.ForeignKey(PatientPath, models.PROTECT, related_name="events")
    act = models.CharField("パスであったこと", max_length=10, choices=PathAct)
    on = models.DateField("パスであった日")
    phase_code = models.CharField("段階", max_length=20, blank=True)
    goal_code = models.CharField("達成目標", max_length=20, blank=True)
    variance_code = models.CharField("バリアンスの符号", max_length=20, blank=True)
    reason = models.CharField("バリアンスの理由", max_length=300, blank=True)
    # Where the person is, or goes: an organisation here, or just its name.
    institution = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="機関"
    )
    institution_name = models.CharField("機関の名称", max_length=200, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    recorded_at = models.DateTimeField("記録日時")
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    author_name = models.CharField("記録した人", max_length=100)
    author_profession = models.CharField("記録した人の職種", max_length=60, blank=True)
    organisation_name = models.CharField("記録した組織", max_length=200)

    class Meta:
        indexes = (models.Index(fields=["path", "on"], name="path_event_of"),)

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"
