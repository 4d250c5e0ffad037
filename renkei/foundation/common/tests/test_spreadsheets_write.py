"""Workbooks and CSV as offices need them: nothing lost in silence, nothing run as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.common.spreadsheets import cp932, write
from renkei.foundation.common.spreadsheets.formulas import neutralise
from renkei.foundation.common.spreadsheets.read import open_tables
from renkei.foundation.common.spreadsheets.write import (
    CellValue,
    Column,
    Kind,
    Sheet,
    TooManyRowsError,
    write_csv,
    write_workbook,
    write_xlsx,
)

COLUMNS = [
    Column("事業所番号", Kind.CODE),
    Column("名称"),
    Column("電話", Kind.PHONE),
    Column("定員", Kind.NUMBER),
    Column("確認日", Kind.DATE),
]
ROWS: list[list[CellValue]] = [
    ["0170101950", "=1+1", "+81-999-00-1201", 12, dt.date(2026, 11, 22)],
    ["0990000027", "海辺の家（通い）", "0999-00-4102", -5, None],
    ["0990000035", "@cmd", "", "記録なし", "R8.11"],
]
NOTES = [("出典", "架空市調べ"), ("ライセンス", "CC BY 4.0"), ("時点", "令和8年11月22日")]


def workbook(**options):
    stream = io.BytesIO()
    write_xlsx(stream, **({"title": "資源一覧", "columns": COLUMNS, "rows": ROWS} | options))
    return openpyxl.load_workbook(stream)


def csv_bytes(columns, rows, **options):
    stream = io.BytesIO()
    report = write_csv(stream, columns=columns, rows=rows, **options)
    return stream.getvalue(), report


def test_t_x2_workbook_is_ready_to_read_filter_and_print():
    sheet = workbook(notes=NOTES)["資源一覧"]

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E4"
    assert sheet.print_area == "'資源一覧'!$A$1:$E$4"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["D"].width
    assert sheet.oddHeader.left.text == "資源一覧"


def test_t_x2_workbook_keeps_codes_and_runs_no_formula():
    sheet = workbook()["資源一覧"]

    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["0170101950", "=1+1", "+81-999-00-1201", 12, dt.datetime.fromisoformat("2026-11-22")],
        ["0990000027", "海辺の家（通い）", "0999-00-4102", -5, None],
        ["0990000035", "@cmd", None, "記録なし", "R8.11"],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n", "d"}
    assert (sheet["A2"].number_format, sheet["C2"].number_format) == ("@", "@")
    assert sheet["E2"].number_format == "yyyy-mm-dd"


def test_rows_are_as_high_as_their_longest_text():
    columns = [Column("名称", width=10), Column("備考", width=20)]
    rows = [["あ", "い"], ["あ" * 9, "い"], ["あ", "一\n二\n三"], ["あ" * 9_999, ""]]

    sheet = workbook(columns=columns, rows=rows)["資源一覧"]

    assert [sheet.row_dimensions[number].height for number in range(2, 6)] == [None, 30, 45, 408.75]


def test_workbook_says_where_its_rows_come_from():
    about = workbook(notes=NOTES)["この表について"]

    assert [[cell.value for cell in row] for row in about.iter_rows()] == [
        ["資源一覧", None],
        [None, None],
        *[list(note) for note in NOTES],
    ]
    assert workbook().sheetnames == ["資源一覧"]


def test_sheet_names_are_made_such_as_excel_takes():
    stream = io.BytesIO()
    titles = ["訪問看護/介護", "訪問看護/介護", "あ" * 40, "あ" * 40, "'?*'", "この表について"]

    write_workbook(stream, [Sheet(t, COLUMNS, []) for t in titles], title="A & B\n", notes=NOTES)

    book = openpyxl.load_workbook(stream)
    assert book.sheetnames == [
        "訪問看護・介護",
        "訪問看護・介護 (2)",
        "あ" * 31,
        "あ" * 27 + " (2)",
        "'・・'".strip("'"),
        "この表について (2)",
        "この表について",
    ]
    header = book["この表について"].oddHeader
    assert header is not None
    assert header.left.text == "A && B "


def test_workbook_is_read_back_by_our_own_reader(tmp_path):
    path = tmp_path / "表.xlsx"
    with path.open("wb") as stream:
        write_xlsx(stream, title="資源一覧", columns=COLUMNS, rows=ROWS, notes=NOTES)

    table = next(open_tables(path, expected=[column.name for column in COLUMNS]))

    assert [cells for _, cells in table.rows()] == [
        ["0170101950", "=1+1", "+81-999-00-1201", "12", "2026-11-22"],
        ["0990000027", "海辺の家（通い）", "0999-00-4102", "-5", ""],
        ["0990000035", "@cmd", "", "記録なし", "R8.11"],
    ]


def test_values_excel_cannot_hold_are_written_as_what_they_say():
    columns = [
        Column("文", width=20),
        Column("日", Kind.DATE),
        Column("時", Kind.DATE),
        Column("数", Kind.NUMBER),
        Column("番号", Kind.CODE),
    ]
    evening = dt.datetime(2026, 11, 22, 23, 30, tzinfo=ZoneInfo("UTC"))
    row = ["あ" * 40_000, dt.date(1873, 1, 1), evening, Decimal("1.5"), 170101950]

    sheet = workbook(columns=columns, rows=[row, [True, "未定", evening, False, "\ud800"]])[
        "資源一覧"
    ]

    assert sheet["A2"].value == "あ" * (32_767 - 9) + "…（長いため省略）"
    assert sheet["B2"].value == "1873-01-01"
    assert sheet["C2"].value == dt.datetime.fromisoformat("2026-11-23T08:30")
    assert sheet["D2"].value == 1.5
    assert sheet["E2"].value == "170101950"
    assert [cell.value for cell in sheet[3]][:2] == ["TRUE", "未定"]
    assert sheet["E3"].value == "?"
    assert sheet.column_dimensions["A"].width == pytest.approx(20, abs=1)


def test_more_rows_than_a_sheet_holds_is_said(monkeypatch):
    monkeypatch.setattr(write, "MAX_ROWS", 3)

    with pytest.raises(TooManyRowsError, match="「資源一覧」は2行を超えるため"):
        workbook()


def test_csv_has_mark_and_windows_line_ends():
    content, report = csv_bytes(COLUMNS[:2], [["0170101950", 'a"b\nc'], [None, ""]])

    assert content.decode("utf-8") == '\ufeff事業所番号,名称\r\n0170101950,"a""b\nc"\r\n,\r\n'
    assert not report
    assert report.lines() == []


def test_t_x2_csv_neutralises_formulas_and_damages_no_number():
    columns = [Column("値"), Column("電話", Kind.PHONE), Column("数", Kind.NUMBER)]
    rows = [
        ["=1+1", "+81-942-30-9000", -5],
        ["+HYPERLINK(A1)", "=1+1", -1e-7],
        ["-2+3+cmd|' /C calc'!A0", "(0942) 30-9000", Decimal("-12.5")],
        ["@SUM(A1)", "+81 942 30 9000", "=1"],
        ["\t=1", "\r1", "-3"],
        ["＝1+1", "-", 0.5],
        ["-5", "－", 12.0],
    ]

    content, _ = csv_bytes(columns, rows)

    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:] == [
        ["'=1+1", "+81-942-30-9000", "-5"],
        ["'+HYPERLINK(A1)", "'=1+1", "-0.0000001"],
        ["'-2+3+cmd|' /C calc'!A0", "(0942) 30-9000", "-12.5"],
        ["'@SUM(A1)", "+81 942 30 9000", "'=1"],
        ["'\t=1", "'\r1", "-3"],
        ["'＝1+1", "-", "0.5"],
        ["-5", "－", "12"],
    ]


@pytest.mark.parametrize(
    "text", ["-休診", "－（祝日）", "- 月～金", "1=1", "a@b.example", "", "’=1"]
)
def test_text_that_cannot_run_is_left_alone(text):
    assert neutralise(text) == text


@given(st.text(max_size=30))
def test_neutralised_text_never_begins_a_formula(text):
    safe = neutralise(text)

    assert safe in (text, "'" + text)
    assert not safe.startswith(("=", "@", "\t", "\r"))


# The twenty characters of T-X2: what CP932 holds, what it would change, what it lacks.
HELD = "髙﨑①㈱～㎡Ⅲ"
CHANGED = {"−": "－", "〜": "～", "‖": "∥", "¢": "￠"}
LACKING = {
    "–": "－",
    "—": "―",
    "¥": "￥",
    "𠮷": "吉",
    "鷗": "鴎",
    "噓": "嘘",
    "葛\U000e0100": "葛",
    "é": "e",
    "😀": "〓",
}


@pytest.mark.parametrize("character", HELD)
def test_t_x2_characters_cp932_holds_stay(character):
    content, report = csv_bytes([Column("名称")], [[character]], encoding="cp932")

    assert content.decode("cp932") == f"名称\r\n{character}\r\n"
    assert not report


@pytest.mark.parametrize(("character", "written"), (CHANGED | LACKING).items())
def test_t_x2_characters_cp932_lacks_are_reported_with_their_cell(character, written):
    columns = [Column("番号"), Column("電話"), Column("名称")]
    rows = [["1", "", "北浜"], ["2", "", f"北浜{character}の家"]]

    content, report = csv_bytes(columns, rows, encoding="cp932")

    assert content.decode("cp932").splitlines()[2] == f"2,,北浜{written}の家"
    assert b"?" not in content
    (loss,) = report.losses
    assert (loss.cell, loss.row, loss.column) == ("C3", 3, "名称")
    assert (loss.character, loss.written) == (character, written)
    assert loss.code == " ".join(f"U+{ord(part):04X}" for part in character)


def test_loss_is_told_in_sentences_people_can_act_on():
    _, report = csv_bytes([Column("名称")], [["𠮷田"], ["😀\u2063"]], encoding="cp932")

    assert report.lines() == [
        "A2（名称）の「𠮷」（U+20BB7）は書けないため「吉」に置き換えました。",
        "A3（名称）の「😀」（U+1F600）は書けないため「〓」にしました。別の字に直すか、UTF-8で書き出してください。",
        "A3（名称）の「」（U+2063）は書けないため「〓」にしました。別の字に直すか、UTF-8で書き出してください。",
    ]


def test_header_and_later_blocks_are_reported_with_their_own_rows():
    rows = [["あ"]] * 700 + [["﹦1+1"], ["\ufe00x"]]

    content, report = csv_bytes([Column("名–称")], rows, encoding="cp932")

    assert [loss.cell for loss in report.losses] == ["A1", "A702", "A703"]
    assert content.decode("cp932").split("\r\n")[-3:] == ["'=1+1", "〓x", ""]


def test_a_long_report_is_counted_to_the_end(monkeypatch):
    monkeypatch.setattr(cp932, "LISTED", 2)

    _, report = csv_bytes([Column("名称")], [["鷗鷗鷗鷗鷗"]], encoding="cp932")

    assert (report.count, len(report.losses)) == (5, 2)
    assert report.lines()[-1] == "ほか3文字"


def test_half_a_character_does_not_stop_a_utf8_file():
    content, report = csv_bytes([Column("名称")], [["北\ud800浜"]])

    assert content.decode("utf-8-sig") == "名称\r\n北〓浜\r\n"
    assert [loss.code for loss in report.losses] == ["U+D800"]


@given(st.lists(st.lists(st.text(max_size=10), min_size=2, max_size=2), max_size=5))
def test_any_text_is_written_in_cp932_without_a_question_mark_of_ours(rows):
    content, report = csv_bytes([Column("一"), Column("二")], rows, encoding="cp932")

    asked = sum(cell.count("?") for row in rows for cell in row)
    assert content.count(b"?") <= asked + report.count
    assert all("?" not in loss.written for loss in report.losses)


def test_workbook_holds_no_formula_in_its_files():
    stream = io.BytesIO()
    write_xlsx(stream, title="=1", columns=[Column("=1")], rows=[["=1"]], notes=[("=1", "=1")])

    with zipfile.ZipFile(stream) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 2
        assert not any(b"<f>" in archive.read(name) for name in sheets)
