"""Columns that rooms above this one add to the list of persons: new entries, what is due."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from renkei.foundation.accounts.viewers import Viewer


@dataclass(frozen=True)
class ListColumn:
    """``values(viewer, patient_ids)`` answers for a whole page of the list in one go.

    Its texts are shown as they are; a person missing from the answer gets ``otherwise``.
    """

    name: str
    label: str
    values: Callable[[Viewer, Collection[int]], dict[int, str]]
    otherwise: str = ""


_COLUMNS: dict[str, ListColumn] = {}


def register(column: ListColumn) -> None:
    """Add a column, from ``AppConfig.ready``."""
    _COLUMNS[column.name] = column


def columns() -> tuple[ListColumn, ...]:
    """The columns in the order they were registered."""
    return tuple(_COLUMNS.values())
