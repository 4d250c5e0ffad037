"""既読: a position per reader and room, with the instant of each step forward (T-D2a)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from renkei.care.timelines.models import ReadAdvance, ReadPosition, Room
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.services.authors import Author, author_through
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import mark_read


@transaction.atomic
def mark_seen(*, door: Door, up_to: int) -> None:
    """The viewer has seen the room up to this number, and with it everything before.

    Part of looking at the page, which writes the reading event itself.
    """
    up_to = min(up_to, door.room.last_number)
    position = ReadPosition.objects.filter(Q(user_id=door.viewer.user_id), room=door.room).first()
    if up_to > 0 and (position is None or position.number < up_to):
        advance(door.room, author_through(door), up_to=up_to, now=clock.now())
    if door.viewer.user_id is not None:
        mark_read(user_id=door.viewer.user_id, path_prefix=f"/rooms/{door.room.uid}/entries/")


def advance_over_own(room: Room, author: Author, *, number: int, now: datetime) -> None:
    """Step over one's own entry, if everything before it was seen.

    What was written without reception arrives late: others' entries before it stay unseen.
    """
    position = ReadPosition.objects.filter(Q(user_id=author.user_id), room=room).first()
    if (position.number if position else 0) >= number - 1:
        advance(room, author, up_to=number, now=now)


def advance(room: Room, author: Author, *, up_to: int, now: datetime) -> None:
    """Move somebody's position forward, never back, and keep when."""
    assert author.user_id is not None  # noqa: S101 - people read, the platform does not
    assert author.membership_id is not None  # noqa: S101
    position, new = ReadPosition.objects.select_for_update().get_or_create(
        room=room,
        user_id=author.user_id,
        defaults={"membership_id": author.membership_id, "number": up_to, "at": now},
    )
    before = 0 if new else position.number
    if before >= up_to:
        return
    if not new:
        position.number = up_to
        position.membership_id = author.membership_id
        position.at = now
        position.save(update_fields=["number", "membership_id", "at"])
    ReadAdvance.objects.create(
        room=room,
        user_id=author.user_id,
        membership_id=author.membership_id,
        name=author.name,
        profession=author.profession,
        organisation=author.organisation,
        is_family=author.is_family,
        after_number=before,
        up_to_number=up_to,
        at=now,
    )
