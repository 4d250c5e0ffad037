"""訪問 without reception: who visits whom today, and the leases that open a device (T-D7)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from renkei.care.patients.models import Patient
from renkei.foundation.accounts.models import Membership, User


class PlannedVisit(models.Model):
    """訪問の予定: one member means to visit one person on one day; again at night is another."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="planned_visits")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    on = models.DateField("訪問日")
    at = models.TimeField("訪問の時刻", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["membership", "patient", "on", "at"],
                nulls_distinct=False,
                name="planned_visit_once_a_time",
            ),
        )
        indexes = (models.Index(fields=["membership", "on"], name="planned_visit_of_a_day"),)

    def __str__(self) -> str:
        return f"訪問の予定 {self.pk}"


class VisitLease(models.Model):
    """One device may open what it keeps, until an instant, for one session of one member.

    The key itself lies here sealed, so that the writer of unsent entries gets it back after the
    next sign-in; a revoked lease gives it to nobody.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40)
    # While it lasts, a session that is gone was ended by somebody; later it ran out by itself.
    session_until = models.DateTimeField("サインインの期限")
    # Words the member knows the device by, from its browser: 「Android の Chrome」.
    device_label = models.CharField("端末", max_length=60, blank=True)
    key_sealed = models.BinaryField()
    key_id = models.CharField(max_length=16)
    issued_at = models.DateTimeField("鍵を渡した日時")
    expires_at = models.DateTimeField("鍵の期限")
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="visit_lease_ends_after_start"
            ),
        )
        indexes = (models.Index(fields=["user", "-issued_at"], name="visit_lease_of_user"),)

    def __str__(self) -> str:
        return f"訪問の鍵 {self.pk}"


class LeasedPatient(models.Model):
    """Whose facts went to the device, and when: what a lost phone held."""

    lease = models.ForeignKey(VisitLease, models.CASCADE, related_name="patients")
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    handed_at = models.DateTimeField("端末に入れた日時")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["lease", "patient"], name="leased_patient_once"),
        )
