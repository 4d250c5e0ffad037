"""Large files of numbers are read and written by a worker; the page shows how far it is."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common.live import CHANNEL
from renkei.programme.indicators.models import ImportRun, RunState

# A web worker reads and compares about 20,000 numbers a second: nobody waits longer than that, and
# 20 requests a second go on beside it.
LARGE: Final = 20_000
WORKING: Final = frozenset({RunState.READING, RunState.APPLYING})
_OVER: Final = "この取り込みは、もう終わっています。新しく取り込んでください。"


def is_large(run: ImportRun) -> bool:
    """Whether a worker reads it."""
    return run.cells > LARGE


def start_reading(*, viewer: Viewer, run: ImportRun) -> None:
    """Have the file read; nothing is written to the values."""
    # The task calls the services: only at run time are both there.
    from renkei.programme.indicators.tasks import read_values_task

    _work(run, RunState.READING)
    read_values_task.defer(run_uid=str(run.uid), membership_id=viewer.membership_id)


@transaction.atomic
def start_applying(*, viewer: Viewer, run: ImportRun) -> ImportRun:
    """Have the file written: all of it or nothing.

    Raises:
        ValidationError: the run is not open any more.
    """
    # As above.
    from renkei.programme.indicators.tasks import apply_values_task

    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state != RunState.DRAFT:
        raise ValidationError(_OVER)
    _work(run, RunState.APPLYING)
    apply_values_task.defer(run_uid=str(run.uid), membership_id=viewer.membership_id)
    record_event(actor=viewer.actor, action="indicators.import_started", target=run)
    return run


def _work(run: ImportRun, state: RunState) -> None:
    run.state = state
    run.progress, run.progress_text, run.error = 0, "順番を待っています", ""
    run.preview = {}
    run.save(update_fields=["state", "progress", "progress_text", "error", "preview"])


@transaction.atomic
def stop_work(*, viewer: Viewer, run: ImportRun) -> ImportRun:
    """Back to the columns; a worker that still reads finds the run taken from it."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state in WORKING:
        run.state = RunState.DRAFT
        run.save(update_fields=["state"])
        record_event(actor=viewer.actor, action="indicators.import_stopped", target=run)
    return run


@transaction.atomic
def keep_preview(run: ImportRun, preview: dict[str, Any]) -> None:
    """What the worker read; nothing where the run was stopped meanwhile."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state == RunState.READING:
        run.state, run.preview = RunState.DRAFT, preview
        run.save(update_fields=["state", "preview"])


@transaction.atomic
def keep_error(run: ImportRun, words: str) -> None:
    """Why the worker could not go on; the file and its columns stay."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state in WORKING:
        run.state, run.error = RunState.DRAFT, words
        run.save(update_fields=["state", "error"])


class Progress:
    """Writes how far a run is through a connection of its own, seen by others at once.

    Whoever uses it must not hold the run's row, or this would wait for it.
    """

    def __init__(self, run: ImportRun, rows: int) -> None:
        self._run, self._rows = run, max(rows, 1)
        self._last = -1
        self._connection = connection.copy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def told(self, row: int) -> None:
        """Which row is being read."""
        self.tell(min(90, row * 90 // self._rows), f"{row:,}行目を読んでいます")

    def tell(self, percent: int, text: str) -> None:
        """Say it, if it is further."""
        if percent == self._last:
            return
        self._last = percent
        payload = json.dumps({"topic": f"import:{self._run.uid}", "progress": percent})
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE indicators_importrun SET progress = %s, progress_text = %s WHERE id = %s",
                [percent, text, self._run.pk],
            )
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
