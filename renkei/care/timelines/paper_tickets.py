"""What a sheet of paper brings back: an answer to a sheet or an entry that left by FAX (T-FAX1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import Entry, EntryKind, Room, RoomKind
from renkei.care.timelines.queries.doors import Door, door_to
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.rooms import room_of
from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers import handlers
from renkei.foundation.papers.models import StoredFile, Ticket
from renkei.foundation.sheets.models import Answer

SHEET: Final = "timelines.sheet"
REPLY: Final = "timelines.entry_reply"
LABELS: Final = {SHEET: "様式の返信", REPLY: "書き込みへの返信"}


@dataclass(frozen=True)
class Subject:
    """Where a paper belongs: the room, and the entry it answers, if it answers one."""

    room: Room
    entry: Entry | None
    about: str


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
    numbers = "・".join(str(page) for page in pages)
    post_entry(
        viewer=viewer,
        room=door.room,
        kind=EntryKind.NOTICE,
        text=f"紙で返信が届きました：{subject.about}（{ticket.expected_pages}枚のうち{numbers}枚目）。",
        client_uid=file.uid,
        files=[file],
        reply_to=subject.entry.uid if subject.entry is not None else None,
    )


def _subject(ticket: Ticket) -> Subject | None:
    if ticket.kind == REPLY:
        return _entry_subject(ticket.subject_uid)
    return _answer_subject(ticket.subject_uid)


def _entry_subject(uid: UUID) -> Subject | None:
    entry = Entry.objects.select_related("room").filter(uid=uid, hidden_at=None).first()
    if entry is None or entry.room.kind != RoomKind.STAFF:
        return None
    return Subject(entry.room, entry, f"{entry.get_kind_display()}（{entry.posted_at:%Y-%m-%d}）")


def _answer_subject(uid: UUID) -> Subject | None:
    answer = Answer.objects.select_related("version__form").filter(uid=uid).first()
    if answer is None:
        return None
    patient = Patient.objects.filter(uid=answer.subject_uid, disposed_at=None).first()
    if patient is None:
        return None
    patient = patient.merged_into or patient
    return Subject(room_of(patient), None, answer.version.form.name)


def _door(viewer: Viewer, ticket: Ticket) -> Door | None:
    subject = _subject(ticket)
    if subject is None:
        return None
    try:
        door = door_to(viewer, subject.room.uid)
    except Room.DoesNotExist:
        return None
    return door if door.may_write else None
