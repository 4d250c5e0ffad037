"""窓口一覧 as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from renkei.care.transitions.presenters_contacts import by_kind
from renkei.care.transitions.queries.contact_list import OfficeContacts
from renkei.foundation.areas.models import Area
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_western
from renkei.foundation.common.spreadsheets.write import CellValue, Column, Kind, write_xlsx

COLUMNS = (
    Column("種類"),
    Column("事業所"),
    Column("病棟・部署"),
    Column("担当者"),
    Column("電話番号", Kind.PHONE),
    Column("内線", Kind.PHONE),
    Column("FAX番号", Kind.PHONE),
    Column("夜間・休日", Kind.PHONE),
    Column("受付時間", width=30),
    Column("希望する連絡手段"),
    Column("面会・面談、備考", width=36),
    Column("確認した日", Kind.DATE),
    Column("状態"),
)


def contacts_xlsx(stream: IO[bytes], area: Area, offices: Iterable[OfficeContacts]) -> None:
    """One row for each contact point; an office without any has a row that says so."""
    rows: list[tuple[CellValue, ...]] = []
    for group in by_kind(offices):
        for line in group.lines:
            if not line.points:
                rows.append((group.label, line.name, *[""] * 10, "窓口の記録なし"))
            rows += [
                (
                    group.label,
                    line.name,
                    one.point.ward,
                    one.who,
                    one.phone,
                    one.extension,
                    one.fax,
                    one.night_phone,
                    one.hours,
                    one.channel,
                    "。".join(one.notes),
                    one.point.confirmed_at.astimezone(clock.TOKYO).date(),
                    "確認が古い" if line.office.is_stale else "",
                )
                for one in line.points
            ]
    write_xlsx(
        stream,
        title="窓口一覧",
        columns=COLUMNS,
        rows=rows,
        notes=[("圏域", area.name), ("いつの情報か", format_western(clock.today()))],
    )
