"""What leaves by FAX: a cover that names nobody, and a number on every page."""

from __future__ import annotations

import io

import pypdf
import pytest
import time_machine
import zxingcpp
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.tests import factories
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common.documents.pdf import compile_pdf
from renkei.foundation.papers import fax, numbers, pdfs
from renkei.foundation.papers.fax import FaxCover, FaxRecipient, fax_pdf
from renkei.foundation.papers.kinds import FileRefused
from renkei.foundation.papers.models import SentFax, Ticket
from renkei.foundation.papers.tests import samples

BODY = '#import "/foundation/common/documents/templates/renkei.typ": *\n#show: sheet\n= #title\n'
CODE = "1234567890" + numbers.check_digits("1234567890")
DOCTOR = FaxRecipient("架空 次郎", "架空診療所", "0999-00-0140")
STATION = FaxRecipient("", "架空薬局", "0999-00-0150")


def cover(**more):
    words = {
        "recipients": (DOCTOR, STATION),
        "sender_organisation": "架空訪問看護ステーション",
        "sender_person": "高橋 三奈",
        "sender_phone": "0999-00-0120",
        "sender_fax": "0999-00-0121",
        "case_number": "R8-0042",
        "subject_line": "連絡票",
        "notes": "11月27日までに\n返信してください。",
        "reply_to_fax": "0999-00-0122",
        "ticket": Ticket(code=CODE, expected_pages=1),
    }
    return FaxCover(**{**words, **more})


def document(text="療養者の架空 花子さんについて", pages=1):
    body = BODY + "#pagebreak()\n".join(["#data.text\n"] * pages)
    return compile_pdf(body, {"text": text}, title="連絡票")


def texts(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def codes(pdf):
    """What a machine at 200 dpi, black and white, reads on each page."""
    count = len(pypdf.PdfReader(io.BytesIO(pdf)).pages)
    pages = [pdfs.page_picture(pdf, index, dpi=200).convert("1") for index in range(count)]
    return [[code.text for code in zxingcpp.read_barcodes(page.convert("L"))] for page in pages]


def test_t_az2_cover_lists_who_and_how_many_and_names_nobody():
    with time_machine.travel("2026-11-22T09:00:00+09:00", tick=False):
        pdf = fax_pdf(cover=cover(), documents=[document(pages=2)])

    front = "".join(texts(pdf)[0].split())
    for words in (
        "架空診療所", "架空次郎様", "0999-00-0140", "架空薬局", "0999-00-0150", "全3枚",
        "この送付状を含む", "誤送信のお願い", "お心当たりのない方", "R8-0042", "令和8年11月22日",
        "返信のお願い", "0999-00-0122", numbers.readable(CODE),
    ):  # fmt: skip
        assert words in front
    assert "花子" not in front


def test_t_fax1_every_page_carries_its_number_legible_at_200_dpi():
    pdf = fax_pdf(cover=cover(), documents=[document(), document(pages=2)])

    assert codes(pdf) == [[numbers.qr_text(CODE, page, 4)] for page in (1, 2, 3, 4)]
    pages = [text.replace(" ", "") for text in texts(pdf)]
    assert all(f"{number}／4" in text for number, text in enumerate(pages, start=1))
    assert all("花子" in text for text in pages[1:])
    assert fax.page_total(pdf) == 4


def test_t_fax1_type_is_big_and_nothing_is_gray():
    sizes = set()

    def collect(text, _cm, matrix, _font, size):
        if text.strip():
            sizes.add(round(abs(size * matrix[3]), 1))

    pdf = fax_pdf(cover=cover(), documents=[])
    pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=collect)
    page = pdfs.page_picture(pdf, 0, dpi=400)

    assert min(sizes) >= 10.5
    # Between black and white lie only the edges of the letters.
    shades = page.histogram()
    assert sum(shades[64:192]) < 0.02 * sum(shades)


def test_fax_without_a_ticket_still_counts_its_pages():
    pdf = fax_pdf(
        cover=cover(ticket=None, sender_phone="", reply_to_fax=""), documents=[document()]
    )

    assert codes(pdf) == [[], []]
    assert "返信のお願い" not in texts(pdf)[0]
    assert "2／2" in texts(pdf)[1].replace(" ", "")


def test_cover_without_numbers_sends_to_the_sender():
    front = texts(fax_pdf(cover=cover(sender_phone="", reply_to_fax="", notes=""), documents=[]))[0]

    assert "送信元へ返信" in front.replace("\n", "").replace(" ", "")
    assert "連絡事項" not in front


def test_cover_of_many_recipients_counts_its_own_pages():
    many = tuple(FaxRecipient("", f"架空事業所{n}", f"0999-01-{n:04}") for n in range(40))

    pdf = fax_pdf(cover=cover(recipients=many), documents=[document()])

    total = fax.page_total(pdf)
    assert total == 3
    assert "全3枚" in texts(pdf)[0].replace(" ", "")
    assert [found[0] for found in codes(pdf)] == [
        numbers.qr_text(CODE, page, total) for page in range(1, total + 1)
    ]


def test_filled_fields_and_turned_pages_go_along():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(document("読めます")))
    writer.pages[0].rotate(90)
    buffer = io.BytesIO()
    writer.write(buffer)

    pdf = fax_pdf(cover=cover(), documents=[buffer.getvalue(), samples.active_pdf()])

    assert "読めます" in texts(pdf)[1]
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[1]
    assert (round(page.mediabox.width), page.rotation) == (595, 0)
    assert b"/JavaScript" not in pdf


def test_what_cannot_be_faxed_is_refused(monkeypatch):
    with pytest.raises(ValidationError, match="送信先を1つ以上"):
        fax_pdf(cover=cover(recipients=()), documents=[])
    with pytest.raises(FileRefused, match="PDFを開けません。"):
        fax_pdf(cover=cover(), documents=[b"no pdf"])
    monkeypatch.setattr(fax, "MOST_PAGES", 2)
    with pytest.raises(ValidationError, match="2枚までです。"):
        fax_pdf(cover=cover(), documents=[document(pages=2)])


def test_fax_is_written_into_the_book_and_confirmed_once(db):
    viewer = factories.viewer_for(factories.takahashi())
    made = fax.record_fax(
        actor=viewer.actor,
        organisation_id=viewer.organisation_id or 0,
        cover=cover(ticket=None),
        pages=3,
    )
    assert (made.pages, made.case_number, made.sent_at) == (3, "R8-0042", None)
    assert [each["fax"] for each in made.recipients] == ["0999-00-0140", "0999-00-0150"]

    for _ in range(2):
        fax.confirm_fax(actor=viewer.actor, fax=made)

    made = SentFax.objects.get()
    assert made.sent_by_id == viewer.user_id
    assert made.sent_at is not None
    acts = AuditEvent.objects.filter(action__startswith="fax.").order_by("pk")
    assert [event.action for event in acts] == ["fax.made", "fax.sent"]
    assert "架空 次郎" not in str([event.detail for event in acts])


def test_fax_known_to_have_left_is_confirmed_at_once(db):
    viewer = factories.viewer_for(factories.takahashi())

    made = fax.record_fax(
        actor=viewer.actor,
        organisation_id=viewer.organisation_id or 0,
        cover=cover(ticket=None, subject_line=""),
        pages=1,
        sent=True,
    )

    assert made.sent_by_id == viewer.user_id
    assert str(made) == "FAX"
    with pytest.raises(ValidationError, match="100"):
        fax.record_fax(
            actor=viewer.actor,
            organisation_id=viewer.organisation_id or 0,
            cover=cover(ticket=None, subject_line="長" * 101),
            pages=1,
        )
