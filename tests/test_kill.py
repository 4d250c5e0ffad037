"""Power cuts: web processes and database are killed in the middle of posts and uploads.

A house of its own (database, web processes, files); two people post 1,000 entries, some with a
photograph, and send each again until it is acknowledged. In between everything is killed with
SIGKILL. Then every entry is there once, whole, with its event in a chain that verifies.
"""

from __future__ import annotations

import http.client
import io
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from PIL import Image

from renkei import embedded

POSTS = 1_000
# Every so many posts carry a photograph.
PHOTO_EVERY = 25
# After so many acknowledged posts: what is killed.
KILLS = ((200, ("web",)), (450, ("database",)), (700, ("web", "database")))
PATIENCE_SECONDS = 240

SEED = """
import json, django
django.setup()
from django.db import transaction
from django.test import Client
from renkei.care.patients.tests import factories as care
from renkei.foundation.accounts.tests import factories as accounts
patient = care.make_patient()
people = [accounts.suzuki(), accounts.takahashi()]
for person in people:
    care.add_member(patient, person)
sessions = [accounts.sign_in(Client(), person).cookies["sessionid"].value for person in people]
print(json.dumps({"patient": str(patient.uid), "sessions": sessions}))
"""

CHECK = """
import django
django.setup()
from renkei.foundation.papers.files import read_file
from renkei.foundation.papers.models import StoredFile
print(sum(len(read_file(one)) > 0 for one in StoredFile.objects.all()), StoredFile.objects.count())
"""


@dataclass
class House:
    """A whole installation in a folder."""

    folder: Path
    port: int
    server: embedded.EmbeddedServer
    environment: dict[str, str]
    web: subprocess.Popen[bytes] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, *command: str) -> str:
        """What a command of the installation prints."""
        done = subprocess.run(
            [sys.executable, *command],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def open_doors(self) -> None:
        """Start the web processes and wait until they answer."""
        self.web = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
                "--port", str(self.port), "--workers", "2", "--blocking-threads", "2", "--no-ws",
                "--log-level", "error", "renkei.wsgi:application",
            ],
            env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.ask("GET", "/healthz/", "")[0] == 200:
                return
            time.sleep(0.1)
        raise AssertionError("the web processes do not answer")

    def kill_web(self) -> None:
        """SIGKILL the master and its workers, wherever they are in their work."""
        assert self.web is not None
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()

    def kill_database(self) -> None:
        """SIGKILL the postmaster; its backends follow it."""
        lines = (self.server.data / "postmaster.pid").read_text().splitlines()
        os.kill(int(lines[0]), signal.SIGKILL)

    def start_database(self) -> None:
        """Start it again as soon as the killed backends are gone."""
        deadline = time.monotonic() + 60
        while True:
            try:
                embedded.start(self.server)
            except (embedded.EmbeddedServerError, psycopg.OperationalError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)
            else:
                return

    def ask(
        self, method: str, path: str, cookie: str, body: bytes = b"", kind: str = ""
    ) -> tuple[int, str]:
        """Status and target of one request; 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": f"csrftoken={'c' * 32}; {cookie}", "X-CSRFToken": "c" * 32}
        if kind:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body=body or None, headers=headers)
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            return 0, ""
        else:
            return response.status, response.getheader("Location") or ""
        finally:
            connection.close()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="renkei-kill-"))
    server = embedded.server_in(folder)
    embedded.start(server)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COV")},
        "DJANGO_SETTINGS_MODULE": "renkei.settings.dev",
        "SECRET_KEY": "only-for-this-test-" + "k" * 40,
        "FILE_KEY": "only-for-this-test-" + "f" * 40,
        "RENKEI_VAR": str(folder),
        "DATABASE_OWNER_URL": server.url(embedded.OWNER),
        "DATABASE_URL": server.url(embedded.APP),
    }
    house = House(folder, port, server, environment)
    try:
        house.run("-m", "renkei.cli", "setup-database")
        house.open_doors()
        yield house
    finally:
        if house.web is not None and house.web.poll() is None:
            house.kill_web()
        embedded.stop(server)
        shutil.rmtree(folder, ignore_errors=True)
        if server.data.parent != folder:
            shutil.rmtree(server.data.parent, ignore_errors=True)
        shutil.rmtree(server.socket, ignore_errors=True)


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "#88aacc").save(buffer, "JPEG")
    return buffer.getvalue()


def form_of(client_uid: uuid.UUID, number: int) -> tuple[bytes, str]:
    """One question with its addressee; now and then with a photograph."""
    values = {
        "client_uid": str(client_uid),
        "kind": "question",
        "text": f"書き込み{number}",
        "addressees": "profession:看護師",
    }
    if number % PHOTO_EVERY:
        return urlencode(values).encode(), "application/x-www-form-urlencoded"
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
    ]
    parts.append(
        f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
        + photo()
        + f"\r\n--{border}--\r\n".encode()
    )
    return b"".join(parts), f"multipart/form-data; boundary={border}"


def post_until_acknowledged(
    house: House, path: str, session: str, waiting: queue.Queue, done: list, refused: list
) -> None:
    """What a phone does: the same entry again, until somebody said that it is kept."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not refused:
        try:
            number, client_uid = waiting.get_nowait()
        except queue.Empty:
            return
        body, kind = form_of(client_uid, number)
        while time.monotonic() < deadline:
            status, target = house.ask("POST", path, f"sessionid={session}", body, kind)
            if status == 302 and "login" not in target:
                done.append(client_uid)
                break
            if status == 422:
                refused.append((number, status))
                return
            time.sleep(0.1)


def test_kill_every_acknowledged_entry_is_there_once_and_none_is_half(house):
    seeded = json.loads(house.run("-c", SEED).strip().splitlines()[-1])
    path = f"/patients/{seeded['patient']}/timeline/"
    entries = [(number, uuid.uuid4()) for number in range(POSTS)]
    waiting: queue.Queue = queue.Queue()
    for each in entries:
        waiting.put(each)
    done: list[uuid.UUID] = []
    refused: list[tuple[int, int]] = []
    posters = [
        threading.Thread(
            target=post_until_acknowledged, args=(house, path, session, waiting, done, refused)
        )
        for session in seeded["sessions"] * 2
    ]

    for poster in posters:
        poster.start()
    for after, victims in KILLS:
        while len(done) < after and any(each.is_alive() for each in posters):
            time.sleep(0.02)
        if "web" in victims:
            house.kill_web()
        if "database" in victims:
            house.kill_database()
            house.start_database()
        if "web" in victims:
            house.open_doors()
    for poster in posters:
        poster.join()

    assert refused == []
    assert sorted(done) == sorted(client_uid for _, client_uid in entries)
    with psycopg.connect(house.server.url(embedded.OWNER)) as connection:

        def one(statement: str) -> Any:
            row = connection.execute(statement).fetchone()
            return row and row[0]

        kept = connection.execute("SELECT client_uid FROM timelines_entry").fetchall()
        assert sorted(row[0] for row in kept) == sorted(done)
        assert one("SELECT count(DISTINCT number) FROM timelines_entry") == POSTS
        assert one("SELECT count(*) FROM timelines_addressee") == POSTS
        assert one("SELECT count(*) FROM audit_auditevent WHERE action = 'entry.posted'") == POSTS
        assert one("SELECT count(*) FROM timelines_entryfile") == POSTS // PHOTO_EVERY
    readable, rows = map(int, house.run("-c", CHECK).split()[-2:])
    assert readable == rows == POSTS // PHOTO_EVERY
    house.run("-m", "renkei.cli", "verify-audit")
