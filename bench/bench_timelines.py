"""The record of a person under load, against a running installation of its own.

Usage: RENKEI_VAR=FOLDER RENKEI_PORT=8100 bin/run, then
python bench/bench_timelines.py FOLDER http://localhost:8100 http://localhost:8101 [SCALE]

Plants 900 persons of one clinic and one person with five years of entries (10,000) into that
installation; then asks for pages at 20 requests a second, and posts 50 entries a second while 1,000
streams are open. Prints one line of JSON per figure. The load comes from the same machine.
SCALE (0.02) makes all of it smaller, to try the script; such figures say nothing.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import resource
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from renkei import embedded

VAR = Path(sys.argv[1])
BASE, LIVE = urlsplit(sys.argv[2]), urlsplit(sys.argv[3])
SCALE = float(sys.argv[4]) if len(sys.argv) > 4 else 1.0  # noqa: PLR2004 - the fourth word
os.environ["DJANGO_SETTINGS_MODULE"] = "renkei.settings.dev"
os.environ["RENKEI_VAR"] = str(VAR)
os.environ["SECRET_KEY"] = (VAR / "secret.key").read_text().strip()
os.environ["FILE_KEY"] = (VAR / "file.key").read_text().strip()
os.environ["DATABASE_URL"] = embedded.server_in(VAR).url(embedded.APP)

import django  # noqa: E402 - settings first

django.setup()

from django.test import Client  # noqa: E402

from renkei.care.patients.models import Patient  # noqa: E402
from renkei.care.patients.tests import factories as care  # noqa: E402
from renkei.care.timelines.models import Entry, EntryKind, Room  # noqa: E402
from renkei.care.timelines.services.posting import post_entry  # noqa: E402
from renkei.care.timelines.services.rooms import room_of  # noqa: E402
from renkei.care.timelines.values import To  # noqa: E402
from renkei.foundation.accounts.models import Role, User  # noqa: E402
from renkei.foundation.accounts.queries import policy_to_accept  # noqa: E402
from renkei.foundation.accounts.services.policies import accept_policy  # noqa: E402
from renkei.foundation.accounts.tests import factories as accounts  # noqa: E402
from renkei.foundation.common import clock  # noqa: E402
from renkei.foundation.common.live import token_for  # noqa: E402

PERSONS = max(10, round(900 * SCALE))
ENTRIES = max(40, round(10_000 * SCALE))
STREAMS = max(10, round(1_000 * SCALE))
PER_SECOND = max(2, round(20 * SCALE))
POSTS_PER_SECOND = max(2, round(50 * SCALE))
SECONDS = 20 if SCALE == 1 else 5
# A fifth of the persons have a question that this clinic's doctors have still to answer.
ASKED_EVERY = 5
P95 = 0.95
# For what is still on its way when the last entry is kept.
PATIENCE_SECONDS = 30


def plant() -> tuple[list[Patient], list[User]]:
    """The clinic's persons, the first of them with five years of entries; two of its people."""
    office = accounts.make_organisation(f"架空計測診療所 {uuid.uuid4().hex[:6]}")
    people = [
        accounts.person(
            f"架空 計測{number}",
            f"bench-{uuid.uuid4().hex[:8]}@example.test",
            office,
            Role.PROFESSIONAL,
            "医師",
        )
        for number in range(2)
    ]
    for person in people:
        sign_policies(person)
    patients = []
    for number in range(PERSONS):
        patient = care.make_patient(host=office, name=f"架空 計測子{number}")
        for person in people:
            care.add_member(patient, person)
        room = room_of(patient)
        write(room, people[0], ENTRIES if number == 0 else 3, days=1825 if number == 0 else 30)
        if number % ASKED_EVERY == 0:
            ask_the_doctors(room, people[1])
        patients.append(patient)
    return patients, people


def sign_policies(person: User) -> None:
    """What the installation asks everybody to sign before the first page."""
    viewer = accounts.viewer_for(person)
    while version := policy_to_accept(viewer):
        accept_policy(
            actor=viewer.actor,
            user=person,
            membership=care.membership_of(person),
            version=version,
            signed_name=person.name,
        )


def write(room: Room, author: User, count: int, *, days: int) -> None:
    """So many entries over so many days."""
    now = clock.now()
    membership = care.membership_of(author)
    Entry.objects.bulk_create(
        [
            Entry(
                room=room,
                number=number + 1,
                kind=EntryKind.RECORD,
                text=f"訪問記録{number}。食事は8割、皮膚に新しい傷なし。",
                written_at=(at := now - timedelta(days=days * (count - number) / count)),
                posted_at=at,
                author=membership,
                author_user=author,
                author_name=author.name,
                author_profession="医師",
                author_organisation=membership.organisation.name,
            )
            for number in range(count)
        ],
        batch_size=2000,
    )
    Room.objects.filter(pk=room.pk).update(last_number=count)


def ask_the_doctors(room: Room, author: User) -> None:
    """A question that waits on the page of the day."""
    post_entry(
        viewer=accounts.viewer_for(author),
        room=room,
        kind=EntryKind.QUESTION,
        text="夜間の発熱について相談します。",
        client_uid=uuid.uuid4(),
        addressees=[To(profession="医師")],
    )


def session_of(user: User) -> str:
    return str(accounts.sign_in(Client(), user).cookies["sessionid"].value)


def ask(method: str, path: str, session: str, body: bytes = b"") -> int:
    connection = http.client.HTTPConnection(BASE.hostname or "", BASE.port, timeout=30)
    headers = {"Cookie": f"csrftoken={'c' * 32}; sessionid={session}", "X-CSRFToken": "c" * 32}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body=body or None, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def at_rate(per_second: int, work: Callable[[int], None]) -> None:
    """Call ``work`` so often a second, each in a thread of its own, for ``SECONDS``."""
    threads = []
    started = time.perf_counter()
    for number in range(SECONDS * per_second):
        time.sleep(max(0, started + number / per_second - time.perf_counter()))
        thread = threading.Thread(target=work, args=(number,))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()


def tell(what: str, times: list[float], target: int, **more: Any) -> None:
    times = sorted(times)
    line = {
        "bench": "timelines",
        "what": what,
        "count": len(times),
        "p50_ms": round(statistics.median(times), 1) if times else None,
        "p95_ms": round(times[int(len(times) * P95)], 1) if times else None,
        "target_p95_ms": target,
        **more,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def pages(what: str, path: str, session: str, target: int) -> None:
    times: list[float] = []
    refused: list[int] = []

    def work(_number: int) -> None:
        started = time.perf_counter()
        status = ask("GET", path, session)
        times.append((time.perf_counter() - started) * 1000)
        if status != 200:  # noqa: PLR2004 - anything else is no page
            refused.append(status)

    ask("GET", path, session)
    at_rate(PER_SECOND, work)
    tell(what, times, target, not_ok=len(refused))


class Streams:
    """Open event streams; remembers when each entry was heard."""

    def __init__(self, rooms: list[uuid.UUID]) -> None:
        self.rooms = rooms
        self.heard: list[float] = []
        self.posted: dict[str, float] = {}
        self.opened = self.failed = 0
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        for number in range(STREAMS):
            room = rooms[number % len(rooms)]
            asyncio.run_coroutine_threadsafe(self.follow(room), self.loop)

    def count_of(self, room: uuid.UUID) -> int:
        """How many streams listen to a room."""
        return sum(self.rooms[number % len(self.rooms)] == room for number in range(STREAMS))

    async def follow(self, room: uuid.UUID) -> None:
        """One stream until the end; open from its first byte on, when it listens."""
        try:
            reader, writer = await asyncio.open_connection(LIVE.hostname, LIVE.port)
            path = f"/live/?token={quote(token_for([f'room:{room}']))}"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {LIVE.netloc}\r\n\r\n".encode())
            status = await reader.readline()
            if b" 200 " not in status:
                raise ConnectionError(status)
        except OSError:
            self.failed += 1
            return
        self.opened += 1
        while line := await reader.readline():
            if line.startswith(b"data:") and f"room:{room}".encode() in line:
                sent = self.posted.get(str(room))
                if sent is not None:
                    self.heard.append((time.perf_counter() - sent) * 1000)


def live(patients: list[Patient], sessions: list[str]) -> None:
    """Post 50 entries a second, each to a room that is quiet; how long until every stream hears."""
    few = patients[1:401]
    rooms = {patient.pk: room_of(patient).uid for patient in few}
    streams = Streams(list(rooms.values()))
    while streams.opened + streams.failed < STREAMS:
        time.sleep(0.2)
    posts: list[float] = []
    refused: list[int] = []

    def work(number: int) -> None:
        patient = few[number % len(few)]
        started = time.perf_counter()
        streams.posted[str(rooms[patient.pk])] = started
        values = {"client_uid": uuid.uuid4(), "kind": "notice", "text": f"計測{number}"}
        path = f"/patients/{patient.uid}/timeline/"
        status = ask("POST", path, sessions[number % 2], urlencode(values).encode())
        posts.append((time.perf_counter() - started) * 1000)
        if status != 302:  # noqa: PLR2004 - kept
            refused.append(status)

    at_rate(POSTS_PER_SECOND, work)
    expected = sum(
        streams.count_of(rooms[few[number % len(few)].pk]) for number in range(len(posts))
    )
    waiting_until = time.perf_counter() + PATIENCE_SECONDS
    while len(streams.heard) < expected and time.perf_counter() < waiting_until:
        time.sleep(0.1)
    kept = f"entry sent until kept, {POSTS_PER_SECOND} a second"
    tell(kept, posts, 300, not_ok=len(refused))
    tell(
        f"entry sent until heard on another screen, {STREAMS} open streams",
        streams.heard,
        300,
        streams=streams.opened,
        failed=streams.failed,
        not_heard=expected - len(streams.heard),
    )


def main() -> None:
    # Each stream is an open file here; where the machine allows no more, the bench says so.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    started = time.perf_counter()
    patients, people = plant()
    print(json.dumps({"bench": "timelines", "planted_s": round(time.perf_counter() - started)}))
    sessions = [session_of(person) for person in people]
    first = patients[0].uid
    pages(f"person page, {ENTRIES} entries", f"/patients/{first}/timeline/", sessions[0], 200)
    pages(f"today page, {PERSONS} persons", "/today/", sessions[0], 500)
    pages(f"list of {PERSONS} persons", "/patients/", sessions[0], 200)
    live(patients, sessions)
    os._exit(0)


if __name__ == "__main__":
    main()
