"""What can be wrong with a file, told to the person who brought it."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read before it is refused.

    The defaults hold the largest national file (277,676 towns) several times over; a ratio above
    200 has been seen in no real spreadsheet, and every zip bomb needs more.
    """

    max_bytes: int = 512 * MIB
    max_uncompressed_bytes: int = 1024 * MIB
    max_ratio: int = 200
    max_entries: int = 500
    max_columns: int = 1_000
    max_rows: int = 1_048_576  # Excel's own number of rows
    max_problems: int = 1_000
    # A workbook is converted in a process of its own, with this much memory and time.
    max_workbook_memory: int = 1024 * MIB
    max_workbook_seconds: int = 120


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong in one place.

    ``row`` is the spreadsheet's own row number (1 = first), None for the whole file. ``column`` is
    the heading, or the letter where there is no heading. ``cells`` holds the row as read, so that
    an importer can still see whose row was left out.
    """

    file: str
    row: int | None
    column: str
    value: str
    message: str
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f" {self.row}行目"
        if self.column:
            place += f"「{self.column}」"
        return f"{place}：{self.message}"


class UnreadableFile(Exception):  # noqa: N818 - the name says what it is, in the user's terms
    """The file as a whole cannot be used; ``problem`` says why and what to do."""

    def __init__(self, file: str, message: str, *, row: int | None = None, value: str = "") -> None:
        self.problem = FileProblem(file, row, "", value, message)
        super().__init__(str(self.problem))


def column_letter(index: int) -> str:
    """Excel's letter of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
