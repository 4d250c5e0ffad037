"""Background work of papers; deferred inside the transaction that asks for it."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from renkei.foundation.papers import deciding, sorting, sweeping


@app.task(name="papers.remove_bytes")
def remove_bytes_task(file_uid: str) -> None:
    """Delete what is left of a destroyed file."""
    sweeping.remove_bytes(UUID(file_uid))


@app.periodic(cron="20 3 * * *")
@app.task(name="papers.sweep_orphans")
def sweep_orphans_task(timestamp: int) -> None:  # noqa: ARG001 - when it was due
    """Every night."""
    sweeping.sweep_orphans()


@app.task(name="papers.sort_scan")
def sort_scan_task(scan_uid: str) -> None:
    """Read the pages of a scan and file or queue them."""
    sorting.sort_scan(UUID(scan_uid))


@app.periodic(cron="*/5 * * * *")
@app.task(name="papers.resume_scans")
def resume_scans_task(timestamp: int) -> None:  # noqa: ARG001 - when it was due
    """Every five minutes: scans whose worker died."""
    sorting.resume_scans()


@app.periodic(cron="50 3 * * *")
@app.task(name="papers.forget_settled_scans")
def forget_settled_scans_task(timestamp: int) -> None:  # noqa: ARG001 - when it was due
    """Every night."""
    deciding.forget_settled_scans()
