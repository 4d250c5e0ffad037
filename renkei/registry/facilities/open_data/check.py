"""Is a table fit to be published? What is wrong, row by row, in words (T-X4).

Source: domain/interop.md §4.2 (columns), §5 (check digits), §7.3 (bounds of coordinates).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from renkei.foundation.common.codes import check_corporate_number, check_municipality_code
from renkei.foundation.common.text import text_problem
from renkei.registry.facilities.open_data.layouts import Dataset, header

LATITUDES: Final = (20.0, 46.0)
LONGITUDES: Final = (122.0, 154.0)
_PHONE = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}|0\d{9,10}")
_NUMBER = re.compile(r"\d{10}")
_OFFICE = re.compile(r"[0-9A-Z]{10}")
MAY_STAY, MUST_GO = "確かめてください", "直してください"


@dataclass(frozen=True)
class Problem:
    """One cell that does not fit; ``row`` is the spreadsheet's own (header = 1)."""

    row: int
    service_id: str
    name: str
    column: str
    value: str
    message: str
    # The file cannot be published before it is put right.
    blocks: bool = False

    @property
    def weight(self) -> str:
        """How much it matters, in words."""
        return MUST_GO if self.blocks else MAY_STAY


Row = Mapping[str, str]


def problems_of(dataset: Dataset, rows: Sequence[Sequence[str]]) -> list[Problem]:
    """Everything that does not fit the layout, in the order of the file."""
    names = header(dataset)
    seen: dict[str, int] = {}
    found: list[Problem] = []
    for number, cells in enumerate(rows, start=2):
        row = dict(zip(names, cells, strict=True))
        for column, message, blocks in _wrong_cells(row):
            found.append(
                Problem(number, row["ID"], row["名称"], column, row[column], message, blocks)
            )
        first = seen.setdefault(row["ID"], number)
        if first != number:
            message = f"{first}行目と同じIDです。"
            found.append(Problem(number, row["ID"], row["名称"], "ID", row["ID"], message, True))  # noqa: FBT003
    return found


Wrong = tuple[str, str, bool]


def _wrong_cells(row: Row) -> list[Wrong]:
    wrong: list[Wrong] = []
    for column, value in row.items():
        if text_problem(value, multiline=True):
            wrong.append((column, "ファイルに書けない文字があります。台帳で直してください。", True))
        elif value and (rule := RULES.get(column)) and not rule[0](value):
            wrong.append((column, rule[1], rule[2]))
    wrong += [(column, message, blocks) for column, message, blocks in REQUIRED if not row[column]]
    if bool(row["緯度"]) != bool(row["経度"]):
        wrong.append(("緯度", "緯度と経度の片方がありません。", True))
    elif not row["緯度"]:
        wrong.append(("緯度", "位置が分かりません。地図に表示できません。", False))
    return wrong


def _is_between(bounds: tuple[float, float]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            return bounds[0] <= float(text) <= bounds[1]
        except ValueError:
            return False

    return check


def _is_municipality(text: str) -> bool:
    return check_municipality_code(text, allow_fictional=True).valid


REQUIRED: tuple[Wrong, ...] = (
    ("名称", "名称がありません。", True),
    ("全国地方公共団体コード", "市区町村が分かりません。住所を確かめてください。", True),
    ("所在地_連結表記", "住所がありません。", False),
    ("電話番号", "電話番号がありません。", False),
)
RULES: dict[str, tuple[Callable[[str], bool], str, bool]] = {
    "全国地方公共団体コード": (_is_municipality, "6桁のコードの検査数字が合いません。", True),
    "緯度": (_is_between(LATITUDES), "日本の外の緯度です。", True),
    "経度": (_is_between(LONGITUDES), "日本の外の経度です。", True),
    "電話番号": (
        lambda text: bool(_PHONE.fullmatch(text)),
        "電話番号の形ではありません。",
        False,
    ),
    "FAX番号": (lambda text: bool(_PHONE.fullmatch(text)), "FAX番号の形ではありません。", False),
    "法人番号": (
        lambda text: check_corporate_number(text).valid,
        "13桁の検査数字が合いません。",
        False,
    ),
    "事業所番号": (lambda text: bool(_OFFICE.fullmatch(text)), "10桁ではありません。", False),
    "医療機関コード": (lambda text: bool(_NUMBER.fullmatch(text)), "10桁ではありません。", False),
    "定員": (str.isdecimal, "数ではありません。", False),
    "URL": (
        lambda text: text.startswith(("http://", "https://")),
        "http:// か https:// で始まっていません。",
        False,
    ),
}
