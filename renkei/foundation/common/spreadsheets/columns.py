"""Columns found by name, never by position: published files gain, lose and swap columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from renkei.foundation.common.spreadsheets.problems import FileProblem, column_letter

_SPACE = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"〜": "~"})


def fold_heading(heading: str) -> str:
    """A heading without the differences nobody sees: width, spaces, line breaks, case, dashes."""
    folded = unicodedata.normalize("NFKC", heading).translate(_DASHES)
    return _SPACE.sub("", folded).casefold()


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where each field lies in a row.

    ``missing`` and ``duplicated`` name fields by their first alias (the official heading);
    ``unknown`` holds the file's headings no alias knows. A duplicated field has no position:
    which of the two is meant nobody can say.
    """

    positions: Mapping[str, int]
    missing: tuple[str, ...]
    duplicated: tuple[str, ...]
    unknown: tuple[str, ...]

    def pick(self, cells: Sequence[str]) -> dict[str, str]:
        """The row's cells by field; a field the file lacks is absent from the result."""
        return {field: cells[index] for field, index in self.positions.items()}

    def problems(
        self, *, file: str, row: int | None, required: Collection[str] | None = None
    ) -> list[FileProblem]:
        """What keeps the file from being read. ``required`` holds headings; None = all."""
        wanted = [name for name in self.missing if required is None or name in required]
        return [
            FileProblem(
                file,
                row,
                name,
                "",
                f"見出し「{name}」の列がありません。公表された様式のままか確かめてください。",
            )
            for name in wanted
        ] + [
            FileProblem(
                file,
                row,
                name,
                "",
                f"見出し「{name}」の列が2つ以上あります。1つだけ残してください。",
            )
            for name in self.duplicated
        ]


def match_columns(header: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> ColumnMap:
    """Match a header to fields; ``aliases``: field → headings it may have, official one first."""
    wanted = {
        fold_heading(alias): field
        for field, names in aliases.items()
        for alias in (names or (field,))
    }
    found: dict[str, list[int]] = {}
    unknown: list[str] = []
    for index, heading in enumerate(header):
        field = wanted.get(fold_heading(heading))
        if field is not None:
            found.setdefault(field, []).append(index)
        else:
            unknown.append(heading or f"（{column_letter(index)}列）")

    def official(field: str) -> str:
        return next(iter(aliases[field]), field)

    return ColumnMap(
        positions={field: places[0] for field, places in found.items() if len(places) == 1},
        missing=tuple(official(field) for field in aliases if field not in found),
        duplicated=tuple(official(field) for field, places in found.items() if len(places) > 1),
        unknown=tuple(unknown),
    )
