"""An indicator as files people paste: workbook with a native chart, CSV, SVG, PNG, A4."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import pypdfium2
import xlsxwriter
from django.template.loader import render_to_string

from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.spreadsheets.write import Column, Kind, excel_text, write_csv
from renkei.programme.indicators.charts import STYLES
from renkei.programme.indicators.models import Direction
from renkei.programme.indicators.presenters import Trend
from renkei.programme.indicators.queries.comparing import Comparison

_FOLDER: Final = Path(__file__).parent / "print"
FONT: Final = "BIZ UDPゴシック"
# Columns of periods one A4 page holds beside the name of the area.
PER_TABLE: Final = 8
DOTS: Final = 3
_DASHES: Final = ("solid", "dash", "square_dot", "long_dash_dot")
_MARKS: Final = {"●": "circle", "□": "square", "◇": "diamond", "△": "triangle"}


def workbook_of(trend: Trend, compared: Comparison) -> bytes:
    """The table and, over it, a chart that Excel draws from the cells; definition beside."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_urls": False}) as book:
        book.set_properties({"title": trend.title})
        book.formats[0].set_font_name(FONT)
        bold = book.add_format({"font_name": FONT, "bold": True, "bottom": 2})
        digits = "." + "0" * trend.version.decimals if trend.version.decimals else ""
        number = book.add_format(
            {
                "font_name": FONT,
                "bottom": 1,
                "align": "right",
                "num_format": f"#,##0{digits}",
            }
        )
        title = book.add_format({"font_name": FONT, "bold": True, "font_size": 14})
        wrap = book.add_format({"font_name": FONT, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("数値と図")
        sheet.write_string(0, 0, excel_text(trend.title), title)
        sheet.write_string(1, 0, excel_text(trend.sentence))
        top = 3
        sheet.write_string(top, 0, excel_text(f"地域（{trend.unit}）"), bold)
        for place, period in enumerate(compared.periods, start=1):
            sheet.write_string(top, place, period.label, bold)
        for row, side in enumerate(compared.sides, start=top + 1):
            sheet.write_string(row, 0, excel_text(side.area.name))
            for place, cell in enumerate(side.cells, start=1):
                if cell.value is None:
                    # A word, not 0: Excel leaves a gap there.
                    sheet.write_string(row, place, cell.figure, number)
                else:
                    sheet.write_number(row, place, float(cell.value), number)
        last = len(compared.periods)
        if last and trend.charts:
            sheet.insert_chart(top + len(compared.sides) + 2, 0, _chart(book, trend, compared, top))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, max(last, 1), 13)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        about = book.add_worksheet("この指標について")
        about.set_column(0, 0, 16)
        about.set_column(1, 1, 80)
        for row, (label, words) in enumerate(facts_of(trend)):
            about.write_string(row, 0, label, bold)
            about.write_string(row, 1, excel_text(words), wrap)
    return stream.getvalue()


def _chart(book: Any, trend: Trend, compared: Comparison, top: int) -> Any:
    chart = book.add_chart({"type": "line"})
    last = len(compared.periods)
    name = "数値と図"
    for place, row in enumerate(trend.rows[: len(STYLES)]):
        colour = STYLES[place][0]
        at = top + 1 + place
        chart.add_series(
            {
                "name": [name, at, 0],
                "categories": [name, top, 1, top, last],
                "values": [name, at, 1, at, last],
                "line": {
                    "color": colour,
                    "width": 2.25,
                    "dash_type": _DASHES[place % len(_DASHES)],
                },
                "marker": {
                    "type": _MARKS.get(row.sign, "circle"),
                    "size": 7,
                    "border": {"color": colour},
                    "fill": {"color": "#ffffff" if row.sign in "□◇△○" else colour},
                },
            }
        )
    chart.set_title({"name": trend.title, "name_font": {"size": 12}})
    chart.set_y_axis({"name": trend.unit, "min": 0 if _is_positive(compared) else None})
    chart.show_blanks_as("gap")
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": 420})
    return chart


def _is_positive(compared: Comparison) -> bool:
    return all(
        cell.value is None or cell.value >= 0 for side in compared.sides for cell in side.cells
    )


def csv_of(compared: Comparison) -> bytes:
    """One row per area and period, as machines like it: value, or the reason why there is none."""
    stream = io.BytesIO()
    columns = [
        Column("指標番号", Kind.CODE), Column("指標名"), Column("地域コード", Kind.CODE),
        Column("地域"), Column("期間"), Column("値", Kind.NUMBER), Column("値がない理由"),
        Column("単位"), Column("印"), Column("出典"), Column("基準日", Kind.DATE),
    ]  # fmt: skip
    rows = [
        (
            cell.code, cell.name, cell.area_code, cell.area_name, cell.period_label, cell.value,
            "" if cell.value is not None else cell.figure, cell.unit, cell.flag, cell.source,
            cell.as_of,
        )
        for side in compared.sides
        for cell in side.cells
    ]  # fmt: skip
    write_csv(stream, columns=columns, rows=rows)
    return stream.getvalue()


def svg_of(trend: Trend) -> str:
    """The wide picture as a file of its own; empty without a value."""
    if not trend.charts:
        return ""
    return render_to_string("indicators/chart.svg", {"chart": trend.charts[0]})


def pdf_of(trend: Trend, *, town: str) -> bytes:
    """One indicator on A4: sentence, picture, table, definition, caution."""
    data = {
        "head": head(
            town=town, name="指標", issued_on=clock.today(), source=f"指標番号 {_code(trend)}"
        ),
        "name": trend.title,
        "sentence": trend.sentence,
        "svg": svg_of(trend),
        "alt": _alt(trend),
        "unit": trend.unit,
        "axis": trend.axis,
        "tables": _tables(trend),
        "sources": _sources(trend),
        "facts": facts_of(trend)[2:],
        "cautions": [*trend.version.caution.splitlines(), *trend.notes],
    }
    return compile_pdf(_FOLDER / "indicator.typ", data, title=trend.title)


def png_of(trend: Trend) -> bytes:
    """The picture in pixels, with its title and source, large enough for a projector."""
    data = {
        "name": f"{trend.title}（{trend.unit}）",
        "svg": svg_of(trend),
        "alt": _alt(trend),
        "sources": _sources(trend),
    }
    pdf = compile_pdf(_FOLDER / "chart.typ", data, title=trend.title)
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=DOTS).to_pil()
    finally:
        document.close()
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def facts_of(trend: Trend) -> list[tuple[str, str]]:
    """What the number is, in the order people ask."""
    version = trend.version
    rows = [
        ("指標", f"{trend.title}（{_code(trend)}、定義 第{version.number}版）"),
        ("文", trend.sentence),
        ("意味", version.text),
        ("分子", version.numerator),
        ("分母", version.denominator),
        ("単位", trend.unit),
        ("望む向き", str(Direction(version.direction).label)),
        ("出典", "、".join(trend.sources) or version.source),
        ("更新", version.cycle),
        ("聞く先", version.contact or "事業の事務局"),
    ]
    if not version.confirmed:
        rows.append(("照合", "名前と定義は、原典とまだ照合していません。"))
    return [(label, words) for label, words in rows if words]


def _code(trend: Trend) -> str:
    return trend.version.indicator.code


def _alt(trend: Trend) -> str:
    return f"{trend.title}の推移。{trend.sentence}"


def _sources(trend: Trend) -> str:
    return f"出典：{'、'.join(trend.sources)}" if trend.sources else ""


def _tables(trend: Trend) -> list[dict[str, object]]:
    """The table in pieces that fit the page; the newest periods last."""
    rows = [*trend.rows, *([trend.ratio] if trend.ratio else [])]
    found: list[dict[str, object]] = []
    for start in range(0, len(trend.heads), PER_TABLE):
        part = slice(start, start + PER_TABLE)
        found.append(
            {
                "header": ["地域", *(head.text for head in trend.heads[part])],
                "rows": [
                    [f"{row.sign} {row.label}".strip(), *(_cell(cell) for cell in row.cells[part])]
                    for row in rows
                ],
            }
        )
    return found


def _cell(cell: Any) -> str:
    return f"{cell.text}（{cell.flag}）" if cell.flag else str(cell.text)


__all__ = ["csv_of", "pdf_of", "png_of", "svg_of", "workbook_of"]
