"""The published table as files: UTF-8 with BOM by default, CP932 on request, a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from renkei.foundation.common.spreadsheets.cp932 import LossReport
from renkei.foundation.common.spreadsheets.write import Column, Kind, write_csv, write_xlsx
from renkei.registry.facilities.open_data.layouts import TITLES, Dataset, header

LICENCE = "クリエイティブ・コモンズ 表示 4.0 国際（CC BY 4.0）"
_CODES = frozenset(
    {"全国地方公共団体コード", "ID", "所在地_全国地方公共団体コード", "町字ID", "法人番号",
     "事業所番号", "医療機関コード", "緯度", "経度", "定員"}
)  # fmt: skip
_PHONES = frozenset({"電話番号", "FAX番号"})
Rows = Sequence[Sequence[str]]


def columns_of(dataset: Dataset) -> list[Column]:
    """The columns in the order of the standard; numbers are text, as they were written."""
    return [Column(name, _kind(name)) for name in header(dataset)]


def _kind(name: str) -> Kind:
    if name in _PHONES:
        return Kind.PHONE
    return Kind.CODE if name in _CODES else Kind.TEXT


def csv_of(
    dataset: Dataset, rows: Rows, *, encoding: str = "utf-8-sig"
) -> tuple[bytes, LossReport]:
    """The file, and every character that did not fit."""
    stream = io.BytesIO()
    report = write_csv(stream, columns=columns_of(dataset), rows=rows, encoding=encoding)
    return stream.getvalue(), report


def table_of(content: bytes) -> list[list[str]]:
    """A published CSV as its rows, the header first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def xlsx_of(dataset: Dataset, rows: Rows, *, attributions: Sequence[str]) -> bytes:
    """The same rows as a workbook, with licence and sources on a second sheet."""
    stream = io.BytesIO()
    write_xlsx(
        stream,
        title=TITLES[dataset],
        columns=columns_of(dataset),
        rows=rows,
        notes=[("利用条件", LICENCE), *(("出典", text) for text in attributions)],
    )
    return stream.getvalue()
