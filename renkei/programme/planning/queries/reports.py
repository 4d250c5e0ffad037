"""Packs, who reads them, and of what one may be made."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.programme.planning.models import GrantAnswer, Meeting, MeetingState, ReportPack
from renkei.programme.planning.queries.councils import councils_seen_by
from renkei.programme.planning.queries.meetings import OPEN_TO_ALL
from renkei.programme.planning.reporting.scope import Scope
from renkei.programme.planning.rules import may_clerk
from renkei.programme.planning.rules_reports import makes_reports


def packs_seen_by(viewer: Viewer) -> QuerySet[ReportPack]:
    """Those of the own office, and of the own municipality's sections; newest first."""
    area = own_area_of(viewer)
    reach = Q(organisation_id=viewer.organisation_id or 0)
    if area is not None and may_clerk(viewer):
        # What the prefecture made of the same area is read with the prefecture's eyes alone.
        sections = Q(organisation__area=area, organisation__memberships__role=Role.MUNICIPAL_STAFF)
        reach |= Q(area=area) & sections
    found = ReportPack.objects.filter(reach).distinct()
    return found.select_related("area", "organisation", "meeting").order_by("-made_at", "-pk")


def pack_for(viewer: Viewer, uid: UUID) -> ReportPack:
    """One of them.

    Raises:
        ReportPack.DoesNotExist: not there, or not theirs to see.
    """
    return packs_seen_by(viewer).get(uid=uid)


def areas_for(viewer: Viewer) -> list[Area]:
    """Of which areas the viewer may make a report."""
    area = own_area_of(viewer)
    if area is None or not makes_reports(viewer):
        return []
    if viewer.role == Role.MUNICIPAL_STAFF:
        return [area]
    below = descendants_on(area, clock.today()).filter(level=AreaLevel.MUNICIPALITY)
    return list(below.order_by("code"))


def meetings_to_come(viewer: Viewer, area: Area) -> list[Meeting]:
    """Meetings a council paper can be made for, soonest first."""
    found = Meeting.objects.filter(
        council__in=councils_seen_by(viewer).filter(Q(area=area) | Q(owner__area=area)),
        begins_at__gte=clock.now(),
        state__in=(MeetingState.PLANNED, MeetingState.CALLED, MeetingState.MATERIALS_SENT),
    )
    return list(found.select_related("council").order_by("begins_at"))


def scope_of(viewer: Viewer, pack: ReportPack) -> Scope:
    """The pack's area and year as the viewer sees them today."""
    return Scope(viewer, pack.area, pack.fiscal_year, clock.today())


def meetings_in_bundle(viewer: Viewer, pack: ReportPack) -> list[Meeting]:
    """Whose published 要旨 goes with the evidence."""
    found = scope_of(viewer, pack).public_meetings().filter(state__in=OPEN_TO_ALL)
    related = found.select_related("council__area", "council__owner", "council__office")
    return list(related.order_by("begins_at", "pk"))


def grant_answers(area: Area, year: int) -> dict[str, GrantAnswer]:
    """What was answered for a year, by question."""
    rows = GrantAnswer.objects.filter(area=area, fiscal_year=year)
    return {one.question: one for one in rows}
