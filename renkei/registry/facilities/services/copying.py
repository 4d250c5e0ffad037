"""COPY of typed rows: its text format written here, faster than one adapter per cell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from django.db import connection
from psycopg import sql

_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_CHUNK = 256 * 1024


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """COPY rows into a table of this connection; returns how many."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count, size = 0, 0
    pending: list[str] = []
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            line = "\t".join([_cell(value) for value in row])
            pending.append(line)
            size += len(line)
            count += 1
            if size > _CHUNK:
                copy.write("\n".join(pending) + "\n")
                pending, size = [], 0
        if pending:
            copy.write("\n".join(pending) + "\n")
    return count


def _cell(value: object) -> str:
    if type(value) is str:
        return value.translate(_SPECIAL) if not value.isalnum() else value
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, list | tuple):
        return _array(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False).translate(_SPECIAL) if value else "{}"
    return str(value)


def _array(values: Sequence[object]) -> str:
    """A one-dimensional array literal."""
    if not values:
        return "{}"
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return ("{" + ",".join(f'"{value}"' for value in quoted) + "}").translate(_SPECIAL)
