"""Run as a program of its own: turn each sheet of a workbook into CSV, within fixed memory.

A workbook can claim a cell at XFD1048576 or repeat a row a million times, and a reader that
believes it takes the memory of the whole machine. Here it can only take what this process has;
the caller sees that the process died and says so.

Only the standard library and calamine are imported: the process starts in 40 ms.
"""

from __future__ import annotations

import csv
import datetime as dt
import errno
import json
import os
import resource
import sys
from decimal import Decimal
from pathlib import Path

# Excel keeps and shows 15 digits of a number.
SIGNIFICANT = ".15g"


def cell_text(value: object) -> str:
    """The cell as its sheet shows it: no ".0", ISO dates, TRUE and FALSE.

    A number format that only adds zeros in front (000000) is not visible here.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    return time_text(value)


def time_text(value: object) -> str:
    if isinstance(value, dt.datetime):
        if value.time() == dt.time(0):
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
    return "" if value is None else str(value)


def number_text(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - 15 digits, see SIGNIFICANT
        return str(int(value))
    return format(Decimal(format(value, SIGNIFICANT)), "f")


def convert(source: Path, target: Path, *, max_bytes: int) -> None:
    """Write ``0.csv``, ``1.csv``… and ``sheets.json`` (their names) into the folder ``target``.

    Hidden sheets are left out: nobody who looked at the workbook has seen them.

    Raises:
        OSError: the sheets together are larger than ``max_bytes``.
    """
    # Found only after the caller's folder of packages was put on the path.
    from python_calamine import (
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    names: list[str] = []
    with CalamineWorkbook.from_path(source) as workbook:
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet or meta.visible != SheetVisibleEnum.Visible:
                continue
            rows = workbook.get_sheet_by_name(meta.name).iter_rows()
            path = target / f"{len(names)}.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                for row in rows:
                    writer.writerow([cell_text(value) for value in row])
            names.append(meta.name)
            max_bytes -= path.stat().st_size
            if max_bytes < 0:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    (target / "sheets.json").write_text(json.dumps(names), encoding="utf-8")


def main(arguments: list[str]) -> None:
    source, target, packages = arguments[:3]
    memory, seconds, size = map(int, arguments[3:])
    sys.path.append(packages)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    convert(Path(source), Path(target), max_bytes=size)


if __name__ == "__main__":
    main(sys.argv[1:])
