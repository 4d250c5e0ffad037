"""Paths into values: "family[1]/who" is the item ``who`` in the second row of ``family``."""

from __future__ import annotations

import re
from typing import Any

from renkei.foundation.sheets.answers import Values
from renkei.foundation.sheets.items import MOST_ROWS

_ROW = re.compile(r"([A-Za-z0-9._-]+)\[([0-9]{1,3})\]/")


def split_path(path: str) -> tuple[list[tuple[str, int]], str] | None:
    """The rows a path goes through and the item at its end; None where it is no path."""
    rows: list[tuple[str, int]] = []
    rest = path
    while match := _ROW.match(rest):
        rows.append((match[1], int(match[2])))
        rest = rest[match.end() :]
    if not rest or "/" in rest or any(index >= MOST_ROWS for _, index in rows):
        return None
    return rows, rest


def values_at(values: Values, path: str) -> list[Any]:
    """The values at a path; nothing where it leads nowhere."""
    split = split_path(path)
    if split is None:
        return []
    rows, link_id = split
    for group, index in rows:
        listed = values.get(group, [])
        if index >= len(listed):
            return []
        values = listed[index]
    return values.get(link_id, [])


def place_values(values: Values, path: str, given: list[Any]) -> None:
    """Put values at a path, opening the rows it needs; nothing where it is no path."""
    split = split_path(path)
    if split is None:
        return
    rows, link_id = split
    for group, index in rows:
        listed = values.setdefault(group, [])
        while len(listed) <= index:
            listed.append({})
        values = listed[index]
    if given:
        values[link_id] = given
    else:
        values.pop(link_id, None)
