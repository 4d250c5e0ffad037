"""Ending what somebody has open: part of other services' transactions, which record it."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from renkei.foundation.accounts.models import User
from renkei.foundation.accounts.services.streams import revoke_streams
from renkei.foundation.common import clock


def void_sessions(user: User) -> None:
    """End all sessions, close all streams, and make every offline copy from before now worthless.

    The stamp also ends sessions this application does not know of: each request compares it.
    """
    user.sessions_void_before = clock.now()
    user.save(update_fields=["sessions_void_before"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    revoke_streams([user])
