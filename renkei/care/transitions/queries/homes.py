"""Homes with their 協力医療機関, for those who may see them; no person is in these rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from renkei.care.transitions.home_duties import (
    HOME_CODES,
    HomeDuty,
    HomeState,
    Standing,
    duty_of,
    standing,
)
from renkei.care.transitions.models import (
    CareHome,
    Cooperation,
    CooperationContact,
    CooperationNotice,
)
from renkei.care.transitions.rules_homes import (
    may_see_homes,
    may_write_of_homes,
    supervises_homes,
)
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.registry.facilities.models import ListingStatus, Service

Identity = tuple[str, str, str]


@dataclass(frozen=True)
class HomeDoor:
    """One home as one viewer may use it; ``home`` is missing until something was written."""

    service: Service
    home: CareHome | None
    duty: HomeDuty
    standing: Standing
    may_write: bool


def home_services_of(viewer: Viewer) -> QuerySet[Service]:
    """The homes this viewer may see, by name: the own ones, or those of the viewer's area."""
    if not may_see_homes(viewer):
        return Service.objects.none()
    rows = Service.objects.filter(service_code__in=HOME_CODES).exclude(status=ListingStatus.ENDED)
    if supervises_homes(viewer):
        area = own_area_of(viewer)
        if area is None:
            return Service.objects.none()
        rows = rows.filter(facility__municipality__in=descendants_on(area, clock.today()))
    else:
        rows = rows.filter(_own(viewer))
    return rows.select_related("facility__municipality").order_by(
        "facility__municipality__code", "name", "pk"
    )


def _own(viewer: Viewer) -> Q:
    own = Q(facility__organisation=viewer.organisation_id or 0)
    office = Organisation.objects.filter(pk=viewer.organisation_id or 0).first()
    if office is not None and office.office_code:
        own |= Q(office_number=office.office_code)
    return own


def doors_to(viewer: Viewer, services: Iterable[Service], on: date) -> list[HomeDoor]:
    """These homes with how they stand; four queries for any number."""
    rows = list(services)
    homes = _homes_of(rows)
    ids = [home.pk for home in homes.values()]
    cooperations: dict[int, list[Cooperation]] = defaultdict(list)
    for one in Cooperation.objects.filter(home__in=ids).order_by("since_on", "pk"):
        cooperations[one.home_id].append(one)
    contacts: dict[int, list[CooperationContact]] = defaultdict(list)
    for contact in CooperationContact.objects.filter(cooperation__home__in=ids):
        contacts[contact.cooperation_id].append(contact)
    notices: dict[int, list[CooperationNotice]] = defaultdict(list)
    for notice in CooperationNotice.objects.filter(home__in=ids):
        notices[notice.home_id].append(notice)
    may_write = may_write_of_homes(viewer)
    doors = []
    for service in rows:
        duty = duty_of(service.service_code, on)
        if duty is None:
            continue
        home = homes.get(_identity(service))
        key = home.pk if home else 0
        found = standing(duty, cooperations[key], contacts, notices[key], on)
        doors.append(HomeDoor(service, home, duty, found, may_write))
    return doors


def home_door(viewer: Viewer, service_id: int) -> HomeDoor:
    """One home.

    Raises:
        Service.DoesNotExist: unknown, no home, or not for this viewer: the same.
    """
    service = home_services_of(viewer).get(pk=service_id)
    doors = doors_to(viewer, [service], clock.today())
    if not doors:
        raise Service.DoesNotExist
    return doors[0]


def homes_in(viewer: Viewer, *, state: HomeState | None = None) -> list[HomeDoor]:
    """The viewer's homes, the worst first; of one state."""
    order = {state: place for place, state in enumerate(HomeState)}
    doors = doors_to(viewer, home_services_of(viewer), clock.today())
    kept = [door for door in doors if state is None or door.standing.state == state]
    return sorted(kept, key=lambda door: order[door.standing.state])


def cooperation_for(viewer: Viewer, uid: UUID) -> tuple[HomeDoor, Cooperation]:
    """One cooperation with its home.

    Raises:
        Cooperation.DoesNotExist: unknown, or not for this viewer: the same.
    """
    cooperation = Cooperation.objects.select_related("home").get(uid=uid)
    return _door_of_home(viewer, cooperation.home, Cooperation.DoesNotExist), cooperation


def notice_for(viewer: Viewer, uid: UUID) -> tuple[HomeDoor, CooperationNotice]:
    """One sheet of notification.

    Raises:
        CooperationNotice.DoesNotExist: unknown, or not for this viewer: the same.
    """
    notice = CooperationNotice.objects.select_related("home").get(uid=uid)
    return _door_of_home(viewer, notice.home, CooperationNotice.DoesNotExist), notice


def _door_of_home(viewer: Viewer, home: CareHome, missing: type[Exception]) -> HomeDoor:
    service = (
        home_services_of(viewer)
        .filter(source=home.source, source_key=home.source_key, service_code=home.service_code)
        .first()
    )
    if service is None:
        raise missing
    return doors_to(viewer, [service], clock.today())[0]


def contacts_of(home: CareHome | None) -> QuerySet[CooperationContact]:
    """Confirmations and conferences, the newest first."""
    return (
        CooperationContact.objects.filter(cooperation__home=home)
        .select_related("cooperation", "recorded_by__user", "recorded_by__organisation")
        .order_by("-held_on", "-pk")
    )


def former_cooperations(home: CareHome | None, on: date) -> QuerySet[Cooperation]:
    """Those that are over."""
    return Cooperation.objects.filter(home=home, ended_on__lt=on).order_by("-ended_on", "pk")


def notices_of(home: CareHome | None) -> QuerySet[CooperationNotice]:
    """The sheets made, the newest first."""
    return CooperationNotice.objects.filter(home=home).order_by("-made_at", "-pk")


def institution_by_code(code: str) -> Service | None:
    """A hospital or clinic of the register by its 医療機関コード."""
    if not code:
        return None
    return (
        Service.objects.filter(institution_code=code, service_code__in=("hospital", "clinic"))
        .select_related("facility")
        .order_by("pk")
        .first()
    )


def _identity(service: Service) -> Identity:
    return service.source, service.source_key, service.service_code


def _homes_of(services: Sequence[Service]) -> dict[Identity, CareHome]:
    keys = {service.source_key for service in services}
    return {
        (home.source, home.source_key, home.service_code): home
        for home in CareHome.objects.filter(source_key__in=keys)
    }
