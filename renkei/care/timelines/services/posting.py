"""Writing into a room: once per client id, numbered under the room's lock, never changed after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from renkei.care.patients.models import TeamMember
from renkei.care.timelines.hooks import run_after_posting
from renkei.care.timelines.models import (
    Addressee,
    Entry,
    EntryFile,
    EntryKind,
    Observation,
    Room,
    RoomKind,
    Scene,
)
from renkei.care.timelines.queries.doors import Door, door_to, entries_through
from renkei.care.timelines.queries.mentions import names_a_person
from renkei.care.timelines.services.authors import PLATFORM, Author, author_through
from renkei.care.timelines.services.escalation import plan_steps
from renkei.care.timelines.services.reading import advance_over_own
from renkei.care.timelines.services.settling import settle_by_reply
from renkei.care.timelines.services.telling import announce, tell_readers
from renkei.care.timelines.services.times import times_for
from renkei.care.timelines.values import (
    ADDRESSED,
    KINDS_OF,
    TEXT_LIMIT,
    NewObservation,
    To,
)
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import SYSTEM, Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock, kana
from renkei.foundation.common.kept_queries import kept_with_plan
from renkei.foundation.common.text import grapheme_length, require_storable
from renkei.foundation.papers.files import PreparedFile, keep_file
from renkei.foundation.papers.models import StoredFile

READ_ONLY = "この部屋には書き込めません。"
FILE_OWNER = "timelines.entry"


@dataclass(frozen=True)
class _Draft:
    """An entry before it has a number."""

    kind: EntryKind
    text: str
    client_uid: UUID
    written_at: datetime
    to: tuple[To, ...] = ()
    reply_by: datetime | None = None
    reply_to: Entry | None = None
    corrects: Entry | None = None
    moved_from: Entry | None = None
    scene: str = ""
    observations: tuple[NewObservation, ...] = ()
    files: tuple[StoredFile | PreparedFile, ...] = field(default=())


def post_entry(*, viewer: Viewer, room: Room, **parts: Any) -> Entry:
    """Write into a room whose door this viewer has not come through yet: ``post_through``.

    Raises:
        Room.DoesNotExist: the viewer may not open the room.
        ValidationError: the viewer only reads it, or something in the entry does not fit.
    """
    with transaction.atomic():
        return post_through(door_to(viewer, room.uid), **parts)


@transaction.atomic
def post_through(  # noqa: PLR0913 - an entry has this many parts; all are named
    door: Door,
    *,
    kind: str,
    text: str,
    client_uid: UUID,
    written_at: datetime | None = None,
    addressees: Sequence[To] = (),
    reply_by: datetime | None = None,
    observations: Sequence[NewObservation] = (),
    files: Sequence[StoredFile | PreparedFile] = (),
    scene: str = "",
    reply_to: UUID | None = None,
    corrects: UUID | None = None,
    person_confirmed: bool = False,
) -> Entry:
    """Write one entry into the room behind a door.

    Sent again with the same ``client_uid`` it returns the entry it made first.

    A prepared file gets its row here and not before, so a repeated entry keeps no file twice and
    a refused one none at all; the bytes it leaves behind go with the next sweep of ``papers``.

    In a free group a text that names a person is refused; ``person_confirmed`` says that it does
    not, and the trail keeps that somebody said so (T-MCS4).

    Raises:
        ValidationError: the viewer only reads it, or something in the entry does not fit.
    """
    author = author_through(door)
    known = _already_written(client_uid, door.room, author)
    if known is not None:
        return known
    if not door.may_write:
        raise ValidationError(READ_ONLY)
    now = clock.now()
    draft = _Draft(
        kind=_fitting_kind(door, kind),
        text=_checked_text(text, empty=bool(observations or files)),
        client_uid=client_uid,
        # A device's clock may run ahead; nothing is written in the future.
        written_at=min(written_at or now, now),
        to=tuple(dict.fromkeys(addressees)),
        reply_by=reply_by,
        reply_to=_entry_through(door, reply_to),
        corrects=_own_entry(door, corrects),
        scene=_checked_scene(scene),
        observations=tuple(observations),
        files=tuple(files),
    )
    draft = _completed(draft, door.room, now=now)
    if door.room.kind == RoomKind.GROUP:
        _without_persons(door.viewer, door.room, draft.text, confirmed=person_confirmed)
    return _write(door.room, author, draft, actor=door.viewer.actor, now=now)


@transaction.atomic
def post_for_platform(
    *,
    room: Room,
    kind: EntryKind,
    text: str,
    client_uid: UUID,
    addressees: Sequence[To] = (),
    reply_by: datetime | None = None,
    scene: str = "",
) -> Entry:
    """Write an entry that nobody wrote by hand (a value out of its limits); once per client id."""
    now = clock.now()
    known = _already_written(client_uid, room, PLATFORM)
    if known is not None:
        return known
    draft = _Draft(
        kind=kind,
        text=text,
        client_uid=client_uid,
        written_at=now,
        to=tuple(addressees),
        reply_by=reply_by,
        scene=scene,
    )
    return _write(room, PLATFORM, _completed(draft, room, now=now), actor=SYSTEM, now=now)


def copy_into(room: Room, original: Entry, *, client_uid: UUID, now: datetime) -> Entry | None:
    """Put the words of a moved conversation into the team's room under their author's name.

    No event of its own: part of the act that moves the conversation.
    """
    (locked,) = _locked(room.pk)
    author = Author(
        original.author_name,
        original.author_profession,
        original.author_organisation,
        original.author_id,
        None,
        original.author_user_id,
    )
    draft = _Draft(
        kind=EntryKind.NOTICE,
        text=original.text,
        client_uid=client_uid,
        written_at=original.written_at,
        moved_from=original,
    )
    return _insert(locked, author, draft, now=now)


# What may be written ----------------------------------------------------------------------


def _already_written(client_uid: UUID, room: Room, author: Author) -> Entry | None:
    entry = next(iter(_entries_sent_as(client_uid)), None)
    if entry is None:
        return None
    if entry.room_id != room.pk or entry.author_user_id != author.user_id:
        # Somebody else's number: nothing is told about what it stands for.
        raise ValidationError(
            "この書き込みは送れませんでした。画面を開き直して、もう一度出してください。"
        )
    return entry


@kept_with_plan
def _entries_sent_as(client_uid: UUID) -> QuerySet[Entry]:
    return Entry.objects.select_related("room").filter(client_uid=client_uid)


def _without_persons(viewer: Viewer, room: Room, text: str, *, confirmed: bool) -> None:
    problem = names_a_person(viewer, text)
    if problem and not confirmed:
        raise ValidationError(
            f"{problem}自由グループには、人が分かることを書かないでください。"
            "人のことでなければ、印を付けてもう一度出してください。",
            code="person",
        )
    if problem:
        record_event(actor=viewer.actor, action="group.person_named", target=room)


def _fitting_kind(door: Door, kind: str) -> EntryKind:
    if kind not in KINDS_OF[door.room.kind]:
        raise ValidationError({"kind": "この部屋で使える種類を選んでください。"})
    return EntryKind(kind)


def _checked_text(text: str, *, empty: bool) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text and not empty:
        raise ValidationError({"text": "本文を入力してください。"})
    if grapheme_length(text) > TEXT_LIMIT:
        raise ValidationError({"text": f"本文は{TEXT_LIMIT:,}字以内で入力してください。"})
    try:
        return require_storable(text, multiline=True)
    except ValidationError as error:
        raise ValidationError({"text": error.messages}) from error


def _checked_scene(scene: str) -> str:
    if scene and scene not in Scene.values:
        raise ValidationError({"scene": "場面を選び直してください。"})
    return scene


def _entry_through(door: Door, uid: UUID | None) -> Entry | None:
    if uid is None:
        return None
    entry = entries_through(door).filter(uid=uid, hidden_at=None).first()
    if entry is None:
        raise ValidationError("返事をする書き込みが見つかりません。画面を開き直してください。")
    return entry


def _own_entry(door: Door, uid: UUID | None) -> Entry | None:
    entry = _entry_through(door, uid)
    if entry is not None and entry.author_user_id != door.viewer.user_id:
        raise ValidationError("訂正できるのは、自分の書き込みだけです。")
    return entry


def _completed(draft: _Draft, room: Room, *, now: datetime) -> _Draft:
    """The draft with what is filled in where nothing was said: addressee and time of the answer."""
    addressed = draft.kind in ADDRESSED
    if draft.to and not addressed:
        draft = replace(draft, to=())
    if addressed and not draft.to:
        if room.kind != RoomKind.FAMILY:
            raise ValidationError({"addressees": "宛先を選んでください。"})
        draft = replace(draft, to=_host_members(room))
    if draft.kind != EntryKind.QUESTION:
        return replace(draft, reply_by=None)
    return replace(draft, reply_by=draft.reply_by or now + times_for(room.patient).answer_within)


def _host_members(room: Room) -> tuple[To, ...]:
    """Family asks the host where it names nobody."""
    hosts = TeamMember.objects.filter(patient=room.patient_id, is_host=True, left_at=None)
    return tuple(To(member_uid=member.uid) for member in hosts)


# Writing ----------------------------------------------------------------------------------


def _write(room: Room, author: Author, draft: _Draft, *, actor: Actor, now: datetime) -> Entry:
    # Numbers follow the order in which entries become visible: one writer per room at a time.
    (locked,) = _locked(room.pk)
    entry = _insert(locked, author, draft, now=now)
    if entry is None:  # the same entry sent twice at the same moment
        found = _already_written(draft.client_uid, room, author)
        assert found is not None  # noqa: S101 - the insert met it
        return found
    addressees = _address(entry, draft.to, now=now)
    _attach(entry, draft, actor=actor)
    if author.membership_id is not None:
        settle_by_reply(entry, author, now=now)
        advance_over_own(locked, author, number=entry.number, now=now)
    plan_steps(entry, addressees, now=now)
    announce(entry)
    tell_readers(entry, addressees)
    run_after_posting(entry)
    record_event(
        actor=actor,
        action="entry.posted",
        target=entry,
        detail={"room": str(locked.uid), "kind": entry.kind},
    )
    return entry


@kept_with_plan
def _locked(room_id: int) -> QuerySet[Room]:
    rooms = Room.objects.select_for_update(of=("self",)).select_related("patient")
    return rooms.filter(pk=room_id)


def _insert(room: Room, author: Author, draft: _Draft, *, now: datetime) -> Entry | None:
    """The new row under the room's lock, or None where the client id is taken (ON CONFLICT)."""
    entry = Entry(
        client_uid=draft.client_uid,
        room=room,
        number=room.last_number + 1,
        kind=draft.kind,
        text=draft.text,
        text_key=kana.fold(draft.text),
        scene=draft.scene,
        written_at=draft.written_at,
        posted_at=now,
        author_id=author.membership_id,
        author_user_id=author.user_id,
        author_name=author.name,
        author_profession=author.profession,
        author_organisation=author.organisation,
        reply_to=draft.reply_to,
        reply_by=draft.reply_by,
        corrects=draft.corrects,
        moved_from=draft.moved_from,
    )
    uid = entry.uid
    Entry.objects.bulk_create([entry], ignore_conflicts=True)
    stored = next(iter(_entries_called(uid)), None)
    if stored is None:
        return None
    room.last_number = entry.number
    room.save(update_fields=["last_number"])
    stored.room = room
    stored.reply_to = draft.reply_to
    return stored


@kept_with_plan
def _entries_called(uid: UUID) -> QuerySet[Entry]:
    return Entry.objects.filter(uid=uid)


def _address(entry: Entry, to: Sequence[To], *, now: datetime) -> list[Addressee]:
    if not to:
        return []
    uids = [each.member_uid for each in to if each.member_uid]
    members = {
        member.uid: member
        for member in TeamMember.objects.filter(
            Q(uid__in=uids), patient=entry.room.patient_id, left_at=None
        )
    }
    rows = []
    for each in to:
        if each.member_uid is not None and each.member_uid not in members:
            raise ValidationError(
                {"addressees": "宛先の人はチームにいません。選び直してください。"}
            )
        member = members[each.member_uid] if each.member_uid else None
        rows.append(
            Addressee(
                entry=entry,
                profession="" if member else each.profession[:60],
                member=member,
                added_at=now,
            )
        )
    return Addressee.objects.bulk_create(rows)


def _attach(entry: Entry, draft: _Draft, *, actor: Actor) -> None:
    EntryFile.objects.bulk_create(
        EntryFile(entry=entry, stored_file=_kept(one, entry, actor), position=position)
        for position, one in enumerate(draft.files)
    )
    patient = entry.room.patient
    if patient is None:
        return
    Observation.objects.bulk_create(
        Observation(
            patient=patient,
            entry=entry,
            code=each.code,
            value=each.value,
            unit=each.unit,
            text=each.text,
            measured_at=each.measured_at,
        )
        for each in draft.observations
    )


def _kept(file: StoredFile | PreparedFile, entry: Entry, actor: Actor) -> StoredFile:
    if isinstance(file, StoredFile):
        return file
    return keep_file(actor=actor, prepared=file, owner=(FILE_OWNER, entry.uid))
