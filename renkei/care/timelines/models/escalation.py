"""What happens when nobody answers: steps planned with the entry, each recorded when done."""

from __future__ import annotations

from django.db import models

from renkei.care.timelines.models.entries import Addressee, Entry
from renkei.foundation.areas.models import Area


class EscalationStep(models.TextChoices):
    """In this order for 緊急 (T-D2b); DEPUTY for 相談 (T-D1)."""

    IN_APP = "in_app", "画面で知らせた"
    MAIL = "mail", "メールで知らせた"
    CALL_LIST = "call_list", "電話の一覧を用意した"
    DEPUTY = "deputy", "代わりの人に知らせた"


class Escalation(models.Model):
    """One step of one entry: when it is due, when it was done, or why it was not needed."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="escalations")
    addressee = models.ForeignKey(
        Addressee, models.CASCADE, null=True, blank=True, related_name="escalations"
    )
    step = models.CharField("段階", max_length=12, choices=EscalationStep)
    due_at = models.DateTimeField("行う日時")
    done_at = models.DateTimeField("行った日時", null=True, blank=True)
    # Somebody answered or confirmed before it was due.
    skipped_at = models.DateTimeField("不要になった日時", null=True, blank=True)
    told_count = models.PositiveSmallIntegerField("知らせた人数", default=0)
    note = models.CharField("説明", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["entry", "addressee", "step"],
                nulls_distinct=False,
                name="escalation_step_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at__isnull=True, skipped_at__isnull=True),
                name="escalation_due",
            ),
        )


class EscalationTimes(models.Model):
    """How long to wait, for the installation (no area) or for the persons of one municipality."""

    area = models.OneToOneField(
        Area, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="市区町村"
    )
    urgent_mail_after = models.PositiveSmallIntegerField("緊急：メールまでの分", default=5)
    urgent_call_after = models.PositiveSmallIntegerField("緊急：電話の一覧までの分", default=15)
    answer_within_hours = models.PositiveSmallIntegerField(
        "相談：期限を書かないときの時間", default=24
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["area"], nulls_distinct=False, name="escalation_times_once"
            ),
            models.CheckConstraint(
                condition=models.Q(urgent_call_after__gte=models.F("urgent_mail_after")),
                name="escalation_call_after_mail",
                violation_error_message="電話の一覧までの分は、メールまでの分以上にしてください。",
            ),
        )
