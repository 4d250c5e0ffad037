"""Label sheets as data: how many cards lie where on an A4 sheet. Pure.

``unconfirmed`` says what is not from the maker's own page; a sheet is measured once before a pack
of it is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

A4_MM: Final = (210.0, 297.0)


@dataclass(frozen=True)
class LabelSheet:
    """One kind of sheet; all lengths in mm, the first label at the upper left."""

    code: str
    name: str
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    pitch_x: float
    pitch_y: float
    source: str
    unconfirmed: str = ""
    # Plain paper has nothing to tear along.
    cut_marks: bool = False

    @property
    def places(self) -> int:
        """How many labels one sheet has."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Where the label at this place (0 is the first; row by row) has its upper left corner."""
        row, column = divmod(place, self.columns)
        return (
            round(self.left + column * self.pitch_x, 3),
            round(self.top + row * self.pitch_y, 3),
        )

    def place_words(self, place: int) -> str:
        """2段目の右."""
        row, column = divmod(place, self.columns)
        side = {0: "左", self.columns - 1: "右"}.get(column, f"{column + 1}列目")
        return f"{row + 1}段目の{side}"


LABEL_SHEETS: Final = (
    LabelSheet(
        code="card-10",
        name="名刺用紙 10面（91×55 mm、A4）",
        columns=2,
        rows=5,
        width=91,
        height=55,
        left=14,
        top=11,
        pitch_x=91,
        pitch_y=55,
        source=(
            "名刺4号（91×55 mm）: heart-group.co.jp 名刺サイズ一覧; 余白 上11 mm・左14 mm:"
            " A-one 72110・31514 の用紙寸法（公開されたテンプレートの値）"
        ),
    ),
    LabelSheet(
        code="label-10",
        name="ラベル用紙 10面（86.4×50.8 mm、A4）",
        columns=2,
        rows=5,
        width=86.4,
        height=50.8,
        left=18.6,
        top=21.2,
        pitch_x=86.4,
        pitch_y=50.8,
        source="A-one 75210 の用紙寸法（公開されたテンプレートの値）",
        unconfirmed="上の余白はメーカーの資料で確かめていません。1枚試し刷りをしてください。",
    ),
    LabelSheet(
        code="plain-10",
        name="普通の紙（保険証の大きさ 85.6×54 mm、切り取り線つき）",
        columns=2,
        rows=5,
        width=85.6,
        height=54,
        left=19.4,
        top=13.5,
        pitch_x=85.6,
        pitch_y=54,
        source="ISO/IEC 7810 ID-1（85.60×53.98 mm）",
        cut_marks=True,
    ),
)
SHEETS: Final = {one.code: one for one in LABEL_SHEETS}
