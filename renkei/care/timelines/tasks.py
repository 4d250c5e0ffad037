"""Background work of the room; deferred inside the transaction that asks for it."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.care.timelines.services.escalation import (
    TAKE_STEPS,
    entries_with_due_steps,
    take_steps,
)

SWEEP = "timelines.take_due_steps"


@app.task(name=TAKE_STEPS)
def take_steps_task(entry_id: int) -> None:
    """Look whether something of this entry is due."""
    take_steps(entry_id)


@app.periodic(cron="* * * * *")
@app.task(name=SWEEP, queueing_lock=SWEEP)
def take_due_steps_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """What is due stands in the rows: a job or a worker that died loses nothing."""
    for entry_id in entries_with_due_steps():
        take_steps(entry_id)
