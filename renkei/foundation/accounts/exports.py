"""Workbooks of this room: who has not signed, who takes part, which devices end soon."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import IO

from renkei.foundation.accounts.models import Device, Membership, PolicyVersion
from renkei.foundation.accounts.presenters import device_rows
from renkei.foundation.accounts.queries_joining import Participant
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_western
from renkei.foundation.common.spreadsheets.write import Column, Kind, write_xlsx


def unsigned_xlsx(
    stream: IO[bytes], version: PolicyVersion, memberships: Iterable[Membership]
) -> None:
    """Who has not signed this version yet, by organisation."""
    write_xlsx(
        stream,
        title="誓約していない人",
        columns=(
            Column("組織"),
            Column("氏名"),
            Column("フリガナ"),
            Column("職種"),
            Column("役割"),
        ),
        rows=(
            (
                one.organisation.name,
                one.user.name,
                one.user.kana,
                one.profession,
                one.get_role_display(),
            )
            for one in memberships
        ),
        notes=[("ポリシー", str(version)), ("いつの情報か", format_western(clock.today()))],
    )


def participants_xlsx(stream: IO[bytes], participants: Iterable[Participant]) -> None:
    """The 参加施設台帳."""
    write_xlsx(
        stream,
        title="参加施設台帳",
        columns=(
            Column("名称"),
            Column("種類"),
            Column("事業所番号・医療機関コード", Kind.CODE),
            Column("圏域"),
            Column("電話番号", Kind.PHONE),
            Column("参加日", Kind.DATE),
            Column("利用者数", Kind.NUMBER),
            Column("端末数", Kind.NUMBER),
            Column("60日以内に期限の来る端末", Kind.NUMBER),
        ),
        rows=(
            (
                one.organisation.name,
                one.organisation.get_kind_display(),
                one.organisation.office_code,
                one.organisation.area.name if one.organisation.area else "",
                one.organisation.phone,
                one.organisation.joined_on,
                one.people,
                one.devices,
                one.ending_devices,
            )
            for one in participants
        ),
        notes=[("いつの情報か", format_western(clock.today()))],
    )


def devices_xlsx(stream: IO[bytes], devices: Iterable[Device]) -> None:
    """Every registered device and when it ends."""
    write_xlsx(
        stream,
        title="端末の期限",
        columns=(
            Column("組織"),
            Column("端末の名前"),
            Column("持つ人"),
            Column("状態"),
            Column("登録した日", Kind.DATE),
            Column("期限", Kind.DATE),
            Column("最後に使われた日", Kind.DATE),
        ),
        rows=(
            (
                row.device.organisation.name,
                row.device.label,
                row.device.holder.name if row.device.holder else "",
                row.word,
                _day(row.device.registered_at),
                row.device.expires_on,
                _day(row.device.last_seen_at),
            )
            for row in device_rows(devices)
        ),
        notes=[("いつの情報か", format_western(clock.today()))],
    )


def _day(at: datetime | None) -> date | None:
    return at.astimezone(clock.TOKYO).date() if at else None
