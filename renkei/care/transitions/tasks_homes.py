"""Background work around 協力医療機関."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.care.transitions.services.home_reminders import homes_to_look_at, remind_home

SWEEP = "transitions.remind_homes"


@app.periodic(cron="20 8 * * *")
@app.task(name=SWEEP, queueing_lock=SWEEP)
def remind_homes_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """Look at every home with an institution, each morning."""
    for home_id in homes_to_look_at():
        remind_home(home_id)
