"""What importers share: how one kind of table is recognised and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from renkei.foundation.common.spreadsheets.columns import ColumnMap
from renkei.registry.facilities.importers.geography import Geography
from renkei.registry.facilities.importers.listing import ListingRow
from renkei.registry.facilities.importers.repairs import RowNotes


class RowError(NamedTuple):
    """Why a row is not taken: the column, its value and one sentence with the remedy."""

    column: str
    value: str
    message: str


class Parsed(NamedTuple):
    """One row of a file, read: the typed row with its repairs, or its errors."""

    row: ListingRow | None
    notes: RowNotes
    errors: Sequence[RowError] = ()


@dataclass(frozen=True)
class TableKind:
    """One recognised layout.

    ``aliases``: field → headings, the official one first. ``required`` fields must be there.
    ``distinctive``: fields whose headings no other layout has.
    """

    key: str
    label: str
    source: str
    aliases: Mapping[str, Sequence[str]]
    required: tuple[str, ...]
    distinctive: tuple[str, ...] = ()
    has_header: bool = True


@dataclass(frozen=True)
class Recognised:
    """A table with its layout: where the columns are and which dataset it is."""

    kind: TableKind
    columns: ColumnMap
    dataset: str
    notes: list[str] = field(default_factory=list)


# cells, the place of the columns, geography → the row.
ParseRow = Callable[[Sequence[str], ColumnMap, str, Geography], Parsed]
