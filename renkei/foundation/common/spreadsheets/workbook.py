"""Workbooks (xlsx, xls, ods) as CSV files, one per visible sheet, made by a process of its own."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

from renkei.foundation.common.spreadsheets import workbook_process
from renkei.foundation.common.spreadsheets.containers import (
    DAMAGED_ARCHIVE,
    Scratch,
    check_archive,
    open_archive,
)
from renkei.foundation.common.spreadsheets.problems import Limits, UnreadableFile

TOO_HEAVY: Final = (
    "表が大きすぎて読めません。使っていない行と列を消すか、"
    "必要なシートだけをCSVで保存し直してください。"
)
# Python's memory, the size of the file written, calamine's own limit of cells.
SIGNS_OF_TOO_MUCH: Final = ("MemoryError", "File too large", "Cell limit exceeded")


def convert_workbook(
    path: Path, *, name: str, scratch: Scratch, limits: Limits
) -> list[tuple[str, Path]]:
    """The visible sheets in order: (sheet name, CSV file in UTF-8).

    Raises:
        UnreadableFile: damaged, protected, or larger than the limits.
    """
    if zipfile.is_zipfile(path):
        with open_archive(path, name=name) as archive:
            check_archive(archive, name=name, limits=limits)
    target = scratch.new_path()
    target.mkdir()
    _run(path, target, name=name, limits=limits, max_bytes=scratch.left)
    names: list[str] = json.loads((target / "sheets.json").read_text(encoding="utf-8"))
    sheets = [(sheet, target / f"{index}.csv") for index, sheet in enumerate(names)]
    scratch.spend(sum(csv_path.stat().st_size for _, csv_path in sheets), name=name)
    return sheets


def _run(path: Path, target: Path, *, name: str, limits: Limits, max_bytes: int) -> None:
    spec = importlib.util.find_spec("python_calamine")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("python_calamine")
    command = [
        # Neither site nor environment: the process sees only the standard library and calamine.
        *(sys.executable, "-I", "-S", workbook_process.__file__),
        *(str(path), str(target), str(Path(spec.origin).parents[1])),
        *map(str, (limits.max_workbook_memory, limits.max_workbook_seconds, max_bytes)),
    ]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.max_workbook_seconds * 2,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(name, TOO_HEAVY) from error
    if done.returncode == 0:
        return
    said = done.stderr.decode("utf-8", errors="replace")
    if done.returncode < 0 or any(sign in said for sign in SIGNS_OF_TOO_MUCH):
        raise UnreadableFile(name, TOO_HEAVY)
    if "assword" in said:
        raise UnreadableFile(
            name,
            "パスワードで保護されています。Excelで開き、パスワードを外して保存し直してください。",
        )
    raise UnreadableFile(name, DAMAGED_ARCHIVE)
