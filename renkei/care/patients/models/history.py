"""What was, before it was corrected; and records that may be, or became, one."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from renkei.care.patients.models.people import Patient, Relative
from renkei.foundation.accounts.models import Invitation, Membership


class RecordChange(models.Model):
    """One corrected value with the value before it.

    It lies in the record and is destroyed with it; the audit trail knows the field's name only.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="changes")
    # patient, relative, provider, othernetwork: the model; and which of its rows.
    subject = models.CharField(max_length=20)
    subject_uid = models.UUIDField()
    field = models.CharField("項目", max_length=40)
    before = models.JSONField("前の値", null=True)
    after = models.JSONField("後の値", null=True)
    changed_at = models.DateTimeField("変えた日時")
    changed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField("元に戻した日時", null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["patient", "-changed_at"], name="record_change_of_patient"),
        )


class SameAnswer(models.TextChoices):
    """What a host says about two records that look like one person."""

    SAME = "same", "同じ方"
    DIFFERENT = "different", "別の方"


class PossibleDuplicate(models.Model):
    """Two records that may be one person, noted in silence (docs/persons.md).

    A host learns of it only where it reads both records, or when both persons consented.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The newer record, and the older one.
    newer = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    older = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    found_at = models.DateTimeField("見つけた日時")
    newer_host_says = models.CharField(
        "新しい方の連携ホストの答え", max_length=10, choices=SameAnswer, blank=True
    )
    older_host_says = models.CharField(
        "前からの方の連携ホストの答え", max_length=10, choices=SameAnswer, blank=True
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["newer", "older"], name="possible_duplicate_once"),
            models.CheckConstraint(
                condition=~Q(newer=F("older")), name="possible_duplicate_of_another"
            ),
        )


class Merge(models.Model):
    """Two records made one. ``moved`` tells what it changed, so that it can be undone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    merged = models.ForeignKey(Patient, models.PROTECT, related_name="merges")
    into = models.ForeignKey(Patient, models.PROTECT, related_name="merges_received")
    made_at = models.DateTimeField("まとめた日時")
    made_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    moved = models.JSONField("移したもの", default=list)
    undone_at = models.DateTimeField("元に戻した日時", null=True, blank=True)


class FamilyInvitation(models.Model):
    """Who comes into the family room when this invitation to the platform is used."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="family_invitations")
    # Empty: the person themself.
    relative = models.ForeignKey(Relative, models.CASCADE, null=True, blank=True, related_name="+")
    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="+")
    made_at = models.DateTimeField("作成日時")
