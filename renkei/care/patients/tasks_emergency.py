"""What happens by the clock: late reviews, what is due for disposal, disasters that ended."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.care.patients.services.break_glass import alarm_about_overdue_reviews
from renkei.care.patients.services.disaster import close_past_disasters
from renkei.care.patients.services.end_of_care import remind_of_due_disposals


# Cron counts in UTC: half past eight in Japan.
@app.periodic(cron="30 23 * * *")
@app.task(name="patients.morning_watch", queueing_lock="patients.morning_watch")
def morning_watch(timestamp: int) -> None:  # noqa: ARG001 - given to every periodic task
    """Before the office opens: what the officers must not forget."""
    alarm_about_overdue_reviews()
    remind_of_due_disposals()


@app.periodic(cron="*/5 * * * *")
@app.task(name="patients.close_past_disasters", queueing_lock="patients.close_past_disasters")
def close_disasters(timestamp: int) -> None:  # noqa: ARG001 - given to every periodic task
    """The gate closed with the minute; this writes it down and asks for the review."""
    close_past_disasters()
