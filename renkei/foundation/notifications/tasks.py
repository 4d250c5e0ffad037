"""Background work of notifications; deferred inside the transaction that asks for it."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.foundation.notifications.services import MAIL_TASK


@app.task(name=MAIL_TASK)
def send_mail_task(user_ids: list[int]) -> None:
    """Mail those of these people for whom something is due."""
