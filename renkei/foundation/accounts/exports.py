"""Workbooks of this room: who has not signed, who takes part, which devices end soon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from renkei.foundation.accounts.models import Membership, PolicyVersion
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_western
from renkei.foundation.common.spreadsheets.write import Column, write_xlsx


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
