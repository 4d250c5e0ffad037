"""CP932 (the Windows "Shift_JIS") without silent loss: what does not fit is replaced and listed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from renkei.foundation.common.spreadsheets.formulas import neutralise
from renkei.foundation.common.spreadsheets.problems import column_letter

# 〓 (geta) stands in Japanese print for a character that could not be set.
GETA: Final = "〓"
# Losses beyond this number are counted, not listed.
LISTED: Final = 10_000

# Characters CP932 lacks, with the one a Japanese office would write instead: signs, and forms of
# kanji from JIS X 0213 (names, and the printing forms of 2004).
# Source: JIS X 0213:2004 and JIS X 0208:1997 (表外漢字字体表 and its simplified forms).
SUBSTITUTES: Final = {
    **dict(
        zip(
            "–—¥\u00a0‑•✓✔♡♥☎☏",
            ("－", "―", "￥", " ", "-", "・", "レ", "レ", "ハート", "ハート", "TEL", "TEL"),
            strict=True,
        )
    ),
    **dict(
        zip(
            "𠮷鷗噓俠俱剝𠮟吞塡姸屛幷搔摑攢瀆焰瘦禱簞繡繫萊蔣蟬蠟軀醬醱頰顚驒麴麵鹼嚙囊"
            "𣘺𠀋𡈽𠩤𦚰啞巢溫內",
            "吉鴎嘘侠倶剥叱呑填妍屏并掻掴攅涜焔痩祷箪繍繋莱蒋蝉蝋躯醤醗頬顛騨麹麺鹸噛嚢"
            "橋丈土原脇唖巣温内",
            strict=True,
        )
    ),
}


@dataclass(frozen=True, slots=True)
class CharacterLoss:
    """One character that is not in the file as it was: ``cell`` is its address, like C12."""

    row: int
    column: str
    cell: str
    character: str
    written: str

    @property
    def code(self) -> str:
        """U+20BB7, or both codes of a kanji with its variation selector."""
        return " ".join(f"U+{ord(part):04X}" for part in self.character)

    def __str__(self) -> str:
        character = self.character if self.character.isprintable() else ""
        place = f"{self.cell}（{self.column}）の「{character}」（{self.code}）"
        if self.written == GETA:
            return (
                f"{place}は書けないため「〓」にしました。"
                "別の字に直すか、UTF-8で書き出してください。"
            )
        return f"{place}は書けないため「{self.written}」に置き換えました。"


@dataclass(slots=True)
class LossReport:
    """Every character that did not fit, in the order of the file."""

    encoding: str
    losses: list[CharacterLoss] = field(default_factory=list)
    count: int = 0

    def __bool__(self) -> bool:
        return self.count > 0

    def add(self, *, row: int, column: int, name: str, character: str, written: str) -> None:
        self.count += 1
        if len(self.losses) < LISTED:
            address = f"{column_letter(column)}{row}"
            self.losses.append(CharacterLoss(row, name, address, character, written))

    def lines(self) -> list[str]:
        """The report for people, one sentence per loss."""
        lines = [str(loss) for loss in self.losses]
        if self.count > len(lines):
            lines.append(f"ほか{self.count - len(lines):,}文字")
        return lines


def fits(text: str, encoding: str) -> bool:
    """Whether the text comes back from the encoding as it went in."""
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeEncodeError:
        return False


def repair_row(
    cells: Sequence[str], *, row: int, names: Sequence[str], report: LossReport
) -> list[str]:
    """The cells with every character that does not fit replaced, each one added to the report."""
    repaired = list(cells)
    for column, cell in enumerate(cells):
        if fits(cell, report.encoding):
            continue
        pieces: list[str] = []
        for character in _characters(cell):
            if fits(character, report.encoding):
                pieces.append(character)
                continue
            written = substitute(character, report.encoding)
            pieces.append(written)
            report.add(
                row=row,
                column=column,
                name=names[column],
                character=character,
                written=written,
            )
        # A substitute may be the sign that begins a formula: ﹦ becomes =.
        repaired[column] = neutralise("".join(pieces))
    return repaired


def _characters(text: str) -> Iterator[str]:
    """Characters as people see them: a variation selector belongs to the kanji before it."""
    character = ""
    for code in text:
        if character and _is_variation_selector(code):
            character += code
            continue
        if character:
            yield character
        character = code
    yield character


def _is_variation_selector(code: str) -> bool:
    return "\ufe00" <= code <= "\ufe0f" or "\U000e0100" <= code <= "\U000e01ef"


def substitute(character: str, encoding: str) -> str:
    """What to write for a character the encoding lacks; 〓 when nothing good is known."""
    base = character[0]
    if not encoding.startswith("cp932"):
        return GETA
    candidates = (
        # What the encoding itself would turn it into: − into －, 〜 into ～.
        base.encode(encoding, "ignore").decode(encoding),
        SUBSTITUTES.get(base, ""),
        unicodedata.normalize("NFKC", base),
        # é is better read as e than as 〓.
        unicodedata.normalize("NFKD", base)[0],
    )
    return next((c for c in candidates if c and fits(c, encoding)), GETA)
