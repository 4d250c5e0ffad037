"""T-D3: nobody outside a person's team learns that the person exists.

A person is planted whose every field holds a canary. A member of the team opens every address
there is and fills in every form; then everybody else tries the same addresses: what they get is, to
the byte, what they get for a person who was never there, and nothing is written or sent. And
nothing of the person is where no page is: titles, addresses, file names, mail, notifications, jobs,
logs, the trail.

The addresses are found by walking the URLs (``tests/person_addresses.py``) and asked once
(``tests/person_crawl.py``); the tests judge what came back.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from psycopg import sql

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from tests.person_addresses import OUT_OF_REACH, Secret, addresses
from tests.person_crawl import (
    WRONG_CODES,
    Crawl,
    Opened,
    Question,
    ask,
    files_in,
    intrusions,
    lists_of,
    posts,
    rows_written,
)
from tests.person_listening import listening
from tests.person_people import bystanders, former_members
from tests.person_story import CANARY, set_the_stage

# Who reviews an emergency reads why the record was opened: that is the reviewer's work (T-P3).
# The officer reads who has read a person's record, whoever the person is (T-P4).
OFFICER = {
    (Role.PRIVACY_OFFICER.label, f"patients:{name}")
    for name in (
        "break_glass_reviews",
        "break_glass_review",
        "read_log",
        "read_log_xlsx",
        "read_log_pdf",
    )
}
# Where those who may count see one person more: that is what the page is for (T-MCS10); and the
# administrator of an office, that it let a deadline pass.
COUNTS = {
    # A hospital sees how many stays it had; one to four are hidden, and are not none.
    *(
        ("hospital outside the team", f"transitions:{name}")
        for name in ("numbers", "numbers_xlsx", "survey", "survey_pdf", "survey_xlsx")
    ),
    (Role.PREFECTURE.label, "timelines:usage"),
    (Role.PREFECTURE.label, "timelines:usage_xlsx"),
    ("administrator of the office", "transitions:office_overdue"),
}
# Whoever holds the card reaches the care manager's office; as a professional without its PIN
# (T-CARD2). Of the person it says nothing. All other addresses with a secret are for nobody here.
CARD = "emergency:card"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def undone(django_db_setup, django_db_blocker, tmp_path_factory):
    """One transaction for all tests here, which is undone."""
    folder = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), files_in(folder), transaction.atomic():
        yield
        transaction.set_rollback(True)


# Asked before a test's own transaction begins, so that all tests may judge it.


@pytest.fixture(scope="module")
def outside(undone):
    set_the_stage()
    return bystanders()


@pytest.fixture(scope="module")
def moment():
    """When lists are compared: the person is there by then."""
    return clock.now() + timedelta(hours=1)


@pytest.fixture(scope="module")
def lists_without(outside, moment):
    """What everybody's lists say while there is no such person."""
    return lists_of(outside, moment)


@pytest.fixture(scope="module")
def crawl(lists_without):
    return Crawl()


@pytest.fixture(scope="module")
def by_host(crawl):
    return crawl.opened_by(crawl.story.host)


@pytest.fixture(scope="module")
def by_team(crawl, by_host):
    """What the host opens, and the others of the team beyond that."""
    return by_host | crawl.opened_by(crawl.story.nurse, besides=by_host.values())


@pytest.fixture(scope="module")
def by_family(crawl):
    return crawl.opened_by(crawl.story.family.user)


@pytest.fixture(scope="module")
def targets(crawl, by_team):
    with listening(crawl.heard):
        return posts(crawl.story, by_team)


@pytest.fixture(scope="module")
def questions(crawl, outside):
    """Everybody outside, but those behind a gate that others of them try as well."""
    people = [who for who in outside if who.name != "administrator of the office"]
    return [Question(who) for who in [*people, *former_members(crawl.story)]]


def about(opened):
    """Of each name one, every secret, every kind of room, as somebody of the team opened them."""
    chosen: dict[tuple[object, ...], Opened] = {}
    for one in opened:
        if one.address.is_about_a_person:
            own = [
                value
                for name, value in one.arguments.items()
                if isinstance(value, Secret) or name == "room_uid"
            ]
            chosen.setdefault((one.name, *own), one)
    return list(chosen.values())


def test_t_d3_every_address_that_takes_a_person_is_crawled(crawl, by_team, by_family, targets):
    """A new page is found by itself; where the crawl cannot guess, this says what it lacks."""
    sentences = [sentence for address in addresses() for sentence in address.unknown()]
    reached = {one.name for one in [*by_team.values(), *by_family.values(), *targets]}
    for address in addresses():
        if address.is_about_a_person and address.name not in reached | set(OUT_OF_REACH):
            tried = list(address.candidates(crawl.story))
            sentences.append(
                f"{address.name}: nobody of the team could open it; tried were {tried}. Give the"
                " story the rows and words it needs (tests/person_story.py, WORDS in"
                " tests/person_addresses.py) or say in OUT_OF_REACH why nobody can."
            )
    sentences += [f"{name}: is within reach" for name in sorted(reached & set(OUT_OF_REACH))]
    assert sentences == []


def test_t_d3_not_allowed_is_not_found_for_everybody_outside_the_team(
    crawl, by_team, by_family, targets, questions
):
    # What takes a POST is posted to below: of the same gate, one answer is enough.
    posted = {target.name for target in targets}
    opened = about([*by_team.values(), *by_family.values()])
    assert len({one.name for one in opened}) > 70
    assert sum(CANARY in one.text for one in opened) > 40

    wrong = []
    for question in questions:
        for one in opened:
            key = question.who.name, one.name
            if (
                one.address.lets_in(question.who.viewer)
                and key not in OFFICER
                and (question.who.closely or one.name not in posted)
            ):
                wrong += [
                    finding
                    for finding in question.findings(one.address, one.arguments)
                    if one.name != CARD or "shows" in finding
                ]
    assert wrong == []


def test_t_d3_what_the_team_cannot_open_either_is_not_found(crawl, questions):
    """Rows there are, at addresses for others or for another state."""
    wrong = []
    for question in questions:
        for address in addresses():
            if address.name in OUT_OF_REACH and address.lets_in(question.who.viewer):
                if (question.who.name, address.name) in OFFICER:
                    continue
                for arguments in list(address.candidates(crawl.story))[:1]:
                    wrong += question.findings(address, arguments)
    assert wrong == []


def test_t_d3_lists_and_searches_do_not_know_the_person(crawl, lists_without, outside, moment):
    clients = {who.name: who.client for who in outside}
    by_name = {address.name: address for address in addresses()}
    wrong = []
    for key, here in lists_of(outside, moment, lists_without).items():
        if key in OFFICER:
            continue
        if key not in COUNTS and here.seen != lists_without[key].seen:
            wrong.append(f"{key[0]}: {key[1]} has changed")
        if 'name="q"' in here.body:
            found = ask(clients[key[0]], f"{by_name[key[1]].url({})}?q={CANARY}").body
            found = found.replace(f'value="{CANARY}"', "").replace(f"「{CANARY}」", "")
            if CANARY in found:
                wrong.append(f"{key[0]}: {key[1]} finds the person")
    assert wrong == []


def test_t_d3_posting_about_somebody_is_posting_about_nobody(crawl, targets, questions):
    assert [target.name for target in targets if target.crashes] == []
    # What is sent is no nonsense: for a member most of it works.
    assert len({target.name for target in targets if target.works}) > 25
    assert {target.name for target in targets} > {*WRONG_CODES, "timelines:visit_cancel"}

    wrong = []
    for question in questions:
        meant = [target for target in targets if target.address.lets_in(question.who.viewer)]
        wrong += [
            finding
            for finding in intrusions(question, meant)
            # A wrong try is counted where there is a card.
            if f"{CARD} differs" not in finding
        ]
    assert wrong == []
    crawl.note_mail()


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


def test_nothing_of_the_person_is_in_titles_addresses_and_file_names(by_team, by_family):
    assert "timelines:own_page" in {one.name for one in by_family.values() if CANARY in one.text}
    wrong = []
    for url, one in [*by_team.items(), *by_family.items()]:
        if CANARY in one.title:
            wrong.append(f"{one.name}: title")
        if CANARY in url or any(CANARY in value for value in one.headers):
            wrong.append(f"{one.name}: {url}")
    assert wrong == []


def test_nothing_of_the_person_is_in_mail_jobs_logs_and_the_trail(
    crawl, by_team, by_family, targets
):
    assert len(by_team) > 80
    assert len(by_family) > 15

    assert len(crawl.heard.text) > 1000
    assert CANARY not in crawl.heard.text
    assert not any(token in crawl.heard.text for token in crawl.story.codes)
    assert not any(CANARY in message for message in crawl.mails)
    assert CANARY not in json.dumps(
        list(AuditEvent.objects.values_list("action", "target_id", "detail")), ensure_ascii=False
    )
    with connection.cursor() as cursor:
        for table in ("procrastinate_jobs", "notifications_notification"):
            cursor.execute(
                sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(table))
            )
            assert not any(CANARY in row[0] for row in cursor.fetchall()), table


def test_every_page_that_shows_the_person_writes_a_reading_row(by_team, by_family):
    """T-P4: the pages of a person, and lists with persons, are never seen without a trace."""
    silent = {
        one.name
        for one in [*by_team.values(), *by_family.values()]
        if CANARY in one.text and not one.is_logged
    }
    assert silent == set()
