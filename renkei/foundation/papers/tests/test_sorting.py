"""Scans are sorted by what they carry: rightly, or by a person, never wrongly."""

from __future__ import annotations

import io
import random
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from PIL import Image, ImageDraw
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.types.range import Range

from renkei.foundation.accounts.models import Membership, User
from renkei.foundation.accounts.tests import factories
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock, media_types, qr
from renkei.foundation.common.documents.pdf import compile_pdf
from renkei.foundation.notifications.models import Notification
from renkei.foundation.papers import files, reading, sorting, tickets, uploading
from renkei.foundation.papers.fax import FaxCover, FaxRecipient, fax_pdf
from renkei.foundation.papers.models import (
    PageReason,
    PageState,
    Scan,
    ScanPage,
    ScanProgress,
    StoredFile,
)
from renkei.foundation.papers.numbers import TicketPage
from renkei.foundation.papers.tasks import resume_scans_task, sort_scan_task
from renkei.foundation.papers.tests import samples, scanner
from renkei.foundation.papers.tests.kinds_for_tests import CODE, subject
from renkei.foundation.papers.uploading import Upload, upload_scan

BODY = (
    '#import "/foundation/common/documents/templates/renkei.typ": *\n#show: sheet\n= #title\n'
    "本文です。架空 花子さんの連絡票です。"
)


@pytest.fixture
def nurse(db):
    return factories.viewer_for(factories.takahashi())


def ticket_of(viewer, **more):
    return tickets.issue_ticket(
        actor=viewer.actor,
        kind=CODE,
        subject_uid=subject(),
        organisation_id=viewer.organisation_id,
        **more,
    )


def sheets_with(*labels: str) -> list[Image.Image]:
    """Sheets of paper with these codes on them, as a copier sees them."""
    sheet = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(sheet).text((100, 100), "架空", fill=0, font_size=80)
    for place, label in enumerate(labels):
        with Image.open(io.BytesIO(qr.qr_png(label))) as code:
            sheet.paste(code.convert("L").resize((170, 170)), (100 + 300 * place, 1500))
    return [sheet]


def sheet(ticket, page=1):
    return sheets_with(ticket.qr_text(page))[0]


def bring(viewer, *contents, name="scan.pdf"):
    scan = upload_scan(viewer=viewer, uploads=[Upload(name, content) for content in contents])
    sort_scan_task(
        **ProcrastinateJob.objects.filter(task_name="papers.sort_scan").latest("pk").args
    )
    return Scan.objects.get(pk=scan.pk)


def outcome(scan):
    rows = ScanPage.objects.filter(scan=scan).order_by("scan_file__number", "number")
    return [(row.state, row.reason, row.ticket_id, row.ticket_page) for row in rows]


def queued(reason):
    return (PageState.QUEUED, reason, None, None)


# Fifty sheets -------------------------------------------------------------------------------


def fifty_sheets(viewer):
    """25 FAX documents of two sheets: (ticket, page, sheet)."""
    document = compile_pdf(BODY, {}, title="連絡票")
    found = []
    for number in range(25):
        ticket = ticket_of(viewer, pages=2)
        cover = FaxCover(
            recipients=(FaxRecipient("", "架空診療所", "0999-00-0100"),),
            sender_organisation="架空訪問看護ステーション",
            case_number=f"R8-{number:04}",
            ticket=ticket,
        )
        pages = scanner.sheets_of(fax_pdf(cover=cover, documents=[document]))
        found += [(ticket, page, sheet) for page, sheet in enumerate(pages, start=1)]
    return found


def scanned(sheet, chance, style):
    """One sheet after the machines of two offices."""
    angle = chance.choice((0, 90, 180, 270)) + chance.uniform(-4, 4)
    lying = scanner.turned(scanner.scaled(sheet, chance.uniform(0.9, 1.06)), angle)
    if style == "gray":
        return scanner.noisy(lying, chance)
    if style == "jpeg":
        return scanner.through_jpeg(
            scanner.noisy(lying, chance, strength=10), chance.randrange(20, 40)
        )
    if style == "specked":
        return scanner.specked(lying, chance)
    return scanner.fax(lying, chance, coarse=style == "coarse")


def test_t_fax1_fifty_sheets_come_back_to_their_tickets_and_none_to_another(nurse, desk):
    chance = random.Random(2026)
    # Black and white from FAX and copier, gray from scanner and phone; several sheets in a file.
    hard, gray = ("specked", "fine", "coarse"), ("gray", "jpeg")
    sheets = fifty_sheets(nurse)
    chance.shuffle(sheets)
    pages = [
        (ticket, page, scanned(paper, chance, style))
        for (ticket, page, paper), style in zip(sheets, (*hard * 10, *gray * 10), strict=True)
    ]
    papers = [paper for *_, paper in pages]
    contents = [
        scanner.as_tiff(papers[:13]),
        scanner.as_tiff(papers[13:26]),
        scanner.as_pdf(papers[26:30]),
        scanner.as_pdf(papers[30:45]),
        *(scanner.as_picture(paper, "JPEG") for paper in papers[45:48]),
        *(scanner.as_picture(paper, "PNG") for paper in papers[48:]),
    ]

    scan = bring(nurse, *contents)

    got = outcome(scan)
    filed = [row[2:] for row in got if row[0] == PageState.FILED]
    wrong = [
        number
        for number, (row, (ticket, page, _)) in enumerate(zip(got, pages, strict=True))
        if row[0] == PageState.FILED and row[2:] != (ticket.pk, page)
    ]
    assert wrong == []
    assert len(filed) >= 49
    assert scan.state == ScanProgress.DONE
    # Each subject got its own, in one piece where both sheets were read.
    subjects = {ticket.subject_uid for ticket, *_ in pages}
    assert {uid for uid, _, _ in desk.received} == subjects
    assert sum(len(numbers) for _, numbers, _ in desk.received) == len(filed)


# What waits for a person ---------------------------------------------------------------------


def test_pages_that_name_nothing_wait(nurse, desk):
    ticket = ticket_of(nurse)
    blank = Image.new("L", (1240, 1754), 255)
    plain = sheets_with()[0]
    foreign_code = sheets_with("https://example.test/")[0]

    scan = bring(nurse, scanner.as_pdf([plain, blank, foreign_code, sheet(ticket)]))

    told = Notification.objects.get()
    assert (told.user_id, told.path) == (nurse.user_id, f"/papers/inbox/{scan.uid}/")
    assert outcome(scan) == [
        queued(PageReason.NO_CODE),
        queued(PageReason.BLANK),
        queued(PageReason.NO_CODE),
        (PageState.FILED, "", ticket.pk, 1),
    ]


def test_page_with_two_numbers_waits_but_a_form_inside_a_fax_does_not(nurse, desk):
    one, other = ticket_of(nurse, pages=2), ticket_of(nurse)
    both = sheets_with(one.qr_text(1), other.qr_text(1))[0]
    inside = sheets_with(one.qr_text(1, 2), one.qr_text(2, 3))[0]

    scan = bring(nurse, scanner.as_pdf([both, inside]))

    assert outcome(scan) == [
        queued(PageReason.SEVERAL_CODES),
        (PageState.FILED, "", one.pk, 2),
    ]


def test_number_of_another_organisation_looks_like_one_that_never_was(nurse, desk):
    stranger = factories.viewer_for(factories.tanaka())
    theirs = ticket_of(stranger)
    never = ticket_of(nurse)
    never_text = never.qr_text(1)
    never.delete()

    scan = bring(nurse, scanner.as_pdf([sheet(theirs), sheets_with(never_text)[0]]))

    assert outcome(scan) == [queued(PageReason.UNKNOWN)] * 2
    assert desk.received == []


def test_person_who_may_not_file_learns_nothing(nurse, desk):
    ticket = ticket_of(nurse)
    desk.closed_to.add(nurse.user_id)

    assert outcome(bring(nurse, scanner.as_pdf([sheet(ticket)]))) == [queued(PageReason.UNKNOWN)]


def test_expired_and_closed_numbers_wait(nurse, desk):
    with time_machine.travel(clock.now() - timedelta(days=200)):
        expired = ticket_of(nurse)
    closed = tickets.close_ticket(actor=nurse.actor, ticket=ticket_of(nurse))

    scan = bring(nurse, scanner.as_pdf([sheet(expired), sheet(closed)]))

    assert outcome(scan) == [queued(PageReason.EXPIRED), queued(PageReason.CLOSED)]


def revoke(membership: Membership) -> None:
    Membership.objects.filter(pk=membership.pk).update(revoked_at=clock.now())


def end(membership: Membership) -> None:
    period = Range(clock.today() - timedelta(days=9), clock.today())
    Membership.objects.filter(pk=membership.pk).update(period=period)


def close_account(membership: Membership) -> None:
    User.objects.filter(pk=membership.user_id).update(is_active=False)


@pytest.mark.parametrize("leave", [revoke, end, close_account])
def test_uploader_who_left_in_the_meantime_files_nothing(nurse, desk, leave):
    ticket = ticket_of(nurse)
    scan = upload_scan(viewer=nurse, uploads=[Upload("x", scanner.as_pdf([sheet(ticket)]))])
    leave(Membership.objects.get(pk=nurse.membership_id))

    sorting.sort_scan(scan.uid)

    assert outcome(scan) == [queued(PageReason.UNKNOWN)]
    assert desk.received == []


@pytest.mark.parametrize("leave", [revoke, end, close_account])
def test_uploader_who_leaves_while_the_pages_are_read_files_nothing(
    nurse, desk, leave, monkeypatch
):
    ticket = ticket_of(nurse)
    scan = upload_scan(viewer=nurse, uploads=[Upload("x", scanner.as_pdf([sheet(ticket)]))])
    grouped = sorting.grouped

    def grouped_and_gone(found, viewer):
        groups = grouped(found, viewer)
        leave(Membership.objects.get(pk=nurse.membership_id))
        return groups

    monkeypatch.setattr(sorting, "grouped", grouped_and_gone)
    sorting.sort_scan(scan.uid)

    assert outcome(scan) == [queued(PageReason.REFUSED)]
    assert desk.received == []


def test_refusing_room_leaves_the_pages_in_the_queue(nurse, desk):
    ticket, other = ticket_of(nurse), ticket_of(nurse)
    desk.refusal = "この同意書は、すでに取り消されています。"

    scan = bring(nurse, scanner.as_pdf([sheet(ticket)]))

    assert outcome(scan) == [queued(PageReason.REFUSED)]
    assert ScanPage.objects.get().note == desk.refusal
    desk.refusal, desk.trouble = "", True
    scan = bring(nurse, scanner.as_pdf([sheet(other)]))
    assert outcome(scan) == [queued(PageReason.REFUSED)]
    assert ScanPage.objects.get(scan=scan).note.startswith("届け先で問題が起きました。")


# Twice ----------------------------------------------------------------------------------------


def test_same_scan_twice_is_recognised_and_another_scan_of_the_sheet_waits(nurse, desk):
    ticket = ticket_of(nurse)
    paper = scanner.as_pdf([sheet(ticket)])
    bring(nurse, paper)

    again = bring(nurse, paper)
    other = bring(nurse, scanner.as_pdf([scanner.turned(sheet(ticket), 2)]))

    assert outcome(again) == [(PageState.DUPLICATE, "", ticket.pk, 1)]
    assert outcome(other) == [queued(PageReason.SAME_PAGE)]
    assert len(desk.received) == 1


def test_same_sheet_twice_in_one_pile_is_filed_once(nurse, desk):
    ticket = ticket_of(nurse)
    paper = sheet(ticket)

    scan = bring(nurse, scanner.as_pdf([paper, paper, scanner.turned(paper, 2)]))

    assert outcome(scan) == [
        (PageState.FILED, "", ticket.pk, 1),
        (PageState.DUPLICATE, "", ticket.pk, 1),
        queued(PageReason.SAME_PAGE),
    ]
    assert [pages for _, pages, _ in desk.received] == [(1,)]


def test_sheets_of_one_ticket_in_several_files_become_one_upright_document(nurse, desk):
    ticket = ticket_of(nurse, pages=3)
    second = scanner.as_pdf([scanner.turned(sheet(ticket, 2), 90)])
    first = scanner.as_tiff([scanner.turned(sheet(ticket, 1), 180)])
    third = scanner.as_picture(sheet(ticket, 3), "JPEG")

    scan = bring(nurse, second, first, third)

    assert [row[3] for row in outcome(scan)] == [2, 1, 3]
    [(uid, pages, file_id)] = desk.received
    assert (uid, pages) == (ticket.subject_uid, (1, 2, 3))
    stored = StoredFile.objects.get(pk=file_id)
    assert (stored.media_type, stored.pages) == (media_types.PDF, 3)
    assert files.file_name(stored) == "試験の書類.pdf"
    content = files.read_file(stored)
    for index in range(3):
        read = reading.read_page(content, media_types.PDF, index)
        assert (read.sheets, read.turn) == ((TicketPage(ticket.code, index + 1, 3),), 0)
    assert desk.actors == [nurse.actor]
    event = AuditEvent.objects.get(action="scan.filed")
    assert event.detail == {"kind": CODE, "pages": [1, 2, 3], "scan": str(scan.uid)}
    assert AuditEvent.objects.get(action="scan.sorted").detail == {"filed": 3}


# Uploading ------------------------------------------------------------------------------------


def test_one_bad_file_does_not_stop_the_others(nurse, desk):
    ticket = ticket_of(nurse)

    scan = bring(nurse, "ただの文章".encode(), scanner.as_pdf([sheet(ticket)]))

    assert [file.error[:9] for file in scan.files.order_by("number")] == ["テキストは、ここで", ""]
    assert outcome(scan) == [(PageState.FILED, "", ticket.pk, 1)]


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(0, "スキャンのファイルを選んでください。"), (2, "a.txt：テキストは"), (51, "50ファイルまで")],
)
def test_nothing_to_take_is_said_for_each_file(nurse, count, sentence):
    with pytest.raises(ValidationError, match=sentence):
        upload_scan(viewer=nurse, uploads=[Upload("a.txt", "文章".encode())] * count)

    assert not Scan.objects.exists()


def test_nobody_brings_a_scan_without_an_organisation(db):
    viewer = factories.viewer_for(factories.make_user())

    with pytest.raises(ValidationError, match="組織の立場"):
        upload_scan(viewer=viewer, uploads=[Upload("x", samples.pdf())])


# The worker -----------------------------------------------------------------------------------


def test_scan_is_taken_up_again_after_its_worker_died(nurse, desk, monkeypatch):
    tickets_here = [ticket_of(nurse), ticket_of(nurse)]
    pile = scanner.as_pdf([sheet(each) for each in tickets_here])
    scan = upload_scan(viewer=nurse, uploads=[Upload("x", pile)])
    real = sorting._file_group
    calls: list[Any] = []

    def dies_in_the_middle(*args: Any) -> None:
        if calls:
            raise SystemExit
        calls.append(args)
        real(*args)

    monkeypatch.setattr(sorting, "_file_group", dies_in_the_middle)
    with pytest.raises(SystemExit):
        sorting.sort_scan(scan.uid)
    monkeypatch.undo()
    sorting.sort_scan(scan.uid)
    assert len(desk.received) == 1

    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        resume_scans_task(0)
        job = ProcrastinateJob.objects.filter(task_name="papers.sort_scan").latest("pk")
        sort_scan_task(**job.args)
        resume_scans_task(0)

    assert [row[0] for row in outcome(scan)] == [PageState.FILED] * 2
    assert [pages for _, pages, _ in desk.received] == [(1,), (1,)]
    assert ProcrastinateJob.objects.filter(task_name="papers.sort_scan").count() == 2


def test_trouble_while_sorting_is_told(nurse, desk, monkeypatch):
    scan = upload_scan(viewer=nurse, uploads=[Upload("x", samples.pdf())])

    def breaks(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(sorting, "grouped", breaks)
    with pytest.raises(RuntimeError):
        sorting.sort_scan(scan.uid)

    scan.refresh_from_db()
    assert scan.state == ScanProgress.FAILED
    assert scan.progress_text == sorting.TROUBLE


def test_file_that_does_not_open_any_more_gets_its_sentence(nurse, desk):
    ticket = ticket_of(nurse)
    scan = upload_scan(
        viewer=nurse,
        uploads=[Upload("x", samples.pdf()), Upload("y", scanner.as_pdf([sheet(ticket)]))],
    )
    gone = scan.files.get(number=1).file
    assert gone is not None
    files.destroy_file(actor=nurse.actor, stored=gone)

    sorting.sort_scan(scan.uid)

    assert scan.files.get(number=1).error == sorting.UNREADABLE
    assert outcome(scan) == [(PageState.FILED, "", ticket.pk, 1)]


# Reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page, chance: scanner.specked(page, chance, share=0.03),
        lambda page, chance: scanner.noisy(page, chance, strength=70),
        lambda page, _chance: scanner.scaled(page, 0.45),
        lambda page, _chance: scanner.scaled(page, 3.2),
    ],
    ids=["dust", "grain", "small", "large"],
)
def test_bad_pages_are_read_in_one_of_their_versions(db, spoil):
    label = "RENKEI1:123456789092:1/1"

    sheets, turn = reading.read_codes(spoil(sheets_with(label)[0], random.Random(7)))

    assert (sheets, turn) == ((TicketPage("123456789092", 1, 1),), 0)


def test_dust_alone_is_still_blank():
    dusty = scanner.specked(Image.new("L", (1240, 1754), 255), random.Random(1), share=0.01)

    assert reading.is_blank(dusty.convert("L"))
    assert not reading.is_blank(sheets_with()[0])


def test_names_stay_out_of_the_trail(nurse, desk):
    bring(nurse, scanner.as_pdf([sheet(ticket_of(nurse))]), name="架空 花子.pdf")

    assert "花子" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert uploading.OWNER == "papers.scan"
