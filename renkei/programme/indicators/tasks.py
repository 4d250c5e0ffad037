"""What happens by itself at night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.services.counting import count_values
from renkei.programme.indicators.services.populations import count_populations

COUNT = "indicators.count"


@app.periodic(cron="50 3 * * *")
@app.task(name=COUNT, queueing_lock=COUNT)
def count_indicators_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """What the rooms count becomes values."""
    count_populations(actor=SYSTEM)
    count_values(actor=SYSTEM)
