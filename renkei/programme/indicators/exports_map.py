"""A map as a file: SVG, PNG, A4, workbook, CSV; the numbers of the page and nothing more."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import pypdfium2
import xlsxwriter
from django.template.loader import render_to_string

from renkei.foundation.areas.models import AreaLevel
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.spreadsheets.write import Column, Kind, excel_text, write_csv
from renkei.programme.indicators.exports import DOTS, FONT
from renkei.programme.indicators.presenters_map import UNSURE, MapPage
from renkei.programme.indicators.queries.maps import MODES, AreaMap

_FOLDER: Final = Path(__file__).parent / "print"
# Height of one line of the legend in the picture's units.
_LINE: Final = 18
_HEADS: Final = ("地域", "階級", "値", "95%の区間", "印", "値の作り方")


def file_of(kind: str, page: MapPage, found: AreaMap, *, town: str) -> bytes | str:
    """One of svg, png, pdf, csv, xlsx."""
    if kind == "svg":
        return svg_of(page)
    if kind == "csv":
        return _csv(page, found)
    if kind == "xlsx":
        return _workbook(page, found)
    if kind == "png":
        return _png(page, found)
    return _pdf(page, found, town)


def svg_of(page: MapPage) -> str:
    """Map and legend as one picture of its own; empty without a boundary."""
    if page.picture is None:
        return ""
    picture = page.picture
    top = picture.height + 10
    keys = [(key, round(top + number * _LINE, 1)) for number, key in enumerate(page.keys)]
    below = top + len(keys) * _LINE
    points = [
        (
            {"outline": key.outline, "words": f"{key.group.label}（{key.shown}）"},
            round(below + number * _LINE, 1),
        )
        for number, key in enumerate(picture.points.keys if picture.points else ())
    ]
    context = {
        "picture": picture,
        "keys": keys,
        "point_keys": points,
        "box_width": picture.width,
        "box_height": round(below + len(points) * _LINE + 6, 1),
    }
    return render_to_string("indicators/map.svg", context)


def title_of(page: MapPage, found: AreaMap) -> str:
    level = AreaLevel(found.frame.level).label
    return f"{page.title}（{page.unit}）{found.frame.period.label}　{level}ごと"


def _data(page: MapPage, found: AreaMap) -> dict[str, object]:
    picture = page.picture
    border = f"　境界：{picture.source}" if picture and picture.source else ""
    return {
        "name": title_of(page, found),
        "svg": svg_of(page),
        "alt": picture.alt if picture else "",
        "sources": f"出典：{'、'.join(page.sources)}{border}",
    }


def _png(page: MapPage, found: AreaMap) -> bytes:
    document = pypdfium2.PdfDocument(
        compile_pdf(_FOLDER / "chart.typ", _data(page, found), title=page.title)
    )
    try:
        picture = document[0].render(scale=DOTS).to_pil()
    finally:
        document.close()
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _pdf(page: MapPage, found: AreaMap, town: str) -> bytes:
    code = found.version.indicator.code
    data = _data(page, found) | {
        "head": head(
            town=town, name="指標の地図", issued_on=clock.today(), source=f"指標番号 {code}"
        ),
        "sentence": page.sentence,
        "mode": MODES[found.frame.mode].removesuffix("で見る"),
        "header": list(_HEADS),
        "rows": _rows(page),
        "cautions": list(page.cautions),
    }
    return compile_pdf(_FOLDER / "map.typ", data, title=page.title)


def _rows(page: MapPage) -> list[list[str]]:
    return [
        [
            row.name,
            row.sign or "－",
            row.text,
            row.interval,
            "　".join(filter(None, (UNSURE if row.unsure else "", row.flag))),
            row.how,
        ]
        for row in page.rows
    ]


def _csv(page: MapPage, found: AreaMap) -> bytes:
    stream = io.BytesIO()
    columns = [
        Column("地域コード", Kind.CODE), Column("地域"), Column("期間"), Column("値", Kind.NUMBER),
        Column("値がない理由"), Column("単位"), Column("95%の区間"), Column("印"),
        Column("値の作り方"), Column("区域"), Column("出典"),
    ]  # fmt: skip
    mode = MODES[found.frame.mode].removesuffix("で見る")
    rows = [
        (
            unit.code, unit.name, found.frame.period.label, unit.reading.value,
            "" if unit.reading.value is not None else unit.reading.figure, found.version.unit,
            row.interval, row.flag, unit.how, mode, unit.reading.source,
        )
        for unit, row in zip(found.units, page.rows, strict=True)
    ]  # fmt: skip
    write_csv(stream, columns=columns, rows=rows)
    return stream.getvalue()


def _workbook(page: MapPage, found: AreaMap) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_urls": False}) as book:
        book.formats[0].set_font_name(FONT)
        bold = book.add_format({"font_name": FONT, "bold": True, "bottom": 2})
        sheet = book.add_worksheet("地図の数値")
        sheet.write_string(0, 0, excel_text(title_of(page, found)), bold)
        sheet.write_string(1, 0, excel_text(page.sentence))
        for place, words in enumerate(_HEADS):
            sheet.write_string(3, place, words, bold)
        for number, (unit, cells) in enumerate(zip(found.units, _rows(page), strict=True), start=4):
            for place, words in enumerate(cells):
                sheet.write_string(number, place, excel_text(words))
            if unit.reading.value is not None:
                sheet.write_number(number, 2, float(unit.reading.value))
        below = len(page.rows) + 5
        for number, words in enumerate(page.cautions):
            sheet.write_string(below + number, 0, excel_text(words))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 5, 16)
    return stream.getvalue()
