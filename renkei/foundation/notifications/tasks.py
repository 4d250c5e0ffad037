"""Background work of notifications; deferred inside the transaction that asks for it."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.foundation.notifications.delivery import deliver_due_mail
from renkei.foundation.notifications.services import MAIL_TASK, forget_old_notifications

SWEEP_TASK = "notifications.send_due_mail"


@app.task(name=MAIL_TASK)
def send_mail_task(user_ids: list[int]) -> None:
    """Mail those of these people for whom something is due."""
    deliver_due_mail(user_ids)


@app.periodic(cron="*/5 * * * *")
@app.task(name=SWEEP_TASK, queueing_lock=SWEEP_TASK)
def send_due_mail_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """Digests, ends of quiet hours, and what a server could not take before.

    What is due stands in the rows, so nothing is lost when a worker or a whole day is.
    """
    deliver_due_mail()


# At night in Japan; the queue counts in UTC.
@app.periodic(cron="17 18 * * *")
@app.task(name="notifications.forget_old", queueing_lock="notifications.forget_old")
def forget_old_notifications_task(timestamp: int) -> None:  # noqa: ARG001 - when it was meant to run
    """Keep the lists short."""
    forget_old_notifications()
