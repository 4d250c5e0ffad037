"""The live process: server-sent events over PostgreSQL's LISTEN, as a raw ASGI application.

A connection costs about 10 KB this way, against 57 KB in a Django view. Pages work without it: they
poll when the stream does not open.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.production")

import psycopg
import structlog
from django.conf import settings
from django.core import signing

from renkei.foundation.common.live import CHANNEL, STREAM_SECONDS, TOKEN_SECONDS, permission_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = structlog.get_logger()
HEARTBEAT_SECONDS = 20
RECONNECT_SECONDS = 2
# ``revoke:<user uid>`` ends the streams of one person (care, design §3b).
REVOKE = "revoke:"
# A page that does not read for this many messages is closed; it reloads and sees the present state.
QUEUE_LIMIT = 100
# In a queue: the stream ends here.
CLOSE = ""


class Hub:
    """Who listens to what. One listening connection per process serves all of them."""

    def __init__(self) -> None:
        self.listeners: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        # When somebody's access last changed, for as long as an older token could still open.
        self.revoked: dict[str, float] = {}

    def add(self, topics: list[str]) -> asyncio.Queue[str]:
        """Open a queue for these topics."""
        queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_LIMIT)
        for topic in topics:
            self.listeners[topic].add(queue)
        return queue

    def remove(self, topics: list[str], queue: asyncio.Queue[str]) -> None:
        """Close a queue; empty topics are forgotten."""
        for topic in topics:
            self.listeners[topic].discard(queue)
            if not self.listeners[topic]:
                del self.listeners[topic]

    def deliver(self, payload: str) -> None:
        """Hand one notification to everybody who listens to its topic."""
        try:
            topic = json.loads(payload)["topic"]
        except (ValueError, KeyError, TypeError):
            log.warning("live.payload_ignored")
            return
        if topic.startswith(REVOKE):
            self._remember(topic)
        for queue in tuple(self.listeners.get(topic, ())):
            try:
                queue.put_nowait(payload)
            except asyncio.QueueFull:
                # Dropping a message could drop the one that ends the stream.
                _close(queue)

    def refuses(self, topics: list[str], made_at: float) -> bool:
        """Whether the access of the token's holder changed after the token was made."""
        return any(self.revoked.get(topic, 0.0) >= made_at for topic in topics)

    def close_all(self) -> None:
        """End every stream: pages ask anew what they may hear."""
        for queue in {queue for queues in self.listeners.values() for queue in queues}:
            _close(queue)

    def _remember(self, topic: str) -> None:
        now = time.time()
        forgotten = now - 2 * TOKEN_SECONDS
        self.revoked = {each: at for each, at in self.revoked.items() if at > forgotten}
        self.revoked[topic] = now

    async def listen(self) -> None:
        """Follow the channel for ever; a lost connection is opened again."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **_connection_values(), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    async for notification in connection.notifies():
                        self.deliver(notification.payload)
            except psycopg.OperationalError:
                log.warning("live.connection_lost")
            # Whose access changes while nobody listens here would go on hearing.
            self.close_all()
            await asyncio.sleep(RECONNECT_SECONDS)


def _close(queue: asyncio.Queue[str]) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(CLOSE)


def _connection_values() -> dict[str, Any]:
    values = settings.DATABASES["default"]
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    return {
        **{ours: values[theirs] for ours, theirs in names.items()},
        **({"port": values["PORT"]} if values.get("PORT") else {}),
    }


HUB = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI entry: ``GET /live/?token=…`` answers with an event stream."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _stream(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    task: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            task = asyncio.create_task(HUB.listen())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if task:
                task.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _stream(scope: Scope, receive: Receive, send: Send) -> None:
    token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
    try:
        topics = _permitted(token)
    except signing.BadSignature:
        await send({"type": "http.response.start", "status": 403, "headers": _headers()})
        await send({"type": "http.response.body", "body": b""})
        return
    queue = HUB.add(topics)
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _headers()})
        await send(_chunk(": open\n\n"))
        sender = asyncio.create_task(_send_events(queue, send))
        closed = asyncio.create_task(_until_disconnect(receive))
        done, pending = await asyncio.wait(
            {sender, closed}, timeout=STREAM_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        for task in pending:
            task.cancel()
        for task in done:
            # A page that went away is no error.
            task.exception()
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        HUB.remove(topics, queue)


def _permitted(token: str) -> list[str]:
    permission = permission_of(token)
    if HUB.refuses(permission.topics, permission.made_at):
        raise signing.BadSignature
    return permission.topics


async def _send_events(queue: asyncio.Queue[str], send: Send) -> None:
    while True:
        try:
            payload = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            if payload == CLOSE:
                return
            await send(_chunk(f"data: {payload}\n\n"))
            if json.loads(payload)["topic"].startswith(REVOKE):
                # Somebody's access changed: their page asks anew what it may hear.
                return
        except TimeoutError:
            await send(_chunk(": here\n\n"))


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _chunk(text: str) -> Message:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


def _headers() -> list[tuple[bytes, bytes]]:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    if settings.LIVE_ORIGIN:
        headers.append((b"access-control-allow-origin", settings.LIVE_ORIGIN.encode()))
    return headers
