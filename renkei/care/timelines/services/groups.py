"""Free groups (no person in them), conversations of two, and moving one into the team."""

from __future__ import annotations

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.timelines.models import MoveRequest, Room, RoomKind, RoomMember
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.mentions import names_a_person
from renkei.care.timelines.queries.people import Reader, members_of_room, team_of
from renkei.care.timelines.services.posting import copy_into
from renkei.care.timelines.services.rooms import room_of
from renkei.care.timelines.services.telling import announce
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.services.streams import revoke_streams
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable
from renkei.foundation.notifications.services import notify


@transaction.atomic
def make_group(*, viewer: Viewer, title: str, purpose: str) -> Room:
    """Open a free group with its maker in it.

    Raises:
        ValidationError: no name, or it names a person.
    """
    title, purpose = require_storable(title.strip()), require_storable(purpose.strip())
    if not title:
        raise ValidationError({"title": "グループの名前を入力してください。"})
    problem = names_a_person(viewer, f"{title} {purpose}")
    if problem:
        raise ValidationError(
            {"title": f"{problem}グループの名前と目的には、人が分かることを書かないでください。"}
        )
    now = clock.now()
    room = Room.objects.create(
        kind=RoomKind.GROUP,
        title=title,
        purpose=purpose,
        made_by_id=viewer.membership_id,
        made_at=now,
    )
    _join(room, _membership_id(viewer), viewer, is_admin=True)
    record_event(actor=viewer.actor, action="group.made", target=room)
    return room


@transaction.atomic
def add_to_group(*, door: Door, membership: Membership) -> None:
    """Let somebody into a group; they read it from the beginning.

    Raises:
        ValidationError: only those who look after the group invite; not twice.
    """
    _look_after(door)
    if RoomMember.objects.filter(room=door.room, membership=membership, left_at=None).exists():
        raise ValidationError("この人はすでに入っています。")
    _join(door.room, membership.pk, door.viewer)
    record_event(
        actor=door.viewer.actor,
        action="group.member_added",
        target=door.room,
        detail={"membership": str(membership.uid)},
    )


@transaction.atomic
def leave_group(*, door: Door, membership: Membership) -> None:
    """Leave a group, or take somebody out of one that one looks after.

    Raises:
        ValidationError: somebody else, and one does not look after the group.
    """
    if membership.pk != door.viewer.membership_id:
        _look_after(door)
    RoomMember.objects.filter(room=door.room, membership=membership, left_at=None).update(
        left_at=clock.now()
    )
    revoke_streams([membership.user])
    record_event(
        actor=door.viewer.actor,
        action="group.member_left",
        target=door.room,
        detail={"membership": str(membership.uid)},
    )


@transaction.atomic
def open_direct(*, door: Door, other: Reader) -> Room:
    """The conversation of two members of a team about its person; there is one per pair."""
    assert door.patient is not None  # noqa: S101 - opened from a person's room
    own = _membership_id(door.viewer)
    if other.membership_id == own:
        raise ValidationError("相手を選んでください。")
    found = (
        Room.objects.filter(kind=RoomKind.DIRECT, patient=door.patient, closed_at=None)
        .filter(members__membership_id=own, members__left_at=None)
        .filter(members__in=RoomMember.objects.filter(membership_id=other.membership_id))
        .first()
    )
    if found is not None:
        return found
    room = Room.objects.create(
        kind=RoomKind.DIRECT, patient=door.patient, made_by_id=own, made_at=clock.now()
    )
    for membership_id in (own, other.membership_id):
        _join(room, membership_id, door.viewer)
    record_event(actor=door.viewer.actor, action="direct.opened", target=room)
    return room


# Into the team (T-MCS5) -------------------------------------------------------------------


@transaction.atomic
def ask_to_move(*, door: Door) -> MoveRequest:
    """Offer to move what was said so far into the team's room; asking is one's own consent.

    Raises:
        ValidationError: nothing to move, no person, or asked already.
    """
    room = Room.objects.select_for_update(of=("self",)).get(pk=door.room.pk)
    if room.kind != RoomKind.DIRECT or room.patient_id is None or not room.last_number:
        raise ValidationError("チームに移せる書き込みがありません。")
    if room.move_requests.filter(answered_at=None).exists():
        raise ValidationError("移す申し出をすでにしています。相手の返事を待ってください。")
    asked = MoveRequest.objects.create(
        room=room,
        asked_by_id=_membership_id(door.viewer),
        asked_at=clock.now(),
        until_number=room.last_number,
    )
    others = {one.user_id for one in members_of_room(room)} - {door.viewer.user_id or 0}
    notify(user_ids=others, kind="timelines.move_asked", path=f"/direct/{room.uid}/")
    record_event(actor=door.viewer.actor, action="direct.move_asked", target=room)
    return asked


@transaction.atomic
def answer_move(*, door: Door, agreed: bool) -> int:
    """The other's yes or no; with yes the conversation stands in the team's room.

    Returns:
        How many entries were moved.

    Raises:
        ValidationError: nothing was asked, or one asked oneself, or the team's room is closed.
    """
    asked = MoveRequest.objects.select_for_update().filter(room=door.room, answered_at=None).first()
    if asked is None or asked.asked_by_id == door.viewer.membership_id:
        raise ValidationError("答えを待っている申し出はありません。")
    if not door.may_write:
        raise ValidationError("この人の記録は終了しているため、移せません。")
    asked.answered_by_id = door.viewer.membership_id
    asked.answered_at = clock.now()
    asked.agreed = agreed
    asked.save(update_fields=["answered_by", "answered_at", "agreed"])
    moved = _move(door.room, asked.until_number) if agreed else 0
    record_event(
        actor=door.viewer.actor,
        action="direct.moved" if agreed else "direct.move_refused",
        target=door.room,
        detail={"entries": moved},
    )
    return moved


def _move(direct: Room, until: int) -> int:
    patient = direct.patient
    assert patient is not None  # noqa: S101 - only conversations about a person are asked for
    team = room_of(patient, RoomKind.STAFF)
    count = 0
    entries = direct.entries.filter(number__lte=until, hidden_at=None, moved_to=None)
    for entry in entries.select_related("room").order_by("number"):
        copy = copy_into(team, entry, client_uid=uuid4(), now=clock.now())
        if copy is not None:
            announce(copy)
            count += 1
    return count


def reader_on_team(door: Door, membership_id: int) -> Reader | None:
    """One member of the team by membership."""
    assert door.patient is not None  # noqa: S101 - opened from a person's room
    readers = team_of(door.patient).readers
    return next((one for one in readers if one.membership_id == membership_id), None)


def _look_after(door: Door) -> None:
    admin = RoomMember.objects.filter(
        room=door.room, membership_id=_membership_id(door.viewer), left_at=None, is_admin=True
    )
    if door.room.kind != RoomKind.GROUP or not admin.exists():
        raise ValidationError("招いたり外したりできるのは、グループの世話役だけです。")


def _membership_id(viewer: Viewer) -> int:
    assert viewer.membership_id is not None  # noqa: S101 - rules.may_work_in_groups
    return viewer.membership_id


def _join(room: Room, membership_id: int, viewer: Viewer, *, is_admin: bool = False) -> None:
    RoomMember.objects.create(
        room=room,
        membership_id=membership_id,
        invited_by_id=viewer.membership_id,
        joined_at=clock.now(),
        is_admin=is_admin,
    )
