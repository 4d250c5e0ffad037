"""What the importers share: a file's rows or JSON, its report, and the refusal of a whole file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from renkei.foundation.areas.bulk import Counts
from renkei.foundation.common import clock
from renkei.foundation.common.spreadsheets.problems import MIB
from renkei.foundation.common.spreadsheets.read import Table

# The national boundaries at full detail are about 400 MB; what we read is simplified.
_LARGEST_JSON = 200 * MIB
_NARROWEST = 4
# So many problems are told one by one; the rest as a number.
_SHOWN_PROBLEMS = 30


class RefusedFile(Exception):  # noqa: N818 - told to the user as it is
    """The file cannot be taken in; nothing of it was written. The text says why and what to do."""


@dataclass(frozen=True)
class ImportOptions:
    """What the files do not say themselves."""

    # The day the values hold for, where the file has none.
    as_of: date | None = None
    # The day from which changed relations hold.
    valid_from: date | None = None
    today: date = field(default_factory=clock.today)


@dataclass
class FileReport:
    """What one file did, for the person who brought it."""

    file: str
    label: str
    counts: Counts = field(default_factory=Counts)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def problem(self, text: str, *, row: int | None = None) -> None:
        self.problems.append(f"{row}行目：{text}" if row else text)

    @property
    def summary(self) -> str:
        counts = self.counts
        return (
            f"{self.file}：{self.label}。追加 {counts.added:,}、変更 {counts.changed:,}、"
            f"変わらず {counts.unchanged:,}、確認が必要 {len(self.problems):,}"
        )

    def lines(self) -> Iterator[str]:
        """The report as lines of text."""
        yield self.summary
        yield from (f"  {note}" for note in self.notes)
        yield from (f"  確認：{problem}" for problem in self.problems[:_SHOWN_PROBLEMS])
        if len(self.problems) > _SHOWN_PROBLEMS:
            yield f"  確認：ほか{len(self.problems) - _SHOWN_PROBLEMS:,}件"


Sheet = list[tuple[int, list[str]]]


@dataclass
class Content:
    """A file as read: tables (by sheet), or JSON. Tables are not yet in memory as a whole."""

    name: str
    tables: list[Table] = field(default_factory=list)
    data: Any = None

    def head(self, rows: int = 10) -> list[list[str]]:
        """The first rows of the first table, for recognising the file."""
        if not self.tables:
            return []
        found = []
        for _, cells in self.tables[0].rows():
            found.append(cells)
            if len(found) == rows:
                break
        return found

    def sheet(self, report: FileReport, index: int = 0) -> Sheet:
        """All rows of one table; rows that cannot be read go into the report."""
        table = self.tables[index]
        # A narrow table has the cells an importer looks at, empty.
        rows = [
            (number, cells + [""] * (_NARROWEST - len(cells))) for number, cells in table.rows()
        ]
        report.problems += [str(problem) for problem in table.problems]
        return rows


def read_json(path: Path, name: str) -> Any:
    """The JSON of a file.

    Raises:
        RefusedFile: too large, not UTF-8, cut off, or nested beyond reason.
    """
    if path.stat().st_size > _LARGEST_JSON:
        raise RefusedFile(
            f"{name}：ファイルが大きすぎます（上限 {_LARGEST_JSON // MIB}MB）。"
            "形を簡略化したものを選んでください。"
        )
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RefusedFile(
            f"{name}：JSONとして読めません。途中で切れていないか確かめ、"
            "もう一度ダウンロードしてください。"
        ) from error


def number_in(cell: str) -> int | None:
    """A whole number of a statistical table; None for 「-」, 「X」 and anything else."""
    text = cell.replace(",", "").strip()
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() and value >= 0 else None
