"""The live process, with a real PostgreSQL notification and a real socket."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection

from renkei.foundation.common.live import SALT, publish, token_for
from renkei.live import CLOSE, QUEUE_LIMIT, Hub


@pytest.fixture
def live_address(transactional_db):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = connection.settings_dict
    url = (
        f"postgresql://{values['USER']}:{quote(values['PASSWORD'])}@/{values['NAME']}"
        f"?host={quote(values['HOST'])}"
    )
    environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "-m", "uvicorn", "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen([*command, "renkei.live:application"], env=environment)
    address = f"http://127.0.0.1:{port}/live/"
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=1)
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(10)


@pytest.mark.django_db(transaction=True)
def test_an_event_reaches_only_those_who_listen_to_its_topic(live_address):
    stream = urllib.request.urlopen(f"{live_address}?token={token_for(['import:a'])}", timeout=10)
    assert stream.readline() == b": open\n"

    deadline = time.monotonic() + 10
    line = b""
    while not line.startswith(b"data:") and time.monotonic() < deadline:
        # The listening connection may open a moment after the stream does.
        publish("import:b", {"progress": 1})
        publish("import:a", {"progress": 40})
        line = stream.readline()

    assert json.loads(line.removeprefix(b"data: ")) == {"topic": "import:a", "progress": 40}


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_when_its_readers_access_changes(live_address):
    stream = urllib.request.urlopen(
        f"{live_address}?token={token_for(['room:a', 'revoke:me'])}", timeout=10
    )
    assert stream.readline() == b": open\n"

    deadline = time.monotonic() + 10
    line = b"\n"
    lines = []
    while line and time.monotonic() < deadline:
        publish("revoke:me")
        line = stream.readline()
        lines.append(line)

    assert line == b""
    assert b'data: {"topic":"revoke:me"}\n' in lines


@pytest.mark.django_db(transaction=True)
def test_a_kept_token_does_not_open_a_stream_again_after_access_changed(live_address):
    kept = token_for(["room:a", "revoke:me"])
    stream = urllib.request.urlopen(f"{live_address}?token={kept}", timeout=10)
    deadline = time.monotonic() + 10
    while stream.readline() and time.monotonic() < deadline:
        publish("revoke:me")

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{live_address}?token={kept}", timeout=10)
    assert refused.value.code == 403
    refused.value.close()
    assert opens_with_new_tokens(live_address)


def opens_with_new_tokens(address):
    """The last notification may still be on its way; a page asks again, and so do we."""
    for _ in range(50):
        token = token_for(["room:a", "revoke:me"])
        with contextlib.suppress(urllib.error.HTTPError):
            return urllib.request.urlopen(f"{address}?token={token}", timeout=10).status == 200
        time.sleep(0.1)
    return False


def test_a_page_that_does_not_read_is_closed_rather_than_kept_from_hearing_its_end():
    hub = Hub()
    queue = hub.add(["room:a", "revoke:me"])

    for _ in range(QUEUE_LIMIT):
        hub.deliver('{"topic":"room:a"}')
    hub.deliver('{"topic":"revoke:me"}')

    assert (queue.qsize(), queue.get_nowait()) == (1, CLOSE)


def test_streams_end_when_the_process_stops_hearing_who_lost_access():
    hub = Hub()
    queues = [hub.add(["room:a"]), hub.add(["room:a", "room:b"])]

    hub.close_all()

    assert [queue.get_nowait() for queue in queues] == [CLOSE, CLOSE]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["empty", "forged", "of another purpose"])
def test_a_stream_without_a_valid_token_is_refused(live_address, kind):
    # Signed here, not in the parameters: a token carries its second, and a test's name may not.
    another = signing.dumps(["import:a"], salt="other")
    token = {"empty": "", "forged": "forged", "of another purpose": another}[kind]

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{live_address}?token={token}", timeout=10)

    assert refused.value.code == 403
    refused.value.close()


def test_a_token_names_its_topics_and_nothing_else():
    said = signing.loads(token_for(["import:a"]), salt=SALT)

    assert (said["topics"], sorted(said)) == (["import:a"], ["at", "topics"])
