"""Word documents in the same look as our PDF: A4, 15 mm, heads and feet, tables that turn pages."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from renkei.foundation.common import clock

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

# On every Windows since 2018; where it is missing Word takes another gothic.
FONT: Final = "BIZ UDPゴシック"
A4_MM: Final = (210, 297)
MARGIN_MM: Final = 15
HEAD_MM: Final = 10
BODY_PT: Final = 10.5
HEADING_PT: Final = (18, 13, 11.5)
# Widths of lines in eighths of a point.
THICK: Final = 12
THIN: Final = 6
# XML cannot hold control characters or halves of characters.
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class WordColumn:
    """``width_mm`` None shares what the others leave."""

    name: str
    width_mm: float | None = None


def new_document(
    *, title: str, head: Mapping[str, str] | None = None, landscape: bool = False
) -> Document:
    """An empty document; ``head`` as ``pdf.head`` makes it stands on every page."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = clean(title), clean(head["town"]) if head else ""
    properties.language, properties.comments = "ja-JP", ""
    properties.created = properties.modified = clock.now()
    _set_styles(document)
    section = document.sections[0]
    width, height = reversed(A4_MM) if landscape else A4_MM
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(MARGIN_MM))
    if head is not None:
        _write_head(document, head, inner=Mm(width - 2 * MARGIN_MM))
    return document


def add_heading(document: Document, text: str, *, level: int = 1) -> Paragraph:
    heading: Paragraph = document.add_heading(clean(text), level=level)
    return heading


def add_paragraph(document: Document, text: str, *, bold: bool = False) -> Paragraph:
    """A paragraph; line ends in the text stay within it."""
    paragraph = document.add_paragraph()
    paragraph.add_run(clean(text)).bold = bold
    return paragraph


def add_table(
    document: Document, *, columns: Sequence[WordColumn], rows: Sequence[Sequence[str]]
) -> Table:
    """A table with its header repeated on each page and rows that are never split."""
    table: Table = document.add_table(rows=1, cols=len(columns))
    table.autofit = False
    set_borders(table)
    widths = _widths(document, columns)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _fill(table.rows[0], [column.name for column in columns], widths, bold=True)
    _mark_row(table.rows[0], header=True)
    for cells in rows:
        row = table.add_row()  # type: ignore[no-untyped-call]
        _fill(row, cells, widths)
        _mark_row(row)
    return table


def to_bytes(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n"))


def _write_head(document: Document, head: Mapping[str, str], *, inner: int) -> None:
    section = document.sections[0]
    section.header_distance = section.footer_distance = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM + HEAD_MM)
    top, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    # The template's own styles for these have tab stops for another paper.
    top.style = foot.style = document.styles["Normal"]
    _set_tabs(top, {WD_TAB_ALIGNMENT.CENTER: inner // 2, WD_TAB_ALIGNMENT.RIGHT: inner})
    top.add_run(clean(head["town"]) + "\t")
    top.add_run(clean(head["name"])).bold = True
    top.add_run("\t" + clean(head["issued"]))
    _rule(top, "bottom", THICK)
    _set_tabs(foot, {WD_TAB_ALIGNMENT.RIGHT: inner})
    foot.add_run(clean(head["source"]) + "\t")
    _add_field(foot, "PAGE")
    foot.add_run(" / ")
    _add_field(foot, "NUMPAGES")
    _rule(foot, "top", THIN)


def _set_styles(document: Document) -> None:
    styles = document.styles
    _set_font(styles["Normal"], BODY_PT)
    styles["Normal"].paragraph_format.space_after = Pt(4)
    # No gaps between kanji and digits, as in the PDF: 令和8年, not 令和 8 年.
    properties = styles["Normal"].element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        off = OxmlElement(name)
        off.set(qn("w:val"), "0")
        properties.insert_element_before(off, "w:spacing", "w:jc", "w:rPr")
    for level, size in enumerate(HEADING_PT, start=1):
        style = styles[f"Heading {level}"]
        _set_font(style, size)
        style.font.bold = True
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = Pt(0 if level == 1 else 12)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.keep_with_next = True


def _set_font(style: Any, size: float) -> None:
    style.font.name, style.font.size = FONT, Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    # The theme of the template would win over the name for Japanese text.
    for name in [each for each in fonts.attrib if each.lower().endswith("theme")]:
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ja-JP")
    language.set(qn("w:eastAsia"), "ja-JP")
    properties.append(language)


def _set_tabs(paragraph: Paragraph, stops: Mapping[Any, int]) -> None:
    tabs = paragraph.paragraph_format.tab_stops
    for alignment, position in stops.items():
        tabs.add_tab_stop(position, alignment)


def _add_field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields


def _border(side: str, width: int) -> Any:
    border = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(width)), ("space", "1"), ("color", "000000")):
        border.set(qn(f"w:{name}"), value)
    return border


def _rule(paragraph: Paragraph, side: str, width: int) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_border(side, width))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders
    # The schema wants borders before tab stops, and Word is strict about it.
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:jc", "w:rPr")


def set_borders(table: Table) -> None:
    """A thick line above, thin ones under each row."""
    borders = OxmlElement("w:tblBorders")
    for side, width in (("top", THICK), ("bottom", THIN), ("insideH", THIN)):
        borders.append(_border(side, width))
    table._tbl.tblPr.append(borders)  # noqa: SLF001 - python-docx has no borders


def _mark_row(row: Any, *, header: bool = False) -> None:
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no such marks
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))
        for cell in row.cells:
            borders = OxmlElement("w:tcBorders")
            borders.append(_border("bottom", THICK))
            cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001 - as above


def _fill(row: Any, cells: Sequence[str], widths: Sequence[int], *, bold: bool = False) -> None:
    for cell, text, width in zip(row.cells, cells, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(clean(text)).bold = bold


def _widths(document: Document, columns: Sequence[WordColumn]) -> list[int]:
    section = document.sections[0]
    inner = int(section.page_width or 0) - 2 * Mm(MARGIN_MM)
    fixed = sum(Mm(column.width_mm) for column in columns if column.width_mm is not None)
    open_columns = sum(1 for column in columns if column.width_mm is None)
    share = max(0, inner - fixed) // max(1, open_columns)
    return [share if column.width_mm is None else Mm(column.width_mm) for column in columns]
