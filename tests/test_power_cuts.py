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
# Not a measurement: only a server that acknowledges nothing at all for so long is given up.
PATIENCE_SECONDS = 300
PAUSE_SECONDS = 0.5
KEPT, REFUSED = 302, 422

PREPARE = """
import json, django
django.setup()
from django.core.management import call_command
call_command("setup_database", verbosity=0)
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
import django, json
django.setup()
from django.core.management import call_command
from renkei.care.timelines.models import EntryFile
from renkei.foundation.papers.files import read_file, thumbnail
kept = [row.stored_file for row in EntryFile.objects.select_related("stored_file")]
call_command("verify_audit")
print(sum(read_file(one).startswith(b"\\xff\\xd8") and bool(thumbnail(one)) for one in kept))
"""


@dataclass
class House:
    """A whole installation in a folder."""

    folder: Path
    port: int
    server: embedded.EmbeddedServer
    environment: dict[str, str]
    web: subprocess.Popen[bytes] | None = None

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
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.ask("GET", "/healthz/", "")[0] != 200:
            assert self.web.poll() is None, "the web processes ended"
            assert time.monotonic() < deadline, "the web processes do not answer"
            time.sleep(PAUSE_SECONDS)

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
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                embedded.start(self.server)
            except (embedded.EmbeddedServerError, psycopg.OperationalError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE_SECONDS)
            else:
                return

    def ask(
        self, method: str, path: str, cookie: str, body: bytes = b"", kind: str = ""
    ) -> tuple[int, str]:
        """Status and target of one request; 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
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


def free_port() -> int:
    """Below the ports that outgoing connections get: asking a dead server, one met itself there."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="renkei-kill-"))
    server = embedded.server_in(folder)
    embedded.start(server)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COV")},
        "DJANGO_SETTINGS_MODULE": "renkei.settings.dev",
        "SECRET_KEY": "only-for-this-test-" + "k" * 40,
        "FILE_KEY": "only-for-this-test-" + "f" * 40,
        "RENKEI_VAR": str(folder),
        "DATABASE_OWNER_URL": server.url(embedded.OWNER),
        "DATABASE_URL": server.url(embedded.APP),
    }
    house = House(folder, free_port(), server, environment)
    try:
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
    """One entry; now and then with a photograph."""
    values = {
        "client_uid": str(client_uid),
        "kind": "notice",
        "text": f"書き込み{number}",
    }
    if number % PHOTO_EVERY:
        return urlencode(values).encode(), "application/x-www-form-urlencoded"
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
    ]
    parts.append(
        f'--{border}\r\nContent-Disposition: form-data; name="f-attached"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
        + photo()
        + f"\r\n--{border}--\r\n".encode()
    )
    return b"".join(parts), f"multipart/form-data; boundary={border}"


@dataclass
class Phones:
    """Several people who send each entry again until somebody said that it is kept."""

    house: House
    path: str
    waiting: queue.Queue[tuple[int, uuid.UUID]]
    done: list[uuid.UUID] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    heard_at: float = field(default_factory=time.monotonic)

    def post_all(self, session: str) -> None:
        while not self.refused:
            try:
                number, client_uid = self.waiting.get_nowait()
            except queue.Empty:
                return
            self.post_until_acknowledged(number, client_uid, session)

    def post_until_acknowledged(self, number: int, client_uid: uuid.UUID, session: str) -> None:
        body, kind = form_of(client_uid, number)
        while time.monotonic() < self.heard_at + PATIENCE_SECONDS and not self.refused:
            status, target = self.house.ask("POST", self.path, f"sessionid={session}", body, kind)
            if status == KEPT and "login" not in target:
                self.heard_at = time.monotonic()
                self.done.append(client_uid)
                return
            if status in {KEPT, REFUSED}:
                self.refused.append(number)
            time.sleep(PAUSE_SECONDS)


def cut_the_power(house: House, victims: tuple[str, ...]) -> None:
    if "web" in victims:
        house.kill_web()
    if "database" in victims:
        house.kill_database()
        house.start_database()
    if "web" in victims:
        house.open_doors()


def test_kill_every_acknowledged_entry_is_there_once_and_none_is_half(house):
    seeded = json.loads(house.run("-c", PREPARE).strip().splitlines()[-1])
    house.open_doors()
    entries = [(number, uuid.uuid4()) for number in range(POSTS)]
    phones = Phones(house, f"/patients/{seeded['patient']}/timeline/", queue.Queue())
    for each in entries:
        phones.waiting.put(each)
    posters = [
        threading.Thread(target=phones.post_all, args=(session,), daemon=True)
        for session in seeded["sessions"] * 2
    ]

    for poster in posters:
        poster.start()
    for after, victims in KILLS:
        while len(phones.done) < after and any(each.is_alive() for each in posters):
            time.sleep(0.02)
        cut_the_power(house, victims)
    for poster in posters:
        poster.join()

    assert phones.refused == []
    assert sorted(phones.done) == sorted(client_uid for _, client_uid in entries)
    with psycopg.connect(house.server.url(embedded.OWNER)) as connection:

        def column(statement: str) -> list[Any]:
            return [row[0] for row in connection.execute(statement)]

        assert sorted(column("SELECT client_uid FROM timelines_entry")) == sorted(phones.done)
        assert sorted(column("SELECT number FROM timelines_entry")) == list(range(1, POSTS + 1))
        told = "SELECT count(*) FROM audit_auditevent WHERE action = 'entry.posted'"
        assert column(told) == [POSTS]
        photos = POSTS // PHOTO_EVERY
        assert column("SELECT count(*) FROM timelines_entryfile") == [photos]
        # A repeated photograph has no second row.
        assert column("SELECT count(*) FROM papers_storedfile") == [photos]
    assert house.run("-c", CHECK).split()[-1] == str(photos)
