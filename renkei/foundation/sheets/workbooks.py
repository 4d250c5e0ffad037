"""Forms as Excel workbooks: out to be filled in, back with the same validation as everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from renkei.foundation.common import clock
from renkei.foundation.sheets.answers import values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import FormVersion
from renkei.foundation.sheets.office_workbooks import fill_office_workbook
from renkei.foundation.sheets.workbook_reading import (
    CellProblem,
    ReadWorkbook,
    WorkbookRefusedError,
    read_workbook,
)
from renkei.foundation.sheets.workbook_writing import workbook_of

__all__ = [
    "CellProblem",
    "ReadWorkbook",
    "WorkbookRefusedError",
    "fill_office_workbook",
    "read",
    "write",
]


def write(
    version: FormVersion, content: Mapping[str, Any] | None = None, *, on: date | None = None
) -> bytes:
    """The form as a workbook (xlsx), with these answers or empty."""
    definition = parse(version.questionnaire)
    values = {} if content is None else values_of(content, definition)
    return workbook_of(version, definition, values, day=on or clock.today())


def read(version: FormVersion, data: bytes, *, on: date | None = None) -> ReadWorkbook:
    """A filled-in workbook: its content, and what is wrong with it by sheet and cell.

    Raises:
        WorkbookRefusedError: it is no workbook of this form.
    """
    return read_workbook(version, data, on=on or clock.today())
