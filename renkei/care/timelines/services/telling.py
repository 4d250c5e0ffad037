"""Telling people that something was written: fixed words, a path of random uids, nothing else."""

from __future__ import annotations

from collections.abc import Collection

from renkei.care.timelines.models import Addressee, Entry, EntryKind, RoomKind
from renkei.care.timelines.queries.people import Team, family_of, members_of_room, team_of
from renkei.foundation.common.live import publish
from renkei.foundation.notifications.services import notify

KIND_OF_NOTIFICATION = {
    EntryKind.QUESTION: "timelines.question",
    EntryKind.ORDER: "timelines.order",
    EntryKind.URGENT: "timelines.urgent",
}


def entry_path(entry: Entry) -> str:
    """Where one entry is read; uids only."""
    return f"/rooms/{entry.room.uid}/entries/{entry.uid}/"


def announce(entry: Entry) -> None:
    """Tell open pages that something is new in the room: which entry, never what it says."""
    publish(f"room:{entry.room.uid}", {"entry": str(entry.uid), "number": entry.number})


def changed(entry: Entry) -> None:
    """Tell open pages that an entry they may show looks different now."""
    publish(f"room:{entry.room.uid}", {"changed": str(entry.uid)})


def tell_readers(entry: Entry, addressees: Collection[Addressee]) -> None:
    """Notify whom an entry addresses or answers; what is plain news waits on the today page."""
    room = entry.room
    if room.kind in {RoomKind.GROUP, RoomKind.DIRECT}:
        _tell_members(entry)
        return
    assert room.patient is not None  # noqa: S101 - the room's own constraint
    if not addressees and entry.reply_to is None and room.kind == RoomKind.STAFF:
        return
    team = team_of(room.patient)
    addressed = {reader.user_id for reader in team.addressed_by(addressees)}
    kind = KIND_OF_NOTIFICATION.get(EntryKind(entry.kind))
    if kind and addressed:
        _notify(entry, addressed, kind)
    if entry.reply_to is not None and entry.reply_to.author_user_id:
        asker = {entry.reply_to.author_user_id} & _readers_of(entry, team)
        _notify(entry, asker - addressed, "timelines.reply")
    if room.kind == RoomKind.FAMILY:
        family = {reader.user_id for reader in family_of(room.patient)}
        _notify(entry, family, "timelines.family_entry")


def _readers_of(entry: Entry, team: Team) -> set[int]:
    readers = {reader.user_id for reader in team.readers}
    if entry.room.kind == RoomKind.FAMILY and entry.room.patient is not None:
        readers |= {reader.user_id for reader in family_of(entry.room.patient)}
    return readers


def _tell_members(entry: Entry) -> None:
    people = {one.user_id for one in members_of_room(entry.room)}
    kind = "timelines.direct" if entry.room.kind == RoomKind.DIRECT else "timelines.group"
    _notify(entry, people, kind)


def _notify(entry: Entry, user_ids: set[int], kind: str) -> None:
    others = user_ids - {entry.author_user_id or 0}
    if others:
        notify(
            user_ids=others,
            kind=kind,
            path=entry_path(entry),
            # One unread line per entry, however many ways it concerns somebody.
            dedupe_key=f"{kind}:{entry.uid}",
        )
