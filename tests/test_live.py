"""The live process, with a real PostgreSQL notification and a real socket."""

from __future__ import annotations

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
    assert signing.loads(token_for(["import:a"]), salt=SALT) == ["import:a"]
