"""コード内容別医療機関一覧表: the national list of 保険医療機関コード, a CSV without header.

Columns: nine digits (prefecture 2 + 7), seven digits, name, postcode, address. 沖縄 is missing.
It has no record of its own in the register: a code is attached to the records with the same
prefecture, name and address; what matches none is reported, not created.
Source: 厚生労働省 2025-08; data/README.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from renkei.foundation.common.codes import check_institution_code, institution_code
from renkei.registry.facilities.catalogue import BUREAU
from renkei.registry.facilities.importers.base import RowError, TableKind
from renkei.registry.facilities.importers.geography import place_key_of

KIND = TableKind(
    key="codes",
    label="コード内容別医療機関一覧表",
    source=BUREAU,
    aliases={},
    required=(),
    has_header=False,
)
_WIDTH, _NINE, _SEVEN, _POSTCODE = 5, 9, 7, 7


class CodeRow(NamedTuple):
    """One institution of the list. ``place_key`` is that of a record with the same place."""

    prefecture_code: str
    number: str
    name: str
    postcode: str
    place_key: int

    @property
    def medical_code(self) -> str:
        """The ten digits with 点数表 1: the list holds 医科 institutions alone."""
        return institution_code(self.prefecture_code, "1", self.number)


def looks_like(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first records of a table without header are of this list."""
    rows = [record for record in records if any(record)]
    return bool(rows) and all(
        len(row) == _WIDTH
        and row[0].isdecimal()
        and row[1].isdecimal()
        and row[0].zfill(_NINE)[2:] == row[1].zfill(_SEVEN)
        for row in rows
    )


def parse_row(cells: Sequence[str], prefecture_names: dict[str, str]) -> CodeRow | RowError:
    """One row of the list; ``prefecture_names`` by number, because addresses leave them out."""
    nine = cells[0].strip().zfill(_NINE)
    if not nine.isdecimal() or len(nine) != _NINE:
        return RowError("1列目", cells[0], "医療機関コード（9桁の数字）を入力してください。")
    prefecture, number = nine[:2], nine[2:]
    if not check_institution_code(f"{prefecture}1{number}", allow_fictional=True).valid:
        return RowError(
            "1列目", cells[0], "医療機関コードの検査数字が合いません。番号を確かめてください。"
        )
    name = prefecture_names.get(prefecture, "")
    address = cells[4] if cells[4].startswith(name) else name + cells[4]
    key = place_key_of(prefecture, cells[2].strip(), address, "", nine)
    postcode = cells[3].strip().zfill(_POSTCODE)
    return CodeRow(prefecture, number, cells[2].strip(), postcode, key)
