"""A report as Word, PDF and workbook, from its frozen content: printed again, it is the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import xlsxwriter

from renkei.foundation.common import clock
from renkei.foundation.common.documents.letters import (
    Block,
    Facts,
    Heading,
    Line,
    Space,
    Table,
    letter_docx,
    letter_pdf,
)
from renkei.foundation.common.documents.pdf import head
from renkei.foundation.common.documents.word import WordColumn
from renkei.foundation.common.eras import format_long
from renkei.foundation.common.spreadsheets.write import excel_text
from renkei.programme.planning.documents.councils import PAPERS, paper_file
from renkei.programme.planning.models import Meeting, ReportPack
from renkei.programme.planning.reporting.numerals import mark

FONT: Final = "BIZ UDPゴシック"
NOTES: Final = "数値の根拠"
HOW: Final = (
    "数値の後の［ ］の番号は、下の「数値の根拠」の番号です。"
    "連携のこの報告の画面で番号を選ぶと、数え方と、いまの値を確かめられます。"
)
HOW_SHORT: Final = "［ ］は「数値の根拠」の番号です。"
# Footnotes are looked up, not read.
SMALL: Final = 7.5
NOTE_COLUMNS: Final = ("番号", "数値", "何の数か", "数え方", "出典", "期間", "基準日")


def report_file(pack: ReportPack, form: str) -> bytes:
    """The pack as ``pdf``, ``docx`` or ``xlsx``, as of the instant it was made."""
    content = pack.content
    with clock.told_at(pack.made_at):
        if form == "xlsx":
            return _workbook(content)
        make = letter_pdf if form == "pdf" else letter_docx
        return make(
            blocks_of(content),
            title=content["title"],
            head=head(
                town=content["town"],
                name=pack.get_kind_display(),
                issued_on=date.fromisoformat(content["made_on"]),
                source=content["source"],
            ),
        )


def bundle_of(pack: ReportPack, meetings: Iterable[Meeting]) -> bytes:
    """The report in its three forms and the published 要旨, in one file for the day of scoring."""
    summary = next(one for one in PAPERS if one.code == "summary")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as found:
        for form in ("pdf", "docx", "xlsx"):
            found.writestr(f"report.{form}", report_file(pack, form))
        for number, one in enumerate(meetings, 1):
            found.writestr(f"summary-{number:02}.pdf", paper_file(one, summary, "pdf"))
    return stream.getvalue()


def blocks_of(content: dict[str, Any]) -> list[Block]:
    """The content as letters are set."""
    compact = content["compact"]
    made_on = date.fromisoformat(content["made_on"])
    found: list[Block] = [
        Heading(content["title"], 1, align="center", size=14),
        Line(f"{format_long(made_on)}　{content['source']}", align="right"),
    ]
    found += [_block(one) for one in content["blocks"]]
    if not content["notes"]:
        return found
    if compact:
        notes = "　".join(_note_text(one, short=True) for one in content["notes"])
        return [*found, Heading(NOTES, 2, size=9), Line(notes, size=SMALL)]
    found += [Space(3), Heading(NOTES), Line(HOW, size=SMALL)]
    return [*found, *(Line(_note_text(one), size=SMALL) for one in content["notes"])]


def _block(one: dict[str, Any]) -> Block:
    if one["kind"] == "heading":
        return Heading(one["text"])
    if one["kind"] == "line":
        return Line(one["text"])
    if one["kind"] == "facts":
        return Facts(tuple((label, text) for label, text in one["rows"]))
    return Table(
        tuple(WordColumn(name, width) for name, width in one["columns"]),
        tuple(tuple(row) for row in one["rows"]),
    )


def _note_text(note: dict[str, Any], *, short: bool = False) -> str:
    """One footnote as a line: what was counted, how, from where, as of when."""
    parts = [f"{mark(note['number'])} {note['label']}"]
    if not short:
        parts += filter(None, (note["text"], note["definition"].rstrip("。")))
    return "　".join([*parts, f"{_where(note)}。"])


def _where(note: dict[str, Any]) -> str:
    return "、".join(filter(None, (note["source"], note["period"], _day(note))))


def _day(note: dict[str, Any]) -> str:
    return f"{format_long(date.fromisoformat(note['as_of']))}現在" if note["as_of"] else ""


def _workbook(content: dict[str, Any]) -> bytes:
    """Two sheets: the report as it reads, and every footnote on a line of its own."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"strings_to_urls": False, "strings_to_formulas": False}
    ) as book:
        book.set_properties(
            {"title": content["title"], "created": clock.now().replace(tzinfo=None)}
        )
        book.formats[0].set_font_name(FONT)
        look = {
            name: book.add_format({"font_name": FONT, "valign": "top", **more})
            for name, more in (
                ("title", {"bold": True, "font_size": 14}),
                ("heading", {"bold": True, "font_size": 12}),
                ("bold", {"bold": True, "bottom": 2, "text_wrap": True}),
                ("cell", {"text_wrap": True, "bottom": 1}),
                ("line", {}),
            )
        }
        _write_report(book.add_worksheet("報告"), content, look)
        _write_notes(book.add_worksheet(NOTES), content, look)
    return stream.getvalue()


def _write_report(sheet: Any, content: dict[str, Any], look: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 5, 24)
    _set_up(sheet)
    sheet.write_string(0, 0, excel_text(content["title"]), look["title"])
    made_on = date.fromisoformat(content["made_on"])
    sheet.write_string(1, 0, f"{format_long(made_on)}　{excel_text(content['source'])}")
    sheet.write_string(2, 0, f"{HOW_SHORT}「{NOTES}」のシートにあります。")
    row = 4
    for one in content["blocks"]:
        if one["kind"] in ("heading", "line"):
            sheet.write_string(row, 0, excel_text(one["text"]), look[one["kind"]])
            row += 1
            continue
        rows = one["rows"]
        if one["kind"] == "table":
            for place, (name, _width) in enumerate(one["columns"]):
                sheet.write_string(row, place, excel_text(name), look["bold"])
            row += 1
        for cells in rows:
            for place, text in enumerate(cells):
                sheet.write_string(row, place, excel_text(text), look["cell"])
            row += 1
        row += 1


def _write_notes(sheet: Any, content: dict[str, Any], look: dict[str, Any]) -> None:
    for place, (name, width) in enumerate(
        zip(NOTE_COLUMNS, (8, 22, 40, 60, 30, 18, 20), strict=True)
    ):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, look["bold"])
    _set_up(sheet)
    sheet.repeat_rows(0)
    for row, one in enumerate(content["notes"], 1):
        cells = (
            mark(one["number"]), one["text"], one["label"], one["definition"], one["source"],
            one["period"], _day(one),
        )  # fmt: skip
        for place, text in enumerate(cells):
            sheet.write_string(row, place, excel_text(text), look["cell"])


def _set_up(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
