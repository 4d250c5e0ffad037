"""Mail that says that something waits, and nothing else; what happens when a server refuses it."""

from __future__ import annotations

import smtplib
from collections.abc import Iterable
from datetime import datetime, time
from enum import Enum

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.template.loader import render_to_string

from renkei.foundation.audit.actors import SYSTEM, Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.kinds import codes_beyond_wishes
from renkei.foundation.notifications.models import MailPreference, Notification
from renkei.foundation.notifications.queries import mail_waiting
from renkei.foundation.notifications.rules import mail_due_at, retry_after

SUBJECT = "【連携】新しいお知らせがあります"
TEST_SUBJECT = "【連携】メールが届くことの確かめ"
LIST_PATH = "/notifications/"
CONFIRM_PATH = "/notifications/mail-confirm/"
CONFIRM_SECONDS = 60 * 60 * 24 * 3
# RFC 3834 §5: no holiday replies to a machine.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
PERMANENT = range(500, 600)
_SMTP = "django.core.mail.backends.smtp.EmailBackend"

log = structlog.get_logger()


class Outcome(Enum):
    """What became of one mail."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    SERVER_AWAY = "server_away"
    OFF = "off"


def mail_is_set_up() -> bool:
    """Whether this installation names a mail server at all."""
    return bool(settings.EMAIL_BACKEND != _SMTP or settings.EMAIL_HOST)


def deliver_due_mail(user_ids: Iterable[int] | None = None) -> int:
    """Send one mail to each of these people (or everybody) for whom something is due.

    Each person is a transaction of its own, so a crash in the middle repeats at most one mail and
    loses none. While the server does not answer nobody else is tried.

    Returns:
        How many mails the server took.
    """
    if not mail_is_set_up():
        return 0
    waiting = mail_waiting(clock.now())
    if user_ids is not None:
        waiting = waiting.filter(user_id__in=list(user_ids))
    people = list(waiting.order_by("user_id").values_list("user_id", flat=True).distinct())
    taken, away = 0, False
    connection = get_connection()
    try:
        for user_id in people:
            outcome = _deliver_to(user_id, connection, away=away)
            taken += outcome is Outcome.TAKEN
            away = away or outcome is Outcome.SERVER_AWAY
    finally:
        _close(connection)
    return taken


@transaction.atomic
def _deliver_to(user_id: int, connection: BaseEmailBackend, *, away: bool) -> Outcome:
    MailPreference.objects.get_or_create(user_id=user_id)
    # Two workers: the second waits here and then finds nothing left to mail.
    preference = (
        MailPreference.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(user_id=user_id)
    )
    now = clock.now()
    due = list(mail_waiting(now).filter(user_id=user_id).values_list("pk", flat=True))
    if not due:
        return Outcome.OFF
    address = preference.user.email or ""
    context = {"url": settings.SITE_URL.rstrip("/") + LIST_PATH}
    text = render_to_string("notifications/mail/waiting.txt", context)
    outcome, reply = (Outcome.SERVER_AWAY, 0) if away else _send(connection, SUBJECT, text, address)
    if outcome is Outcome.TAKEN:
        Notification.objects.filter(pk__in=due).update(mailed_at=now)
        _forget_failures(preference)
    elif outcome is Outcome.REFUSED:
        _remember_bounce(preference, address, reply, now)
    else:
        preference.failed_count += 1
        preference.retry_at = now + retry_after(preference.failed_count)
        preference.save(update_fields=["failed_count", "retry_at"])
    return outcome


def _send(
    connection: BaseEmailBackend, subject: str, text: str, address: str
) -> tuple[Outcome, int]:
    """Hand one mail to the server: what became of it, and the number it answered with."""
    message = EmailMessage(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [address],
        headers=HEADERS,
        connection=connection,
    )
    try:
        # Opened here and kept for the next mail: sending alone would close it again.
        connection.open()
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        reply = max(code for code, _words in error.recipients.values())
        outcome = Outcome.REFUSED if reply in PERMANENT else Outcome.LATER
    except smtplib.SMTPDataError as error:
        reply = error.smtp_code
        outcome = Outcome.REFUSED if reply in PERMANENT else Outcome.LATER
    except (smtplib.SMTPException, OSError) as error:
        # Refused senders and passwords are our own trouble, not the person's address.
        reply, outcome = getattr(error, "smtp_code", 0), Outcome.SERVER_AWAY
    else:
        return Outcome.TAKEN, 0
    # Neither the address nor the server's words: they name people.
    log.warning("notification_mail_not_taken", outcome=outcome.value, reply=reply)
    _close(connection)
    return outcome, reply


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        log.warning("mail_connection_not_closed")


def _forget_failures(preference: MailPreference) -> None:
    preference.failed_count, preference.retry_at = 0, None
    preference.bounced_at, preference.bounced_address = None, ""
    preference.bounced_reply = None
    preference.save(
        update_fields=[
            "failed_count",
            "retry_at",
            "bounced_at",
            "bounced_address",
            "bounced_reply",
        ]
    )


def _remember_bounce(preference: MailPreference, address: str, reply: int, now: datetime) -> None:
    preference.failed_count, preference.retry_at = 0, None
    preference.bounced_at, preference.bounced_address = now, address
    preference.bounced_reply = reply
    preference.save()
    record_event(
        actor=SYSTEM,
        action="mail.bounced",
        target=("accounts.user", str(preference.user.uid)),
        detail={"reply": reply},
    )


@transaction.atomic
def save_mail_preference(
    *, actor: Actor, user_id: int, mode: str, quiet_from: time | None, quiet_until: time | None
) -> MailPreference:
    """Say how one's own mail should come; what waits already follows the new wish.

    Raises:
        ValidationError: only one end of the quiet hours is given.
    """
    MailPreference.objects.get_or_create(user_id=user_id)
    preference = MailPreference.objects.select_for_update().get(user_id=user_id)
    preference.mode = mode
    preference.quiet_from, preference.quiet_until = quiet_from, quiet_until
    preference.full_clean()
    preference.save()
    _plan_anew(preference)
    record_event(
        actor=actor,
        action="mail.preference_changed",
        target=("notifications.mailpreference", str(preference.pk)),
        detail={"mode": mode},
    )
    return preference


def _plan_anew(preference: MailPreference) -> None:
    due = mail_due_at(clock.now(), urgent=False, wish=preference)
    waiting = Notification.objects.filter(
        user_id=preference.user_id, read_at=None, mailed_at=None
    ).exclude(kind__in=codes_beyond_wishes())
    waiting.update(mail_due_at=due)


def send_test_mail(user_id: int) -> Outcome:
    """Send a mail whose link confirms that it arrived; at once, somebody is waiting for it."""
    user = get_user_model().objects.get(pk=user_id)
    if not user.email or not mail_is_set_up():
        return Outcome.OFF
    url = f"{settings.SITE_URL.rstrip('/')}{CONFIRM_PATH}{_signer(user.email).sign(str(user.pk))}/"
    text = render_to_string("notifications/mail/test.txt", {"url": url})
    connection = get_connection()
    outcome, _reply = _send(connection, TEST_SUBJECT, text, user.email)
    _close(connection)
    return outcome


@transaction.atomic
def confirm_address(*, actor: Actor, user_id: int, token: str) -> bool:
    """Take an address off the bounce list by the link of its test mail.

    Returns:
        False if the link is not for this account's present address, or too old.
    """
    user = get_user_model().objects.get(pk=user_id)
    if not is_confirmation_of(user.pk, user.email or "", token):
        return False
    MailPreference.objects.get_or_create(user_id=user_id)
    _forget_failures(MailPreference.objects.select_for_update().get(user_id=user_id))
    record_event(
        actor=actor, action="mail.address_confirmed", target=("accounts.user", str(user.uid))
    )
    return True


def is_confirmation_of(user_id: int, address: str, token: str) -> bool:
    """Whether this link was sent to this address of this account, in the last three days."""
    try:
        return bool(_signer(address).unsign(token, max_age=CONFIRM_SECONDS) == str(user_id))
    except BadSignature:
        return False


def _signer(address: str) -> TimestampSigner:
    # The address is part of the salt: it is proved without standing in the link.
    return TimestampSigner(sep=".", salt=f"renkei.notifications.mail:{address}")
