"""Word documents open as they should: read back by python-docx and as XML."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Mm, Pt

from renkei.foundation.common.documents.pdf import head
from renkei.foundation.common.documents.word import (
    WordColumn,
    add_heading,
    add_paragraph,
    add_table,
    new_document,
    to_bytes,
)

HEAD = head(
    town="架空市", name="資源の冊子", issued_on=date(2026, 11, 20), source="出典：架空市調べ"
)
COLUMNS = [WordColumn("番号", 15), WordColumn("名前"), WordColumn("電話", 35)]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def saved(document):
    content = to_bytes(document)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {
            name: parse_xml(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".xml")
        }
    return docx.Document(io.BytesIO(content)), parts


def test_paper_margins_and_properties():
    document, _ = saved(new_document(title="北浜の一覧", head=HEAD))

    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert {round(section.left_margin.mm), round(section.header_distance.mm)} == {15}
    assert round(section.top_margin.mm) == 25
    assert document.core_properties.title == "北浜の一覧"
    assert document.core_properties.author == "架空市"


def test_landscape_without_head():
    document, _ = saved(new_document(title="表", landscape=True))

    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert section.header.paragraphs[0].text == ""
    assert document.core_properties.author == ""


def test_head_and_foot_stand_on_every_page():
    document, parts = saved(new_document(title="表", head=HEAD))

    section = document.sections[0]
    assert section.header.paragraphs[0].text == "架空市\t資源の冊子\t令和8年11月20日発行"
    assert section.footer.paragraphs[0].text.startswith("出典：架空市調べ\t")
    (footer,) = [part for name, part in parts.items() if "footer" in name]
    assert [field.get(f"{W}instr") for field in footer.iter(f"{W}fldSimple")] == [
        "PAGE",
        "NUMPAGES",
    ]
    stops = [stop.position for stop in section.header.paragraphs[0].paragraph_format.tab_stops]
    assert [round(Mm(90).mm), 180] == [round(stop.mm) for stop in stops]


@pytest.mark.parametrize("name", ["Normal", "Heading 1", "Heading 2", "Heading 3"])
def test_styles_use_the_japanese_font(name):
    document, _ = saved(new_document(title="表"))

    fonts = document.styles[name].element.rPr.rFonts
    assert dict(fonts.attrib) == {
        f"{W}{kind}": "BIZ UDPゴシック" for kind in ("ascii", "hAnsi", "eastAsia", "cs")
    }
    assert document.styles["Normal"].font.size == Pt(10.5)


def test_headings_and_text():
    document = new_document(title="表")
    add_heading(document, "北浜地区")
    add_heading(document, "一覧", level=2)
    add_paragraph(document, "一行目\r\n二行目\x00\ud800", bold=True)

    document, _ = saved(document)

    assert [(p.style.name, p.text) for p in document.paragraphs] == [
        ("Heading 1", "北浜地区"),
        ("Heading 2", "一覧"),
        ("Normal", "一行目\n二行目"),
    ]
    assert document.paragraphs[2].runs[0].bold


def test_table_repeats_its_header_and_splits_no_row():
    document = new_document(title="表")
    rows = [[str(n), f"架空診療所{n}\n北浜", "0999-00-0001"] for n in range(3)]
    add_table(document, columns=COLUMNS, rows=rows)

    document, parts = saved(document)

    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["番号", "名前", "電話"],
        *rows,
    ]
    marks = [
        [mark.tag.removeprefix(W) for mark in row.find(f"{W}trPr")]
        for row in parts["word/document.xml"].iter(f"{W}tr")
    ]
    assert marks == [["cantSplit", "tblHeader"], ["cantSplit"], ["cantSplit"], ["cantSplit"]]
    assert [round(column.width.mm) for column in table.columns] == [15, 130, 35]


def test_borders_come_before_tab_stops_as_word_demands():
    _, parts = saved(new_document(title="表", head=HEAD))

    (header,) = [part for name, part in parts.items() if "word/header" in name]
    names = [each.tag.removeprefix(W) for each in next(header.iter(f"{W}pPr"))]
    assert names.index("pBdr") < names.index("tabs")
