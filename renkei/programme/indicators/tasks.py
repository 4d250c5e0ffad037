"""What happens by itself at night, and what takes longer than anybody waits."""

from __future__ import annotations

from dataclasses import asdict

from django.core.exceptions import ValidationError
from procrastinate.contrib.django import app

from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.programme.indicators.importers.plan import VALUES, Mapping
from renkei.programme.indicators.models import ImportRun, RunState
from renkei.programme.indicators.presenters_imports import preview_page
from renkei.programme.indicators.services.counting import count_values
from renkei.programme.indicators.services.import_jobs import Progress, keep_error, keep_preview
from renkei.programme.indicators.services.imports import Preview, apply_import, preview_of
from renkei.programme.indicators.services.populations import count_populations

COUNT = "indicators.count"
_GONE = "始めた人の所属が終わったため、取り込みを止めました。もう一度始めてください。"


@app.periodic(cron="50 3 * * *")
@app.task(name=COUNT, queueing_lock=COUNT)
def count_indicators_task(timestamp: int) -> None:  # noqa: ARG001 - the time it was meant to run
    """What the rooms count becomes values."""
    count_populations(actor=SYSTEM)
    count_values(actor=SYSTEM)


@app.task(name="indicators.read_values")
def read_values_task(run_uid: str, membership_id: int | None) -> None:
    """Read a large file and leave its preview; a second time nothing happens."""
    found = _read(run_uid, membership_id, RunState.READING)
    if found:
        run, _viewer, preview = found
        keep_preview(run, asdict(preview_page(preview)))


@app.task(name="indicators.apply_values")
def apply_values_task(run_uid: str, membership_id: int | None) -> None:
    """Write a large file: all of it or nothing; a second time nothing happens."""
    found = _read(run_uid, membership_id, RunState.APPLYING)
    if found:
        run, viewer, preview = found
        try:
            apply_import(viewer=viewer, run=run, preview=preview)
        except ValidationError as error:
            keep_error(run, "".join(error.messages))


def _read(
    run_uid: str, membership_id: int | None, state: RunState
) -> tuple[ImportRun, Viewer, Preview] | None:
    """The run as it is read, with the rights its officer has now; why not is kept with it."""
    run = ImportRun.objects.get(uid=run_uid)
    viewer = viewer_behind(membership_id)
    if run.state != state:
        return None
    if viewer is None:
        keep_error(run, _GONE)
        return None
    columns = Mapping.from_json(run.mapping).columns
    rows = run.cells // max(sum(column.role in VALUES for column in columns), 1)
    try:
        with Progress(run, rows) as progress:
            preview = preview_of(viewer, run, told=progress.told)
            progress.tell(95, "書き込んでいます" if state == RunState.APPLYING else "比べています")
    except UnreadableFile as error:
        keep_error(run, str(error.problem))
        return None
    except OSError:
        keep_error(
            run, "ファイルがもうありません。「やめて、ファイルを選び直す」を押してください。"
        )
        return None
    return run, viewer, preview
