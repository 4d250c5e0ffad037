"""Entries with all that hangs on them, loaded for many at once and only where something does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import Model, QuerySet, prefetch_related_objects

from renkei.care.timelines.models import (
    Acknowledgement,
    Addressee,
    Entry,
    EntryFile,
    Escalation,
    Observation,
    Reaction,
)
from renkei.foundation.common.conditions import among
from renkei.foundation.common.kept_queries import kept

# Of each list: its rows' model, the column that names the entry, and its order.
_LISTS: Final[Mapping[str, tuple[type[Model], str, tuple[str, ...]]]] = {
    "addressees": (Addressee, "entry_id", ("pk",)),
    "acknowledgements": (Acknowledgement, "entry_id", ("at", "pk")),
    "reactions": (Reaction, "entry_id", ("at", "pk")),
    "files": (EntryFile, "entry_id", ("position", "pk")),
    "observations": (Observation, "entry_id", ("measured_at", "pk")),
    "escalations": (Escalation, "entry_id", ("due_at", "pk")),
    "replies": (Entry, "reply_to_id", ("number",)),
    "corrections": (Entry, "corrects_id", ("number",)),
}
# What the rows of a list lead to in their turn.
_FURTHER: Final = {
    "addressees": (
        "member__organisation",
        "member__membership__user",
        "membership__user",
        "done_by__user",
        "stands_in_for",
    ),
    "files": ("stored_file",),
}
_SHOWN_ENTRIES: Final = {"replies": "shown_replies", "corrections": "shown_corrections"}
_ASKED: Final = " UNION ALL ".join(
    f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {model._meta.db_table}"  # noqa: S608, SLF001 - constants
    f" WHERE {column} = ANY(%(entries)s::bigint[]))"
    for name, (model, column, _) in _LISTS.items()
)


def completed(rows: Iterable[Entry]) -> list[Entry]:
    """The entries with all that a page shows of them; a fixed number of queries, few if little.

    Most entries are words and nothing else: one query says which of the lists have any rows.
    """
    entries = list(rows)
    if not entries:
        return entries
    numbers = [entry.pk for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"entries": numbers})
        there = {name for (name,) in cursor.fetchall()}
    for name in _LISTS:
        found = _ROWS[name](numbers) if name in there else []
        if found and name in _FURTHER:
            prefetch_related_objects(found, *_FURTHER[name])
        _hang(name, entries, found)
    _follow(entries)
    return entries


def _follow(entries: Sequence[Entry]) -> None:
    """What some entries point to."""
    pointers = {
        "reply_to": "reply_to_id",
        "corrects": "corrects_id",
        "moved_from": "moved_from_id",
        "hidden_by__user": "hidden_by_id",
    }
    used = [
        name
        for name, column in pointers.items()
        if any(getattr(entry, column) is not None for entry in entries)
    ]
    if used:
        prefetch_related_objects(entries, *used)


def _hang(name: str, entries: Sequence[Entry], rows: Sequence[Model]) -> None:
    """Give each entry its rows, as the ORM's own prefetching does."""
    model, column, _ = _LISTS[name]
    of_entry: dict[int, list[Model]] = defaultdict(list)
    for row in rows:
        of_entry[getattr(row, column)].append(row)
    if name in _SHOWN_ENTRIES:
        for entry in entries:
            setattr(entry, _SHOWN_ENTRIES[name], of_entry.get(entry.pk, []))
        return
    nothing = _loaded(model, [])
    for entry in entries:
        own = of_entry.get(entry.pk)
        for row in own or ():
            row.entry = entry  # type: ignore[attr-defined]  # each of these has one
        kept_rows = vars(entry).setdefault("_prefetched_objects_cache", {})
        kept_rows[name] = _loaded(model, own) if own else nothing


def _loaded(model: type[Model], rows: list[Any]) -> QuerySet[Any]:
    """A queryset that has its answer."""
    queryset = model._default_manager.all()  # noqa: SLF001 - what a related manager starts from
    queryset._result_cache = rows  # noqa: SLF001
    queryset._prefetch_done = True  # type: ignore[attr-defined]  # noqa: SLF001
    return queryset


def _rows_of(name: str) -> Callable[[list[int]], list[Any]]:
    model, column, order = _LISTS[name]

    @kept
    def rows(entries: list[int]) -> QuerySet[Any]:
        found = model._default_manager.filter(among(column, entries))  # noqa: SLF001
        if model is Entry:
            found = found.filter(hidden_at=None)
        return found.order_by(*order)

    return rows


_ROWS: Final = {name: _rows_of(name) for name in _LISTS}
