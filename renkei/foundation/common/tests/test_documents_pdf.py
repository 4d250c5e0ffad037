"""PDF: tagged, fonts embedded, and no value of the data ever taken for markup."""

from __future__ import annotations

import io
import struct
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.foundation.common.documents import fonts
from renkei.foundation.common.documents.fonts import (
    MissingFontsError,
    characters_of,
    font_paths,
    load_fonts,
    printable_characters,
)
from renkei.foundation.common.documents.pdf import (
    PdfError,
    compile_pdf,
    head,
    missing_characters,
)

IMPORT = '#import "/foundation/common/documents/templates/renkei.typ": *\n'
PLAIN = IMPORT + "#show: sheet\n= #title\n#lines(data.text)"
LIST = (
    IMPORT
    + """#show: sheet.with(head: data.head, paper: data.paper)
= #title
#for (i, shape) in pin-shapes.enumerate() { pin-at(20mm * i, 200mm, shape, 10 + i) }
#pin("circle", number: 777)
#legend(pin-shapes.map(shape => (shape, "記号" + shape)))
#framed[枠の中]
#ruled-table(
  columns: (auto, 1fr, auto),
  header: ("番号", "名前", "電話"),
  rows: data.rows.map(((a, b, c)) => (number(a), lines(b), c)),
)
== 書き込み欄
#fill-in(("主治医", "夜間の連絡先"))
"""
)
HEAD = head(
    town="架空市", name="資源の冊子", issued_on=date(2026, 11, 20), source="出典：架空市調べ"
)


def listing(count, *, paper="a4"):
    rows = [[f"{n}", f"架空診療所{n}\n北浜{n}", f"0999-00-{n:04}"] for n in range(1, count + 1)]
    pdf = compile_pdf(LIST, {"head": HEAD, "paper": paper, "rows": rows}, title="北浜の一覧")
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_pdf_is_tagged_titled_and_in_japanese():
    reader = listing(3)

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "北浜の一覧"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


def test_only_our_fonts_are_used_and_all_are_embedded():
    page_fonts = [page["/Resources"]["/Font"] for page in listing(1).pages]

    names = set()
    for font in (f.get_object() for page in page_fonts for f in page.values()):
        descendant = font["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in descendant["/FontDescriptor"]
        names.add(font["/BaseFont"].split("+")[1].split("-")[0])
    assert names == {"BIZUDPGothic"}


def test_every_page_has_head_foot_and_table_header():
    reader = listing(80)

    texts = [page.extract_text() for page in reader.pages]
    total = len(texts)
    assert total > 2
    for number, text in enumerate(texts, start=1):
        for expected in (
            "架空市",
            "資源の冊子",
            "令和8年11月20日発行",
            "出典：架空市調べ",
            f"{number} / {total}",
        ):
            assert expected in text
        if "架空診療所" in text:
            assert "番号" in text


def test_rows_are_not_split_over_pages_and_none_is_lost():
    texts = [page.extract_text() for page in listing(80).pages]

    for n in range(1, 81):
        (page,) = [t for t in texts if f"架空診療所{n}\n" in t]
        assert f"0999-00-{n:04}" in page
        assert f"北浜{n}" in page


def test_pins_carry_their_numbers_as_text():
    text = listing(1).pages[0].extract_text()

    for number in (10, 11, 12, 13, 14, 777):
        assert str(number) in text


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("a3", (842, 1191))])
def test_paper_sizes(paper, size):
    box = listing(1, paper=paper).pages[0].mediabox

    assert (round(box.width), round(box.height)) == size


@pytest.mark.parametrize(
    "text",
    [
        "#panic(1)",
        "*太字* _x_ $x$",
        '#import "x.typ"',
        "@label <a> `b` \\ // x",
        '"); #eval("1")',
        "= 見出し",
    ],
)
def test_data_is_never_markup(text):
    pdf = compile_pdf(PLAIN, {"text": text}, title=text)

    assert text_of(pdf).replace("\n", "").count(text) == 2


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=40), st.text(max_size=10))
def test_any_text_makes_a_pdf(text, title):
    assert compile_pdf(PLAIN, {"text": text}, title=title).startswith(b"%PDF")


@pytest.mark.parametrize("title", ["", " \u3000", "\x08", "\x1f", "\u200b"])
def test_title_nobody_can_read_is_replaced(title):
    reader = pypdf.PdfReader(io.BytesIO(compile_pdf(PLAIN, {"text": ""}, title=title)))

    assert reader.metadata is not None
    assert reader.metadata.title == "無題"


def test_characters_no_font_has_are_printed_as_geta_and_named():
    data = {
        "text": "架空\ue000市😀\x00の\ud800家",
        "list": [1, None, Decimal("1.5"), date(2026, 4, 1)],
    }

    assert missing_characters(data) == ["\ue000", "😀", "\ud800"]
    assert "架空〓市〓の〓家" in text_of(compile_pdf(PLAIN, data, title="題"))


def test_characters_of_names_are_drawn():
    text = "髙﨑①㈱～㎡Ⅲ𠮷鷗噓葛\U000e0100"

    assert missing_characters(text) == []
    assert "髙﨑①㈱～㎡Ⅲ𠮷鷗噓葛" in text_of(compile_pdf(PLAIN, {"text": text}, title="題"))


def test_values_json_lacks_are_printed_as_their_text():
    source = IMPORT + "#show: sheet\n= #title\n#data.day #data.share"

    pdf = compile_pdf(source, {"day": date(2026, 4, 1), "share": Decimal("1.50")}, title="題")

    assert "2026-04-01 1.50" in text_of(pdf)


def test_template_file_of_the_package_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setattr("renkei.foundation.common.documents.pdf.ROOT", tmp_path)
    template = tmp_path / "文書.typ"
    template.write_text('#set document(title: "題")\n#set text(font: "BIZ UDPGothic")\n= 題')

    assert "題" in text_of(compile_pdf(template, {}, title="題"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('#set document(title: "題")\n#set text(font: "ない書体")\n= 題', "unknown font family"),
        ('#panic("止め")', "止め"),
        (IMPORT + '#show: sheet\n= #title\n#pin("star")', "unknown pin shape: star"),
        (IMPORT + "#show: sheet\n== #title", "PDF/UA-1"),
        (IMPORT + '= #read("/../pyproject.toml")', "pyproject"),
    ],
)
def test_wrong_template_is_an_error_never_a_bad_page(source, said):
    with pytest.raises(PdfError, match=said):
        compile_pdf(source, {}, title="題")


def test_template_that_makes_no_document_is_an_error(monkeypatch):
    class Silent:
        def __init__(self, **options):
            pass

        def compile_with_warnings(self, **_options):
            return None, []

    monkeypatch.setattr("renkei.foundation.common.documents.pdf.typst.Compiler", Silent)

    with pytest.raises(PdfError, match="no single document"):
        compile_pdf(PLAIN, {"text": ""}, title="題")


def test_fonts_come_from_the_build_or_from_the_packages(settings, tmp_path):
    built = tmp_path / "print-fonts"
    built.mkdir()
    settings.PRINT_FONTS = built
    settings.ROOT = tmp_path
    with pytest.raises(MissingFontsError, match="印刷用のフォントがありません"):
        font_paths()
    packages = [
        tmp_path / "node_modules" / "@expo-google-fonts" / package / weight
        for package in fonts.PACKAGES
        for weight in fonts.WEIGHTS
    ]
    for package in packages:
        package.mkdir(parents=True)
    assert font_paths() == packages
    (built / "a.ttf").write_bytes(b"")
    assert font_paths() == [built]


def test_fonts_without_our_families_are_refused(tmp_path):
    with pytest.raises(MissingFontsError, match="BIZ UDPGothic、Noto Sans JP"):
        load_fonts((tmp_path,))


def test_printable_characters_are_those_of_every_weight():
    characters = printable_characters(tuple(font_paths()))

    assert {"架", "髙", "𠮷", "〓", "a"} <= characters
    assert not {"😀", "\ue000", "न"} & characters


def font_with(tables, name=b"cmap"):
    """A TrueType file of one table: a character map with the given subtables."""
    directory, body = b"", b""
    for platform, encoding, subtable in tables:
        offset = 4 + 8 * len(tables) + len(body)
        directory += struct.pack(">HHI", platform, encoding, offset)
        body += subtable
    cmap = struct.pack(">HH", 0, len(tables)) + directory + body
    return (
        struct.pack(">IHHHH", 0x00010000, 1, 0, 0, 0)
        + struct.pack(">4sIII", name, 0, 28, len(cmap))
        + cmap
    )


FORMAT_4 = struct.pack(">7H", 4, 32, 0, 4, 0, 0, 0) + struct.pack(
    ">2HH2H", 0x43, 0xFFFF, 0, 0x41, 0xFFFF
)
FORMAT_12 = struct.pack(">HHIII", 12, 0, 28, 0, 1) + struct.pack(">III", 0x20BB7, 0x20BB8, 1)


@pytest.mark.parametrize(
    ("font", "characters"),
    [
        (font_with([(3, 1, FORMAT_4)]), {"A", "B", "C"}),
        (font_with([(3, 1, FORMAT_4), (3, 10, FORMAT_12)]), {"𠮷", "\U00020bb8"}),
        (font_with([(1, 0, FORMAT_4)]), set()),
        (font_with([], name=b"glyf"), set()),
    ],
)
def test_character_map_of_a_font(font, characters):
    assert characters_of(font) == characters
