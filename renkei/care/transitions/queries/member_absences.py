"""Who is on leave today, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions.models import MemberAbsence
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock


def _absences() -> QuerySet[MemberAbsence]:
    return (
        MemberAbsence.objects.filter(cancelled_at=None)
        .select_related("membership__user", "stand_in__user")
        .order_by("first_day", "membership__user__kana", "pk")
    )


def absences_on(organisation_ids: Iterable[int | None], day: date) -> list[MemberAbsence]:
    """The absences of that day in these offices."""
    offices = {one for one in organisation_ids if one}
    return list(
        _absences().filter(
            membership__organisation__in=offices, first_day__lte=day, last_day__gte=day
        )
    )


def absence_of(membership_id: int | None) -> MemberAbsence | None:
    """The absence of today of one person."""
    today = clock.today()
    return (
        _absences()
        .filter(membership=membership_id or 0, first_day__lte=today, last_day__gte=today)
        .order_by("-last_day")
        .first()
    )


def office_absences(viewer: Viewer) -> list[MemberAbsence]:
    """The absences of the viewer's own office, from today on."""
    return list(
        _absences().filter(
            membership__organisation=viewer.organisation_id or 0, last_day__gte=clock.today()
        )
    )


def office_absence(viewer: Viewer, uid: UUID) -> MemberAbsence:
    """One of them.

    Raises:
        MemberAbsence.DoesNotExist: unknown, over, or of another office.
    """
    return _absences().get(
        uid=uid,
        membership__organisation=viewer.organisation_id or 0,
        last_day__gte=clock.today(),
    )


def office_people(viewer: Viewer) -> list[Membership]:
    """Who works in the viewer's own office, the viewer first."""
    people = present_memberships().filter(organisation=viewer.organisation_id or 0)
    return sorted(
        people.order_by("user__kana", "pk"), key=lambda one: one.pk != viewer.membership_id
    )
