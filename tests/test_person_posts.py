"""T-D3: what outsiders post to a person's addresses changes nothing and tells nothing.

A member of the team fills in every form there is about a person; then those who know the addresses
and may not use them (any more) send the same. They get, to the byte and to the query, what they get
for a person who was never there, and no row is written.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from tests.person_crawl import (
    Crawl,
    files_in,
    intruders,
    intrusions,
    likely,
    posts,
    rows_written,
    warm,
)
from tests.person_story import CANARY

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def crawl(django_db_setup, django_db_blocker, tmp_path_factory):
    """The person, for all tests here: in one transaction that is undone."""
    folder = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), files_in(folder), transaction.atomic():
        yield Crawl()
        transaction.set_rollback(True)


# Made before a test's own transaction begins, so that all tests may use it.


@pytest.fixture(scope="module")
def targets(crawl):
    pages = crawl.opened_by(crawl.story.host, among=likely)
    return list(posts(crawl.story, pages))


@pytest.fixture(scope="module")
def intruding(crawl):
    return warm(intruders(crawl.story))


def test_t_d3_posting_about_somebody_is_posting_about_nobody(crawl, targets, intruding):
    assert [target.name for target in targets if target.crashes] == []
    # What is sent is no nonsense: for a member most of it works.
    assert len({target.name for target in targets if target.works}) > 25

    wrong: list[str] = []
    for who, client in intruding.items():
        for target in targets:
            wrong += [f"{who}: {target.name} {what}" for what in intrusions(client, target)]
    assert wrong == []
    crawl.note_mail()
    assert not any(CANARY in message for message in crawl.mails)


def test_t_d3_no_address_takes_another_unsafe_method(crawl, targets):
    client = accounts.sign_in(Client(), crawl.story.host)
    wrong = []
    for target in {target.name: target for target in targets}.values():
        for method in ("PUT", "PATCH", "DELETE"):
            before = rows_written()
            response = client.generic(method, target.url, b"{}", content_type="application/json")
            if response.status_code not in {403, 404, 405} or rows_written() != before:
                wrong.append(f"{method} {target.name}: {response.status_code}")
    assert wrong == []
