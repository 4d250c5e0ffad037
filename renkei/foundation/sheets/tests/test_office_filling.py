"""T-C3a: an office's own workbook is filled in, and nothing else in it changes by a byte."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from renkei.foundation.common.qr import qr_png
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.items import Absence, Code
from renkei.foundation.sheets.office.filling import fill
from renkei.foundation.sheets.office.mapping import (
    CellName,
    checked,
    mapping_of,
    stored_mapping,
    suggest,
    targets_of,
)
from renkei.foundation.sheets.office.package import (
    MOST_UNPACKED,
    Package,
    WorkbookBrokenError,
    place_of,
    reference_of,
)
from renkei.foundation.sheets.office.spots import BrokenXmlError, Splice, parse_spots, spliced
from renkei.testing import shared_data

ABSENCE = "https://renkei.example/fhir/StructureDefinition/absence"
DAY = dt.date(2026, 11, 22)
# As cells hold them.
MIDNIGHT = dt.datetime.fromisoformat("2026-11-22T00:00")
EVENING = dt.datetime.fromisoformat("2026-11-22T18:40")
FORM = {
    "resourceType": "Questionnaire",
    "status": "active",
    "title": "北浜の様式",
    "item": [
        {"linkId": "name", "text": "患者氏名", "type": "string"},
        {
            "linkId": "born",
            "text": "生年月日",
            "type": "date",
            "extension": [{"url": ABSENCE, "valueCode": "unknown"}],
        },
        {"linkId": "admitted", "text": "入院日", "type": "date"},
        {"linkId": "seen", "text": "面談日時", "type": "dateTime"},
        {"linkId": "weight", "text": "体重", "type": "decimal"},
        {"linkId": "count", "text": "回数", "type": "integer"},
        {
            "linkId": "level",
            "text": "要介護度",
            "type": "choice",
            "answerOption": [
                {"valueCoding": {"code": str(n), "display": f"要介護{n}"}} for n in range(1, 6)
            ],
        },
        {
            "linkId": "care",
            "text": "医療処置",
            "type": "choice",
            "repeats": True,
            "answerOption": [
                {"valueCoding": {"code": "a", "display": "点滴"}},
                {"valueCoding": {"code": "b", "display": "酸素"}},
            ],
            "extension": [{"url": ABSENCE, "valueCode": "none"}],
        },
        {"linkId": "wish", "text": "意向", "type": "text"},
        {
            "linkId": "family",
            "text": "家族",
            "type": "group",
            "repeats": True,
            "item": [{"linkId": "who", "text": "氏名", "type": "string"}],
        },
    ],
}
DEFINITION = parse(FORM)
LEVELS = "□要介護1　□要介護2　□要介護3　□要介護4　□要介護5"


def office_workbook():
    """A form as offices make them: merged, boxed, with pictures, shapes, a chart, rules, prints."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        red = book.add_format({"font_color": "red", "border": 2, "bold": True})
        box = book.add_format({"border": 1, "text_wrap": True, "bg_color": "#FFFFCC"})
        day = book.add_format({"border": 1, "num_format": "yyyy/mm/dd"})
        text = book.add_format({"border": 1, "num_format": "@"})
        sheet = book.add_worksheet("様式")
        sheet.set_column("A:A", 14)
        sheet.set_column("C:C", 9, box)
        sheet.set_row(8, 40, box)
        sheet.merge_range("A1:F1", "入院時情報提供書（北浜版）", red)
        sheet.write("A2", "患者氏名：", red)
        sheet.merge_range("B2:C2", "", box)
        sheet.write("A3", "生 年 月 日", red)
        sheet.write_blank("B3", None, text)
        sheet.write("D3", "入院日", red)
        sheet.write_blank("E3", None, day)
        sheet.write("A4", "体重")
        sheet.write("A5", "要介護度")
        sheet.write("B5", LEVELS, box)
        sheet.write_rich_string("B6", "□", red, "点滴　□", "酸素　", "□なし", box)
        sheet.write("A6", "医療処置")
        sheet.write("A7", "意向")
        sheet.write("A8", "")
        sheet.write_blank("A8", None, box)
        sheet.write_formula("F3", "=E3-1", day, 0)
        sheet.write_comment("A2", "ふりがなも")
        sheet.data_validation(
            "B4", {"validate": "decimal", "criteria": "between", "minimum": 1, "maximum": 200}
        )
        sheet.conditional_format(
            "B4", {"type": "cell", "criteria": ">", "value": 100, "format": red}
        )
        sheet.insert_image("H2", "seal.png", {"image_data": io.BytesIO(qr_png("印"))})
        sheet.insert_textbox("H9", "ここに押印")
        sheet.freeze_panes(1, 0)
        sheet.print_area("A1:F40")
        sheet.set_landscape()
        sheet.set_header("&C架空市")
        other = book.add_worksheet("別紙")
        other.write("A1", "氏名")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=別紙!$C$1:$C$3"})
        other.insert_chart("E2", chart)
        book.define_name("患者", "=様式!$B$2")
    return stream.getvalue()


DATA = office_workbook()


def mapped(**cells):
    return {
        key: CellName(*(["様式", place] if "!" not in place else place.split("!")))
        for key, place in cells.items()
    }


def filled(values, cells):
    return fill(Package(DATA), DEFINITION, values, cells)


def cells_of(data, sheet="様式"):
    return openpyxl.load_workbook(io.BytesIO(data))[sheet]


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def without_cells(xml, *places):
    for place in places:
        pattern = rf'<c r="{place}"(?:[^>]*/>|.*?</c>)'
        xml = re.sub(pattern.encode(), b"", xml, count=1, flags=re.DOTALL)
    return xml


def test_t_c3a_an_offices_own_workbook_is_filled_in_without_breaking_its_looks():
    before = parts(DATA)

    data = filled(
        {
            "name": ["架空 花子"],
            "admitted": [DAY],
            "weight": [Decimal("48.5")],
            "level": [Code("2", "要介護2")],
        },
        mapped(name="B2", admitted="E3", weight="B4", level="B5"),
    )

    after = parts(data)
    sheet = "xl/worksheets/sheet1.xml"
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == {sheet}
    places = ("B2", "E3", "B4", "B5")
    expected = without_cells(before[sheet], *places)
    # A new cell makes the hint of its row wrong, and the formula loses its result of the empty form.
    expected = expected.replace(b'<row r="4" spans="1:6">', b'<row r="4">')
    expected = expected.replace(b"</f><v>0</v>", b"</f>")
    assert without_cells(after[sheet], *places) == expected
    written, bare = cells_of(data), cells_of(DATA)
    assert written["B2"].value == "架空 花子"
    assert written["E3"].value == MIDNIGHT
    assert written["B4"].value == 48.5
    assert written["B5"].value == LEVELS.replace("□要介護2", "■要介護2")
    for place in places:
        assert written[place].style_id == bare[place].style_id
    assert written.merged_cells == bare.merged_cells
    assert written.data_validations.dataValidation == bare.data_validations.dataValidation
    assert written.print_area == bare.print_area


def test_a_workbook_that_is_filled_in_twice_is_the_same():
    cells = mapped(name="B2")

    assert filled({"name": ["架空"]}, cells) == filled({"name": ["架空"]}, cells)


def test_a_day_is_a_day_only_where_the_cell_shows_days():
    data = filled(
        {"born": [dt.date(1941, 2, 3)], "admitted": [DAY]}, mapped(born="B3", admitted="E3")
    )

    sheet = cells_of(data)
    assert sheet["B3"].value == "1941年2月3日" or sheet["B3"].value == "昭和16年2月3日"
    assert sheet["E3"].value == MIDNIGHT


def test_an_instant_is_written_in_japanese_time():
    instant = dt.datetime(2026, 11, 22, 9, 40, tzinfo=dt.UTC)

    data = filled({"seen": [instant]}, mapped(seen="E3"))

    assert cells_of(data)["E3"].value == EVENING
    assert (
        cells_of(filled({"seen": [instant]}, mapped(seen="B3")))["B3"].value
        == "令和8年11月22日 18:40"
    )


def test_a_number_in_a_text_cell_is_a_text():
    sheet = cells_of(filled({"count": [3]}, mapped(count="B3")))

    assert (sheet["B3"].value, sheet["B3"].data_type) == ("3", "s")


def test_ticks_keep_the_letters_of_a_rich_text():
    data = filled({"care": [Code("b", "酸素")]}, mapped(care="B6"))

    assert cells_of(data)["B6"].value == "□点滴　■酸素　□なし"
    assert b"<rPr>" in parts(data)["xl/worksheets/sheet1.xml"]


def test_an_absence_ticks_its_box_or_is_said_in_words():
    data = filled({"care": [Absence.NONE], "born": [Absence.UNKNOWN]}, mapped(care="B6", born="B3"))

    sheet = cells_of(data)
    assert sheet["B6"].value == "□点滴　□酸素　■なし"
    assert sheet["B3"].value == "不明"


def test_options_go_into_cells_of_their_own():
    cells = {
        "care=a": CellName("様式", "D6"),
        "care=b": CellName("様式", "E6"),
        "level=3": CellName("様式", "B5"),
    }

    data = filled({"care": [Code("a")], "level": [Code("3")]}, cells)

    sheet = cells_of(data)
    assert (sheet["D6"].value, sheet["E6"].value) == ("○", None)
    assert sheet["B5"].value.startswith("■要介護1")


def test_a_choice_without_boxes_is_written_in_words():
    sheet = cells_of(filled({"care": [Code("a", "点滴"), Code("b", "酸素")]}, mapped(care="B7")))

    assert sheet["B7"].value == "点滴、酸素"


def test_what_was_not_answered_leaves_its_cell_alone():
    assert parts(filled({}, mapped(level="B5", name="B2"))) == parts(DATA)


def test_new_cells_and_rows_take_the_look_of_their_row_or_column():
    data = filled(
        {"wish": ["家に帰りたい"], "name": ["架空"], "count": [2], "weight": [Decimal(50)]},
        mapped(wish="C30", name="D9", count="A8", weight="H40"),
    )

    sheet = cells_of(data)
    assert sheet["C30"].value == "家に帰りたい"
    assert sheet["C30"].border.left.style == "thin"
    assert sheet["D9"].border.left.style == "thin"
    assert sheet["A8"].value == 2
    assert sheet["H40"].value == 50


def test_rows_of_a_group_and_other_sheets_are_filled_in():
    data = filled(
        {"family": [{"who": ["架空 一郎"]}, {"who": ["架空 二郎"]}]},
        {"family[0]/who": CellName("別紙", "B1"), "family[1]/who": CellName("別紙", "B2")},
    )

    sheet = cells_of(data, "別紙")
    assert [sheet["B1"].value, sheet["B2"].value] == ["架空 一郎", "架空 二郎"]
    untouched = parts(DATA)["xl/worksheets/sheet1.xml"].replace(b"</f><v>0</v>", b"</f>")
    assert parts(data)["xl/worksheets/sheet1.xml"] == untouched


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "<b>&\"'", "a\nb\x00\x07c", "𠮷﨑"])
def test_any_text_is_a_text(text):
    data = filled({"name": [text]}, mapped(name="B2"))

    cell = cells_of(data)["B2"]
    assert cell.value == text.replace("\x00", "").replace("\x07", "")
    assert cell.data_type == "s"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
def test_libreoffice_opens_the_filled_workbook_and_works_it_out(tmp_path):
    (tmp_path / "form.xlsx").write_bytes(
        filled({"name": ["架空 花子"], "admitted": [DAY]}, mapped(name="B2", admitted="E3"))
    )

    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "form.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    words = (tmp_path / "form.csv").read_text(encoding="utf-8")
    assert '"患者氏名：","架空 花子"' in words
    assert '"入院日",2026/11/22,2026/11/21' in words


# Suggesting and checking ---------------------------------------------------------------------


def test_cells_beside_the_words_of_the_form_are_suggested():
    found = suggest(Package(DATA), DEFINITION)

    assert found == mapped(
        name="B2", born="B3", admitted="E3", weight="B4", level="B5", care="B6", wish="B7"
    )


def test_words_that_stand_more_often_than_in_the_form_are_not_guessed():
    found = suggest(Package(DATA), DEFINITION)

    assert "family[0]/who" not in found


def test_a_typed_cell_is_taken_in_any_width_and_moved_to_its_merged_block():
    typed = {"name": "ｃ２", "wish": "別紙!b3", "care=a": "$D$6"}

    found, problems = checked(Package(DATA), DEFINITION, typed)

    assert problems == []
    assert found == {
        "name": CellName("様式", "B2"),
        "wish": CellName("別紙", "B3"),
        "care=a": CellName("様式", "D6"),
    }
    assert mapping_of(stored_mapping(found)) == found
    assert mapping_of({}) == {}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "氏名の右"}, "セルの名前ではありません"),
        ({"name": "A9999999"}, "セルの名前ではありません"),
        ({"name": "ZZZ1"}, "セルの名前ではありません"),
        ({"name": "裏!A1"}, "シート「裏」がありません"),
        ({"name": "F3"}, "計算式があります"),
        ({"name": "B2", "wish": "C2"}, "ほかの項目も対応しています"),
    ],
)
def test_a_cell_that_cannot_be_is_told_with_its_remedy(typed, words):
    found, problems = checked(Package(DATA), DEFINITION, typed)

    (problem,) = problems
    assert words in problem.message
    assert problem.message.endswith("ください。")
    assert problem.key not in found


def test_each_group_of_the_form_has_its_title_and_its_rows_their_numbers():
    groups = {target.group for target in targets_of(DEFINITION)}

    assert groups == {"", "家族（1）", "家族（2）", "家族（3）"}


def test_words_without_room_beside_them_get_no_suggestion():
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, column, text in (
        (1, 1, "意向"),
        (1, 2, "=1+1"),
        (2, 1, "ことば"),
        (3, 1, "回数"),
        (3, 2, "x"),
    ):
        sheet.cell(row, column, text)
    stream = io.BytesIO()
    book.save(stream)

    assert suggest(Package(stream.getvalue()), DEFINITION) == {"count": CellName("Sheet", "A4")}


def test_several_ticks_may_share_a_cell():
    typed = {"care=a": "B6", "care=b": "B6"}

    assert checked(Package(DATA), DEFINITION, typed)[1] == []


# The file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(WorkbookBrokenError, match="xlsx"):
        Package(data)


def rezipped(**changes):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts(DATA).items():
            archive.writestr(
                name, changes.get(name.rpartition("/")[2].removesuffix(".xml"), content)
            )
    return stream.getvalue()


@pytest.mark.parametrize(
    "xml",
    [
        b"<worksheet>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>',
        '<?xml version="1.0" encoding="UTF-16"?><worksheet/>'.encode("utf-16"),
    ],
)
def test_a_sheet_that_is_no_plain_xml_is_refused(xml):
    with pytest.raises(WorkbookBrokenError):
        Package(rezipped(sheet1=xml)).sheets  # noqa: B018 - read on first use


@pytest.mark.parametrize(
    "xml",
    [
        b'<worksheet><sheetData><row r="1"><c r="A0"/></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="x"/></sheetData></worksheet>',
        b'<worksheet><cols><col min="x"/></cols><sheetData/></worksheet>',
        b'<worksheet><sheetData/><mergeCell ref="A1:nowhere"/></worksheet>',
        b"<worksheet>" + b"<a>" * 20_000 + b"</a>" * 20_000 + b"</worksheet>",
    ],
    ids=["no cell", "no row", "no column", "no block", "too deep"],
)
def test_a_sheet_that_lies_about_its_places_is_refused_when_it_is_brought(xml):
    with pytest.raises(WorkbookBrokenError):
        Package(rezipped(sheet1=xml)).sheets  # noqa: B018 - read on first use


def test_a_workbook_that_would_burst_is_refused_before_it_is_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"xl/{number}.bin", b"\0" * (MOST_UNPACKED // 4))
    assert len(stream.getvalue()) < MOST_UNPACKED // 500

    with pytest.raises(WorkbookBrokenError, match="大きくなりすぎる"):
        Package(stream.getvalue())


def test_a_zip_without_a_book_is_no_workbook():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("_rels/.rels", "<Relationships/>")

    with pytest.raises(WorkbookBrokenError, match="xlsx"):
        Package(stream.getvalue())


def test_an_empty_sheet_of_another_program_is_filled_in():
    """Prefixes, self-closing elements, single quotes, rows and cells without their numbers."""
    xml = (
        b"<?xml version='1.0'?><x:worksheet xmlns:x='http://schemas.openxmlformats.org/"
        b"spreadsheetml/2006/main'><x:sheetData><x:row a='>'><x:c/><x:c t='inlineStr'><x:is><x:t>A"
        b"</x:t></x:is></x:c></x:row><x:row r='3'/></x:sheetData></x:worksheet>"
    )
    package = Package(rezipped(sheet1=xml, styles=b"<styleSheet/>"))
    assert package.sheets["様式"].shown((1, 2)).text == "A"

    data = package.filled(
        {"様式": {(1, 1): "い", (1, 3): "う", (2, 1): "え", (3, 2): "お", (5, 1): "か"}}
    )

    sheet = Package(data).sheets["様式"]
    texts = {place: sheet.shown(place).text for place in sheet.cells}
    assert texts == {
        (1, 1): "い",
        (1, 2): "A",
        (1, 3): "う",
        (2, 1): "え",
        (3, 2): "お",
        (5, 1): "か",
    }
    assert sheet.size == (5, 3)


def test_a_sheet_without_any_cell_is_filled_in():
    xml = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    package = Package(rezipped(sheet1=xml))

    data = package.filled({"様式": {(2, 2): 5}})

    assert Package(data).sheets["様式"].shown((2, 2)).text == "5"


def test_a_book_that_counts_from_1904_gets_its_own_days():
    book = parts(DATA)["xl/workbook.xml"].replace(b"<workbookPr ", b'<workbookPr date1904="1" ')

    data = Package(rezipped(workbook=book)).filled({"様式": {place_of("E3"): DAY}})

    assert openpyxl.load_workbook(io.BytesIO(data))["様式"]["E3"].value == MIDNIGHT


@pytest.mark.parametrize("calculation", [b"", b'<calcPr fullCalcOnLoad="0"/>'])
def test_formulas_are_worked_out_again_when_the_book_is_opened(calculation):
    book = re.sub(rb"<calcPr[^>]*/>", calculation, parts(DATA)["xl/workbook.xml"])

    data = Package(rezipped(workbook=book)).filled({"様式": {place_of("E3"): DAY}})

    after = parts(data)["xl/workbook.xml"]
    assert b'</definedNames><calcPr fullCalcOnLoad="1"/>' in after


def test_names_of_cells_are_read_and_written():
    assert [reference_of(place_of(name)) for name in ("A1", "Z9", "AA10", "XFD1048576")] == [
        "A1",
        "Z9",
        "AA10",
        "XFD1048576",
    ]


def test_splices_change_only_their_bytes():
    data = b"<a><b/><c x='>'>d</c></a>"
    root = parse_spots(data)
    (spot,) = root.all("c")

    assert (
        spliced(data, [Splice(spot.start, spot.end, b"<e/>"), Splice(3, 3, b"f")])
        == b"<a>f<b/><e/></a>"
    )
    assert root.first("z") is None


def test_a_part_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("renkei.foundation.sheets.office.spots.LARGEST_PART", 5)

    with pytest.raises(BrokenXmlError):
        parse_spots(b"<a></a>")


@pytest.mark.shared
def test_a_ministrys_own_workbook_is_filled_in_without_breaking_it():
    data = shared_data("population/kekkahyo1.xlsx").read_bytes()
    package = Package(data)
    name, sheet = next(iter(package.sheets.items()))
    rows, columns = sheet.size

    after = package.filled({name: {(rows + 2, 1): "架空市", (1, columns + 1): "右のはし"}})

    before, now = parts(data), parts(after)
    assert [each for each in before if before[each] != now[each]] == [sheet.path]
    written = Package(after).sheets[name]
    assert written.shown((rows + 2, 1)).text == "架空市"
    assert written.shown((1, columns + 1)).text == "右のはし"
    assert len(written.cells) == len(sheet.cells) + 2
