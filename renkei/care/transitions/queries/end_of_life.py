"""An area's conditions, and one person's confirmations behind the gate of ``patients``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, QuerySet

from renkei.care.patients.models import Patient, Wish
from renkei.care.patients.queries_wishes import wishes_visible_to
from renkei.care.transitions.models import VersionState, WishConditions, WishFact
from renkei.care.transitions.wish_conditions import Conditions, parse
from renkei.care.transitions.wish_standing import WishStanding, standing_of
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import ancestors_on
from renkei.foundation.common import clock


@dataclass(frozen=True)
class PersonWish:
    """One person's record: the shared wish, the edition it is held against, and the facts."""

    wish: Wish | None
    edition: WishConditions | None
    conditions: Conditions | None
    facts: tuple[WishFact, ...]
    standing: WishStanding | None


def conditions_in_force(area: Area | None, on: date) -> WishConditions | None:
    """The edition of the area or of the nearest one above it; None where nobody agreed on one."""
    if area is None:
        return None
    above = [one.area.pk for one in ancestors_on(area, on)]
    order = {key: place for place, key in enumerate(dict.fromkeys([area.pk, *above]))}
    found = WishConditions.objects.filter(
        area__in=order, state=VersionState.PUBLISHED, period__contains=on
    ).select_related("area")
    return min(found, key=lambda one: order[one.area_id], default=None)


def shared_wish(viewer: Viewer, patient: Patient) -> Wish | None:
    """The newest talk the team shares: what confirmations are about."""
    return (
        wishes_visible_to(viewer, patient)
        .filter(is_shared=True, withdrawn_at=None)
        .order_by("-talked_on", "-pk")
        .first()
    )


def facts_of(patient: Patient) -> QuerySet[WishFact]:
    """Everything recorded, the newest first. The caller has been through the gate."""
    return WishFact.objects.filter(plan__patient=patient).order_by("-happened_on", "-pk")


def person_wish(viewer: Viewer, patient: Patient, *, wish: Wish | None = None) -> PersonWish:
    """One person who was found through the gate with the content class of wishes."""
    today = clock.today()
    wish = wish or shared_wish(viewer, patient)
    edition = conditions_in_force(patient.municipality, today)
    facts = tuple(facts_of(patient))
    if edition is None:
        return PersonWish(wish, None, None, facts, None)
    conditions = parse(edition.content)
    found = standing_of(conditions, wish, facts, today)
    return PersonWish(wish, edition, conditions, facts, found)


def editions_of(viewer: Viewer) -> QuerySet[WishConditions]:
    """The editions of the viewer's area, drafts only for those who write them; newest first."""
    area = own_area_of(viewer)
    rows = WishConditions.objects.filter(area=area) if area else WishConditions.objects.none()
    if viewer.role != Role.MUNICIPAL_STAFF:
        rows = rows.exclude(state=VersionState.DRAFT)
    return rows.select_related("area").order_by("-number")


def edition_for(viewer: Viewer, uid: UUID) -> WishConditions:
    """One edition of the viewer's area.

    Raises:
        WishConditions.DoesNotExist: unknown, or not for this viewer: the same.
    """
    return editions_of(viewer).get(uid=uid)


def next_number(area: Area) -> int:
    """The number of a new edition."""
    found = WishConditions.objects.filter(area=area).aggregate(last=Max("number"))["last"]
    return (found or 0) + 1
