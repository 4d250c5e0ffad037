"""A form as a workbook to fill in: lists to choose from, locked but for its boxes, ready to print.

Nothing a person typed can become a formula: texts are written as texts into cells of the text
format. A hidden column says what each row means, so that rows may be inserted or the sheet copied.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from renkei.foundation.common.spreadsheets.write import FONT, TOKYO, excel_text
from renkei.foundation.sheets.answers import Attachment, Values
from renkei.foundation.sheets.items import Code, Definition, Item, ItemType
from renkei.foundation.sheets.models import FormVersion
from renkei.foundation.sheets.workbook_rows import (
    TICK,
    YES_NO,
    RowKind,
    SheetRow,
    is_listed,
    options_shown,
    rows_of,
)

MARK: Final = "renkei-sheet:1"
HEAD_MARK: Final = "head"
LABEL, VALUE, ABSENCE, HINT, KEY = range(5)
HEADINGS: Final = ("項目", "記入欄", "値がないとき", "書き方")
HEAD_ROW: Final = 4
LISTS: Final = "選択肢"
WIDTHS: Final = (34, 46, 14, 40)
A4: Final = 9
LINE_POINTS: Final = 16
TEXT_LINES: Final = 4
TALLEST_POINTS: Final = 400
FIRST_EXCEL_DAY: Final = dt.date(1900, 3, 1)
LONGEST_MESSAGE: Final = 250
LONGEST_NAME: Final = 31
WAREKI: Final = '[$-411]ggge"年"m"月"d"日"'
WESTERN: Final = 'yyyy"年"m"月"d"日"'
HOW: Final = (
    "白い欄に記入し、そのまま保存して送ってください。"
    "「値がないとき」は、なし・不明などを選びます。空欄は「記録なし」になります。"
)


@dataclass(slots=True)
class _Lists:
    """The lists to choose from, each once, in columns of a hidden sheet."""

    sheet: Worksheet
    places: dict[tuple[str, ...], str] = field(default_factory=dict)

    def source(self, labels: tuple[str, ...]) -> str:
        if labels not in self.places:
            column = len(self.places)
            for row, label in enumerate(labels):
                self.sheet.write_string(row, column, excel_text(label))
            letter = xlsxwriter.utility.xl_col_to_name(column, col_abs=True)
            self.places[labels] = f"='{LISTS}'!{letter}$1:{letter}${len(labels)}"
        return self.places[labels]


class _Formats:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": FONT, "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
        lined = {**base, "border": 1}
        made = book.add_format
        self.title = made({**base, "bold": True, "font_size": 16, "text_wrap": False})
        self.plain = made({**base, "text_wrap": False})
        self.note = made({**base, "valign": "top"})
        self.header = made({**lined, "bold": True, "bottom": 2})
        self.section = made({**base, "bold": True, "font_size": 12, "top": 5})
        self.group = made({**base, "bold": True})
        self.label = made({**lined, "bold": True})
        self.option = made({**lined, "indent": 1})
        self.hint = made(lined)
        self.locked = made({**lined, "pattern": 16})
        self.text = made({**lined, "num_format": "@", "locked": False})
        self.wareki = made({**lined, "num_format": WAREKI, "align": "left", "locked": False})
        self.western = made({**lined, "num_format": WESTERN, "align": "left", "locked": False})
        self.moment = made(
            {**lined, "num_format": "yyyy/mm/dd hh:mm", "align": "left", "locked": False}
        )
        self.number = made({**lined, "align": "right", "locked": False})
        self.tick = made({**lined, "align": "center", "num_format": "@", "locked": False})
        self.key = made({"font_size": 8, "num_format": "@"})

    def of(self, item: Item) -> Format:
        match item.type:
            case ItemType.DATE:
                return self.wareki if item.era == "wareki" else self.western
            case ItemType.DATE_TIME:
                return self.moment
            case ItemType.INTEGER | ItemType.DECIMAL:
                return self.number
        return self.text


def workbook_of(
    version: FormVersion, definition: Definition, values: Values, *, day: dt.date
) -> bytes:
    """The workbook of a form with these values."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"title": definition.title})
        book.formats[0].set_font_name(FONT)
        sheet = book.add_worksheet(_sheet_name(definition.title))
        lists = _Lists(book.add_worksheet(LISTS))
        writer = _Writer(sheet, lists, _Formats(book))
        writer.head(version, definition)
        names = {item.link_id: item for item in definition.walk()}
        for row in rows_of(definition.items, values, day=day, names=names):
            writer.row(row, day)
        writer.set_up(definition.title)
        lists.sheet.hide()
        lists.sheet.protect()
    return stream.getvalue()


def _sheet_name(title: str) -> str:
    return "".join("・" if each in "[]:*?/\\'" else each for each in title)[:LONGEST_NAME] or "様式"


class _Writer:
    """Writes the rows of one sheet, one after the other."""

    def __init__(self, sheet: Worksheet, lists: _Lists, formats: _Formats) -> None:
        self.sheet, self.lists, self.formats = sheet, lists, formats
        self.at = HEAD_ROW

    def head(self, version: FormVersion, definition: Definition) -> None:
        formats = self.formats
        about = f"第{version.number}版　{version.issuer}".strip()
        source = f"出典：{version.source}" if version.source else ""
        for row, (text, style) in enumerate(
            (
                (definition.title, formats.title),
                (about, formats.plain),
                (HOW, formats.plain),
                (source, formats.plain),
            )
        ):
            self.sheet.write_string(row, LABEL, excel_text(text), style)
        marks = (MARK, version.form.code, str(version.number), str(version.uid), HEAD_MARK)
        for row, mark in enumerate(marks):
            self.sheet.write_string(row, KEY, mark, formats.key)
        for column, heading in enumerate(HEADINGS):
            self.sheet.write_string(HEAD_ROW, column, heading, formats.header)

    def row(self, row: SheetRow, day: dt.date) -> None:
        self.at += 1
        match row.kind:
            case RowKind.SECTION | RowKind.GROUP:
                style = self.formats.section if row.kind is RowKind.SECTION else self.formats.group
                self.sheet.write_string(self.at, LABEL, excel_text(row.label), style)
                for column in (VALUE, ABSENCE, HINT):
                    self.sheet.write_blank(self.at, column, None, style)
            case RowKind.NOTE:
                self._note(row.label)
            case RowKind.ITEM if row.item is not None:
                self._item(row, row.item, day)
            case RowKind.OPTION:
                self._option(row)

    def _note(self, text: str) -> None:
        self.sheet.merge_range(self.at, LABEL, self.at, HINT, excel_text(text), self.formats.note)
        self._height(text, sum(WIDTHS))

    def _item(self, row: SheetRow, item: Item, day: dt.date) -> None:
        formats = self.formats
        self.sheet.write_string(self.at, LABEL, excel_text(row.label), formats.label)
        self.sheet.write_string(self.at, HINT, excel_text(row.hint), formats.hint)
        self.sheet.write_string(self.at, KEY, row.key, formats.key)
        if is_listed(item) or item.type is ItemType.ATTACHMENT:
            words = "、".join(_title(value) for value in row.values)
            shown = words if item.type is ItemType.ATTACHMENT else ""
            self.sheet.write_string(self.at, VALUE, excel_text(shown), formats.locked)
        else:
            self._value(row, item, day)
        self._absence(row, item)

    def _value(self, row: SheetRow, item: Item, day: dt.date) -> None:
        style = self.formats.of(item)
        value = None if row.absence else next(iter(row.values), None)
        _write(self.sheet, self.at, VALUE, value, style)
        rule = self._rule(item, row, day)
        if rule:
            title = excel_text(row.label)[:32]
            self.sheet.data_validation(
                self.at, VALUE, self.at, VALUE, {**rule, "error_title": title}
            )
        lines = TEXT_LINES if item.type is ItemType.TEXT else 1
        self._height(str(value or ""), WIDTHS[VALUE], least=lines)

    def _rule(self, item: Item, row: SheetRow, day: dt.date) -> dict[str, Any]:
        if item.type is ItemType.BOOLEAN:
            return _list_rule(self.lists.source(YES_NO), "はい・いいえ")
        if item.is_choice:
            labels = tuple(each.label for each in options_shown(item, row.values, day))
            rule = _list_rule(self.lists.source(labels), "一覧の言葉")
            if item.type is ItemType.OPEN_CHOICE:
                rule["show_error"] = False
            return rule
        if item.type in {ItemType.INTEGER, ItemType.DECIMAL}:
            whole = item.type is ItemType.INTEGER
            return {
                "validate": "integer" if whole else "decimal",
                "criteria": "between",
                "minimum": -1e12 if item.minimum is None else float(item.minimum),  # type: ignore[arg-type]
                "maximum": 1e12 if item.maximum is None else float(item.maximum),  # type: ignore[arg-type]
                "error_message": "整数を入力してください。" if whole else "数を入力してください。",
            }
        if item.maximum_length:
            return {
                "validate": "length",
                "criteria": "<=",
                "value": item.maximum_length,
                "error_message": f"{item.maximum_length}文字までで入力してください。",
            }
        return {}

    def _absence(self, row: SheetRow, item: Item) -> None:
        if not item.absence:
            self.sheet.write_blank(self.at, ABSENCE, None, self.formats.locked)
            return
        labels = tuple(each.label for each in item.absence)
        label = row.absence.label if row.absence else None
        _write(self.sheet, self.at, ABSENCE, label, self.formats.tick)
        rule = _list_rule(self.lists.source(labels), "・".join(labels))
        self.sheet.data_validation(self.at, ABSENCE, self.at, ABSENCE, rule)

    def _option(self, row: SheetRow) -> None:
        self.sheet.write_string(self.at, LABEL, excel_text(row.label), self.formats.option)
        _write(self.sheet, self.at, VALUE, next(iter(row.values), None), self.formats.tick)
        self.sheet.data_validation(
            self.at, VALUE, self.at, VALUE, _list_rule(self.lists.source((TICK,)), TICK)
        )
        self.sheet.write_blank(self.at, ABSENCE, None, self.formats.locked)
        self.sheet.write_blank(self.at, HINT, None, self.formats.hint)
        self.sheet.write_string(self.at, KEY, row.key, self.formats.key)

    def _height(self, text: str, width: int, *, least: int = 1) -> None:
        lines = sum(
            1 + len(line.encode("cp932", "replace")) // (width - 1) for line in text.split("\n")
        )
        if max(lines, least) > 1:
            self.sheet.set_row(self.at, min(max(lines, least) * LINE_POINTS, TALLEST_POINTS))

    def set_up(self, title: str) -> None:
        sheet = self.sheet
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_column(KEY, KEY, 4, None, {"hidden": True})
        sheet.freeze_panes(HEAD_ROW + 1, 0)
        sheet.print_area(0, 0, self.at, HINT)
        sheet.repeat_rows(HEAD_ROW)
        sheet.set_paper(A4)
        sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L" + excel_text(title).replace("&", "&&")[:200] + "&R&P / &N")
        sheet.ignore_errors({"number_stored_as_text": f"A1:E{self.at + 1}"})
        sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})


def _list_rule(source: str, words: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": source,
        "error_message": f"{words}から選んでください。"[:LONGEST_MESSAGE],
    }


def _write(sheet: Worksheet, row: int, column: int, value: Any, style: Format) -> None:
    match value:
        case None:
            sheet.write_blank(row, column, None, style)
        case bool():
            sheet.write_string(row, column, YES_NO[0] if value else YES_NO[1], style)
        case int() | Decimal():
            sheet.write_number(row, column, value, style)
        case dt.datetime():
            sheet.write_datetime(row, column, value.astimezone(TOKYO).replace(tzinfo=None), style)
        case dt.date() if value >= FIRST_EXCEL_DAY:
            sheet.write_datetime(row, column, value, style)
        case _:
            sheet.write_string(row, column, excel_text(_title(value)), style)


def _title(value: Any) -> str:
    match value:
        case Code():
            return value.label or value.code
        case Attachment():
            return value.title or "添付ファイル"
    return str(value)
