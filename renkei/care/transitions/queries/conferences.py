"""The conferences of a stay."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from renkei.care.timelines.queries.people import Reader, team_of
from renkei.care.transitions.models import Conference, ConferenceSeat
from renkei.care.transitions.queries.cases import CaseDoor


def conferences_of(door: CaseDoor) -> QuerySet[Conference]:
    """The newest first, with who is asked."""
    seats = ConferenceSeat.objects.select_related("ticket").order_by("side", "pk")
    return (
        Conference.objects.filter(case=door.case)
        .prefetch_related(Prefetch("seats", seats))
        .select_related("made_by__organisation", "made_by__user")
        .order_by("-planned_at", "-pk")
    )


def conference_of(door: CaseDoor, uid: UUID) -> Conference:
    """One of them.

    Raises:
        Conference.DoesNotExist: none of this stay.
    """
    return conferences_of(door).get(uid=uid)


def seat_of(conference: Conference, uid: UUID) -> ConferenceSeat:
    """One seat of it.

    Raises:
        ConferenceSeat.DoesNotExist: none of this conference.
    """
    return conference.seats.select_related("ticket").get(uid=uid)


def people_to_ask(door: CaseDoor) -> list[Reader]:
    """Those on the team who read the story now, by the order of the team."""
    found: dict[int, Reader] = {}
    for reader in team_of(door.patient).readers:
        if reader.profession:
            found.setdefault(reader.membership_id, reader)
    return list(found.values())
