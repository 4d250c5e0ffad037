"""Free groups and conversations of two, as far as the viewer is in them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from renkei.care.timelines.models import MoveRequest, Room, RoomKind, RoomMember
from renkei.care.timelines.queries.doors import Door, rooms_open_to
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock


def groups_of(viewer: Viewer) -> QuerySet[Room]:
    """One's free groups, by name."""
    return rooms_open_to(viewer).filter(kind=RoomKind.GROUP).order_by("title", "pk")


def directs_of(viewer: Viewer) -> QuerySet[Room]:
    """One's conversations, newest first."""
    return (
        rooms_open_to(viewer)
        .filter(kind=RoomKind.DIRECT)
        .select_related("patient")
        .prefetch_related("members__membership__user", "members__membership__organisation")
        .order_by("-made_at", "-pk")
    )


def looks_after(door: Door) -> bool:
    """Whether the viewer invites into this group."""
    return RoomMember.objects.filter(
        Q(membership_id=door.viewer.membership_id), room=door.room, left_at=None, is_admin=True
    ).exists()


def open_move(door: Door) -> MoveRequest | None:
    """The offer to move this conversation that waits for an answer."""
    return (
        MoveRequest.objects.filter(room=door.room, answered_at=None)
        .select_related("asked_by__user")
        .first()
    )


def member_by_address(address: str) -> Membership | None:
    """Somebody who works here, by the address they sign in with; family is never in a group."""
    return (
        Membership.objects.filter(
            user__email__iexact=address.strip(),
            user__is_active=True,
            period__contains=clock.today(),
            revoked_at=None,
        )
        .exclude(role="person_or_family")
        .select_related("user", "organisation")
        .order_by("pk")
        .first()
    )
