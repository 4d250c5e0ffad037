"""Writing many rows at once, so that importing the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.db import connection
from django.db.models import Model
from psycopg import sql

# Arrays of this length stay small beside the memory of the server.
_AT_ONCE = 20_000


@dataclass
class Counts:
    """What an import did to the rows of a table."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __iadd__(self, other: Counts) -> Self:
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        return self


def upsert(
    model: type[Model],
    *,
    key: Sequence[str],
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
) -> Counts:
    """Add rows or change those whose ``key`` columns are there already, where a value differs.

    ``columns`` are database columns in the order of the values; the key is one of the table's
    unique constraints and occurs once in ``rows``.
    """
    counts = Counts()
    statement = _statement(model, key, columns)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _AT_ONCE):
            chunk = rows[start : start + _AT_ONCE]
            arrays = [list(values) for values in zip(*chunk, strict=True)]
            cursor.execute(statement, arrays)
            flags = [inserted for (inserted,) in cursor.fetchall()]
            added = sum(flags)
            counts += Counts(added, len(flags) - added, len(chunk) - len(flags))
    return counts


def _statement(model: type[Model], key: Sequence[str], columns: Sequence[str]) -> sql.Composed:
    meta = model._meta  # noqa: SLF001 - Django's public Meta API
    types = {field.column: field.db_type(connection) or "" for field in meta.concrete_fields}
    # A varchar's length is checked by the column; identity belongs to the key alone.
    casts = [sql.SQL("%s::{}[]").format(sql.SQL(_array_type(types[name]))) for name in columns]
    names = [sql.Identifier(name) for name in columns]
    others = [name for name in columns if name not in key]
    return sql.SQL(
        "INSERT INTO {table} AS kept ({names}) SELECT * FROM unnest({casts}) "
        "ON CONFLICT ({key}) DO UPDATE SET {changes} WHERE {differs} RETURNING kept.xmax = 0"
    ).format(
        table=sql.Identifier(meta.db_table),
        names=sql.SQL(", ").join(names),
        casts=sql.SQL(", ").join(casts),
        key=sql.SQL(", ").join(map(sql.Identifier, key)),
        changes=sql.SQL(", ").join(
            sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in others
        ),
        differs=sql.SQL(" OR ").join(
            sql.SQL("kept.{0} IS DISTINCT FROM EXCLUDED.{0}").format(sql.Identifier(name))
            for name in others
        ),
    )


def _array_type(db_type: str) -> str:
    return db_type.partition("(")[0]
