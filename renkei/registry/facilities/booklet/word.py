"""The booklet as a Word document, to be edited on: the same rows as the PDF (T-A9)."""

from __future__ import annotations

from renkei.foundation.common.documents.pdf import head
from renkei.foundation.common.documents.word import (
    WordColumn,
    add_heading,
    add_paragraph,
    add_table,
    new_document,
    to_bytes,
)
from renkei.registry.facilities.booklet.plan import Booklet, District, Entry

COLUMNS = (
    WordColumn("番号", 13),
    WordColumn("名前・種類・住所"),
    WordColumn("電話", 34),
    WordColumn("開いている時間など", 52),
)
INDEX_COLUMNS = (WordColumn("名前"), WordColumn("地区", 60), WordColumn("番号", 13))
MEMO_COLUMNS = (WordColumn("書き込み欄", 50), WordColumn(""))
MEMO_ROWS = ("主治医", "ケアマネジャー", "薬局", "夜間の連絡先")
NO_POSITION = "地図にない所"


def booklet_docx(booklet: Booklet) -> bytes:
    """Title, a table per chapter and kind, index, sources. Maps are in the PDF alone."""
    imprint = booklet.imprint
    top = head(
        town=imprint.town,
        name=imprint.title,
        issued_on=imprint.issued_on,
        source=imprint.source_line,
    )
    document = new_document(title=imprint.title, head=top)
    add_heading(document, imprint.title)
    for text in (imprint.town, imprint.edition, f"{booklet.entry_count:,}か所", imprint.note):
        if text:
            add_paragraph(document, text, bold=text == imprint.edition)
    desk = imprint.desk
    if desk.phone:
        add_paragraph(document, f"迷ったら {desk.name} {desk.phone}（{desk.hours}）へ", bold=True)
    add_table(document, columns=MEMO_COLUMNS, rows=[(label, "") for label in MEMO_ROWS])
    for district in booklet.districts:
        add_heading(document, f"{district.name}（{len(district.entries):,}か所）")
        for label, entries in _groups(district):
            add_heading(document, label, level=2)
            add_table(document, columns=COLUMNS, rows=[_row(entry) for entry in entries])
    add_heading(document, "50音の索引")
    for letter, entries in booklet.index():
        add_heading(document, letter, level=2)
        rows = [(one.name, one.district, str(one.number)) for one in entries]
        add_table(document, columns=INDEX_COLUMNS, rows=rows)
    add_heading(document, "出典")
    for source in imprint.sources:
        add_paragraph(document, source.full)
    return to_bytes(document)


def _groups(district: District) -> list[tuple[str, list[Entry]]]:
    groups = district.by_group()
    return [*groups, (NO_POSITION, list(district.off_map))] if district.off_map else groups


def _row(entry: Entry) -> tuple[str, str, str, str]:
    about = "　".join(filter(None, (entry.kinds, entry.address)))
    lines = (entry.name, about, entry.freshness)
    return (str(entry.number), "\n".join(filter(None, lines)), entry.phone, entry.hours)
