"""Background work of accounts."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.foundation.accounts.services.transfers import carry_out_due_transfers

TRANSFER_TASK = "accounts.carry_out_transfers"


@app.periodic(cron="*/5 * * * *")
@app.task(name=TRANSFER_TASK, queueing_lock=TRANSFER_TASK)
def carry_out_transfers_task(timestamp: int) -> None:  # noqa: ARG001 - when it was meant to run
    """Hand over duties once a day of moves has begun in Japan; the old access ends by itself."""
    carry_out_due_transfers()
