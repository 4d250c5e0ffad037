"""T-D3: nobody outside a person's team learns that the person exists.

A person is planted whose every field holds a canary. A member of the team opens every address
there is; then everybody else tries the same addresses: what they get is, to the byte and to the
query, what they get for a person who was never there. And nothing of the person is where no page
is: titles, addresses, file names, mail, notifications, jobs, logs, the trail.
"""

from __future__ import annotations

import io
import itertools
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from psycopg import sql
from pypdf import PdfReader

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.models import AuditEvent
from tests.person_story import CANARY, Story

# The rooms whose addresses may hold something of a person.
NAMESPACES = ("patients", "timelines", "papers", "sheets", "notifications")
# Signing out ends the crawl; a lease changes with every question for it.
NOT_ASKED = {"timelines:visit_lease"}
# Who reviews an emergency reads why the record was opened: that is the reviewer's work (T-P3).
REVIEWS = {(Role.PRIVACY_OFFICER.label, "patients:break_glass_reviews")}
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# What differs between two answers to the same person: the token of a form, the address itself.
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken&quot;: &quot;[^&]+|"X-CSRFToken": "[^"]+"'
    r"|[0-9a-f]{8}-[0-9a-f-]{27}"
)


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


def text_of(response: Any) -> str:
    """Everything a reader could get out of an answer."""
    body = b"".join(response) if response.streaming else response.content
    if response["Content-Type"].startswith("application/pdf"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body[:4] == b"PK\x03\x04":
        archive = zipfile.ZipFile(io.BytesIO(body))
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return unescape(body.decode("utf-8", "replace"))


@pytest.fixture
def story(db, private_files, caplog):
    caplog.set_level(logging.DEBUG)
    return Story()


def opened_by(client: Client, story: Story) -> dict[str, tuple[str, dict[str, Any], Any, str]]:
    """Address → (name, arguments, answer, text) of everything that opens."""
    opened = {}
    for name, converters in patterns():
        if name in NOT_ASKED:
            continue
        for arguments in candidates(story, converters):
            url = reverse(name, kwargs=arguments)
            response = client.get(url)
            assert response.status_code < 500, url
            if response.status_code == 200:
                opened[url] = (name, arguments, response, text_of(response))
    return opened


def outsiders() -> dict[str, Client]:
    """Somebody in every role, another professional, and nobody."""
    found = {"nobody": Client(), "another office": accounts.sign_in(Client(), accounts.tanaka())}
    for role in Role:
        if role != Role.RESIDENT:
            found[role.label] = accounts.sign_in(Client(), accounts.member(role))
    return found


def asked(client: Client, url: str) -> tuple[int, str, int]:
    """Status, body without what differs by itself, and number of queries."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    body = text_of(response) if not response.streaming else ""
    return response.status_code, CHANGING.sub("…", body), len(queries)


def test_t_d3_not_allowed_is_not_found_for_everybody_outside_the_team(story):
    insider = accounts.sign_in(Client(), story.nurse)
    opened = opened_by(insider, story)
    about_the_person = {
        url: entry
        for url, entry in opened.items()
        if any(isinstance(v, UUID) for v in entry[1].values())
    }
    assert len(about_the_person) > 20
    assert any(CANARY in entry[3] for entry in about_the_person.values())

    wrong = []
    for who, client in outsiders().items():
        client.get("/")  # the session is warm: the first question of one costs more
        for url, (name, arguments, _response, _text) in about_the_person.items():
            nowhere = {
                key: uuid4() if isinstance(value, UUID) else value
                for key, value in arguments.items()
            }
            here = asked(client, url)
            there = asked(client, reverse(name, kwargs=nowhere))
            if CANARY in here[1]:
                wrong.append(f"{who}: {name} shows the person")
            elif here != there:
                wrong.append(f"{who}: {name} differs {here[0], here[2]} {there[0], there[2]}")
    assert wrong == []


def test_t_d3_lists_and_searches_do_not_know_the_person(story):
    wrong = []
    for who, client in outsiders().items():
        for name, converters in patterns():
            if converters or name in NOT_ASKED or (who, name) in REVIEWS:
                continue
            for query in ("", f"?q={CANARY}"):
                response = client.get(reverse(name) + query)
                text = text_of(response).replace(f'value="{CANARY}"', "")
                if text.replace(f"「{CANARY}」", "").count(CANARY):
                    wrong.append(f"{who}: {name}{query}")
    assert wrong == []


def test_nothing_of_the_person_is_in_titles_addresses_and_file_names(story):
    opened = opened_by(accounts.sign_in(Client(), story.host), story)

    wrong = []
    for url, (name, _arguments, response, text) in opened.items():
        title = TITLE.search(text)
        if title and CANARY in title[1]:
            wrong.append(f"{name}: title")
        if CANARY in url or any(CANARY in value for value in response.headers.values()):
            wrong.append(f"{name}: {url}")
    assert wrong == []


def test_nothing_of_the_person_is_in_mail_jobs_logs_and_the_trail(story, caplog, capfd):
    opened_by(accounts.sign_in(Client(), story.host), story)

    assert CANARY not in caplog.text
    captured = capfd.readouterr()
    assert CANARY not in captured.out + captured.err
    assert not any(CANARY in message.message().as_string() for message in mail.outbox)
    assert CANARY not in json.dumps(
        list(AuditEvent.objects.values_list("action", "target_id", "detail")), ensure_ascii=False
    )
    with connection.cursor() as cursor:
        for table in ("procrastinate_jobs", "notifications_notification"):
            cursor.execute(
                sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(table))
            )
            assert not any(CANARY in row[0] for row in cursor.fetchall()), table


def test_every_page_about_the_person_writes_a_reading_row(story):
    """T-P4: the pages of a person are never seen without a trace."""
    client = accounts.sign_in(Client(), story.nurse)
    silent = []
    for url, (name, arguments, _response, text) in opened_by(client, story).items():
        if CANARY not in text or story.patient.uid not in arguments.values():
            continue
        before = AuditEvent.objects.filter(target_id=str(story.patient.uid)).count()
        client.get(url)
        if AuditEvent.objects.filter(target_id=str(story.patient.uid)).count() == before:
            silent.append(name)
    assert silent == []
