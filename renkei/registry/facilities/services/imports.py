"""An import from its files to the register and back: start, read, decide, apply, undo, discard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from renkei.foundation.audit.actors import Actor
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.models import ImportRun


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
        ValidationError: another person's import is open.
    """
    raise NotImplementedError


def read_import(run_uid: UUID) -> ImportRun:
    """Read the files of a run, compare them with the register and leave a preview.

    A file that cannot be read ends in state FAILED with one sentence in ``error``.
    """
    raise NotImplementedError


def decide_row(*, actor: Actor, row_id: int, decision: str) -> None:
    """Take ("take"), leave ("leave") or reopen ("") one suspicious row of an open preview."""
    raise NotImplementedError


def confirm_question(*, actor: Actor, run: ImportRun, key: str) -> None:
    """Say yes to one question of the run (older snapshot, large part missing)."""
    raise NotImplementedError


def start_apply(*, actor: Actor, run: ImportRun) -> None:
    """Mark the run as being applied and have the worker do it (task ``apply_import``)."""
    raise NotImplementedError


def apply_import(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Write a preview to the register: all of it in one transaction, or nothing."""
    raise NotImplementedError


def undo_import(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Put the register back as it was before this run, the last one applied."""
    raise NotImplementedError


def discard_import(*, actor: Actor, run: ImportRun) -> None:
    """Give up a preview; nothing of the register has changed."""
    raise NotImplementedError
