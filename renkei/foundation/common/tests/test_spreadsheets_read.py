"""Good files of every kind: what comes out, and with which row numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter

from renkei.foundation.common.spreadsheets.columns import match_columns
from renkei.foundation.common.spreadsheets.problems import UnreadableFile, column_letter
from renkei.foundation.common.spreadsheets.read import open_tables
from renkei.foundation.common.spreadsheets.workbook_process import cell_text, convert, number_text
from renkei.testing import shared_data

CSV = "事業所番号,事業所名,定員\r\n0990000019,架空訪問看護,0\r\n0990000027,海辺の家,12\r\n"
ROWS = [(2, ["0990000019", "架空訪問看護", "0"]), (3, ["0990000027", "海辺の家", "12"])]
HEADER = ["事業所番号", "事業所名", "定員"]


def written(tmp_path, content, name="表.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only_table(path, **options):
    tables = list(open_tables(path, **options))
    assert len(tables) == 1
    return tables[0]


def workbook(path, sheets):
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp932", "cp932"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_csv_in_each_encoding_gives_the_same_rows(tmp_path, encoding, found):
    table = only_table(written(tmp_path, CSV.encode(encoding)))

    assert (table.encoding, table.header, table.header_row) == (found, HEADER, 1)
    assert list(table.rows()) == ROWS
    assert list(table.rows()) == ROWS  # again from the start
    assert table.problems == []


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators_are_found(tmp_path, separator):
    table = only_table(written(tmp_path, CSV.replace(",", separator)))

    assert list(table.rows()) == ROWS


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n"])
def test_row_numbers_are_those_of_the_spreadsheet(tmp_path, newline):
    text = newline.join(["名前,住所", '北浜,"1\n2\n3"', "", ",", "本町,4", ""])

    table = only_table(written(tmp_path, text))

    assert list(table.rows()) == [(2, ["北浜", "1\n2\n3"]), (5, ["本町", "4"])]


def test_short_rows_are_filled_and_trailing_empty_cells_dropped(tmp_path):
    table = only_table(written(tmp_path, "あ,い,う\n1\n1,2\n1,2,3,,\n"))

    assert list(table.rows()) == [
        (2, ["1", "", ""]),
        (3, ["1", "2", ""]),
        (4, ["1", "2", "3"]),
    ]


def test_header_below_titles_is_found_by_shape_and_by_names(tmp_path):
    text = "架空県の名簿,,\n令和8年11月22日現在,,\n,,\n" + CSV

    assert only_table(written(tmp_path, text)).header_row == 4
    assert only_table(written(tmp_path, text), expected=["事業所 番号", "事業所名"]).header_row == 4


def test_expected_names_win_over_a_fuller_row(tmp_path):
    text = "ご記入の前に,必ず,お読みください\n番号,名称\n1,北浜\n"

    table = only_table(written(tmp_path, text), expected=["番号", "名称"])

    assert table.header == ["番号", "名称"]
    assert list(table.rows()) == [(3, ["1", "北浜"])]


def test_table_without_header_gives_every_row(tmp_path):
    table = only_table(written(tmp_path, "1,北浜\n2,本町,x\n"), has_header=False)

    assert (table.header, table.header_row) == ([], 0)
    assert list(table.rows()) == [(1, ["1", "北浜", ""]), (2, ["2", "本町", "x"])]


def test_missing_header_is_refused_with_the_remedy(tmp_path):
    path = written(tmp_path, "0110112489,0112489,2\n0110112745,0112745,3\n")

    with pytest.raises(UnreadableFile, match="見出しの行が見つかりません。1行目に"):
        list(open_tables(path))
    with pytest.raises(UnreadableFile, match="この表の見出しの行が見つかりません"):
        list(open_tables(path, expected=["事業所番号", "事業所名"]))


def test_workbook_cells_come_as_the_sheet_shows_them(tmp_path):
    day = dt.date(2026, 11, 22)
    path = workbook(
        tmp_path / "表.xlsx",
        {"一覧": [["番号", "値", "日"], ["0990000019", 12, day], ["0990000027", 36.204824, "R8"]]},
    )

    table = only_table(path)

    assert (table.sheet, table.encoding, table.place) == ("一覧", "", "表.xlsx（一覧）")
    assert list(table.rows()) == [
        (2, ["0990000019", "12", "2026-11-22"]),
        (3, ["0990000027", "36.204824", "R8"]),
    ]


def test_workbook_in_this_process_equals_the_one_in_its_own(tmp_path):
    path = workbook(tmp_path / "表.xlsx", {"一": [[], ["あ", True], [None, "い\nう"]]})
    with xlsxwriter.Workbook(tmp_path / "隠.xlsx") as book:
        book.add_worksheet("見える").write(0, 0, "あ")
        book.add_worksheet("隠れた").hide()

    convert(path, tmp_path, max_bytes=1_000)
    assert (tmp_path / "0.csv").read_text() == ',\nあ,TRUE\n,"い\nう"\n'
    convert(tmp_path / "隠.xlsx", tmp_path, max_bytes=1_000)
    assert (tmp_path / "sheets.json").read_text() == '["\\u898b\\u3048\\u308b"]'
    with pytest.raises(OSError, match="File too large"):
        convert(path, tmp_path, max_bytes=3)
    assert list(only_table(path, has_header=False).rows()) == [
        (2, ["あ", "TRUE"]),
        (3, ["", "い\nう"]),
    ]


def test_sheet_without_header_beside_one_with_it_is_named(tmp_path):
    path = workbook(
        tmp_path / "表.xlsx",
        {"はじめに": [["使い方"]], "一覧": [["番号", "名称"], ["1", "北浜"]], "空": []},
    )

    notes, table = open_tables(path, expected=["番号", "名称"])

    (problem,) = notes.problems
    assert str(problem) == (
        "表.xlsx（はじめに）：この表の見出しの行が見つかりません。"
        "ファイルの種類が合っているか、見出しの行が消えていないか確かめてください。"
    )
    assert list(notes.rows()) == []
    assert list(table.rows()) == [(2, ["1", "北浜"])]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (1e-7, "0.0000001"),
        (-5, "-5"),
        (False, "FALSE"),
        (None, ""),
        (dt.datetime.fromisoformat("2026-04-01"), "2026-04-01"),
        (dt.datetime.fromisoformat("2026-04-01 09:30"), "2026-04-01 09:30"),
        (dt.datetime.fromisoformat("2026-04-01 09:30:05"), "2026-04-01 09:30:05"),
        (dt.date(2026, 4, 1), "2026-04-01"),
        (dt.time(9, 5), "09:05"),
        (dt.time(9, 5, 7), "09:05:07"),
        (dt.timedelta(hours=30, minutes=5), "30:05"),
        (dt.timedelta(seconds=61), "0:01:01"),
    ],
)
def test_cell_text(value, text):
    assert cell_text(value) == text
    assert number_text(3) == "3"


def zipped(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_zip_gives_every_table_with_its_path(tmp_path):
    book = workbook(tmp_path / "b.xlsx", {"一覧": [["番号", "名称"], ["1", "北浜"]]}).read_bytes()
    inner = zipped({"フォルダ/a.csv": CSV.encode("cp932")})
    path = written(
        tmp_path,
        zipped(
            {
                "a.csv": CSV,
                "b.xlsx": book,
                "内.zip": inner,
                "readme.txt": "説明",
                "__MACOSX/._a.csv": b"\x00",
                "~$b.xlsx": b"lock",
                "folder/": b"",
            }
        ),
        "束.zip",
    )

    tables = list(open_tables(path))

    assert [table.place for table in tables] == [
        "束.zip › a.csv",
        "束.zip › b.xlsx（一覧）",
        "束.zip › 内.zip › フォルダ/a.csv",
    ]
    assert [len(list(table.rows())) for table in tables] == [2, 1, 2]


def test_zip_of_text_files_only_is_read(tmp_path):
    path = written(tmp_path, zipped({"a.txt": CSV}), "束.zip")

    assert list(only_table(path).rows()) == ROWS


def test_zip_names_of_windows_and_macos_are_decoded(tmp_path):
    names = []
    for encoding in ("cp932", "utf-8"):
        # zipfile itself always sets the UTF-8 flag, so a name of equal length is patched in.
        raw = "表.csv".encode(encoding)
        stand_in = b"x" * (len(raw) - 4) + b".csv"
        content = zipped({stand_in.decode(): CSV}).replace(stand_in, raw)
        names.append(only_table(written(tmp_path, content, "束.zip")).file_name)

    assert names == ["束.zip › 表.csv"] * 2


def test_zip_name_in_no_known_encoding_stays_as_it_is(tmp_path):
    content = zipped({"xx.csv": CSV}).replace(b"xx.csv", b"\x81!.csv")

    assert only_table(written(tmp_path, content, "束.zip")).file_name.endswith(".csv")


def test_ods_is_read(tmp_path):
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in (("番号", "名称"), ("0990000019", "北浜"))
    )
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" '
        f'xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="一覧">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    entries = {"mimetype": mimetype, "META-INF/manifest.xml": "<manifest/>", "content.xml": content}

    table = only_table(written(tmp_path, zipped(entries), "表.ods"))

    assert (table.sheet, list(table.rows())) == ("一覧", [(2, ["0990000019", "北浜"])])


def test_name_shown_is_the_users_not_that_of_the_upload(tmp_path):
    table = only_table(written(tmp_path, CSV, "tmp123"), name="名簿.csv")

    assert table.place == "名簿.csv"


def test_columns_are_matched_by_name_in_any_order_and_width():
    aliases = {"number": ("事業所番号", "番号"), "name": ("事業所名",), "url": ("URL",), "定員": ()}

    columns = match_columns(
        ["定 員", "ｕｒｌ", "事業所\n番号", "備考", "事業所名", "事業所名", ""], aliases
    )

    assert columns.positions == {"定員": 0, "url": 1, "number": 2}
    assert columns.pick(["3", "u", "1", "x", "a", "b", ""]) == {
        "定員": "3",
        "url": "u",
        "number": "1",
    }
    assert columns.missing == ()
    assert columns.duplicated == ("事業所名",)
    assert columns.unknown == ("備考", "（G列）")


def test_missing_columns_are_named():
    columns = match_columns(
        ["名称", "名称"], {"number": ("番号",), "name": ("名称",), "fax": ("FAX",)}
    )

    assert columns.missing == ("番号", "FAX")
    assert [str(p) for p in columns.problems(file="a.csv", row=4, required=["番号"])] == [
        "a.csv 4行目「番号」：見出し「番号」の列がありません。公表された様式のままか確かめてください。",
        "a.csv 4行目「名称」：見出し「名称」の列が2つ以上あります。1つだけ残してください。",
    ]
    assert len(columns.problems(file="a.csv", row=None)) == 3


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_column_letter(index, letter):
    assert column_letter(index) == letter


@pytest.mark.shared
def test_care_register_file_reads_like_the_csv_module():
    path = shared_data("care/jigyosho_430.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        plain = list(csv.reader(stream))

    table = only_table(path, expected=["事業所番号", "事業所名"])

    assert table.header == plain[0]
    assert [cells for _, cells in table.rows()] == plain[1:]
    assert table.problems == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows", "problems"),
    [
        ("filings/facility-standards-20-nagano-202510.xlsx", 14_650, 4),
        ("medical/01-1_hospital_facility_info_20250601.csv.zip", 6_681, 0),
    ],
)
def test_ministry_files_are_read_whole(name, rows, problems):
    table = only_table(shared_data(name))

    assert len(list(table.rows())) == rows
    assert len(table.problems) == problems
