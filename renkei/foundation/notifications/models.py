"""What waits for somebody's attention, and how they want to hear of it. Never any content."""

from __future__ import annotations

import uuid
from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class MailMode(models.TextChoices):
    """When mail about things that are not urgent goes out."""

    AT_ONCE = "at_once", "そのつど"
    DIGEST = "digest", "朝と夕方にまとめて"
    NEVER = "never", "急ぎのものだけ"


class Notification(models.Model):
    """One thing that waits for one person: which kind of thing, and where it is; nothing else."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    # A code of notifications.kinds: its fixed words are the only words of a notification.
    kind = models.CharField("お知らせの種類", max_length=60)
    # A path of this site that holds random uids only.
    path = models.CharField(max_length=300)
    # While one with the same key is unread, another is not made.
    dedupe_key = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField("お知らせの日時")
    read_at = models.DateTimeField("読んだ日時", null=True, blank=True)
    # Null: no mail about this one. The mail itself says nothing but that something waits.
    mail_due_at = models.DateTimeField("メールを送る日時", null=True, blank=True)
    mailed_at = models.DateTimeField("メールを送った日時", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "dedupe_key"],
                condition=Q(read_at__isnull=True) & ~Q(dedupe_key=""),
                name="notification_one_unread_per_key",
            ),
        )
        indexes = (
            models.Index(F("user"), F("made_at").desc(), name="notification_of_user"),
            # The badge of every staff page counts along this one.
            models.Index(
                fields=["user"], condition=Q(read_at__isnull=True), name="notification_unread"
            ),
            models.Index(
                fields=["mail_due_at"],
                condition=Q(mailed_at__isnull=True, mail_due_at__isnull=False),
                name="notification_mail_due",
            ),
        )

    def __str__(self) -> str:
        return self.kind


class MailPreference(models.Model):
    """How one person wants to hear of things by mail, and whether their address takes mail."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preference"
    )
    mode = models.CharField(
        "メールで知らせる時", max_length=12, choices=MailMode, default=MailMode.AT_ONCE
    )
    quiet_from = models.TimeField("静かな時間の始まり", null=True, blank=True)
    quiet_until = models.TimeField("静かな時間の終わり", null=True, blank=True)
    # How often the mail server could not take the mail since it last did, and when to try again.
    failed_count = models.PositiveIntegerField("送れなかった回数", default=0)
    retry_at = models.DateTimeField("送り直す日時", null=True, blank=True)
    # The address refused for good (5xx): nothing is sent there until the person confirms it.
    bounced_at = models.DateTimeField("届かなかった日時", null=True, blank=True)
    bounced_address = models.EmailField("届かなかったアドレス", blank=True)
    bounced_reply = models.PositiveIntegerField("メールサーバーの返事", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="mail_preference_quiet_hours_whole",
                violation_error_message="静かな時間は、始まりと終わりの両方を入力してください。",
            ),
        )
        indexes = (
            models.Index(
                fields=["bounced_at"],
                condition=Q(bounced_at__isnull=False),
                name="mail_preference_bounced",
            ),
        )

    def __str__(self) -> str:
        return self.get_mode_display()

    @property
    def quiet_hours(self) -> tuple[time, time] | None:
        """From when until when no mail comes that is not urgent."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return self.quiet_from, self.quiet_until
