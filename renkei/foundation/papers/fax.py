"""FAX: a cover that names nobody, and a strip with QR code and number on every page behind it.

Source: acceptance.md T-FAX1, T-AZ2; ui.md §6 (legible after a 200-dpi fax, no gray).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pypdf
import pypdfium2
from django.core.exceptions import ValidationError
from django.db import transaction
from pypdf import PageObject, Transformation
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, StreamObject

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock, eras
from renkei.foundation.common.documents.pdf import compile_pdf
from renkei.foundation.common.qr import qr_svg, size_mm
from renkei.foundation.papers import pdfs
from renkei.foundation.papers.honorifics import addressed
from renkei.foundation.papers.models import SentFax, Ticket

TEMPLATE: Final = Path(__file__).parent / "documents" / "fax.typ"
TITLE: Final = "FAX送付状"
MM: Final = 72 / 25.4
A4: Final = (210 * MM, 297 * MM)
# The strip at the foot of fax.typ; the documents' pages are made a little smaller to stay above.
STRIP: Final = 34 * MM
# Coarse enough for a FAX at 200 × 100 dpi, which is how most machines send.
QR_SCALE: Final = 1.3
FORM: Final = "/RenkeiDocument"
# Old machines jam, and a cover that says 31 pages is not checked by anybody.
MOST_PAGES: Final = 100


@dataclass(frozen=True)
class FaxRecipient:
    """Somebody at their work."""

    name: str
    organisation: str
    fax: str


@dataclass(frozen=True)
class FaxCover:
    """What the cover says; ``subject_line`` and ``notes`` never name the person cared for."""

    recipients: tuple[FaxRecipient, ...]
    sender_organisation: str
    sender_person: str = ""
    sender_phone: str = ""
    sender_fax: str = ""
    case_number: str = ""
    subject_line: str = ""
    notes: str = ""
    ticket: Ticket | None = None
    reply_to_fax: str = ""


def fax_pdf(*, cover: FaxCover, documents: Sequence[bytes]) -> bytes:
    """Cover and documents as one PDF for the FAX machine, every page with its number.

    Raises:
        FileRefused: one of the documents is no PDF.
        ValidationError: nobody to send it to, or too many pages.
    """
    if not cover.recipients:
        raise ValidationError("送信先を1つ以上入力してください。")
    sources = [pypdf.PdfWriter(clone_from=_flattened(document)) for document in documents]
    following = [page for source in sources for page in source.pages]
    if len(following) >= MOST_PAGES:
        raise ValidationError(
            f"FAXは{MOST_PAGES}枚までです。分けて送るか、書類を減らしてください。"
        )
    frame = _frame(cover, following=len(following), covers=1)
    covers = len(pypdf.PdfReader(io.BytesIO(frame)).pages) - len(following)
    if covers > 1:
        # Many recipients: now the cover's own pages are known, and so is their number.
        frame = _frame(cover, following=len(following), covers=covers)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(frame))
    for page, content in zip(writer.pages[covers:], following, strict=True):
        _lay_over(writer, page, content)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def page_total(fax: bytes) -> int:
    """How many sheets go through the machine."""
    return len(pypdf.PdfReader(io.BytesIO(fax)).pages)


def _frame(cover: FaxCover, *, following: int, covers: int) -> bytes:
    total = following + covers
    data = {
        "cover": _words(cover),
        "day": eras.format_long(clock.today()),
        "pages": str(total),
        "following": following,
        "number": cover.ticket.number if cover.ticket else "",
        "sheets": [_sheet(cover.ticket, page, total) for page in range(1, total + 1)],
    }
    return compile_pdf(TEMPLATE, data, title=TITLE)


def _words(cover: FaxCover) -> dict[str, Any]:
    """The words of a cover."""
    words = {
        name: getattr(cover, name)
        for name in cover.__dataclass_fields__
        if name not in {"ticket", "recipients"}
    }
    if cover.ticket is not None and cover.case_number == cover.ticket.code:
        # One number, written one way: the one on every sheet.
        words["case_number"] = ""
    return {**words, "recipients": [_addressee(each) for each in cover.recipients]}


def _addressee(recipient: FaxRecipient) -> dict[str, str]:
    organisation, name = addressed(name=recipient.name, organisation=recipient.organisation)
    return {"organisation": organisation, "name": name, "fax": recipient.fax}


def _sheet(ticket: Ticket | None, page: int, pages: int) -> dict[str, Any]:
    sheet: dict[str, Any] = {"page": str(page), "pages": str(pages), "number": "", "svg": ""}
    if ticket is not None:
        text = ticket.qr_text(page, pages)
        sheet |= {
            "number": ticket.number,
            "svg": qr_svg(text, label=ticket.number),
            "size": size_mm(text) * QR_SCALE,
        }
    return sheet


def _flattened(document: bytes) -> io.BytesIO:
    """Filled fields and notes become part of the page; otherwise they would stay behind."""
    with pdfs.opened(document) as pdf:
        pdf.init_forms()
        for page in pdf:
            # The page's own helper wants a form; notes lie on pages without one as well.
            pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_PRINT)
        buffer = io.BytesIO()
        pdf.save(buffer)
    return buffer


def _lay_over(writer: pypdf.PdfWriter, page: PageObject, content: PageObject) -> None:
    """Put a document's page above the strip, whole, in the middle.

    As a form drawn by the page: its content is copied, not read, which takes a hundredth of the
    time of merging.
    """
    box = content.cropbox
    form = StreamObject()
    form.set_data(_drawing_of(content))
    for key, value in {
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Form"),
        "/BBox": ArrayObject([FloatObject(float(edge)) for edge in box]),
        "/Resources": _resources_of(content).clone(writer),
    }.items():
        form[NameObject(key)] = value
    drawn = writer._add_object(form.flate_encode())  # noqa: SLF001 - pypdf's way to add an object
    resources = _resources_of(page)
    forms = resources.get("/XObject", DictionaryObject()).get_object()
    forms[NameObject(FORM)] = drawn
    resources[NameObject("/XObject")] = forms
    page[NameObject("/Resources")] = resources
    numbers = " ".join(f"{number:.5f}" for number in _placed(content).ctm)
    before = _drawing_of(page)
    stream = StreamObject()
    stream.set_data(b"q\n" + before + f"\nQ\nq {numbers} cm {FORM} Do Q\n".encode())
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())  # noqa: SLF001


def _resources_of(page: PageObject) -> DictionaryObject:
    found = page.get("/Resources")
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _drawing_of(page: PageObject) -> bytes:
    contents = page.get_contents()
    return contents.get_data() if contents is not None else b""


def _placed(content: PageObject) -> Transformation:
    """As large as fits above the strip, in the middle."""
    box = content.cropbox
    width, height = float(box.width), float(box.height)
    moved = Transformation().translate(-float(box.left), -float(box.bottom))
    turn = content.rotation % 360
    lies = (width > height) != (turn in {90, 270})
    if lies:
        # Small print does not survive the line: a wide page goes sideways instead.
        turn = (turn + 90) % 360
    back = {90: (0.0, width), 180: (width, height), 270: (height, 0.0)}.get(turn, (0.0, 0.0))
    moved = moved.rotate(-turn).translate(*back)
    if turn in {90, 270}:
        width, height = height, width
    room = (A4[0], A4[1] - STRIP)
    scale = min(room[0] / width, room[1] / height)
    return moved.scale(scale).translate((room[0] - width * scale) / 2, STRIP)


@transaction.atomic
def record_fax(
    *, actor: Actor, organisation_id: int, cover: FaxCover, pages: int, sent: bool = False
) -> SentFax:
    """Write a FAX into the 送信簿; ``sent`` where it is known to have left.

    Raises:
        ValidationError: a value is missing or too long.
    """
    now = clock.now()
    fax = SentFax(
        organisation_id=organisation_id,
        recipients=[asdict(each) for each in cover.recipients],
        subject_line=cover.subject_line,
        case_number=cover.case_number,
        pages=pages,
        ticket=cover.ticket,
        made_by_id=actor.user_id,
        made_at=now,
        sent_at=now if sent else None,
        sent_by_id=actor.user_id if sent else None,
    )
    fax.full_clean()
    fax.save(force_insert=True)
    record_event(
        actor=actor,
        action="fax.made",
        target=fax,
        detail={"pages": pages, "recipients": len(cover.recipients), "sent": sent},
    )
    return fax


@transaction.atomic
def confirm_fax(*, actor: Actor, fax: SentFax) -> SentFax:
    """The machine's slip says OK; a second call changes nothing."""
    fax = SentFax.objects.select_for_update().get(pk=fax.pk)
    if fax.sent_at is None:
        fax.sent_at, fax.sent_by_id = clock.now(), actor.user_id
        fax.save(update_fields=["sent_at", "sent_by"])
        record_event(actor=actor, action="fax.sent", target=fax)
    return fax
