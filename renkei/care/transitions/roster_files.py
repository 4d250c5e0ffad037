"""A month of duty as a workbook, out and in again: every row is read, or every error told."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

from django.core.exceptions import ValidationError

from renkei.care.transitions.duty_rosters import DutyRoster
from renkei.care.transitions.duty_times import parse_times, times_words
from renkei.care.transitions.services.rosters import MOST_LINES, NewShift
from renkei.foundation.common.eras import parse_day
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.spreadsheets.columns import match_columns
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.foundation.common.spreadsheets.read import open_tables
from renkei.foundation.common.spreadsheets.write import Column, write_xlsx
from renkei.foundation.common.text import text_problem

DAY, TIMES, NAME, PHONE, LINE = "日付", "時間", "当番の人", "電話番号", "順番"
HEADINGS: Final = (DAY, TIMES, NAME, PHONE, LINE)
NOBODY: Final = "なし"
LONGEST_NAME = 100
NOTHING = "当番の入った行がありません。日付と時間を入力してください。"


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in one cell, with its place as the spreadsheet counts."""

    row: int
    column: str
    message: str


@dataclass
class MonthReading:
    """The days of a file, and the problems that keep it from being loaded."""

    days: dict[date, list[NewShift]] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)

    def complain(self, row: int, column: str, message: str) -> None:
        self.problems.append(CellProblem(row, column, message))


def read_month(path: Path, name: str, *, month: date) -> MonthReading:
    """Read a workbook for one month; 「なし」 as the time means nobody on that day.

    Raises:
        UnreadableFile: the file holds no table, or lacks a column.
    """
    table = next(iter(open_tables(path, name=name, expected=HEADINGS)))
    columns = match_columns(table.header, {heading: (heading,) for heading in HEADINGS})
    missing = columns.problems(file=table.place, row=table.header_row, required=(DAY, TIMES))
    if missing:
        raise UnreadableFile(table.place, missing[0].message, row=missing[0].row)
    reading = MonthReading()
    closed: set[date] = set()
    for row, cells in table.rows():
        picked = {key: cell.strip() for key, cell in columns.pick(cells).items()}
        if any(picked.values()):
            _read_row(row, picked, month, reading, closed)
    for problem in table.problems:
        reading.complain(problem.row or 0, problem.column, problem.message)
    if not reading.days and not reading.problems:
        reading.complain(0, DAY, NOTHING)
    reading.problems.sort(key=lambda problem: problem.row)
    return reading


def _read_row(
    row: int, cells: Mapping[str, str], month: date, reading: MonthReading, closed: set[date]
) -> None:
    day = _day(row, cells[DAY], month, reading)
    shift = _shift(row, cells, reading)
    if day is None:
        return
    shifts = reading.days.setdefault(day, [])
    if shift is None and cells[TIMES] == NOBODY:
        closed.add(day)
    elif shift is not None:
        shifts.append(shift)
    if day in closed and shifts:
        reading.complain(row, TIMES, "同じ日に「なし」と当番があります。どちらかを消してください。")


def _day(row: int, text: str, month: date, reading: MonthReading) -> date | None:
    try:
        day: date | None = parse_day(text.split(maxsplit=1)[0]) if text else None
    except ValidationError as error:
        reading.complain(row, DAY, error.messages[0])
        return None
    if day is None:
        reading.complain(row, DAY, "日付を入力してください。たとえば 2026年12月1日。")
        return None
    if (day.year, day.month) != (month.year, month.month):
        reading.complain(row, DAY, f"{month.year}年{month.month}月の日付を入力してください。")
        return None
    return day


def _shift(row: int, cells: Mapping[str, str], reading: MonthReading) -> NewShift | None:
    if cells[TIMES] == NOBODY:
        return None
    before = len(reading.problems)
    starts, ends = 0, 1
    try:
        starts, ends = parse_times(cells[TIMES])
    except ValidationError as error:
        reading.complain(row, TIMES, error.messages[0])
    name, phone = cells.get(NAME, ""), cells.get(PHONE, "")
    if not name and not phone:
        reading.complain(row, NAME, "当番の人か電話番号を入力してください。")
    if problem := text_problem(name):
        reading.complain(row, NAME, problem)
    elif len(name) > LONGEST_NAME:
        reading.complain(row, NAME, f"{LONGEST_NAME}文字までで入力してください。")
    if phone:
        try:
            phone = require_phone(phone)
        except ValidationError as error:
            reading.complain(row, PHONE, error.messages[0])
    line = _line(row, cells.get(LINE, ""), reading)
    return NewShift(starts, ends, name, phone, line) if len(reading.problems) == before else None


def _line(row: int, text: str, reading: MonthReading) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if not plain:
        return 1
    if plain.isascii() and plain.isdigit() and 1 <= int(plain) <= MOST_LINES:
        return int(plain)
    reading.complain(row, LINE, f"呼ぶ順番は1から{MOST_LINES}までの数字で入力してください。")
    return 1


def write_month(stream: BinaryIO, roster: DutyRoster, days: Iterable[date]) -> None:
    """The month as it stands, ready to be changed and read again."""
    rows: list[list[str]] = []
    for day in days:
        words = f"{day.year}年{day.month}月{day.day}日"
        slots = roster.slots_on(day)
        rows += [
            [
                words,
                times_words(slot.starts, slot.ends),
                slot.who.name,
                slot.who.phone,
                str(slot.line),
            ]
            for slot in slots
        ] or [[words, NOBODY, "", "", ""]]
    write_xlsx(
        stream,
        title="当番表",
        columns=[Column(heading) for heading in HEADINGS],
        rows=rows,
        notes=[("時間", "22:00～32:00 や 17:30～翌8:30 のように書きます。いない日は「なし」。")],
    )
