"""QR codes are read back from a picture as a copier or a fax would make it."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pytest
import typst
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from renkei.foundation.common.qr import QrTextError, qr_png, qr_svg, size_mm

URL = "https://renkei.example/q/3F9KXR7TQ2"
SVG = "{http://www.w3.org/2000/svg}"


def decoded(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def printed(text, *, dpi=200):
    """A page with the code as SVG, as seen by a scanner."""
    svg = qr_svg(text, label="修正の依頼")
    source = f"#set page(width: 90mm, height: 90mm, margin: 8mm)\n#image(bytes({typst_text(svg)}))"
    png = typst.compile(source.encode(), format="png", ppi=dpi, ignore_system_fonts=True)
    return Image.open(io.BytesIO(png)).convert("L")


def typst_text(value):
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@pytest.mark.parametrize("text", [URL, "ケアマネ　北の灯 0999-00-3110", "1", URL + "?" + "x" * 200])
def test_code_is_read_from_a_page_scanned_at_200_dpi(text):
    page = printed(text)

    assert decoded(page) == [text]
    assert decoded(page.rotate(180)) == [text]
    assert decoded(page.rotate(4, fillcolor=255).filter(ImageFilter.GaussianBlur(1))) == [text]
    # A fax has black and white only.
    assert decoded(page.point(lambda grey: 255 if grey > 128 else 0)) == [text]


def test_png_is_read_at_its_printed_size():
    picture = Image.open(io.BytesIO(qr_png(URL))).convert("L")
    dots = round(size_mm(URL) / 25.4 * 200)

    assert decoded(picture.resize((dots, dots))) == [URL]


def test_svg_has_its_size_on_paper_and_a_name():
    root = ET.fromstring(qr_svg(URL, label="修正の<依頼>"))  # noqa: S314 - our own text

    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == "修正の<依頼>"
    assert root.attrib["width"] == root.attrib["height"] == f"{size_mm(URL):g}mm"


def test_code_is_never_smaller_than_a_hand_can_hold_still():
    assert size_mm("1") == 15.0
    assert size_mm("あ" * 300) > 40


def test_a_part_of_the_code_may_be_lost():
    picture = Image.open(io.BytesIO(qr_png(URL))).convert("L")

    assert [found.ec_level for found in zxingcpp.read_barcodes(picture)] in (["M"], ["Q"], ["H"])


@pytest.mark.parametrize("text", ["", "あ" * 2_000])
def test_text_no_code_can_hold_is_refused(text):
    with pytest.raises(QrTextError, match="QRコード"):
        qr_svg(text, label="")


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=60))
def test_any_text_is_read_back(text):
    picture = Image.open(io.BytesIO(qr_png(text))).convert("L")

    assert decoded(picture) == [text]
