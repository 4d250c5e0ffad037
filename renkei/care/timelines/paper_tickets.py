"""What a sheet of paper brings back: an answer to a sheet or an entry that left by FAX (T-FAX1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import (
    Entry,
    EntryFile,
    EntryKind,
    PrintedSheet,
    Room,
    RoomKind,
)
from renkei.care.timelines.queries.doors import Door, door_to
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.rooms import room_of
from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers import handlers
from renkei.foundation.papers.models import StoredFile, Ticket
from renkei.foundation.sheets.models import Answer, Form, FormVersion

SHEET: Final = "timelines.sheet"
REPLY: Final = "timelines.entry_reply"
BLANK: Final = "timelines.blank_sheet"
LABELS: Final = {SHEET: "様式の返信", REPLY: "書き込みへの返信", BLANK: "手書きの様式"}


@dataclass(frozen=True)
class Subject:
    """Where a paper belongs: the room, and the entry it answers or the form it is written on."""

    room: Room
    about: str
    entry: Entry | None = None
    form: Form | None = None


def register() -> None:
    """Tell the inbox what these tickets mean."""
    for code, label in LABELS.items():
        handlers.register(
            handlers.TicketKind(
                code=code, label=label, may_file=may_file, receive=receive, describe=describe
            )
        )


def may_file(viewer: Viewer, ticket: Ticket) -> bool:
    """Those who may write in the room the paper belongs to."""
    return _door(viewer, ticket) is not None


def describe(viewer: Viewer, ticket: Ticket) -> str | None:
    """The person's name and what was sent, to whoever reads the person anyway."""
    door = _door(viewer, ticket)
    subject = _subject(ticket)
    if door is None or door.patient is None or subject is None:
        return None
    return f"{door.patient.name}　{subject.about}"


def receive(*, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]) -> None:
    """Hang the scan on an entry of the person's staff room, marked as paper.

    Its client id is the file's: the same scan filed again stays one entry.

    Raises:
        ValidationError: whoever filed it may not write there any more.
    """
    # With the rights of today; the worker acts for the uploader.
    viewer = viewer_behind(actor.membership_id, user_id=actor.user_id or 0)
    subject = _subject(ticket)
    door = _door(viewer, ticket) if viewer else None
    if viewer is None or subject is None or door is None:
        raise ValidationError("この紙の届け先に書き込めません。届け先の事業所に確かめてください。")
    entry = post_entry(
        viewer=viewer,
        room=door.room,
        kind=EntryKind.NOTICE,
        text=_words(ticket, subject, pages),
        client_uid=file.uid,
        files=[file],
        reply_to=subject.entry.uid if subject.entry is not None else None,
    )
    if subject.form is not None:
        # Read by those who may read the form itself, not by everybody in the room.
        EntryFile.objects.filter(entry=entry, stored_file=file).update(form_code=subject.form.code)


def _words(ticket: Ticket, subject: Subject, pages: Sequence[int]) -> str:
    numbers = "・".join(str(page) for page in pages)
    sheets = f"{ticket.expected_pages}枚のうち{numbers}枚目"
    if ticket.kind == BLANK:
        return (
            f"手書きの様式が届きました：{subject.about}（{sheets}）。"
            "内容を様式に書き写してください。"
        )
    return f"紙で返信が届きました：{subject.about}（{sheets}）。"


def _subject(ticket: Ticket) -> Subject | None:
    if ticket.kind == REPLY:
        return _entry_subject(ticket.subject_uid)
    if ticket.kind == BLANK:
        return _printed_subject(ticket.subject_uid)
    return _answer_subject(ticket.subject_uid)


def _entry_subject(uid: UUID) -> Subject | None:
    entry = Entry.objects.select_related("room").filter(uid=uid, hidden_at=None).first()
    if entry is None or entry.room.kind != RoomKind.STAFF:
        return None
    about = f"{entry.get_kind_display()}（{entry.posted_at:%Y-%m-%d}）"
    return Subject(entry.room, about, entry=entry)


def _printed_subject(uid: UUID) -> Subject | None:
    rows = PrintedSheet.objects.select_related("patient__merged_into", "version__form")
    printed = rows.filter(uid=uid, patient__disposed_at=None).first()
    return _sheet_subject(printed.patient, printed.version) if printed else None


def _answer_subject(uid: UUID) -> Subject | None:
    answer = Answer.objects.select_related("version__form").filter(uid=uid).first()
    if answer is None:
        return None
    patient = Patient.objects.filter(uid=answer.subject_uid, disposed_at=None).first()
    if patient is None:
        return None
    return _sheet_subject(patient, answer.version)


def _sheet_subject(patient: Patient, version: FormVersion) -> Subject:
    return Subject(room_of(patient.merged_into or patient), version.form.name, form=version.form)


def _door(viewer: Viewer, ticket: Ticket) -> Door | None:
    subject = _subject(ticket)
    if subject is None:
        return None
    try:
        door = door_to(viewer, subject.room.uid)
    except Room.DoesNotExist:
        return None
    return door if door.may_write else None
