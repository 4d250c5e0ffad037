"""An office's own workbook filled in with an answer (T-C3a)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renkei.foundation.papers.files import read_file
from renkei.foundation.sheets.answers import values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import OfficeWorkbook
from renkei.foundation.sheets.office.filling import fill
from renkei.foundation.sheets.office.mapping import mapping_of
from renkei.foundation.sheets.office.package import Package


def fill_office_workbook(office_workbook: OfficeWorkbook, content: Mapping[str, Any]) -> bytes:
    """The office's workbook with the answers in the mapped cells, everything else untouched.

    The content must be an answer to the version the workbook is mapped to.
    """
    definition = parse(office_workbook.version.questionnaire)
    package = Package(read_file(office_workbook.file))
    mapped = mapping_of(office_workbook.mapping)
    return fill(package, definition, values_of(content, definition), mapped)
