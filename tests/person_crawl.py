"""Asking every address about one person, as somebody: what leak tests judge, asked only once."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from http import HTTPStatus
from typing import Any

import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from pypdf import PdfReader

from renkei.foundation.accounts.models import User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.models import AuditEvent
from tests.person_addresses import Address, Secret, addresses, nowhere
from tests.person_forms import forms_of
from tests.person_listening import Heard, listening
from tests.person_people import Outsider
from tests.person_story import CANARY, Story

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# What differs between two answers to the same person: the token of a form, the minute a workbook
# was made, the address itself.
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken&quot;: &quot;[^&]+|"X-CSRFToken": "[^"]+"'
    r'|"csrf": "[^"]+"|<dcterms:\w+[^<]+|[0-9a-f]{8}-[0-9a-f-]{27}'
)
CLOSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
READS = ("patient.read", "patient.list_read")


@dataclass(frozen=True)
class Opened:
    """What an address answered to somebody who may open it."""

    address: Address
    arguments: dict[str, Any]
    headers: tuple[str, ...]
    text: str
    # Whether the answer left a new row of a reading in the trail.
    is_logged: bool

    @property
    def name(self) -> str:
        return self.address.name

    @property
    def title(self) -> str:
        found = TITLE.search(self.text)
        return found[1] if found else ""


@dataclass(frozen=True)
class Asked:
    """Status, body without what differs by itself, where it leads, and number of queries."""

    status: int
    body: str
    location: str
    queries: int

    @property
    def seen(self) -> tuple[int, str, str]:
        return self.status, self.body, self.location


def text_of(response: Any) -> str:
    """Everything a reader could get out of an answer."""
    body = b"".join(response) if response.streaming else response.content
    if response.get("Content-Type", "").startswith("application/pdf"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body[:4] == b"PK\x03\x04":
        archive = zipfile.ZipFile(io.BytesIO(body))
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return unescape(body.decode("utf-8", "replace"))


def ask(client: Client, url: str, data: Any = None) -> Asked:
    """GET, or POST where there is something to send."""
    queries = 0

    def count(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*statement)

    with connection.execute_wrapper(count):
        response: Any = client.get(url) if data is None else client.post(url, data)
    body = text_of(response) if not response.streaming else ""
    location = CHANGING.sub("…", response.headers.get("Location", ""))
    return Asked(response.status_code, CHANGING.sub("…", body), location, queries)


class Question:
    """Asking as one outsider about a row, and about none; each is asked no oftener than needed."""

    def __init__(self, who: Outsider) -> None:
        self.who = who
        self._unknown: dict[tuple[str, str, bool], Asked] = {}
        # What this outsider gets where nothing is.
        self.nothing = ask(who.client, reverse("patients:patient_detail", args=[Story.NOBODY]))

    def findings(
        self, address: Address, arguments: dict[str, Any], data: Any = None
    ) -> Iterator[str]:
        """What the outsider gets to know by one question, in words."""
        here = ask(self.who.client, address.url(arguments), data)
        if CANARY in here.body + here.location:
            yield f"{self.who.name}: {address.name} shows the person"
        elif self.who.closely or here.seen != self.nothing.seen:
            there = self._of_nobody(address, arguments, data)
            if here != there:
                yield (
                    f"{self.who.name}: {address.name} differs"
                    f" {here.status}/{here.queries} {there.status}/{there.queries}"
                )

    def _of_nobody(self, address: Address, arguments: dict[str, Any], data: Any) -> Asked:
        """Rows that never were answer alike at all addresses of one name and words."""
        elsewhere = nowhere(arguments)
        words = {key: value for key, value in arguments.items() if elsewhere[key] == value}
        key = address.name, str(words), data is None
        if key not in self._unknown:
            self._unknown[key] = ask(self.who.client, address.url(elsewhere), data)
        return self._unknown[key]


def lists_of(
    people: Iterable[Outsider],
    moment: datetime,
    known: dict[tuple[str, str], Asked] | None = None,
) -> dict[tuple[str, str], Asked]:
    """What everybody gets, at one moment, at the addresses that name no row.

    ``known``: from before; what was closed then is closed before anything is looked for.
    """
    found = {}
    lists = [address for address in addresses() if not address.converters]
    # Pages say what time it is.
    with time_machine.travel(moment, tick=False):
        for who in people:
            for address in lists:
                key = who.name, address.name
                if not address.lets_in(who.viewer) or (
                    known is not None and known[key].status in CLOSED
                ):
                    continue
                found[key] = ask(who.client, address.url({}))
    return found


@dataclass(frozen=True)
class Target:
    """An address that takes a POST, what its page would send, whether that works for a member."""

    address: Address
    arguments: dict[str, Any]
    fields: dict[str, Any]
    works: bool
    crashes: bool

    @property
    def name(self) -> str:
        return self.address.name

    @property
    def url(self) -> str:
        return self.address.url(self.arguments)


def posts(story: Story, pages: dict[str, Opened]) -> list[Target]:
    """What about a person takes a POST: of each name the arguments that a member's POST fits."""
    by_url: dict[str, dict[str, Any]] = {}
    for url, page in pages.items():
        for form in forms_of(url, page.text):
            action = form.action.partition("?")[0]
            if action.startswith("/") and form.fields:
                by_url.setdefault(action, form.fields)
    clients = [
        accounts.sign_in(Client(raise_request_exception=False), user)
        for user in (story.host, story.nurse)
    ]
    found = []
    for address in addresses():
        if not address.is_about_a_person:
            continue
        for arguments in address.candidates(story):
            target = _target(clients, address, arguments, by_url)
            if target is not None:
                found.append(target)
                # A secret is tried in every state; of rows one is enough.
                if not any(isinstance(value, Secret) for value in arguments.values()):
                    break
    return found


def _target(
    clients: Iterable[Client],
    address: Address,
    arguments: dict[str, Any],
    by_url: dict[str, dict[str, Any]],
) -> Target | None:
    fields = WRONG_CODES.get(address.name) or by_url.get(address.url(arguments)) or {}
    for client in clients:
        status, works = _tried(client, address.url(arguments), fields)
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            return None
        # A wrong code is answered as if nothing were there, to members as well.
        if address.name in WRONG_CODES or status != HTTPStatus.NOT_FOUND:
            crashes = status >= HTTPStatus.INTERNAL_SERVER_ERROR
            return Target(address, arguments, fields, works=works, crashes=crashes)
    return None


def _tried(client: Client, url: str, fields: dict[str, Any]) -> tuple[int, bool]:
    """A member's POST, undone: its status, and whether it wrote something."""
    before = rows_written()
    with transaction.atomic():
        response = client.post(url, fields)
        wrote = rows_written() != before
        transaction.set_rollback(True)
    return response.status_code, wrote


# What somebody guesses who has an address that is a secret, and what is kept of the guess.
WRONG_CODES = {"timelines:outside_link": {"code": "000000"}, "emergency:card": {"pin": "000000"}}
GUESSED = {
    "audit_auditevent",
    "timelines_outsidelink",
    "patients_emergencycard",
    "patients_failedopening",
}
# What any request may write: its own session, and how often somebody asked.
OWN_TABLES = ("django_session", "django_cache", "usersessions_usersession")


def rows_written() -> dict[str, int]:
    """Rows inserted, changed and deleted in this transaction so far, per table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {name: count for name, count in cursor.fetchall() if name not in OWN_TABLES}


def intrusions(question: Question, targets: Iterable[Target]) -> Iterator[str]:
    """What somebody gets out of POSTs that they should not, in words."""
    mails = len(mail.outbox)
    guesses = [target for target in targets if target.name in WRONG_CODES]
    others = [target for target in targets if target.name not in WRONG_CODES]
    for group, may_write in ((guesses, GUESSED), (others, set[str]())):
        before = rows_written()
        for target in group:
            yield from question.findings(target.address, target.arguments, target.fields)
        if _written_since(before) - may_write:
            # Once more, one by one, to name the address.
            for target in group:
                before = rows_written()
                ask(question.who.client, target.url, target.fields)
                tables = sorted(_written_since(before) - may_write)
                if tables:
                    yield f"{question.who.name}: {target.name} writes {tables}"
            yield f"{question.who.name}: something posted writes"
    if len(mail.outbox) != mails:
        yield f"{question.who.name}: something posted sends mail"


def _written_since(before: dict[str, int]) -> set[str]:
    return {name for name, count in rows_written().items() if count != before.get(name, 0)}


class Crawl:
    """One person's story, what its team got of it, and the mail that left meanwhile."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.heard = Heard()
        with listening(self.heard):
            self.story = Story()

    def opened_by(self, user: User, *, besides: Iterable[Opened] = ()) -> dict[str, Opened]:
        """Address → what it answered, of everything that opens and was not opened before."""
        before = {one.name for one in besides}
        viewer = accounts.viewer_for(user)
        client = accounts.sign_in(Client(), user)
        opened: dict[str, Opened] = {}
        with listening(self.heard):
            for address in addresses():
                if address.lets_in(viewer) and address.name not in before:
                    opened |= {
                        one.address.url(one.arguments): one for one in self._of(client, address)
                    }
        self.note_mail()
        return opened

    def _of(self, client: Client, address: Address) -> Iterator[Opened]:
        if address.converters and not address.is_about_a_person:
            return
        for arguments in address.candidates(self.story):
            rows = self._reads()
            response = client.get(address.url(arguments))
            assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, address.name
            if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                return
            if response.status_code == HTTPStatus.OK:
                text = text_of(response)
                is_logged = self._reads() > rows
                headers = tuple(response.headers.values())
                yield Opened(address, arguments, headers, text, is_logged=is_logged)

    @staticmethod
    def _reads() -> int:
        return AuditEvent.objects.filter(action__in=READS).count()

    def note_mail(self) -> None:
        """Each test starts with an empty box; what was sent is kept here."""
        self.mails += [message.message().as_string() for message in mail.outbox]


@contextmanager
def files_in(folder: Any) -> Iterator[None]:
    """Made and kept files go here."""
    default: Any = settings.STORAGES["default"]
    own = {**default, "OPTIONS": {"location": folder, "base_url": None}}
    with override_settings(STORAGES={**settings.STORAGES, "default": own}):
        yield
