"""T-D3: nobody outside a person's team learns that the person exists.

A person is planted whose every field holds a canary. A member of the team opens every address
there is; then everybody else tries the same addresses: what they get is, to the byte and to the
query, what they get for a person who was never there. And nothing of the person is where no page
is: titles, addresses, file names, mail, notifications, jobs, logs, the trail.
"""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg import sql

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.models import AuditEvent
from tests.person_crawl import (
    CHANGING,
    NOT_ASKED,
    TITLE,
    candidates,
    outsiders,
    patterns,
    text_of,
)
from tests.person_story import CANARY, Story

# Who reviews an emergency reads why the record was opened: that is the reviewer's work (T-P3).
REVIEWS = {(Role.PRIVACY_OFFICER.label, "patients:break_glass_reviews")}


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
