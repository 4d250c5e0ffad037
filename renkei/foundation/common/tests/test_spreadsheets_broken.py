"""Broken, hostile and misnamed files: each ends in one sentence, and memory stays small.

The files are made here; none is a real one.
"""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import io
import random
import resource
import struct
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.foundation.common.spreadsheets import workbook_process
from renkei.foundation.common.spreadsheets.problems import MIB, FileProblem, Limits, UnreadableFile
from renkei.foundation.common.spreadsheets.read import open_tables

CSV = "番号,名称\r\n1,北浜\r\n2,本町\r\n"
SMALL = Limits(
    max_bytes=64 * MIB,
    max_uncompressed_bytes=32 * MIB,
    max_entries=5,
    max_columns=20,
    max_rows=1_000,
    max_problems=5,
    max_workbook_memory=512 * MIB,
    max_workbook_seconds=20,
)
TOO_WIDE = (
    "：列が3列あり、見出しの2列より多くなっています。"
    '「,」や「"」が値に混ざっていないか確かめてください。'
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path, **options):
    """Everything a file gives: rows and problems, or the sentence it is refused with."""
    rows: list[tuple[int, list[str]]] = []
    problems = []
    options.setdefault("limits", SMALL)
    for table in open_tables(path, **options):
        rows += table.rows()
        problems += [str(problem) for problem in table.problems]
    return rows, problems


def read_or_sentence(path, **options):
    try:
        return read(path, **options)
    except UnreadableFile as refused:
        return [], [str(refused)]


def refusal(tmp_path, content, name="名簿.csv", **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UnreadableFile) as refused:
        read(path, **options)
    sentence = str(refused.value)
    assert sentence.endswith("ください。")
    assert refused.value.problem.file.startswith(name)
    return sentence


def zipped(entries, *, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xlsx(rows=(("番号", "名称"), ("1", "北浜"))):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        # The time of writing would change the bytes from one call to the next.
        book.set_properties({"created": dt.datetime.fromisoformat("2026-11-22")})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def with_sheet(content, sheet_xml):
    """The workbook with its first sheet's XML replaced."""
    source = zipfile.ZipFile(io.BytesIO(content))
    return zipped(
        {
            name: sheet_xml if name == "xl/worksheets/sheet1.xml" else source.read(name)
            for name in source.namelist()
        }
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ファイルが空です。"),
        (b"\r\n \r\n", "ファイルが空です。"),
        (b"\xef\xbb\xbf\r\n", "表の中身がありません。"),
        (b"%PDF-1.7\n", "PDFのファイルです。"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "画像（JPEG）のファイルです。"),
        (b"\x89PNG\r\n\x1a\n", "画像（PNG）のファイルです。"),
        (b"\x1f\x8b\x08\x00", "gzipのファイルです。"),
        (b"\n<!DOCTYPE html><html>404</html>", "Webページ（HTML）です。"),
        (b"PK\x03\x04 broken", "ファイルが途中で切れているか、壊れています。"),
        (OLE + b"\0" * 600, "ファイルが途中で切れているか、壊れています。"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "パスワードで保護されています。"),
        (random.Random(1).randbytes(200_000), "表のファイルではありません。"),
        (b"a" * (2 * MIB), "表のファイルではありません。"),
        ("番号,名称\n".encode() + b"\x81\xff\xfe\x82 " * 9, "文字コードを判別できません。"),
        (zipped({"word/document.xml": ""}), "Wordの文書です。"),
        (zipped({"ppt/presentation.xml": ""}), "PowerPointの文書です。"),
        (zipped({}), "zipの中に表のファイルがありません。"),
        (zipped({"説明.pdf": "x"}), "zipの中に表のファイルがありません。"),
        (zipped({f"{n}.csv": CSV for n in range(6)}), "zipの中のファイルが5個を超えています。"),
        (zipped({"a.csv": b"1,2\n" * 10 * MIB}), "展開すると大きくなりすぎるファイルです。"),
        (zipped({"a.csv": b"1,2\n" * 5 * MIB}), "展開すると大きくなりすぎるファイルです。"),
        (zipped({"[Content_Types].xml": "<x/>"}), "ファイルが途中で切れているか、壊れています。"),
        (xlsx([]), "表の中身がありません。"),
    ],
)
def test_whole_file_is_refused_with_one_sentence(tmp_path, content, said):
    assert said in refusal(tmp_path, content)


def test_file_beyond_the_size_limit_is_refused_unread(tmp_path):
    path = tmp_path / "大.csv"
    with path.open("wb") as stream:
        stream.truncate(SMALL.max_bytes + 1)

    with pytest.raises(UnreadableFile, match="ファイルが大きすぎます（上限 64MB）"):
        read(path)


def test_error_inside_a_zip_names_the_inner_file(tmp_path):
    sentence = refusal(tmp_path, zipped({"a.csv": CSV, "b.csv": b"%PDF-1.7"}), "束.zip")

    assert sentence.startswith("束.zip › b.csv：PDFのファイルです。")


def test_zip_in_zip_in_zip_is_refused(tmp_path):
    content = zipped({"二.zip": zipped({"三.zip": zipped({"a.csv": CSV})})})

    assert "さらにzipがあります。" in refusal(tmp_path, content, "一.zip")


@pytest.mark.parametrize("make", [xlsx, lambda: zipped({"a.csv": CSV * 50})])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_truncated_archive_is_refused(tmp_path, make, share):
    content = make()

    said = refusal(tmp_path, content[: int(len(content) * share)])

    assert "途中で切れているか、壊れています" in said


def test_archives_within_an_archive_share_one_allowance(tmp_path):
    inner = zipped({"a.csv": CSV + "1,2\r\n" * 400})
    limits = Limits(max_uncompressed_bytes=len(inner) * 2 + 3_000)

    said = refusal(tmp_path, zipped({"一.zip": inner, "二.zip": inner}), "束.zip", limits=limits)

    assert said.startswith("束.zip › 二.zip › a.csv：展開すると大きくなりすぎるファイルです。")


def test_sheets_larger_than_the_allowance_are_refused(tmp_path):
    content = xlsx([("番号", "名称"), *(("同じ長い名称" * 9, str(n)) for n in range(999))])

    said = refusal(tmp_path, content, "大.xlsx", limits=Limits(max_uncompressed_bytes=150_000))

    assert "大きすぎ" in said


def test_zip_with_a_password_is_refused(tmp_path):
    content = bytearray(zipped({"a.csv": CSV}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1

    assert "パスワード付きのzipです。" in refusal(tmp_path, bytes(content), "束.zip")


def test_zip_that_lies_about_its_sizes_is_refused(tmp_path):
    content = bytearray(zipped({"a.csv": b"1,2\n" * MIB}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 40)

    assert "壊れています" in refusal(tmp_path, bytes(content), "束.zip")


def test_zip_in_an_unknown_method_is_refused(tmp_path):
    content = bytearray(zipped({"a.csv": CSV}))
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = content.index(signature) + offset
        content[place : place + 2] = struct.pack("<H", 9)  # Deflate64, as Windows writes it

    assert "圧縮の形式は読めません" in refusal(tmp_path, bytes(content), "束.zip")


def test_workbook_claiming_every_cell_does_not_fill_the_memory(tmp_path):
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = "".join(
        f'<row r="{row}"><c r="{cell}{row}"><v>1</v></c></row>'
        for row, cell in ((1, "A"), (1_048_576, "XFD"))
    )
    sheet = f'<worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData></worksheet>'

    assert "表が大きすぎて読めません。" in refusal(tmp_path, with_sheet(xlsx(), sheet), "爆.xlsx")


def test_ods_repeating_a_row_a_million_times_does_not_fill_the_memory(tmp_path):
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" '
        f'xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="一"><table:table-row '
        'table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    archive = zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": content,
        }
    )

    assert "表が大きすぎて読めません。" in refusal(tmp_path, archive, "爆.ods")


def test_workbook_that_takes_too_long_is_refused(tmp_path, monkeypatch):
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(workbook_process, "__file__", str(slow))

    sentence = refusal(tmp_path, xlsx(), "遅.xlsx", limits=Limits(max_workbook_seconds=1))

    assert "表が大きすぎて読めません。" in sentence


def test_protected_workbook_the_reader_reports_is_refused(tmp_path, monkeypatch):
    protected = tmp_path / "protected.py"
    protected.write_text("raise ValueError('Workbook is password protected')")
    monkeypatch.setattr(workbook_process, "__file__", str(protected))

    assert "パスワードで保護されています。" in refusal(tmp_path, xlsx(), "鍵.xls")


def test_workbook_reader_missing_from_the_installation_is_our_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    path = tmp_path / "表.xlsx"
    path.write_bytes(xlsx())

    with pytest.raises(ModuleNotFoundError):
        read(path)


def test_process_limits_itself_before_it_reads(tmp_path, monkeypatch):
    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    path = tmp_path / "表.xlsx"
    path.write_bytes(xlsx())

    workbook_process.main([str(path), str(tmp_path), str(tmp_path), "1000", "7", "99"])

    assert limits == {
        resource.RLIMIT_AS: (1000, 1000),
        resource.RLIMIT_CPU: (7, 7),
        resource.RLIMIT_FSIZE: (99, 99),
        resource.RLIMIT_CORE: (0, 0),
    }
    assert (tmp_path / "0.csv").read_text() == "番号,名称\n1,北浜\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('番号,名称\n1,"北浜\n2,本町\n', '2行目：「"」で始まるセルが閉じていません。'),
        ('番号,名称\n1,"' + "長い\n" * 60_000, '2行目：「"」で始まるセルが閉じていません。'),
        ("番号,名称\n1," + "," * 30, "2行目：列が20列を超えています。"),
        ("番号,名称\n" + "1,2\n" * 1_000, "行が1,000行を超えています。"),
        ("番号,名称,住所\n1,北浜,1-1\n2,本", "3行目：最後の行が途中で終わっています。"),
        ("番号,名称\n" + "1,2,3\n" * 5, "6行目：読めない行が5か所に達したので中止しました。"),
    ],
)
def test_file_whose_rest_cannot_be_read_is_refused(tmp_path, text, said):
    assert said in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "2,本\ue000町",
            "「名称」：外字（U+E000）が使われています。通常の文字に置き換えてください。",
        ),
        (
            "2,\U000f0001",
            "「名称」：外字（U+F0001）が使われています。通常の文字に置き換えてください。",
        ),
        (
            "2,本\x00町",
            "「名称」：目に見えない制御文字が入っています。この値を入力し直してください。",
        ),
        ("2,\x0b", "「名称」：目に見えない制御文字が入っています。この値を入力し直してください。"),
        (
            "2,本\ufffd",
            "「名称」：文字が失われています。元の資料を見て、この値を入力し直してください。",
        ),
        (
            "2,本町,x",
            TOO_WIDE,
        ),
    ],
)
def test_one_bad_row_is_named_and_the_others_come(tmp_path, row, problem):
    path = tmp_path / "名簿.csv"
    path.write_text(f"番号,名称\n1,北浜\n{row}\n3,松が丘\n", encoding="utf-8")

    rows, problems = read(path)

    assert rows == [(2, ["1", "北浜"]), (4, ["3", "松が丘"])]
    assert problems == [f"名簿.csv 3行目{problem}"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_bytes_no_encoding_explains_are_named_by_row(tmp_path, encoding):
    lines = ["番号,名称", *(f"{n},架空県架空市北浜" for n in range(30))]
    content = [line.encode(encoding) for line in "\n".join(lines).split("\n")]
    if encoding.startswith("utf-16"):
        content = [
            "\n".join(lines).encode(encoding).replace("北".encode("utf-16-le"), b"\x00\xd8", 1)
        ]
    elif encoding == "utf-8-sig":
        content = [content[0], *(line.removeprefix(b"\xef\xbb\xbf") for line in content[1:])]
    if encoding != "utf-16":
        content[1] += b"\x82\xff\xff" if encoding == "cp932" else b"\xe5\x8c"
    path = tmp_path / "名簿.csv"
    path.write_bytes(
        b"\n".join(content) + ("\n".encode("utf-16-le") if encoding == "utf-16" else b"\n")
    )

    (table,) = open_tables(path)
    rows = list(table.rows())

    assert table.encoding == encoding
    assert [number for number, _ in rows] == list(range(3, 32))
    (problem,) = table.problems
    assert (problem.row, problem.column) == (2, "名称")
    assert problem.cells[0] == "0"
    assert problem.value.startswith("架空県架空市")


def test_utf8_cut_in_the_middle_of_a_character_is_not_taken_for_cp932(tmp_path):
    path = tmp_path / "名簿.csv"
    path.write_bytes(("番号,名称\n" + "1,架空県架空市北浜\n" * 3 + "2,本町").encode()[:-1])

    (table,) = open_tables(path)

    assert len(list(table.rows())) == 3
    assert table.encoding == "utf-8"
    assert [problem.row for problem in table.problems] == [5]


def test_column_without_heading_is_named_by_its_letter(tmp_path):
    path = tmp_path / "名簿.csv"
    path.write_text("1,\ue000\n", encoding="utf-8")

    (table,) = open_tables(path, has_header=False)

    assert list(table.rows()) == []
    assert table.problems == [
        FileProblem(
            "名簿.csv",
            1,
            "B列",
            "\ue000",
            "外字（U+E000）が使われています。通常の文字に置き換えてください。",
            ("1", "\ue000"),
        )
    ]


def peak_while(act):
    tracemalloc.start()
    try:
        result = act()
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_hundred_thousand_rows_stream_in_constant_memory(tmp_path):
    path = tmp_path / "大.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("番号,名称,住所\n")
        stream.writelines(f"{n},架空診療所{n},架空市北浜{n}\n" for n in range(100_000))

    def count():
        return sum(1 for table in open_tables(path) for _ in table.rows())

    rows, peak = peak_while(count)

    assert rows == 100_000
    assert peak < 16 * MIB


@pytest.mark.parametrize("piece", [random.Random(2).randbytes(MIB), "架空".encode() * (MIB // 6)])
def test_hundred_megabytes_of_noise_are_refused_in_constant_memory(tmp_path, piece):
    path = tmp_path / "雑音.csv"
    with path.open("wb") as stream:
        for _ in range(100 * MIB // len(piece)):
            stream.write(piece)

    def refuse():
        with pytest.raises(UnreadableFile, match="表のファイルではありません"):
            list(open_tables(path))

    _, peak = peak_while(refuse)

    assert peak < 16 * MIB


bytes_of_any_kind = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(alphabet='あア亜,"\n\r\t0\x00\ue000', max_size=100).map(str.encode),
)
relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@relaxed
@given(content=bytes_of_any_kind, has_header=st.booleans())
def test_any_bytes_end_in_rows_or_one_sentence(tmp_path, content, has_header):
    path = tmp_path / "何か.csv"
    path.write_bytes(content)

    rows, sentences = read_or_sentence(path, has_header=has_header)

    assert all(any(cells) for _, cells in rows)
    assert all(sentence.endswith("ください。") for sentence in sentences)


WHOLE_ARCHIVES = (xlsx(), zipped({"a.csv": CSV}))


@settings(relaxed, max_examples=25)
@given(data=st.data())
def test_any_damage_to_a_zip_or_workbook_ends_in_rows_or_one_sentence(tmp_path, data):
    content = bytearray(data.draw(st.sampled_from(WHOLE_ARCHIVES)))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "壊.xlsx"
    path.write_bytes(bytes(content))

    _, sentences = read_or_sentence(path)

    assert all(sentence.endswith("ください。") for sentence in sentences)


# U+FFFD stands for a character lost on the way here; reading it is reported, as it should be.
cells = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Co", "Cn", "Cs"),
        exclude_characters="\ufffd",
        include_characters="\n",
    ),
    max_size=8,
)


@relaxed
@given(
    rows=st.lists(st.tuples(st.just("番"), cells, cells), max_size=8),
    delimiter=st.sampled_from(",\t"),
)
def test_what_the_csv_module_writes_is_what_is_read(tmp_path, rows, delimiter):
    path = tmp_path / "表.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([("番号", "名称", "住所"), *rows])

    read_rows, problems = read(path, expected=["番号", "名称"])

    assert problems == []
    assert read_rows == [(number, list(row)) for number, row in enumerate(rows, start=2)]
