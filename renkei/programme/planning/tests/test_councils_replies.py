"""Answers that come back on paper, and what a member and the prefecture see."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.documents.letters import Heading, letter_pdf
from renkei.foundation.papers.files import store_file
from renkei.programme.planning import replies_councils
from renkei.programme.planning.models import Seat
from renkei.programme.planning.queries.meetings import meeting_door
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

BEFORE = datetime(2026, 10, 1, 9, tzinfo=TOKYO)
SLIP = letter_pdf([Heading("出欠の返事", 1)], title="返事")


def called_seat() -> Seat:
    council = factories.council()
    factories.member(council, 0, user=accounts.takahashi())
    with clock.told_at(BEFORE):
        meeting = factories.meeting(council, date(2026, 11, 10))
        factories.item(meeting, "公開の議題")
        factories.item(meeting, "伏せる議題", audience="closed", closed_reason="法人の情報")
        factories.call(meeting)
    return Seat.objects.select_related("ticket", "meeting").get()


def test_a_scanned_slip_stands_at_its_seat_for_a_person_to_read():
    seat = called_seat()
    sato, stranger = factories.viewer(factories.sato()), factories.viewer(factories.other_town())
    assert seat.ticket is not None
    file = store_file(actor=sato.actor, content=SLIP, name="a.pdf", owner=("papers.scan", uuid4()))

    assert replies_councils.may_file(sato, seat.ticket)
    assert not replies_councils.may_file(stranger, seat.ticket)
    assert replies_councils.describe(stranger, seat.ticket) is None
    assert "架空 一子さんの返事" in (replies_councils.describe(sato, seat.ticket) or "")
    with pytest.raises(ValidationError, match="受け取れません"):
        replies_councils.receive(actor=stranger.actor, ticket=seat.ticket, file=file, pages=[1])
    replies_councils.receive(actor=sato.actor, ticket=seat.ticket, file=file, pages=[1])

    seat.refresh_from_db()
    assert (seat.reply_file, seat.answer) == (file, "waiting")
    client = accounts.sign_in(Client(), factories.sato())
    page = f"/planning/councils/meetings/{seat.meeting.uid}/seats/{seat.uid}/"
    assert client.get(f"{page}reply/").status_code == 200
    assert client.get(page).status_code == 200


def test_a_member_reads_the_table_and_answers_but_no_fees():
    seat = called_seat()
    client = accounts.sign_in(Client(), accounts.takahashi())
    page = f"/planning/councils/meetings/{seat.meeting.uid}/"

    with clock.told_at(BEFORE):
        shown = client.get(page).content.decode()
        answered = client.post(f"{page}seats/{seat.uid}/", {"answer": "comes"})
        listed = client.get("/planning/councils/").content.decode()

    assert "伏せる議題" in shown
    assert "報償費" not in shown
    assert answered.status_code == 302
    assert "架空市在宅医療・介護連携推進協議会" in listed
    for paper, status in (("agenda", 200), ("minutes", 404), ("fees", 404), ("call", 404)):
        assert client.get(f"{page}papers/{paper}.pdf").status_code == status, paper


def test_the_prefecture_reads_what_is_public():
    seat = called_seat()
    office = accounts.make_organisation("架空県庁", OrganisationKind.PREFECTURE)
    office.area = factories.town()
    office.save()
    user = accounts.person("県 花", "ken@pref.example.test", office, Role.PREFECTURE)
    client = accounts.sign_in(Client(), user)

    page = f"/planning/councils/meetings/{seat.meeting.uid}/"
    shown = client.get(page).content.decode()

    assert meeting_door(factories.viewer(user), seat.meeting.uid).inside is False
    assert "公開の議題" in shown
    assert "伏せる議題" not in shown
    assert "架空 一子" not in shown
    for paper, status in (("public-agenda", 200), ("agenda", 404), ("summary", 404)):
        assert client.get(f"{page}papers/{paper}.pdf").status_code == status, paper
