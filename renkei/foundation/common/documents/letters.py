"""One content, two forms: letters, lists and minutes as PDF and as Word, never typed twice.

A document is a sequence of blocks; ``letter_pdf`` and ``letter_docx`` set the same ones.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from renkei.foundation.common.documents.pdf import compile_pdf
from renkei.foundation.common.documents.word import (
    WordColumn,
    add_heading,
    add_paragraph,
    add_table,
    clean,
    new_document,
    set_borders,
    to_bytes,
)
from renkei.foundation.common.qr import qr_png, qr_svg, size_mm

if TYPE_CHECKING:
    from docx.document import Document

TEMPLATE: Final = Path(__file__).parent / "templates" / "letter.typ"
LABEL_MM: Final = 30.0
_ALIGNED: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. ``size`` in points; line ends in the text stay."""

    text: str
    align: Literal["left", "center", "right"] = "left"
    bold: bool = False
    size: float = 10.5
    indent: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The first one of a document is of level 1: its title."""

    text: str
    level: int = 2
    align: Literal["left", "center", "right"] = "left"
    size: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values: 日時, 場所 …"""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[WordColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    # By column: "right" for amounts.
    aligns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Space:
    mm: float = 4


@dataclass(frozen=True, slots=True)
class Cut:
    """A dashed line to cut along, with a word on it; keeps what follows on one sheet."""

    text: str = "きりとり"


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


@dataclass(frozen=True, slots=True)
class Boxes:
    """Choices to tick by hand: □ 出席　□ 欠席"""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FillIn:
    """Labels with room to write behind them."""

    labels: tuple[str, ...]
    height_mm: float = 11


@dataclass(frozen=True, slots=True)
class Mark:
    """The QR mark by which a paper finds its way back, with its printed number."""

    text: str
    number: str


Block = Line | Heading | Facts | Table | Space | Cut | PageBreak | Boxes | FillIn | Mark


def letter_pdf(
    blocks: Iterable[Block],
    *,
    title: str,
    head: Mapping[str, str] | None = None,
    landscape: bool = False,
) -> bytes:
    """The blocks on A4."""
    data = {
        "head": [head] if head else [],
        "flipped": landscape,
        "blocks": [_block_data(block) for block in blocks],
    }
    return compile_pdf(TEMPLATE, data, title=title)


def letter_docx(
    blocks: Iterable[Block],
    *,
    title: str,
    head: Mapping[str, str] | None = None,
    landscape: bool = False,
) -> bytes:
    """The blocks as a Word document that can be edited on."""
    document = new_document(title=title, head=head, landscape=landscape)
    for block in blocks:
        _write_block(document, block)
    return to_bytes(document)


def _block_data(block: Block) -> dict[str, Any]:  # noqa: PLR0911 - one for each kind
    match block:
        case Line():
            return {
                "kind": "line", "text": block.text, "align": block.align, "bold": block.bold,
                "size": block.size, "indent": block.indent,
            }  # fmt: skip
        case Heading():
            return {
                "kind": "heading", "text": block.text, "level": block.level, "align": block.align,
                "size": block.size or 0,
            }  # fmt: skip
        case Facts():
            return {"kind": "facts", "rows": [list(row) for row in block.rows]}
        case Table():
            return _table_data(block)
        case Space():
            return {"kind": "space", "mm": block.mm}
        case Cut():
            return {"kind": "cut", "text": block.text}
        case PageBreak():
            return {"kind": "break"}
        case Boxes():
            return {"kind": "boxes", "words": list(block.words)}
        case FillIn():
            return {"kind": "fill", "labels": list(block.labels), "height": block.height_mm}
        case Mark():
            return {
                "kind": "mark", "svg": qr_svg(block.text, label=""), "number": block.number,
                "size": size_mm(block.text),
            }  # fmt: skip


def _table_data(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "header": [column.name for column in table.columns],
        "widths": [column.width_mm or 0 for column in table.columns],
        "aligns": list(table.aligns) or ["left"] * len(table.columns),
        "rows": [list(row) for row in table.rows],
    }


def _write_block(document: Document, block: Block) -> None:
    match block:
        case Line():
            _write_line(document, block)
        case Heading():
            heading = add_heading(document, block.text, level=block.level)
            heading.alignment = _ALIGNED[block.align]
            for run in heading.runs:
                run.font.size = Pt(block.size) if block.size else None
        case Facts():
            _write_facts(document, block.rows)
        case Table():
            _write_table(document, block)
        case Space():
            add_paragraph(document, "").paragraph_format.space_after = Mm(max(block.mm - 4, 0))
        case Cut():
            line = add_paragraph(document, f"- - - - - - - - - - - - -　{block.text}　" + "- " * 13)
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line.paragraph_format.keep_with_next = True
        case PageBreak():
            document.add_page_break()  # type: ignore[no-untyped-call]
        case Boxes():
            add_paragraph(document, "　　".join(f"□ {word}" for word in block.words))
        case FillIn():
            _write_facts(document, [(label, "") for label in block.labels], height=block.height_mm)
        case Mark():
            _write_mark(document, block)


def _write_line(document: Document, line: Line) -> None:
    paragraph = add_paragraph(document, line.text, bold=line.bold)
    paragraph.alignment = _ALIGNED[line.align]
    if line.indent:
        # One full-width character, as letters of offices begin their paragraphs.
        paragraph.paragraph_format.first_line_indent = Pt(line.size)
    for run in paragraph.runs:
        run.font.size = Pt(line.size)


def _write_facts(
    document: Document, rows: Sequence[tuple[str, str]], *, height: float | None = None
) -> None:
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    section = document.sections[0]
    inner = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    for column, width in zip(table.columns, (Mm(LABEL_MM), inner - Mm(LABEL_MM)), strict=True):
        column.width = width
    if height:
        set_borders(table)
    for label, value in rows:
        row: Any = table.add_row()
        if height:
            row.height = Mm(height)
        for cell, text, width in zip(
            row.cells, (label, value), (Mm(LABEL_MM), inner - Mm(LABEL_MM)), strict=True
        ):
            cell.width = width
            cell.paragraphs[0].add_run(clean(text)).bold = text is label
    _end_table(document)


def _write_table(document: Document, block: Table) -> None:
    table = add_table(document, columns=block.columns, rows=block.rows)
    for position, align in enumerate(block.aligns):
        for row in table.rows:
            row.cells[position].paragraphs[0].alignment = _ALIGNED[align]
    _end_table(document)


def _end_table(document: Document) -> None:
    # Two tables without anything between them grow together.
    add_paragraph(document, "").paragraph_format.line_spacing = Pt(4)


def _write_mark(document: Document, mark: Mark) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run().add_picture(io.BytesIO(qr_png(mark.text)), width=Mm(size_mm(mark.text)))
    number = add_paragraph(document, f"受付番号 {mark.number}", bold=True)
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
