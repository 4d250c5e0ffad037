"""Background work around 窓口一覧."""

from __future__ import annotations

from procrastinate.contrib.django import app

from renkei.care.transitions.services.office_hours import refresh_open_cases_of


@app.task(name="transitions.refresh_cases_of_office")
def refresh_cases_of_office_task(organisation_id: int) -> None:
    """Count the deadlines of an office's open stays by its new hours."""
    refresh_open_cases_of(organisation_id)
