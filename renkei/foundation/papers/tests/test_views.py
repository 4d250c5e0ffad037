"""The pages of papers: what the own organisation sees and does, and nobody else."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.papers import deciding, fax, forms, queries, sorting, tickets
from renkei.foundation.papers.fax import FaxCover, FaxRecipient
from renkei.foundation.papers.models import (
    PageReason,
    PageState,
    Scan,
    ScanPage,
    ScanProgress,
    SentFax,
)
from renkei.foundation.papers.tasks import forget_settled_scans_task
from renkei.foundation.papers.tests import samples, scanner
from renkei.foundation.papers.tests.test_sorting import (
    bring,
    sheet,
    sheets_with,
    ticket_of,
)

INBOX = "/papers/inbox/"


@pytest.fixture
def nurse(db):
    return factories.viewer_for(factories.takahashi())


def page_url(page, tail=""):
    return f"/papers/inbox/pages/{page.uid}/{tail}"


def waiting_page(viewer, *papers):
    """A page without a code, in the queue."""
    bring(viewer, scanner.as_pdf(list(papers) or sheets_with()))
    return ScanPage.objects.filter(state=PageState.QUEUED).latest("pk")


# Bringing -----------------------------------------------------------------------------------


def test_scan_is_brought_sorted_and_shown(takahashi_client, nurse, desk):
    ticket = ticket_of(nurse)
    pile = scanner.as_pdf([sheet(ticket), sheets_with()[0]])
    text = SimpleUploadedFile("x.txt", "文章".encode())

    answer = takahashi_client.post(
        INBOX, {"scans": [SimpleUploadedFile("a.pdf", pile), text]}, follow=True
    )

    scan = Scan.objects.get()
    assert answer.redirect_chain == [(f"{INBOX}{scan.uid}/", 302)]
    assert "仕分けています" in answer.content.decode()
    progress = f"{INBOX}{scan.uid}/progress/"
    assert "順番を待っています" in takahashi_client.get(progress).content.decode()
    sorting.sort_scan(scan.uid)
    assert takahashi_client.get(progress)["HX-Redirect"] == f"{INBOX}{scan.uid}/"
    result = takahashi_client.get(f"{INBOX}{scan.uid}/").content.decode()
    assert f"試験の書類　受付番号 {ticket.number} の1枚目" in result
    assert "QRコードが読み取れません。" in result
    assert "2つ目のファイル：テキストは、ここでは使えません。" in result
    listed = takahashi_client.get(INBOX).content.decode()
    assert "確認待ちがあります" in listed
    assert "届けました 1" in listed


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "a.pdf：ファイルが空です。"),
        (b"text", "a.pdf：テキストは、ここでは使えません。"),
        (b"\x00\x00\x00\x18ftypheic" + b"x" * 20, "互換性優先"),
    ],
)
def test_refused_upload_says_why(takahashi_client, nurse, content, sentence):
    answer = takahashi_client.post(INBOX, {"scans": SimpleUploadedFile("a.pdf", content)})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_upload_without_files_or_with_too_many_is_refused(takahashi_client, nurse, monkeypatch):
    assert "ファイルを選んでください。" in takahashi_client.post(INBOX).content.decode()
    monkeypatch.setattr(forms, "MOST_FILES", 1)
    two = [SimpleUploadedFile("a.pdf", b"x"), SimpleUploadedFile("b.pdf", b"x")]
    assert "一度に1ファイルまで" in takahashi_client.post(INBOX, {"scans": two}).content.decode()
    monkeypatch.setattr(forms, "MOST_BYTES", 0)
    answer = takahashi_client.post(INBOX, {"scans": SimpleUploadedFile("a.pdf", b"x")})
    assert "0MBを超えています" in answer.content.decode()


def test_scan_that_failed_says_so(takahashi_client, nurse, desk):
    scan = bring(nurse, samples.pdf())
    ScanPage.objects.all().delete()
    Scan.objects.update(state=ScanProgress.FAILED, progress_text=sorting.TROUBLE)

    page = takahashi_client.get(f"{INBOX}{scan.uid}/").content.decode()

    assert sorting.TROUBLE in page
    assert "読めたページはありません" in page
    assert "読めませんでした" in takahashi_client.get(INBOX).content.decode()


# Deciding -----------------------------------------------------------------------------------


def test_person_types_the_number_sees_where_it_leads_and_files(takahashi_client, nurse, desk):
    ticket = ticket_of(nurse)
    page = waiting_page(nurse)
    seen = takahashi_client.get(page_url(page)).content.decode()
    assert "届け先を確かめる" in seen
    number = {"number": ticket.number, "page": "1", "turn": "90"}

    look = takahashi_client.post(page_url(page), number).content.decode()
    assert f"試験の書類 {ticket.subject_uid.hex[:4]}" in look
    assert desk.received == []
    done = takahashi_client.post(
        page_url(page), {**number, "sure": f"{ticket.code}/1"}, follow=True
    )

    assert done.redirect_chain == [(f"{INBOX}{page.scan.uid}/", 302)]
    assert "試験の書類として届けました。" in done.content.decode()
    page.refresh_from_db()
    assert (page.state, page.ticket, page.turn) == (PageState.FILED, ticket, 90)
    assert page.decided_by_id == nurse.user_id
    assert [(uid, pages) for uid, pages, _ in desk.received] == [(ticket.subject_uid, (1,))]
    acts = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"scan.destination_read", "scan.filed"} <= acts
    settled = takahashi_client.get(page_url(page)).content.decode()
    assert "見てよい人だけが見られます" in settled
    assert "高橋 三奈" in settled
    assert takahashi_client.get(page_url(page, "picture/")).status_code == 404


def test_next_waiting_page_of_the_scan_follows(takahashi_client, nurse, desk):
    ticket = ticket_of(nurse)
    plain = sheets_with()[0]
    waiting_page(nurse, plain, scanner.turned(plain, 3))
    first, second = ScanPage.objects.order_by("pk")

    done = takahashi_client.post(
        page_url(first), {"number": ticket.code, "page": "1", "sure": f"{ticket.code}/1"}
    )

    assert done["Location"] == page_url(second)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": "", "page": "1"}, "受付番号を入力してください。"),
        ({"number": "123", "page": "1"}, "12桁の数字を入力してください。"),
        ({"number": "1234-5678-9093", "page": "1"}, "打ち間違いがないか"),
        ({"number": "1234-5678-9092", "page": "0"}, "1以上の数字"),
        ({"number": "1234-5678-9092", "page": "x"}, "何枚目かを数字で"),
        ({"number": "1234-5678-9092", "page": "1"}, deciding.NOT_HERE),
    ],
)
def test_wrong_number_is_said(takahashi_client, nurse, desk, fields, sentence):
    page = waiting_page(nurse)

    answer = takahashi_client.post(page_url(page), fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "<title>エラー：" in answer.content.decode()


def test_foreign_number_looks_like_an_unknown_one_in_words_and_queries(
    takahashi_client, nurse, desk
):
    theirs = ticket_of(factories.viewer_for(factories.tanaka()))
    page = waiting_page(nurse)
    bodies, counts = [], []
    for number in (theirs.code, "123456789092"):
        with CaptureQueriesContext(connection) as captured:
            answer = takahashi_client.post(page_url(page), {"number": number, "page": "1"})
        counts.append(len(captured))
        bodies.append(answer.content.decode().replace(number, "")[2000:])

    assert counts[0] == counts[1]
    assert all(deciding.NOT_HERE in body for body in bodies)
    assert len(bodies[0]) == len(bodies[1])


def test_closed_number_and_refusing_room_are_said(takahashi_client, nurse, desk):
    closed = tickets.close_ticket(actor=nurse.actor, ticket=ticket_of(nurse))
    ticket = ticket_of(nurse)
    page = waiting_page(nurse)
    sure = {"number": ticket.code, "page": "1", "sure": f"{ticket.code}/1"}

    shut = takahashi_client.post(page_url(page), {"number": closed.code, "page": "1"})
    desk.refusal = "この同意書は、すでに取り消されています。"
    refused = takahashi_client.post(page_url(page), sure)

    assert deciding.CLOSED in shut.content.decode()
    assert refused.status_code == 422
    assert desk.refusal in refused.content.decode()
    page.refresh_from_db()
    assert (page.state, page.ticket) == (PageState.QUEUED, None)


def test_expired_number_is_filed_by_a_person(takahashi_client, nurse, desk):
    with time_machine.travel(clock.now() - timedelta(days=200)):
        ticket = ticket_of(nurse)
    page = waiting_page(nurse, sheet(ticket))
    assert page.reason == PageReason.EXPIRED

    takahashi_client.post(
        page_url(page), {"number": ticket.code, "page": "1", "sure": f"{ticket.code}/1"}
    )

    assert len(desk.received) == 1


def test_second_paper_of_the_same_sheet_is_filed_after_a_word_of_warning(
    takahashi_client, nurse, desk
):
    ticket = ticket_of(nurse)
    bring(nurse, scanner.as_pdf([sheet(ticket)]))
    page = waiting_page(nurse, scanner.turned(sheet(ticket), 2))
    number = {"number": ticket.code, "page": "1"}

    look = takahashi_client.post(page_url(page), number).content.decode()
    takahashi_client.post(page_url(page), {**number, "sure": f"{ticket.code}/1"})

    assert "同じ枚目がすでに届いています" in look
    assert len(desk.received) == 2


def test_two_people_decide_once(nurse, desk):
    page = waiting_page(nurse)
    deciding.discard_page(viewer=nurse, page=page, reason="白紙")

    with pytest.raises(ValidationError, match="ほかの人がすでに決めました"):
        deciding.discard_page(viewer=nurse, page=page, reason="白紙")


def test_page_is_looked_at_turned_and_recorded(takahashi_client, nurse, desk):
    page = waiting_page(nurse)

    upright = takahashi_client.get(page_url(page, "picture/"))
    lying = takahashi_client.get(page_url(page, "picture/?turn=90"))

    assert upright["Content-Type"] == "image/jpeg"
    assert upright["Cache-Control"] == "private, no-store"
    sizes = []
    for answer in (upright, lying):
        with Image.open(io.BytesIO(answer.content)) as picture:
            sizes.append(picture.size)
    assert sizes[0] == sizes[1][::-1]
    assert AuditEvent.objects.filter(action="scan.page_read").count() == 2
    links = takahashi_client.get(page_url(page, "?turn=90")).content.decode()
    assert "?turn=180" in links
    assert 'href="?turn=0"' in links


def test_discarded_page_can_be_taken_back(takahashi_client, nurse, desk):
    page = waiting_page(nurse)
    nothing = takahashi_client.post(page_url(page, "discard/"), {"reason": ""}, follow=True)
    assert "捨てる理由を選んでください。" in nothing.content.decode()

    away = takahashi_client.post(page_url(page, "discard/"), {"reason": "白紙"}, follow=True)
    assert "紙を捨てました。" in away.content.decode()
    shown = takahashi_client.get(page_url(page)).content.decode()
    assert "確認待ちに戻す" in shown
    assert takahashi_client.get(page_url(page, "picture/")).status_code == 200
    back = takahashi_client.post(page_url(page, "restore/"), follow=True)

    assert "確認待ちに戻しました。" in back.content.decode()
    page.refresh_from_db()
    assert (page.state, page.note, page.decided_by) == (PageState.QUEUED, "", None)
    again = takahashi_client.post(page_url(page, "restore/"), follow=True)
    assert "この紙は戻せません。" in again.content.decode()


def test_discarding_without_a_reason_is_refused(nurse, desk):
    page = waiting_page(nurse)

    with pytest.raises(ValidationError, match="捨てる理由を選んでください。"):
        deciding.discard_page(viewer=nurse, page=page, reason=" ")


# Forgetting ----------------------------------------------------------------------------------


def test_settled_scans_are_destroyed_after_thirty_days(takahashi_client, nurse, desk):
    ticket = ticket_of(nurse)
    filed = bring(nurse, scanner.as_pdf([sheet(ticket)]))
    page = waiting_page(nurse)
    with time_machine.travel(clock.now() + timedelta(days=31)):
        forget_settled_scans_task(0)
        forget_settled_scans_task(0)
        deciding.discard_page(viewer=nurse, page=page, reason="白紙")
        assert deciding.forget_settled_scans() == 0

    gone = filed.files.get().file
    kept = page.scan_file.file
    assert gone is not None
    assert kept is not None
    kept.refresh_from_db()
    assert gone.destroyed_at is not None
    assert kept.destroyed_at is None
    assert AuditEvent.objects.filter(action="scan.forgotten").count() == 1
    with time_machine.travel(clock.now() + timedelta(days=62)):
        assert deciding.forget_settled_scans() == 1
    page.refresh_from_db()
    with pytest.raises(ValidationError, match="戻せません"):
        deciding.restore_page(viewer=nurse, page=page)
    assert takahashi_client.get(page_url(page, "picture/")).status_code == 404


def test_page_whose_file_is_gone_has_no_picture(takahashi_client, nurse, desk):
    page = waiting_page(nurse)
    page.scan_file.file = None
    page.scan_file.save()

    assert takahashi_client.get(page_url(page, "picture/")).status_code == 404


# Others --------------------------------------------------------------------------------------


def test_everything_of_an_organisation_is_not_there_for_another(tanaka_client, nurse, desk):
    page = waiting_page(nurse)
    sent = record(nurse)
    urls = [
        reverse("papers:scan_detail", args=[page.scan.uid]),
        reverse("papers:scan_progress", args=[page.scan.uid]),
        page_url(page),
        page_url(page, "picture/"),
    ]
    posts = [page_url(page), page_url(page, "discard/"), page_url(page, "restore/")]
    posts.append(reverse("papers:fax_confirm", args=[sent.uid]))
    nowhere = [url.replace(str(page.uid), str(uuid4())) for url in urls]

    assert {tanaka_client.get(url).status_code for url in urls} == {404}
    assert {tanaka_client.post(url, {"reason": "白紙"}).status_code for url in posts} == {404}
    assert [tanaka_client.get(url).content for url in urls[2:]] == [
        tanaka_client.get(url).content for url in nowhere[2:]
    ]
    assert '確認待ち　<span class="num">0' in tanaka_client.get(INBOX).content.decode()
    assert "送信の記録はまだありません" in tanaka_client.get("/papers/sent/").content.decode()


def test_roles_without_papers_see_none(nurse, desk):
    waiting_page(nurse)
    watcher = Viewer(user_id=1, organisation_id=nurse.organisation_id, role=Role.OPERATOR)

    for query in (
        queries.scans_visible_to,
        queries.pages_visible_to,
        queries.sent_faxes_visible_to,
    ):
        assert not query(watcher).exists()
    assert queries.waiting_count(nurse) == 1
    assert queries.ticket_for(Viewer(), "123456789092") is None


def test_uploads_in_another_role_of_the_same_organisation_are_shared(client, nurse, desk):
    page = waiting_page(nurse)
    colleague = factories.make_user()
    factories.make_membership(user=colleague, organisation=page.scan.organisation)

    assert factories.sign_in(client, colleague).get(page_url(page)).status_code == 200


# 送信簿 ---------------------------------------------------------------------------------------


def record(viewer, ticket=None):
    cover = FaxCover(
        recipients=(FaxRecipient("架空 次郎", "架空診療所", "0999-00-0140"),),
        sender_organisation="x",
        subject_line="連絡票",
        case_number="R8-0042",
        ticket=ticket,
    )
    return fax.record_fax(
        actor=viewer.actor, organisation_id=viewer.organisation_id, cover=cover, pages=3
    )


def test_sent_book_is_read_and_confirmed(takahashi_client, nurse, desk):
    ticket = ticket_of(nurse)
    sent = record(nurse, ticket)
    before = takahashi_client.get("/papers/sent/").content.decode()
    for words in ("架空診療所", "0999-00-0140", "R8-0042", ticket.number, "未送信"):
        assert words in before

    after = takahashi_client.post(reverse("papers:fax_confirm", args=[sent.uid]), follow=True)

    assert "送信した日時を送信簿に書きました。" in after.content.decode()
    assert "送信しました" in after.content.decode()
    assert SentFax.objects.get().sent_by_id == nurse.user_id


@pytest.mark.parametrize("url", [INBOX, "/papers/sent/"])
def test_lists_cost_the_same_for_one_and_for_three(takahashi_client, nurse, desk, url):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            bring(nurse, scanner.as_pdf([sheets_with()[0], sheet(ticket_of(nurse))]))
            record(nurse, ticket_of(nurse))
        with CaptureQueriesContext(connection) as captured:
            takahashi_client.get(url)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_result_costs_the_same_for_one_and_for_three_pages(takahashi_client, nurse, desk):
    counts = []
    for more in (1, 3):
        scan = bring(nurse, scanner.as_pdf([sheet(ticket_of(nurse)) for _ in range(more)]))
        with CaptureQueriesContext(connection) as captured:
            takahashi_client.get(f"{INBOX}{scan.uid}/")
        counts.append(len(captured))

    assert counts[0] == counts[1]
