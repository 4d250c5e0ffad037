"""Background work of papers; deferred inside the transaction that asks for it."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from renkei.foundation.papers import sweeping


@app.task(name="papers.remove_bytes")
def remove_bytes_task(file_uid: str) -> None:
    """Delete what is left of a destroyed file."""
    sweeping.remove_bytes(UUID(file_uid))


@app.periodic(cron="20 3 * * *")
@app.task(name="papers.sweep_orphans")
def sweep_orphans_task(timestamp: int) -> None:  # noqa: ARG001 - when it was due
    """Every night."""
    sweeping.sweep_orphans()
