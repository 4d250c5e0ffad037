"""What changed between two publications of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

# The column that says which row is which; see layouts.HEAD.
IDENTITY = "ID"
NAME = "名称"


@dataclass(frozen=True)
class ChangedRow:
    """One row in both: which columns differ, and how."""

    name: str
    cells: tuple[tuple[str, str, str], ...]  # column, before, after


@dataclass(frozen=True)
class Difference:
    """Rows by what happened to them."""

    added: tuple[str, ...] = ()  # names
    removed: tuple[str, ...] = ()
    changed: tuple[ChangedRow, ...] = field(default=())

    @property
    def counts(self) -> dict[str, int]:
        """As a release keeps it."""
        return {
            "added": len(self.added),
            "removed": len(self.removed),
            "changed": len(self.changed),
        }

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


Table = Sequence[Sequence[str]]  # the first row is the header


def difference_of(before: Table, after: Table) -> Difference:
    """Compare two tables by their identities; columns that only one of them has are ignored."""
    if not before:
        return Difference(added=tuple(_named(after).values()))
    old, new = _by_identity(before), _by_identity(after)
    columns = [name for name in after[0] if name in before[0]]
    changed = []
    for key, row in new.items():
        if key not in old:
            continue
        cells = tuple(
            (name, old[key][name], row[name]) for name in columns if old[key][name] != row[name]
        )
        if cells:
            changed.append(ChangedRow(row[NAME], cells))
    return Difference(
        added=tuple(row[NAME] for key, row in new.items() if key not in old),
        removed=tuple(row[NAME] for key, row in old.items() if key not in new),
        changed=tuple(changed),
    )


def _by_identity(table: Table) -> dict[str, dict[str, str]]:
    header, *rows = table
    named = [dict(zip(header, row, strict=True)) for row in rows]
    return {row[IDENTITY]: row for row in named}


def _named(table: Table) -> dict[str, str]:
    return {key: row[NAME] for key, row in _by_identity(table).items()}
