"""When a device may open what it keeps."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module

from django.conf import settings

from renkei.care.timelines.models import VisitLease
from renkei.foundation.common import clock


class LeaseState(StrEnum):
    """What a device does: go on; forget the key and the cache; forget everything."""

    OPEN = "open"
    ENDED = "ended"
    REVOKED = "revoked"


def lease_state(lease: VisitLease) -> LeaseState:
    """A lease is revoked with its device, its member or its account; it ends with its time.

    Its session ends it as well, unless that only ran out: a night's visit is longer than a session.
    """
    membership = lease.membership
    member_is_in = membership.revoked_at is None and clock.today() in membership.period
    if lease.revoked_at is not None or not member_is_in or not lease.user.is_active:
        return LeaseState.REVOKED
    void_before = lease.user.sessions_void_before
    if void_before is not None and lease.issued_at <= void_before:
        return LeaseState.REVOKED
    now = clock.now()
    if lease.expires_at <= now:
        return LeaseState.ENDED
    if now < lease.session_until and not _session_exists(lease.session_key):
        return LeaseState.ENDED
    return LeaseState.OPEN


def _session_exists(session_key: str) -> bool:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return bool(store().exists(session_key))
