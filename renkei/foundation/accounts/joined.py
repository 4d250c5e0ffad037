"""What rooms above do when an invitation is used: registered from ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable

from renkei.foundation.accounts.models import Invitation, User

Joined = Callable[[Invitation, User], None]
_JOINED: list[Joined] = []


def on_joined(tell: Joined) -> None:
    """Have ``tell(invitation, user)`` called inside the transaction that uses an invitation."""
    if tell not in _JOINED:
        _JOINED.append(tell)


def tell_joined(invitation: Invitation, user: User) -> None:
    """Tell the rooms above that this account used this invitation."""
    for tell in _JOINED:
        tell(invitation, user)
