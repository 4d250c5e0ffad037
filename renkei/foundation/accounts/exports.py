"""Workbooks of this room: who has not signed, who takes part, which devices end soon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO

from renkei.foundation.accounts.models import (
    Device,
    Membership,
    Organisation,
    PolicyVersion,
    Role,
    Transfer,
)
from renkei.foundation.accounts.presenters import MoveRow, device_rows
from renkei.foundation.accounts.queries_joining import Participant
from renkei.foundation.accounts.transfer_rows import HEADINGS
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_western
from renkei.foundation.common.spreadsheets.write import (
    Column,
    Kind,
    Sheet,
    write_workbook,
    write_xlsx,
)


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
            Column("誓約していない人", Kind.NUMBER),
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
                one.unsigned,
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


def transfer_template_xlsx(
    stream: IO[bytes], memberships: Iterable[Membership], organisations: Iterable[Organisation]
) -> None:
    """The table of moves with everybody in it, and the words it takes on sheets beside it."""
    rows = (
        (
            "",
            one.user.name,
            one.user.email or one.user.login_name,
            one.organisation.name,
            one.get_role_display(),
            "",
            "",
            "",
            "",
        )
        for one in memberships
    )
    kinds = ((one.name, one.get_kind_display()) for one in organisations)
    write_workbook(
        stream,
        [
            Sheet("異動", [Column(name) for name in HEADINGS], rows),
            Sheet("組織", [Column("組織の名前"), Column("種類")], kinds),
            Sheet("役割", [Column("役割の名前")], ((str(role.label),) for role in Role)),
        ],
        title="人事異動",
        notes=[
            ("区分", "「異動」「退職」「採用」。空の行は、いまのままです。"),
            ("採用", "氏名、メールアドレス（紙で案内する人は空）、新しい組織と役割を書きます。"),
            ("異動", "変わる所だけ書きます。新しい組織が空なら、同じ組織の中の異動です。"),
            ("引き継ぐ人", "その日にいまの組織にいる人の、メールアドレスか利用者番号を書きます。"),
            ("いつの情報か", format_western(clock.today())),
        ],
    )


def handover_xlsx(stream: IO[bytes], transfer: Transfer, rows: Sequence[MoveRow]) -> None:
    """引継書: who takes over from whom, and what is in their hands."""
    moves = (
        (
            row.move.name,
            row.move.get_action_display(),
            str(row.move.old_membership.organisation) if row.move.old_membership else "",
            str(row.move.new_organisation or ""),
            row.move.get_role_display() if row.move.role else "",
            str(row.move.successor or ""),
            row.duties,
            row.move.handed_over_count,
        )
        for row in rows
    )
    duties = (
        (row.move.name, str(row.move.successor or ""), duty.text)
        for row in rows
        for duty in row.held
    )
    write_workbook(
        stream,
        [
            Sheet(
                "引継書",
                [
                    *(Column(name) for name in ("氏名", "区分", "いまの組織", "新しい組織")),
                    *(Column(name) for name in ("新しい役割", "引き継ぐ人")),
                    Column("まだ持っている仕事（件）", Kind.NUMBER),
                    Column("引き継いだ仕事（件）", Kind.NUMBER),
                ],
                moves,
            ),
            Sheet("仕事", [Column(name) for name in ("氏名", "引き継ぐ人", "仕事")], duties),
        ],
        title="引継書",
        notes=[
            ("異動日", format_western(transfer.effective_on)),
            ("状態", transfer.get_state_display()),
            ("いつの情報か", format_western(clock.today())),
        ],
    )
