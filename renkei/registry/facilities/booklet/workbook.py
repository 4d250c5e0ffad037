"""The booklet as a workbook, one row per place: the same rows as the PDF (T-A9)."""

from __future__ import annotations

import io

from renkei.foundation.common import eras
from renkei.foundation.common.spreadsheets.write import Column, Kind, Sheet, write_workbook
from renkei.registry.facilities.booklet.plan import Booklet

COLUMNS = (
    Column("地区", width=22),
    Column("番号", Kind.NUMBER),
    Column("種類", width=24),
    Column("名前", width=34),
    Column("住所", width=40),
    Column("電話", Kind.PHONE),
    Column("開いている時間など", width=40),
    Column("いつの情報か", width=22),
)


def booklet_xlsx(booklet: Booklet) -> bytes:
    """The list, and on a second sheet whose it is, for whom, and where the values come from."""
    imprint = booklet.imprint
    desk = imprint.desk
    notes = [
        ("発行", f"{imprint.town}　{eras.format_long(imprint.issued_on)}"),
        ("対象", imprint.edition),
        ("件数", f"{booklet.entry_count:,}か所"),
        ("おことわり", imprint.note),
        ("相談", f"{desk.name} {desk.phone}（{desk.hours}）" if desk.phone else ""),
        *(("出典", source.full) for source in imprint.sources),
    ]
    stream = io.BytesIO()
    write_workbook(
        stream,
        [Sheet("一覧", COLUMNS, booklet.rows())],
        title=imprint.title,
        notes=[(label, text) for label, text in notes if text],
    )
    return stream.getvalue()
