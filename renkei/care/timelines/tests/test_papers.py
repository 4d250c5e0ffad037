"""FAX and paper: any entry and sheet leaves with a cover, and finds its person again (T-FAX1)."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from psycopg.types.range import Range

from renkei.care.patients.tests.factories import membership_of
from renkei.care.timelines.models import Entry
from renkei.care.timelines.paper_tickets import REPLY, SHEET, describe, may_file, receive
from renkei.care.timelines.services.settling import acknowledge
from renkei.care.timelines.tests.factories import door, post, shirai, staff_room, team_patient
from renkei.care.timelines.values import To
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.accounts.tests.factories import suzuki, takahashi, tanaka, viewer_for
from renkei.foundation.audit.actors import SYSTEM, Actor, ActorKind
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.papers.files import store_file
from renkei.foundation.papers.models import SentFax, Ticket
from renkei.foundation.papers.tickets import issue_ticket
from renkei.foundation.sheets.tests.factories import item, make_answer, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_in_a_folder_of_their_own(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }


@pytest.fixture
def person() -> Any:
    return team_patient(name="架空 ハル江", kana="カクウ ハルエ")


@pytest.fixture
def entry(person) -> Entry:
    return post(takahashi(), staff_room(person), "薬が残っています。")


@pytest.fixture
def answer(person) -> Any:
    version = make_version(
        item("move", "string", "移動"), code="sharing_sheet", name="情報共有シート"
    )
    return make_answer(version, person.uid, move="歩行器")


@pytest.fixture
def nurse() -> Client:
    return accounts.sign_in(Client(), takahashi())


def letter(**fields: str) -> dict[str, str]:
    return {
        "organisation": "架空市立病院",
        "recipient": "地域連携室",
        "fax": "03-1234-5678",
        "own_fax": "03-1234-0000",
        "notes": "ご確認をお願いします。",
        "wants_reply": "on",
        **fields,
    }


def entry_url(person, entry) -> str:
    return reverse("timelines:entry_fax", args=[person.uid, entry.uid])


def answer_url(person, answer) -> str:
    return reverse("timelines:answer_fax", args=[person.uid, answer.uid])


def words_of(response: Any) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    return [page.extract_text().replace(" ", "") for page in reader.pages]


def ticket_for(kind: str, uid: Any, user: Any = None) -> Ticket:
    user = user or takahashi()
    return issue_ticket(
        actor=viewer_for(user).actor,
        kind=kind,
        subject_uid=uid,
        organisation_id=membership_of(user).organisation_id,
        pages=2,
    )


def scan(ticket: Ticket) -> Any:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    stream = io.BytesIO()
    writer.write(stream)
    return store_file(
        actor=SYSTEM,
        content=stream.getvalue(),
        name="scan.pdf",
        owner=("papers.ticket", ticket.uid),
    )


def test_t_fax1_an_entry_leaves_with_a_cover_that_names_nobody(person, entry, nurse):
    assert nurse.get(entry_url(person, entry)).status_code == 200
    alone = reverse("timelines:entry_detail", args=[entry.room.uid, entry.uid])
    assert entry_url(person, entry) in nurse.get(alone).content.decode()

    response = nurse.post(entry_url(person, entry), letter())

    cover, *following = words_of(response)
    assert "ハル江" not in cover
    assert "架空市立病院" in cover
    assert "薬が残っています" in "".join(following)
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.subject_uid, ticket.expected_pages) == (REPLY, entry.uid, 2)
    fax = SentFax.objects.get()
    assert (fax.pages, fax.ticket) == (2, ticket)
    assert "ハル江" not in f"{fax.subject_line}{fax.recipients}{fax.case_number}"
    assert AuditEvent.objects.filter(action="patient.read").exists()


def test_what_is_only_for_the_team_does_not_leave_with_an_entry(person, nurse):
    order = post(
        shirai(), staff_room(person), "軟膏を塗ってください。", kind="order",
        addressees=[To(profession="看護師")],
    )  # fmt: skip
    acknowledge(door=door(takahashi(), order.room), entry=order)

    words = "".join(words_of(nurse.post(entry_url(person, order), letter())))

    assert "軟膏を塗ってください" in words
    for inside in ("確認しました", "職員の部屋", "宛先："):
        assert inside not in words


def test_t_fax1_a_sheet_leaves_without_waiting_for_an_answer(person, answer, nurse):
    page = nurse.get(answer_url(person, answer)).content.decode()
    assert "情報共有シート" in page

    values = letter()
    del values["wants_reply"]
    response = nurse.post(answer_url(person, answer), values)

    assert "歩行器" in "".join(words_of(response))
    assert Ticket.objects.count() == 0
    assert SentFax.objects.get().ticket is None


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"notes": "架空ハル江様の件です"}, "氏名を書かないで"),
        ({"notes": "かくうはるえさんの件"}, "氏名を書かないで"),
        ({"fax": "12"}, "電話番号"),
        ({"organisation": ""}, "送り先の名称"),
    ],
)
def test_a_cover_with_a_name_or_a_wrong_number_is_refused(person, entry, nurse, fields, word):
    response = nurse.post(entry_url(person, entry), letter(**fields))

    assert response.status_code == 422
    assert word in response.content.decode()
    assert SentFax.objects.count() == Ticket.objects.count() == 0


@pytest.mark.parametrize("kind", [REPLY, SHEET])
def test_t_fax1_the_returned_paper_finds_its_person(person, entry, answer, kind):
    ticket = ticket_for(kind, entry.uid if kind == REPLY else answer.uid)
    nurse = viewer_for(takahashi())
    file = scan(ticket)

    assert may_file(nurse, ticket)
    assert (describe(nurse, ticket) or "").startswith("架空 ハル江")
    for _ in range(2):  # the same scan filed again stays one entry
        receive(actor=nurse.actor, ticket=ticket, file=file, pages=[1, 2])

    [arrived] = Entry.objects.filter(text__startswith="紙で返信")
    assert arrived.room == staff_room(person)
    assert arrived.reply_to == (entry if kind == REPLY else None)
    assert [one.stored_file for one in arrived.files.all()] == [file]


def test_t_fax1_nobody_outside_the_team_files_or_learns(person, entry):
    ticket = ticket_for(REPLY, entry.uid)
    stranger = viewer_for(tanaka())

    assert not may_file(stranger, ticket)
    assert describe(stranger, ticket) is None
    with pytest.raises(ValidationError, match="届け先"):
        receive(actor=stranger.actor, ticket=ticket, file=scan(ticket), pages=[1])
    with pytest.raises(ValidationError, match="届け先"):
        receive(actor=Actor(ActorKind.SYSTEM), ticket=ticket, file=scan(ticket), pages=[1])


def test_t_fax1_an_ended_membership_files_nothing(person, entry):
    ticket = ticket_for(REPLY, entry.uid)
    nurse = viewer_for(takahashi())
    yesterday = clock.today() - timedelta(days=1)
    Membership.objects.filter(pk=nurse.membership_id or 0).update(period=Range(None, yesterday))

    with pytest.raises(ValidationError, match="届け先"):
        receive(actor=nurse.actor, ticket=ticket, file=scan(ticket), pages=[1])
    assert not Entry.objects.filter(text__startswith="紙で返信").exists()


def test_a_ticket_without_its_subject_files_nothing(person, entry, answer):
    nurse = viewer_for(takahashi())
    unknown = ticket_for(SHEET, membership_of(suzuki()).uid)
    nobodys = ticket_for(SHEET, make_answer(answer.version, entry.uid, move="x").uid)
    hidden = ticket_for(REPLY, entry.uid)
    Entry.objects.update(hidden_at=clock.now(), hidden_reason="誤り")

    for ticket in (unknown, nobodys, hidden):
        assert not may_file(nurse, ticket)
        assert describe(nurse, ticket) is None


def test_others_cannot_fax(person, entry, answer, nurse):
    stranger = accounts.sign_in(Client(), tanaka())

    assert stranger.get(entry_url(person, entry)).status_code == 404
    assert stranger.get(answer_url(person, answer)).status_code == 404
    assert nurse.get(entry_url(person, answer)).status_code == 404
    assert nurse.get(answer_url(person, entry)).status_code == 404
    person.team.update(is_observer=True)
    assert nurse.get(entry_url(person, entry)).status_code == 404
    Entry.objects.update(hidden_at=clock.now(), hidden_reason="誤り")
    assert nurse.get(entry_url(person, entry)).status_code == 404
