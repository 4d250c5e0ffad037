"""Live updates: a room tells that something changed; open pages hear only which thing it was.

The stream carries topics and ids, never content: a page that hears of a change fetches what it
may see.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core import signing
from django.db import connection

CHANNEL = "renkei_live"
# A page fetches its token just before it opens its stream; one that was kept opens nothing.
TOKEN_SECONDS = 60
# Then the page asks anew whether it may still listen.
STREAM_SECONDS = 60 * 60
SALT = "renkei.live"


def publish(topic: str, detail: Mapping[str, str | int] | None = None) -> None:
    """Tell everybody who listens to ``topic``; heard when the transaction commits."""
    payload = json.dumps({"topic": topic, **(detail or {})}, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


@dataclass(frozen=True)
class Permission:
    """Who may listen to what; ``made_at`` in seconds, finer than a signature's own time."""

    topics: list[str]
    made_at: float


def token_for(topics: Iterable[str]) -> str:
    """A signed, short-lived permission to listen to these topics; the caller checked who asks."""
    return signing.dumps({"topics": list(topics), "at": time.time()}, salt=SALT, compress=False)


def permission_of(token: str) -> Permission:
    """What a token permits.

    Raises:
        signing.BadSignature: the token is forged or older than ``TOKEN_SECONDS``.
    """
    said = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    return Permission(said["topics"], said["at"])


def topics_of(token: str) -> list[str]:
    """The topics a token permits.

    Raises:
        signing.BadSignature: the token is forged or older than ``TOKEN_SECONDS``.
    """
    return permission_of(token).topics
