"""窓口一覧 of an area: every office with its contact points, by kind and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Max, QuerySet

from renkei.care.transitions.models import (
    ContactChange,
    ContactChangeKind,
    ContactPoint,
    OfficeKind,
)
from renkei.care.transitions.queries.contacts import contact_points, is_stale
from renkei.care.transitions.queries.rules import rule_in_force
from renkei.care.transitions.rule_content import parse
from renkei.foundation.accounts.models import Organisation, OrganisationKind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.common import clock, kana
from renkei.registry.facilities.catalogue import SERVICES

ORDER: Final = {kind.value: place for place, kind in enumerate(OfficeKind)}
# Which offices of an area are asked for a contact point.
LISTED_KINDS: Final = (
    OrganisationKind.FACILITY,
    OrganisationKind.GENERAL_SUPPORT_CENTRE,
    OrganisationKind.COORDINATION_CENTRE,
    OrganisationKind.MUNICIPAL_SECTION,
)
STALE_MONTHS: Final = 12
_BY_GROUP: Final = {
    "nursing": OfficeKind.NURSING,
    "clinic": OfficeKind.CLINIC,
    "pharmacy": OfficeKind.PHARMACY,
    "dental": OfficeKind.DENTAL,
    "care_manager": OfficeKind.CARE_MANAGER,
    "multi": OfficeKind.MULTI,
    "home_help": OfficeKind.HOME_HELP,
    "rehabilitation": OfficeKind.DAY_CARE,
    "day_care": OfficeKind.DAY_CARE,
    "short_stay": OfficeKind.DAY_CARE,
    "facility": OfficeKind.FACILITY,
}
_BY_ORGANISATION: Final = {
    OrganisationKind.GENERAL_SUPPORT_CENTRE: OfficeKind.SUPPORT_CENTRE,
    OrganisationKind.COORDINATION_CENTRE: OfficeKind.DESK,
    OrganisationKind.MUNICIPAL_SECTION: OfficeKind.DESK,
}


@dataclass(frozen=True)
class OfficeContacts:
    """One office of the list."""

    organisation: Organisation
    kind: OfficeKind
    # The main one first; none where the office told nothing yet.
    points: Sequence[ContactPoint]
    is_stale: bool
    reminded_at: datetime | None

    @property
    def confirmed_at(self) -> datetime | None:
        """When the contact point nobody looked at for longest was confirmed."""
        return min((point.confirmed_at for point in self.points), default=None)


def areas_of_list(viewer: Viewer) -> list[Area]:
    """The areas whose list a viewer may choose: their own and those around it, widest first."""
    office = (
        Organisation.objects.filter(pk=viewer.organisation_id or 0).select_related("area").first()
    )
    if office is None or office.area is None:
        return []
    above = dict.fromkeys(one.area for one in ancestors_on(office.area, clock.today()))
    around = [area for area in above if area.level != AreaLevel.PREFECTURE]
    return [*reversed(around), office.area]


def offices_of(area: Area | None) -> list[OfficeContacts]:
    """Every office of an area, those without contact points too; by kind and name."""
    if area is None:
        return []
    offices = list(
        Organisation.objects.filter(
            kind__in=LISTED_KINDS, area__in=descendants_on(area, clock.today()).values("pk")
        ).prefetch_related("facilities")
    )
    return _with_points(offices, months=stale_months_of(area))


def office_of(organisation: Organisation) -> OfficeContacts:
    """One office with its contact points."""
    return _with_points([organisation], months=stale_months_of(organisation.area))[0]


def stale_months_of(area: Area | None) -> int:
    """After how many months a row is stale: as the rule in force says, otherwise a year.

    Source: domain/admission-discharge-rules.md §6 (staleness warning after 12 months).
    """
    version = rule_in_force(area, clock.today())
    return parse(version.content).contact_stale_after_months if version else STALE_MONTHS


def _with_points(offices: Sequence[Organisation], *, months: int) -> list[OfficeContacts]:
    points: dict[int, list[ContactPoint]] = defaultdict(list)
    for point in contact_points([one.pk for one in offices]):
        points[point.organisation_id].append(point)
    reminded = dict(
        ContactChange.objects.filter(
            organisation__in=[one.pk for one in offices], kind=ContactChangeKind.REMINDED
        )
        .values_list("organisation")
        .annotate(Max("changed_at"))
    )
    found = [
        OfficeContacts(
            organisation=office,
            kind=kind_of(office, points[office.pk]),
            points=points[office.pk],
            is_stale=any(is_stale(point, months) for point in points[office.pk]),
            reminded_at=reminded.get(office.pk),
        )
        for office in offices
    ]
    return sorted(found, key=lambda one: (ORDER[one.kind], one.organisation.name))


def kind_of(office: Organisation, points: Sequence[ContactPoint] = ()) -> OfficeKind:
    """What sort of place it is: its own word, the register's, or the kind of organisation."""
    said = next((point.office_kind for point in points if point.office_kind), "")
    if said:
        return OfficeKind(said)
    codes = {code for place in office.facilities.all() for code in place.service_codes}
    listed = kind_of_services(codes)
    return listed or _BY_ORGANISATION.get(OrganisationKind(office.kind), OfficeKind.OTHER)


def kind_of_services(codes: Iterable[str]) -> OfficeKind | None:
    """The first kind of the list that fits the services of a place in the register."""
    found = {
        OfficeKind.HOSPITAL
        if code == "hospital"
        else OfficeKind.SUPPORT_CENTRE
        if code == "general_support"
        else _BY_GROUP.get(SERVICES[code].group)
        for code in codes
        if code in SERVICES
    }
    return min((kind for kind in found if kind), key=lambda kind: ORDER[kind], default=None)


def chosen(
    offices: Iterable[OfficeContacts], *, text: str = "", kind: str = "", state: str = ""
) -> list[OfficeContacts]:
    """Those that hold every word of ``text``, are of a kind, or are ``stale`` or ``missing``."""
    words = [kana.fold(word) for word in text.split()]
    return [
        office
        for office in offices
        if (not kind or office.kind == kind)
        and (state != "stale" or office.is_stale)
        and (state != "missing" or not office.points)
        and all(word in _searched(office) for word in words)
    ]


def _searched(office: OfficeContacts) -> str:
    parts = [office.organisation.name, office.kind.label]
    for point in office.points:
        parts += [point.ward, point.person_name, point.title, point.phone, point.fax]
    return kana.fold(" ".join(parts))


def changes_of(organisation_id: int) -> QuerySet[ContactChange]:
    """What was done to an office's contact points, the newest first."""
    return (
        ContactChange.objects.filter(organisation=organisation_id)
        .select_related("changed_by__user", "changed_by__organisation")
        .order_by("-changed_at", "-pk")
    )


def change_of(viewer: Viewer, uid: UUID) -> ContactChange:
    """One change of the viewer's own office.

    Raises:
        ContactChange.DoesNotExist: unknown, or another office's.
    """
    return changes_of(viewer.organisation_id or 0).get(uid=uid)


def own_point(viewer: Viewer, uid: UUID) -> ContactPoint:
    """One contact point of the viewer's own office.

    Raises:
        ContactPoint.DoesNotExist: unknown, or another office's.
    """
    return contact_points([viewer.organisation_id or 0]).get(uid=uid)
