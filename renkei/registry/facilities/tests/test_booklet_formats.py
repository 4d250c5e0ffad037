from __future__ import annotations

import io
import re

import docx
import openpyxl
import pytest

from renkei.registry.facilities.booklet.pdf import booklet_pdf
from renkei.registry.facilities.booklet.plan import plan_booklet
from renkei.registry.facilities.booklet.word import COLUMNS, booklet_docx
from renkei.registry.facilities.booklet.workbook import booklet_xlsx
from renkei.registry.facilities.tests.booklets import (
    IMPRINT,
    SOURCE,
    make_booklet,
    make_entry,
    read_pages,
)


@pytest.fixture(scope="module")
def plan():
    return make_booklet(300)


def rows_of_workbook(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True)["一覧"]
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[:4] == ("地区", "番号", "種類", "名前")
    return {(row[0], int(str(row[1])), row[3], row[4], row[5], row[6], row[7]) for row in rows}


def rows_of_document(data):
    document = docx.Document(io.BytesIO(data))
    found, chapter = set(), ""
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            if [cell.text for cell in block.rows[0].cells] != [one.name for one in COLUMNS]:
                continue
            for row in block.rows[1:]:
                number, about, phone, hours = (cell.text for cell in row.cells)
                name, kinds, freshness = about.split("\n")
                address = kinds.split("　")[-1]
                found.add((chapter, int(number), name, address, phone, hours, freshness))
        elif block.style is not None and block.style.name == "Heading 1":
            chapter = re.sub(r"（[0-9,]+か所）$", "", block.text)
    return found


def rows_of_pdf(data, plan):
    """The rows found in the text, chapter by chapter: number, name, kind, address, date, phone."""
    found, chapter = set(), ""
    for page in read_pages(data):
        for district in plan.districts:
            if f"{district.name}番号は地図と一覧で同じです" in page:
                chapter = district.name
        for district in plan.districts:
            if district.name != chapter:
                continue
            for one in district.entries:
                cells = (one.number, one.name, one.kinds, one.address, one.freshness, one.phone)
                hours = one.hours.replace("\n", "").replace(" ", "")
                if "".join(map(str, cells)).replace(" ", "") + hours in page:
                    found.add(
                        (chapter, one.number, one.name, one.address, one.phone, one.hours,
                         one.freshness)
                    )  # fmt: skip
    return found


def test_t_a9_pdf_word_and_excel_have_the_same_rows(plan):
    expected = {
        (d, number, name, address, phone, hours, fresh)
        for d, number, _, name, address, phone, hours, fresh in plan.rows()
    }

    assert len(expected) == 300
    assert rows_of_workbook(booklet_xlsx(plan)) == expected
    assert rows_of_document(booklet_docx(plan)) == expected
    assert rows_of_pdf(booklet_pdf(plan), plan) == expected


def test_t_a1d_word_and_excel_say_where_the_values_come_from(plan):
    document = docx.Document(io.BytesIO(booklet_docx(plan)))
    book = openpyxl.load_workbook(io.BytesIO(booklet_xlsx(plan)))

    assert SOURCE.full in [one.text for one in document.paragraphs]
    assert SOURCE.short in document.sections[0].footer.paragraphs[0].text
    notes = [row[1] for row in book["この表について"].iter_rows(values_only=True)]
    assert SOURCE.full in notes


def test_a_name_never_becomes_a_formula():
    plan = plan_booklet(IMPRINT, [make_entry(1, name="=1+1", district="北浜")], {})

    sheet = openpyxl.load_workbook(io.BytesIO(booklet_xlsx(plan)))["一覧"]

    assert sheet["D2"].value == "=1+1"
    assert sheet["D2"].data_type == "s"
