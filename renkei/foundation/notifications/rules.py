"""When mail may go: quiet hours, digests, retries. Pure functions of times."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from renkei.foundation.common.clock import TOKYO
from renkei.foundation.notifications.models import MailMode, MailPreference

# When a digest goes out, Japanese time: before the morning round, before going home.
DIGEST_TIMES = (time(7, 30), time(17, 0))
# A server that greylists takes the mail after minutes; one that is down is asked ever more rarely.
FIRST_RETRY = timedelta(minutes=2)
LONGEST_RETRY = timedelta(hours=4)

QuietHours = tuple[time, time]


def mail_due_at(now: datetime, *, urgent: bool, wish: MailPreference | None) -> datetime | None:
    """When the mail about something that happens ``now`` goes out; None for no mail."""
    if urgent or wish is None:
        return now
    if wish.mode == MailMode.NEVER:
        return None
    due = next_digest(now) if wish.mode == MailMode.DIGEST else now
    return after_quiet_hours(due, wish.quiet_hours)


def next_digest(now: datetime) -> datetime:
    """The next of the two digests of a day, in Japan."""
    local = now.astimezone(TOKYO)
    for at in DIGEST_TIMES:
        due = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
        if due > local:
            return due
    first = DIGEST_TIMES[0]
    tomorrow = local + timedelta(days=1)
    return tomorrow.replace(hour=first.hour, minute=first.minute, second=0, microsecond=0)


def after_quiet_hours(due: datetime, quiet: QuietHours | None) -> datetime:
    """``due`` itself, or the end of the quiet hours it falls into; they may span midnight."""
    if quiet is None:
        return due
    start, end = quiet
    local = due.astimezone(TOKYO)
    at = local.time()
    over_midnight = start > end
    inside = (at >= start or at < end) if over_midnight else start <= at < end
    if not inside:
        return due
    day = local + timedelta(days=1) if over_midnight and at >= start else local
    return day.replace(hour=end.hour, minute=end.minute, second=end.second, microsecond=0)


def retry_after(failed_count: int) -> timedelta:
    """How long to wait after the n-th failure in a row: doubled each time, at most four hours."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(failed_count - 1, 10)
    return min(doubled, LONGEST_RETRY)
