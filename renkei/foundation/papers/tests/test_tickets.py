"""Numbers that find typing errors, and the tickets that carry them."""

from __future__ import annotations

import itertools

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.accounts.tests import factories
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.papers import handlers, numbers, rules, tickets
from renkei.foundation.papers.models import Ticket
from renkei.foundation.papers.tests.kinds_for_tests import CODE, subject


def issue(user=None, **more):
    viewer = factories.viewer_for(user or factories.takahashi())
    return tickets.issue_ticket(
        actor=viewer.actor,
        kind=CODE,
        subject_uid=subject(),
        organisation_id=viewer.organisation_id or 0,
        **more,
    )


@given(st.integers(0, 10**10 - 1))
def test_every_wrong_digit_and_every_swap_of_neighbours_is_found(body):
    code = f"{body:010}" + numbers.check_digits(f"{body:010}")
    wrong = {code[:at] + digit + code[at + 1 :] for at in range(12) for digit in "0123456789"} | {
        code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(11)
    }

    assert numbers.is_number(code)
    assert [each for each in wrong - {code} if numbers.is_number(each)] == []


def test_check_digits_are_those_of_the_standard():
    # ISO 7064 MOD 97-10: the whole number leaves 1.
    for body in ("0000000000", "0000000001", "1234567890", "9999999999"):
        assert int(body + numbers.check_digits(body)) % 97 == 1


@pytest.mark.parametrize(
    "text",
    [
        "1234-5678-9002",
        "１２３４　５６７８　９００２",
        "123456789002",
        "1234 5678 9002",
        "1234ー5678ー9002",
    ],
)
def test_number_is_read_as_people_type_it(text):
    code = "1234567890" + numbers.check_digits("1234567890")

    assert numbers.typed_number(text.replace("02", code[-2:]).replace("０２", code[-2:])) == code


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "12桁の数字を入力してください。"),
        ("12345", "12桁の数字を入力してください。"),
        ("1234-5678-90AB", "12桁の数字を入力してください。"),
        ("1234-5678-9000", "打ち間違いがないか"),
    ],
)
def test_wrong_number_is_refused_in_words(text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        numbers.typed_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.test/",
        "RENKEI1:123456789000:1/2",
        "RENKEI2:{code}:1/2",
        "RENKEI1:{code}:0/2",
        "RENKEI1:{code}:3/2",
        "RENKEI1:{code}:1/2x",
    ],
)
def test_other_codes_of_the_world_name_no_ticket(text):
    code = "1234567890" + numbers.check_digits("1234567890")

    assert numbers.read_qr(text.format(code=code)) is None


def test_ticket_is_found_by_its_code_and_by_its_number(db, desk):
    with time_machine.travel("2026-11-22T09:00:00+09:00", tick=False):
        ticket = issue(pages=3)

    assert tickets.find_ticket(ticket.qr_text(2)) == ticket
    assert tickets.find_ticket(ticket.code) == ticket
    assert tickets.find_ticket("x") is None
    assert tickets.find_ticket("0" * 10 + numbers.check_digits("0" * 10)) is None
    assert ticket.qr_text(2).endswith(":2/3")
    assert ticket.qr_text(2, 7).endswith(":2/7")
    assert str(ticket) == numbers.readable(ticket.code)
    assert f"{ticket.expires_at:%Y-%m-%d}" == "2027-05-21"
    assert AuditEvent.objects.get(action="ticket.issued").target_id == str(ticket.uid)


def test_ticket_of_a_kind_nobody_registered_is_a_mistake_of_ours(db):
    with pytest.raises(LookupError):
        issue()


def test_same_number_is_drawn_again(db, desk, monkeypatch):
    first = issue()
    drawn = iter([first.code, first.code, "1" * 10 + numbers.check_digits("1" * 10)])
    monkeypatch.setattr(numbers, "new_number", lambda: next(drawn))

    assert issue().code.startswith("1111111111")
    monkeypatch.setattr(numbers, "new_number", lambda: first.code)
    with pytest.raises(IntegrityError):
        issue()
    assert Ticket.objects.count() == 2


def test_closing_twice_is_recorded_once(db, desk):
    ticket = issue()
    actor = factories.viewer_for(factories.takahashi()).actor

    closed = [tickets.close_ticket(actor=actor, ticket=ticket) for _ in range(2)]

    assert closed[0].closed_at == closed[1].closed_at is not None
    assert AuditEvent.objects.filter(action="ticket.closed").count() == 1


def test_only_the_own_organisation_files_and_only_where_the_kind_allows(db, desk):
    nurse, other, city = factories.takahashi(), factories.tanaka(), factories.sato()
    ticket = issue(nurse)
    everyone = [factories.viewer_for(each) for each in (nurse, other, city)]

    assert [rules.may_file(viewer, ticket) for viewer in everyone] == [True, False, False]
    desk.closed_to.add(nurse.pk)
    assert not rules.may_file(everyone[0], ticket)
    desk.closed_to.clear()
    handlers.forget(CODE)
    assert not rules.may_file(everyone[0], ticket)
    assert handlers.label_of(ticket) == "書類"
    handlers.register(desk.kind())
    assert handlers.label_of(ticket) == "試験の書類"


def test_numbers_differ():
    drawn = [numbers.new_number() for _ in range(100)]

    assert len(set(drawn)) == 100
    assert all(map(numbers.is_number, drawn))
    assert not any(a == b for a, b in itertools.pairwise(drawn))
