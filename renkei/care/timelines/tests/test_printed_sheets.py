"""A form printed for a person, filled in by hand, finds person and form again (T-FAX1)."""

from __future__ import annotations

import io
import random
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from renkei.care.patients.models import Consent
from renkei.care.patients.tests.factories import add_member, consent, make_patient
from renkei.care.timelines.models import Entry, EntryFile, PrintedSheet
from renkei.care.timelines.paper_tickets import BLANK, describe, may_file
from renkei.care.timelines.services.lifecycle import destroy_sheets
from renkei.care.timelines.tests.factories import shirai, staff_room, team_patient
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.accounts.tests.factories import takahashi, tanaka, viewer_for
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.papers.models import PageState, Scan, ScanPage, Ticket
from renkei.foundation.papers.tasks import sort_scan_task
from renkei.foundation.papers.tests import scanner
from renkei.foundation.papers.uploading import Upload, upload_scan
from renkei.foundation.sheets.tests.factories import item, make_version

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
def nurse() -> Client:
    return accounts.sign_in(Client(), takahashi())


def make_form(code: str = "sharing_sheet", name: str = "情報共有シート") -> None:
    items = [item(f"q{number}", "text", f"問い{number}") for number in range(14)]
    make_version(*items, code=code, name=name)


def printed(client: Client, person, code: str = "sharing_sheet") -> bytes:
    response = client.post(reverse("timelines:sheet_empty", args=[person.uid, code]))
    assert response.status_code == 200, response.status_code
    assert "ハル江" not in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    return response.content


def bring(pages: list[Any], user: Any = None) -> list[tuple[str, int | None]]:
    """What became of each page of a scan."""
    upload = Upload("scan.tiff", scanner.as_tiff(pages))
    scan = upload_scan(viewer=viewer_for(user or takahashi()), uploads=[upload])
    job = ProcrastinateJob.objects.filter(task_name="papers.sort_scan").latest("pk")
    sort_scan_task(**job.args)
    rows = ScanPage.objects.filter(scan=Scan.objects.get(pk=scan.pk)).order_by("number")
    return [(row.state, row.ticket_page) for row in rows]


def scanned(sheet: Any, chance: random.Random, turn: int) -> Any:
    return scanner.specked(scanner.turned(sheet, turn + chance.uniform(-3, 3)), chance)


def test_t_fax1_a_printed_form_turned_and_noisy_finds_its_person_and_form(person, nurse):
    make_form()
    other = team_patient(name="架空 トメ")
    chance = random.Random(2026)
    pdf = printed(nurse, person)
    wrong = printed(nurse, other)  # in the same batch: each finds its own
    pages = [
        scanned(sheet, chance, turn)
        for sheet, turn in zip(
            [*scanner.sheets_of(pdf), *scanner.sheets_of(wrong)], (180, 90, 0, 270), strict=True
        )
    ]

    assert bring(pages) == [
        (PageState.FILED, 1),
        (PageState.FILED, 2),
        (PageState.FILED, 1),
        (PageState.FILED, 2),
    ]
    for patient in (person, other):
        [arrived] = Entry.objects.filter(room=staff_room(patient))
        assert arrived.text == (
            "手書きの様式が届きました：情報共有シート（2枚のうち1・2枚目）。"
            "内容を様式に書き写してください。"
        )
        assert [one.form_code for one in arrived.files.all()] == ["sharing_sheet"]


def test_every_page_names_the_person_and_the_printing_is_written_down(person, nurse):
    make_form()

    pages = pypdf.PdfReader(io.BytesIO(printed(nurse, person))).pages

    assert all("架空ハル江" in page.extract_text().replace(" ", "") for page in pages)
    ticket = Ticket.objects.get()
    paper = PrintedSheet.objects.get()
    assert (ticket.kind, ticket.subject_uid, ticket.expected_pages) == (BLANK, paper.uid, 2)
    assert ticket.expires_at > clock.now()
    event = AuditEvent.objects.get(action="sheet.printed")
    assert event.detail == {"form": "sharing_sheet", "paper": str(paper.uid)}
    assert describe(viewer_for(takahashi()), ticket) == "架空 ハル江　情報共有シート"
    assert describe(viewer_for(tanaka()), ticket) is None
    assert not may_file(viewer_for(tanaka()), ticket)


def test_an_expired_number_and_a_disposed_record_file_nothing(person, nurse):
    make_form()
    pages = scanner.sheets_of(printed(nurse, person))
    Ticket.objects.update(
        issued_at=clock.now() - timedelta(days=200), expires_at=clock.now() - timedelta(days=20)
    )

    assert bring(pages) == [(PageState.QUEUED, None)] * 2
    Ticket.objects.update(expires_at=clock.now() + timedelta(days=1))
    destroy_sheets(actor=SYSTEM, patient=person, document_class="sheets")
    assert not may_file(viewer_for(takahashi()), Ticket.objects.get())
    assert not PrintedSheet.objects.exists()
    assert not Entry.objects.exists()


def test_a_scanned_wish_is_read_only_under_the_consent_for_wishes(nurse):
    person = make_patient(name="架空 ハル江", consented=False)
    given = consent(person, content_classes=["basic", "timeline", "sheets", "wishes"])
    for user in (takahashi(), shirai()):
        add_member(person, user)
    make_form("acp_note", "話し合いの記録")
    bring(scanner.sheets_of(printed(nurse, person, "acp_note")))
    hung = EntryFile.objects.get()
    assert hung.form_code == "acp_note"
    file = reverse(
        "timelines:file_content", args=[hung.entry.room.uid, hung.entry.uid, hung.stored_file.uid]
    )
    assert nurse.get(file).status_code == 200

    Consent.objects.filter(pk=given.pk).update(content_classes=["basic", "timeline", "sheets"])

    assert nurse.get(file).status_code == 404
    page = nurse.get(reverse("timelines:timeline", args=[person.uid])).content.decode()
    assert "手書きの様式が届きました" in page
    assert str(hung.stored_file.uid) not in page


def test_who_may_only_read_prints_no_number(person, nurse):
    make_form()
    stranger = accounts.sign_in(Client(), tanaka())
    url = reverse("timelines:sheet_empty", args=[person.uid, "sharing_sheet"])
    person.team.update(is_observer=True)

    assert nurse.get(url).status_code == 405
    assert nurse.post(url).status_code == 404
    assert stranger.post(url).status_code == 404
    assert not Ticket.objects.exists()
