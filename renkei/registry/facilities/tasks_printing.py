"""Background work of printing: typst grows its process, so booklets are the worker's."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from renkei.registry.facilities.services.booklets import forget_old_booklets, make_booklet


@app.task(name="facilities.make_booklet")
def make_booklet_task(order_uid: str) -> None:
    """Make the file of one order."""
    make_booklet(UUID(order_uid))


@app.periodic(cron="40 3 * * *")
@app.task(name="facilities.forget_old_booklets")
def forget_old_booklets_task(timestamp: int) -> None:  # noqa: ARG001 - when it was due
    """Every night."""
    forget_old_booklets()
