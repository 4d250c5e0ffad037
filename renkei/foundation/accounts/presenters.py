"""People as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.rules import may_change_membership
from renkei.foundation.accounts.viewers import Viewer


@dataclass(frozen=True)
class MemberRow:
    """One line of an organisation's list, with what this viewer may do to it."""

    membership: Membership
    changeable: bool


def member_rows(memberships: Iterable[Membership], viewer: Viewer) -> list[MemberRow]:
    """The lines of an organisation's list."""
    return [MemberRow(one, may_change_membership(viewer, one)) for one in memberships]
