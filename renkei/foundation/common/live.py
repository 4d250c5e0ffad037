"""Live updates: a room tells that something changed; open pages hear only which thing it was.

The stream carries topics and ids, never content: a page that hears of a change fetches what it
may see.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from django.core import signing
from django.db import connection

CHANNEL = "renkei_live"
# A token is fetched with the page and outlives a long look at it, not a working day.
TOKEN_SECONDS = 60 * 60
SALT = "renkei.live"


def publish(topic: str, detail: Mapping[str, str | int] | None = None) -> None:
    """Tell everybody who listens to ``topic``; heard when the transaction commits."""
    payload = json.dumps({"topic": topic, **(detail or {})}, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def token_for(topics: Iterable[str]) -> str:
    """A signed, short-lived permission to listen to these topics; the caller checked who asks."""
    return signing.dumps(list(topics), salt=SALT, compress=False)


def topics_of(token: str) -> list[str]:
    """The topics a token permits.

    Raises:
        signing.BadSignature: the token is forged or older than ``TOKEN_SECONDS``.
    """
    topics: list[str] = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    return topics
