"""Background work of the room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.care.transitions import tasks_contacts, tasks_homes  # noqa: F401 - register theirs
from renkei.care.transitions.services.escalation import cases_to_look_at, tell_of_deadlines
from renkei.care.transitions.services.numbers import count_missing
from renkei.care.transitions.services.referral_watch import look_after, referrals_to_look_at

SWEEP = "transitions.tell_of_deadlines"
REFERRALS = "transitions.look_after_referrals"
COUNT = "transitions.count_missing"


@app.periodic(cron="*/5 * * * *")
@app.task(name=SWEEP, queueing_lock=SWEEP)
def tell_of_deadlines_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """Look at every open stay whose deadline is near or passed."""
    for case_id in cases_to_look_at():
        tell_of_deadlines(case_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name=REFERRALS, queueing_lock=REFERRALS)
def look_after_referrals_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """Remind, expire and stop what waits for an answer."""
    for referral_id in referrals_to_look_at():
        look_after(referral_id)


@app.periodic(cron="20 3 * * *")
@app.task(name=COUNT, queueing_lock=COUNT)
def count_missing_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """Count again where a 要介護度 was written down after the stay."""
    count_missing()
