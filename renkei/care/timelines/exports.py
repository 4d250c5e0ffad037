"""The story of a period as a workbook or on paper: what one may read, nothing hidden."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final

from renkei.care.timelines.models import Entry
from renkei.care.timelines.observations import amount
from renkei.care.timelines.presenters import addressee_words, paper_moment, signed
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.spreadsheets.write import Column, write_xlsx

COLUMNS: Final = (
    Column("届いた日時", width=18),
    Column("種類", width=8),
    Column("書いた人", width=18),
    Column("職種", width=14),
    Column("所属", width=26),
    Column("宛先", width=18),
    Column("本文", width=50),
    Column("測定", width=24),
    Column("確認した人", width=24),
    Column("備考", width=24),
)
HIDDEN: Final = "（隠された書き込み）"


def period_rows(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The entries as plain words, in the order given."""
    return [_row(entry) for entry in entries]


def outside_rows(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The entries for somebody outside of the team: who was asked or confirmed is not theirs."""
    rows = []
    for row in period_rows(entries):
        values = f"測定：{row['values']}" if row["values"] else ""
        rows.append({**row, "to": "", "values": values, "notes": [values] if values else []})
    return rows


def _row(entry: Entry) -> dict[str, Any]:
    hidden = entry.hidden_at is not None
    at = entry.posted_at.astimezone(TOKYO)
    confirmed = "、".join(
        f"{signed(one.name, one.profession)} {paper_moment(one.at)}"
        for one in entry.acknowledgements.all()
    )
    values = "、".join(
        f"{one.get_code_display()} {amount(one.value, one.unit)}{one.text}"
        for one in entry.observations.all()
    )
    remarks = [
        f"{paper_moment(entry.reply_to.posted_at)}の書き込みへの返事" if entry.reply_to else "",
        f"{paper_moment(entry.corrects.posted_at)}の書き込みの訂正" if entry.corrects else "",
        f"ファイル{len(entry.files.all())}件" if entry.files.all() else "",
    ]
    organisation = f"・{entry.author_organisation}" if entry.author_organisation else ""
    notes = [
        "" if hidden or not values else f"測定：{values}",
        f"確認しました：{confirmed}" if confirmed else "",
        *remarks,
    ]
    return {
        "at": f"{at:%Y-%m-%d %H:%M}",
        "when": paper_moment(entry.posted_at),
        "kind": str(entry.get_kind_display()),
        "name": entry.author_name,
        "profession": entry.author_profession,
        "organisation": entry.author_organisation,
        "author": f"{entry.author_name}　{entry.author_profession}{organisation}",
        "to": "・".join(addressee_words(row) for row in entry.addressees.all()),
        "text": HIDDEN if hidden else entry.text,
        "values": "" if hidden else values,
        "confirmed": confirmed,
        "remarks": "、".join(each for each in remarks if each),
        "notes": [each for each in notes if each],
    }


def period_xlsx(rows: Iterable[dict[str, Any]], *, notes: list[tuple[str, str]]) -> bytes:
    """The rows as a workbook; no text of it can become a formula."""
    stream = io.BytesIO()
    keys = (
        "at",
        "kind",
        "name",
        "profession",
        "organisation",
        "to",
        "text",
        "values",
        "confirmed",
        "remarks",
    )
    write_xlsx(
        stream,
        title="経過の写し",
        columns=COLUMNS,
        rows=([row[key] for key in keys] for row in rows),
        notes=notes,
    )
    return stream.getvalue()
