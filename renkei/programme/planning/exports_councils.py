"""Councils as workbooks: the roster with answers for the office, the year's meetings for all."""

from __future__ import annotations

import io
from typing import Final

from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, format_western
from renkei.foundation.common.spreadsheets.write import CellValue, Column, Kind, write_xlsx
from renkei.programme.planning.documents.councils import fee_of, name_of, sender_of
from renkei.programme.planning.models import CAME, Audience, Council, Meeting
from renkei.programme.planning.queries.meetings import items_of, lines_of, seats_of
from renkei.programme.planning.services.meetings import day_of

PUBLIC_COLUMNS: Final = (
    Column("年度"),
    Column("回"),
    Column("開催日", Kind.DATE),
    Column("会場", width=30),
    Column("公開"),
    Column("議題", width=40),
    Column("決定・継続・報告", width=60),
)
FEE_COLUMNS: Final = (
    Column("氏名", width=20),
    Column("所属", width=30),
    Column("報償費（円）", Kind.NUMBER),
    Column("源泉徴収の率（％）"),
    Column("源泉徴収額（円）", Kind.NUMBER),
    Column("費用弁償（円）", Kind.NUMBER),
    Column("差引支給額（円）", Kind.NUMBER),
)


def fees_xlsx(meeting: Meeting) -> bytes:
    """報償費 for the accounting section."""
    rows: list[tuple[CellValue, ...]] = []
    for one in seats_of(meeting):
        if one.attendance in CAME and one.member.is_paid:
            fee = fee_of(one)
            percent = f"{one.tax_percent.normalize():f}" if one.tax_percent is not None else ""
            rows.append(
                (one.name, one.organisation_name, fee.gross, percent, fee.tax, fee.travel, fee.paid)
            )
    stream = io.BytesIO()
    write_xlsx(
        stream,
        title="報償費",
        columns=FEE_COLUMNS,
        rows=rows,
        notes=[("会議", name_of(meeting)), ("作成", format_western(clock.today()))],
    )
    return stream.getvalue()


def public_xlsx(council: Council, meetings: list[Meeting]) -> bytes:
    """The meetings of a council as the public may know them; what is closed was never there."""
    rows: list[tuple[CellValue, ...]] = [
        (
            FiscalYear(meeting.fiscal_year).label,
            f"第{meeting.number}回",
            day_of(meeting),
            meeting.place,
            meeting.get_audience_display(),
            "\n".join(one.title for one in items_of(meeting, public=True)),
            "\n".join(
                f"【{one.get_outcome_display()}】{one.text}"
                for one in lines_of(meeting, public=True)
                if one.outcome
            ),
        )
        for meeting in meetings
    ]
    stream = io.BytesIO()
    write_xlsx(
        stream,
        title="会議の記録",
        columns=PUBLIC_COLUMNS,
        rows=rows,
        notes=[
            ("会議体", council.name),
            ("事務局", sender_of(council)),
            ("作成", format_western(clock.today())),
            ("公開", f"{Audience.CLOSED.label}の議題は載せていません。"),
        ],
    )
    return stream.getvalue()
