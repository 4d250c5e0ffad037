"""An import from its files to the register and back: start, read, decide, apply, undo, discard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from renkei.foundation.audit.actors import SYSTEM, Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.live import publish
from renkei.foundation.common.prefectures import is_prefecture_code
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.models import (
    ImportRun,
    ImportState,
    StagedRow,
    Verdict,
)
from renkei.registry.facilities.services import applying, preview, undoing
from renkei.registry.facilities.services.progress import Progress, topic_of
from renkei.registry.facilities.services.uploads import forget_upload

OPEN_STATES = (ImportState.READING, ImportState.PREVIEW, ImportState.APPLYING)
DECISIONS = frozenset({"", "take", "leave"})
# Advisory lock of everything that starts, applies or undoes an import. Any fixed number.
_LOCK = 7_305_001
# Long enough for a busy worker to begin.
ABANDONED_AFTER = timedelta(minutes=15)


def start_import(
    *,
    actor: Actor,
    paths: Sequence[str],
    names: Sequence[str] = (),
    scope: Sequence[str] = (),
    as_of: date | None = None,
    mapping: LocalMapping | None = None,
) -> ImportRun:
    """Create a run and have the worker read it (task ``read_import``).

    ``names`` are the files' names as the user knows them. An own preview still open is discarded.

    Raises:
        ValidationError: another person's import is open, or the scope is no code.
    """
    # The task calls back into this module.
    from renkei.registry.facilities.tasks import read_import_task

    with transaction.atomic():
        run = create_run(
            actor=actor, paths=paths, names=names, scope=scope, as_of=as_of, mapping=mapping
        )
        read_import_task.defer(run_uid=str(run.uid))
    return run


@transaction.atomic
def create_run(
    *,
    actor: Actor,
    paths: Sequence[str],
    names: Sequence[str] = (),
    scope: Sequence[str] = (),
    as_of: date | None = None,
    mapping: LocalMapping | None = None,
) -> ImportRun:
    """Create a run that somebody will read; ``start_import`` has the worker do it.

    Raises:
        ValidationError: another person's import is open, or the scope is no code.
    """
    _check_scope(scope)
    _lock_now()
    _make_room(actor)
    named = [*names, *(Path(path).name for path in paths[len(names) :])]
    run = ImportRun.objects.create(
        scope=list(scope),
        started_by_id=actor.user_id,
        started_at=clock.now(),
        as_of=as_of,
        paths=[{"path": path, "name": name} for path, name in zip(paths, named, strict=True)],
        mapping=mapping.to_json() if mapping else {},
    )
    record_event(actor=actor, action="import.started", target=run, detail={"files": len(paths)})
    return run


def read_import(run_uid: UUID) -> ImportRun:
    """Read the files of a run, compare them with the register and leave a preview.

    A file that cannot be read ends in state FAILED with one sentence in ``error``.
    """
    run = ImportRun.objects.get(uid=run_uid)
    if run.state != ImportState.READING:  # read already, or given up meanwhile
        return run
    try:
        with Progress(run) as progress:
            preview.make_preview(run, progress)
    except UnreadableFile as error:
        _fail(run, str(error))
    except Exception:
        _fail(run, "読み込みの途中で思わぬ誤りが起きました。運用者に連絡してください。")
        raise
    finally:
        for path in run.paths:
            forget_upload(path["path"])
    return run


@transaction.atomic
def _fail(run: ImportRun, sentence: str) -> None:
    preview.forget_staging(run)
    run.state = ImportState.FAILED
    run.error = sentence
    run.save(update_fields=["state", "error"])
    record_event(actor=SYSTEM, action="import.failed", target=run)
    publish(topic_of(run), {"state": run.state})


@transaction.atomic
def decide_row(*, actor: Actor, row_id: int, decision: str) -> None:
    """Take ("take"), leave ("leave") or reopen ("") one suspicious row of an open preview.

    Raises:
        ValidationError: the row is not one to decide, or its preview is not open any more.
    """
    if decision not in DECISIONS:
        raise ValidationError("「取り込む」か「取り込まない」を選んでください。")
    row = StagedRow.objects.filter(pk=row_id, verdict=Verdict.SUSPICIOUS).first()
    run = (
        ImportRun.objects.filter(pk=row.run_id, state=ImportState.PREVIEW).first() if row else None
    )
    if row is None or run is None:
        raise ValidationError("この行は、もう決められません。取り込みの画面を開き直してください。")
    row.decision = decision
    row.save(update_fields=["decision"])
    detail = {"row": row.row_number, "decision": decision}
    record_event(actor=actor, action="import.row_decided", target=run, detail=detail)


@transaction.atomic
def confirm_question(*, actor: Actor, run: ImportRun, key: str) -> None:
    """Say yes to one question of the run (older snapshot, large part missing).

    Raises:
        ValidationError: no such question is open.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    found = [question for question in run.questions if question["key"] == key]
    if not found or run.state != ImportState.PREVIEW:
        raise ValidationError("確かめることが変わりました。取り込みの画面を開き直してください。")
    found[0]["confirmed_by_id"] = actor.user_id or 0
    run.save(update_fields=["questions"])
    record_event(actor=actor, action="import.confirmed", target=run, detail={"question": key})


@transaction.atomic
def start_apply(*, actor: Actor, run: ImportRun) -> None:
    """Mark the run as being applied and have the worker do it (task ``apply_import``).

    Raises:
        ValidationError: the preview is not open any more, or a question is.
    """
    # The task calls back into this module.
    from renkei.registry.facilities.tasks import apply_import_task

    mark_applying(run, actor)
    apply_import_task.defer(
        run_uid=str(run.uid), user_id=actor.user_id, membership_id=actor.membership_id
    )


def apply_import(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Write a preview to the register: all of it in one transaction, or nothing.

    Raises:
        ValidationError: the preview is not open any more, or a question is.
    """
    if run.state != ImportState.APPLYING:
        with transaction.atomic():
            mark_applying(run, actor)
    try:
        with Progress(run) as progress, transaction.atomic():
            _lock()
            applying.apply_run(run, progress)
            record_event(actor=actor, action="import.applied", target=run, detail=run.counts)
            publish(topic_of(run), {"state": run.state})
            run.progress, run.progress_text = 100, "取り込みました"
            # After this row is written here, Progress could only wait for it.
            run.save(update_fields=["progress", "progress_text"])
    except Exception:
        # Nothing was written; the preview is still true.
        ImportRun.objects.filter(pk=run.pk, state=ImportState.APPLYING).update(
            state=ImportState.PREVIEW
        )
        raise
    return run


def mark_applying(run: ImportRun, actor: Actor) -> None:
    """Move an open preview to APPLYING, inside the caller's transaction.

    Raises:
        ValidationError: it is not open any more, or a question is.
    """
    _lock_now()
    fresh = ImportRun.objects.select_for_update().get(pk=run.pk)
    if fresh.state != ImportState.PREVIEW:
        raise ValidationError(
            "この取り込みは、もう確認待ちではありません。画面を開き直してください。"
        )
    if any(question.get("confirmed_by_id") is None for question in fresh.questions):
        raise ValidationError("取り込む前に「確かめること」に答えてください。")
    run.state = ImportState.APPLYING
    run.questions = fresh.questions
    run.apply_started_at = clock.now()
    run.save(update_fields=["state", "apply_started_at"])
    record_event(actor=actor, action="import.apply_started", target=run)


@transaction.atomic
def undo_import(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Put the register back as it was before this run, the last one applied.

    Raises:
        ValidationError: it is not the last one, another import is open, or later work rests on it.
    """
    _lock_now()
    if ImportRun.objects.filter(state__in=OPEN_STATES).exists():
        raise ValidationError(
            "ほかの取り込みが開いています。取りやめるか、終わってから戻してください。"
        )
    undoing.undo_run(run)
    record_event(actor=actor, action="import.undone", target=run)
    return run


@transaction.atomic
def discard_import(*, actor: Actor, run: ImportRun) -> None:
    """Give up a preview; nothing of the register has changed.

    Raises:
        ValidationError: it is being applied, or was.
    """
    _lock_now()
    _release_abandoned()
    fresh = ImportRun.objects.select_for_update().get(pk=run.pk)
    if fresh.state not in {ImportState.PREVIEW, ImportState.READING, ImportState.FAILED}:
        raise ValidationError("取り込んだあとは取りやめられません。「元に戻す」を使ってください。")
    _discard(fresh, actor)
    run.state = fresh.state


def _discard(run: ImportRun, actor: Actor) -> None:
    preview.forget_staging(run)
    for path in run.paths:
        forget_upload(path["path"])
    run.state = ImportState.DISCARDED
    run.save(update_fields=["state"])
    record_event(actor=actor, action="import.discarded", target=run)


def _make_room(actor: Actor) -> None:
    """Only one import is open at a time; one's own preview gives way."""
    _release_abandoned()
    for run in ImportRun.objects.filter(state__in=OPEN_STATES).order_by("pk"):
        if run.state == ImportState.APPLYING or run.started_by_id != actor.user_id:
            raise ValidationError(
                "ほかの人が取り込みを確かめています。その取り込みが終わってから始めてください。"
                if run.started_by_id != actor.user_id
                else "取り込みの途中です。終わってから始めてください。"
            )
        _discard(run, actor)


def _release_abandoned() -> None:
    """A run whose worker died while applying wrote nothing: its preview is open again.

    The caller holds the lock, so nobody is applying; a run that waits for the worker is younger.
    """
    ImportRun.objects.filter(
        state=ImportState.APPLYING, apply_started_at__lt=clock.now() - ABANDONED_AFTER
    ).update(state=ImportState.PREVIEW)


def _check_scope(scope: Sequence[str]) -> None:
    for code in scope:
        lengths = {len("40"), len("402036")}
        if (
            len(code) not in lengths
            or not code.isdecimal()
            or not is_prefecture_code(code[:2], allow_fictional=True)
        ):
            raise ValidationError(
                f"範囲「{code}」は都道府県番号（2桁）か市区町村コード（6桁）で指定してください。"
            )


def _lock_now() -> None:
    """The lock, or a sentence: a page does not wait for minutes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        (is_locked,) = cursor.fetchone() or (False,)
    if not is_locked:
        raise ValidationError("取り込みの途中です。終わってからもう一度どうぞ。")


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
