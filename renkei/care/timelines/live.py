"""What an open page is told, and how it asks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import ReadPosition
from renkei.care.timelines.queries.doors import Door
from renkei.foundation.accounts.models import User
from renkei.foundation.common.live import publish, token_for

POLL_SECONDS = 15


def config_for(door: Door) -> dict[str, Any]:
    """What the island of a room needs; addresses with random uids only."""
    uid = door.room.uid
    return {
        "stream": settings.LIVE_URL,
        "token": reverse("timelines:live_token", args=[uid]),
        "entries": reverse("timelines:entry_fragment", args=[uid]),
        "seen": reverse("timelines:room_seen", args=[uid]),
        "poll": POLL_SECONDS,
    }


def token_through(door: Door) -> str:
    """Permission for the topics of this room and of the end of one's own access."""
    user = User.objects.only("uid").get(Q(pk=door.viewer.user_id))
    return token_for([f"room:{door.room.uid}", f"revoke:{user.uid}"])


def revoke(user_uids: list[Any]) -> None:
    """Close the open streams of these people: they reload and see what they still may."""
    for uid in user_uids:
        publish(f"revoke:{uid}")


def team_changed(patient: Patient) -> None:
    """Have everybody who ever looked into the person's rooms ask again what they still may.

    Who was taken off the team stops hearing that something is new; who stays notices nothing.
    """
    readers = ReadPosition.objects.filter(room__patient=patient)
    revoke(list(readers.order_by("user_id").values_list("user__uid", flat=True).distinct()))
