"""Background work of the register; deferred inside the transaction that asks for it."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.registry.facilities import tasks_printing  # noqa: F401 - the worker looks here alone
from renkei.registry.facilities.models import ImportRun
from renkei.registry.facilities.search.counts import TASK, refresh_counts
from renkei.registry.facilities.search.indexing import REBUILD_TASK, rebuild_index
from renkei.registry.facilities.services.imports import apply_import, read_import


@app.task(name="facilities.read_import")
def read_import_task(run_uid: str) -> None:
    """Read the files of a run and leave its preview."""
    read_import(UUID(run_uid))


@app.task(name="facilities.apply_import")
def apply_import_task(run_uid: str, user_id: int | None, membership_id: int | None) -> None:
    """Write a preview to the register."""
    kind = ActorKind.SYSTEM if user_id is None else ActorKind.USER
    run = ImportRun.objects.get(uid=run_uid)
    apply_import(actor=Actor(kind, user_id, membership_id), run=run)


@app.task(name=TASK, queueing_lock=TASK)
def refresh_counts_task() -> None:
    """Bring the counts of an open search up to date after single corrections."""
    refresh_counts()


@app.task(name=REBUILD_TASK, queueing_lock=REBUILD_TASK)
def rebuild_index_task() -> None:
    """Write the search index anew, after the audience of a field changed."""
    rebuild_index()
