"""Live updates of people whose access changed."""

from __future__ import annotations

from collections.abc import Iterable

from renkei.foundation.accounts.models import User
from renkei.foundation.common.live import publish


def revoke_streams(users: Iterable[User]) -> None:
    """Close every open stream of these people: their pages ask anew what they may still see.

    A stream for somebody listens to ``user:<uid>``; the live process ends it at this message.
    The offline visit listens to ``revoke:<uid>`` and asks whether its lease still holds.
    """
    for user in users:
        publish(f"user:{user.uid}", {"revoke": 1})
        publish(f"revoke:{user.uid}")
