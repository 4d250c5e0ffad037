"""Asking every address about one person, as somebody: what leak tests judge, asked only once."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from psycopg.types.range import Range
from pypdf import PdfReader

from renkei.care.patients.models import AccessGrant, TeamMember
from renkei.care.patients.tests import factories as care
from renkei.foundation.accounts.models import OrganisationKind, Role, User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from tests.person_forms import forms_of
from tests.person_story import CANARY, Story

# The rooms whose addresses may hold something of a person.
NAMESPACES = ("patients", "timelines", "papers", "sheets", "notifications")
# Signing out ends the crawl; a lease changes with every question for it.
NOT_ASKED = {"timelines:visit_lease"}
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# What differs between two answers to the same person: the token of a form, the address itself.
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken&quot;: &quot;[^&]+|"X-CSRFToken": "[^"]+"'
    r"|[0-9a-f]{8}-[0-9a-f-]{27}"
)


@dataclass(frozen=True)
class Opened:
    """What an address answered to somebody who may open it."""

    name: str
    arguments: dict[str, Any]
    headers: tuple[str, ...]
    text: str
    # Whether the answer left a new row about the person in the trail.
    is_logged: bool

    @property
    def is_about_a_row(self) -> bool:
        return any(isinstance(value, UUID) for value in self.arguments.values())

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


def patterns(resolver: Any = None, namespace: str = "", found: Any = None) -> Iterator[Any]:
    """(name, converters) of every address of the rooms of care."""
    for entry in (resolver or get_resolver()).url_patterns:
        converters = {**(found or {}), **entry.pattern.converters}
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner, converters)
        elif isinstance(entry, URLPattern) and namespace.removesuffix(":") in NAMESPACES:
            yield f"{namespace}{entry.name}", converters


def candidates(story: Story, converters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Arguments of the story that might fit an address: each name tries the rows it may mean."""
    choices = {name: list(values_for(story, name, each)) for name, each in converters.items()}
    for values in itertools.product(*choices.values()):
        yield dict(zip(choices, values, strict=True))


def values_for(story: Story, name: str, converter: Any) -> Iterator[Any]:
    """The uid of the row a name speaks of; of every row where it names none."""
    if type(converter).__name__ != "UUIDConverter":
        yield 1 if type(converter).__name__ == "IntConverter" else "care_card"
        return
    meant = name.removesuffix("uid").removesuffix("_").replace("_", "")
    uids = {model.lower(): row.uid for model, row in story.rows.items() if hasattr(row, "uid")}
    known = [uid for model, uid in uids.items() if meant and model.endswith(meant)]
    yield from known or uids.values()


def likely(story: Story, name: str, converters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Candidates without those where a bare ``uid`` would be a row of another room."""
    room = name.partition(":")[0]
    own = {
        row.uid
        for row in story.rows.values()
        if hasattr(row, "uid") and row._meta.app_label == room
    }
    meant = {story.patient.uid} if room == "patients" else own
    for arguments in candidates(story, converters):
        if arguments.get("uid", story.patient.uid) in meant | {story.patient.uid}:
            yield arguments


def nowhere(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same arguments for a row that was never there."""
    return {key: uuid4() if isinstance(value, UUID) else value for key, value in arguments.items()}


def text_of(response: Any) -> str:
    """Everything a reader could get out of an answer."""
    body = b"".join(response) if response.streaming else response.content
    if response.get("Content-Type", "").startswith("application/pdf"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body[:4] == b"PK\x03\x04":
        archive = zipfile.ZipFile(io.BytesIO(body))
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return unescape(body.decode("utf-8", "replace"))


def ask(client: Client, url: str, data: Any = None, **more: Any) -> Asked:
    """GET, or POST where there is something to send."""
    with CaptureQueriesContext(connection) as queries:
        response: Any = client.get(url) if data is None else client.post(url, data, **more)
    body = text_of(response) if not response.streaming else ""
    location = CHANGING.sub("…", response.headers.get("Location", ""))
    return Asked(response.status_code, CHANGING.sub("…", body), location, len(queries))


def outsiders() -> dict[str, Client]:
    """Somebody in every role, another professional, and nobody."""
    found = {"nobody": Client(), "another office": accounts.sign_in(Client(), accounts.tanaka())}
    for role in Role:
        if role != Role.RESIDENT:
            found[role.label] = accounts.sign_in(Client(), accounts.member(role))
    return found


def warm(clients: dict[str, Client]) -> dict[str, Client]:
    """The first question of a session costs more than the others."""
    for client in clients.values():
        client.get("/")
    return clients


def intruders(story: Story) -> dict[str, Client]:
    """Outsiders of every kind the walls are there for."""
    elsewhere = accounts.make_organisation("よその市の架空の課", OrganisationKind.MUNICIPAL_SECTION)
    other_city = accounts.person(
        "架空 よその市職員", "other-city@example.test", elsewhere, Role.MUNICIPAL_STAFF
    )
    neighbour = accounts.person(
        "架空 よその家族", "other-family@example.test", story.patient.host, Role.PERSON_OR_FAMILY
    )
    care.add_family(care.make_patient(), neighbour)
    found = {
        "another team": accounts.tanaka(),
        "staff of another municipality": other_city,
        "family of another person": neighbour,
        "who left the team": _gone(story, "left", leaves_team=True),
        "whose membership ended": _gone(story, "ended", leaves_team=False),
    }
    care.joined(found["another team"])
    roles = (
        Role.MUNICIPAL_STAFF,
        Role.PREFECTURE,
        Role.PRIVACY_OFFICER,
        Role.ORGANISATION_ADMIN,
        Role.FIRE_DISPATCH,
    )
    found |= {role.label: accounts.member(role) for role in roles}
    return {"nobody": Client()} | {
        who: accounts.sign_in(Client(), user) for who, user in found.items()
    }


def _gone(story: Story, name: str, *, leaves_team: bool) -> User:
    """Somebody who was on the person's team until now."""
    own = accounts.make_organisation(f"架空の{name}事業所")
    user = accounts.person(f"架空 {name}", f"{name}@example.test", own, Role.PROFESSIONAL, "看護師")
    member = care.add_member(story.patient, user)
    if leaves_team:
        now = clock.now()
        TeamMember.objects.filter(pk=member.pk).update(left_at=now)
        AccessGrant.objects.filter(pk=member.grant_id or 0).update(revoked_at=now)
    else:
        yesterday = clock.today() - timedelta(days=1)
        user.memberships.update(period=Range(yesterday - timedelta(days=99), yesterday))
    return user


@dataclass(frozen=True)
class Target:
    """An address that takes a POST, what its page would send, whether that works for a member."""

    name: str
    arguments: dict[str, Any]
    fields: dict[str, Any]
    works: bool
    crashes: bool

    @property
    def url(self) -> str:
        return reverse(self.name, kwargs=self.arguments)


def posts(story: Story, pages: dict[str, Opened]) -> Iterator[Target]:
    """Addresses about a row that answer a member's POST with anything but 404 and 405."""
    by_url: dict[str, dict[str, Any]] = {}
    by_name: dict[str, dict[str, Any]] = {}
    for url, page in pages.items():
        for form in forms_of(url, page.text):
            action = form.action.partition("?")[0]
            if action.startswith("/") and form.fields:
                by_url.setdefault(action, form.fields)
                by_name.setdefault(resolve(action).view_name, form.fields)
    members = [
        accounts.sign_in(Client(raise_request_exception=False), user)
        for user in (story.host, story.nurse)
    ]
    for name, converters in patterns():
        if not any(type(each).__name__ == "UUIDConverter" for each in converters.values()):
            continue
        for arguments in likely(story, name, converters):
            url = reverse(name, kwargs=arguments)
            fields = by_url.get(url) or by_name.get(name) or {}
            answers = [_tried(members[0], url, fields)]
            if not answers[0][1]:
                answers.append(_tried(members[1], url, fields))
            if any(status not in {404, 405} for status, _ in answers):
                yield Target(
                    name,
                    arguments,
                    fields,
                    works=any(wrote for _, wrote in answers),
                    crashes=any(
                        status >= HTTPStatus.INTERNAL_SERVER_ERROR for status, _ in answers
                    ),
                )


def _tried(client: Client, url: str, fields: dict[str, Any]) -> tuple[int, bool]:
    """A member's POST, undone: its status, and whether it wrote something."""
    before = rows_written()
    with transaction.atomic():
        response = client.post(url, fields)
        wrote = rows_written() != before
        transaction.set_rollback(True)
    return response.status_code, wrote


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


def intrusions(client: Client, target: Target) -> Iterator[str]:
    """What somebody gets out of a POST that they should not, in words."""
    before, mails = rows_written(), len(mail.outbox)
    here = ask(client, target.url, target.fields)
    written = {name for name, count in rows_written().items() if count != before.get(name, 0)}
    if written:
        yield f"writes {sorted(written)}"
    if len(mail.outbox) != mails:
        yield "sends mail"
    there = ask(client, reverse(target.name, kwargs=nowhere(target.arguments)), target.fields)
    if CANARY in here.body + here.location:
        yield "shows the person"
    elif here != there:
        yield f"differs {here.status}/{here.queries} {there.status}/{there.queries}"


class Crawl:
    """One person's story, what its team got of it, and the mail that left meanwhile."""

    def __init__(self) -> None:
        self.story = Story()
        self.mails: list[str] = []

    def opened_by(self, user: Any, *, among: Any = None) -> dict[str, Opened]:
        """Address → what it answered, of everything that opens; ``among``: ``likely``."""
        client, opened = accounts.sign_in(Client(), user), {}
        trail = AuditEvent.objects.filter(target_id=str(self.story.patient.uid))
        rows = trail.count()
        for name, converters in patterns():
            if name in NOT_ASKED:
                continue
            tried = candidates(self.story, converters)
            for arguments in among(self.story, name, converters) if among else tried:
                url = reverse(name, kwargs=arguments)
                response = client.get(url)
                assert response.status_code < 500, url
                if response.status_code == 200:
                    before, rows = rows, trail.count()
                    headers = tuple(response.headers.values())
                    opened[url] = Opened(name, arguments, headers, text_of(response), rows > before)
        self.note_mail()
        return opened

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
