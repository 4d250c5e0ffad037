"""改訂のお知らせ: who goes by a rule, who was told, who read it (T-RULE1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from renkei.care.transitions.models import (
    Announcement,
    AnnouncementOffice,
    AnnouncementRead,
    OfficeKind,
    RuleAdoption,
    RuleVersion,
)
from renkei.care.transitions.queries.contact_list import LISTED_KINDS, ORDER, kind_of_services
from renkei.care.transitions.queries.rule_keeping import rules_kept_by
from renkei.foundation.accounts.models import Organisation, OrganisationKind
from renkei.foundation.accounts.queries import organisations_managed_by
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.agreements import members_on
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import kana
from renkei.registry.facilities.models import Facility, ListingStatus

TOLD_KINDS: Final = (*LISTED_KINDS, OrganisationKind.MEDICAL_ASSOCIATION)
# Of the places in the register: who sends people home, and who waits for them there.
REGISTER_KINDS: Final = frozenset(
    {OfficeKind.HOSPITAL, OfficeKind.CARE_MANAGER, OfficeKind.SUPPORT_CENTRE, OfficeKind.MULTI}
)


@dataclass(frozen=True)
class Place:
    """A place of the register that does not work here: it gets the FAX."""

    facility: Facility
    kind: OfficeKind
    fax: str


@dataclass(frozen=True)
class KindRate:
    """How many offices of one kind read it."""

    label: str
    told_count: int
    read_count: int

    @property
    def percent(self) -> int:
        return round(100 * self.read_count / self.told_count) if self.told_count else 0


def areas_going_by(version: RuleVersion, on: date) -> list[Area]:
    """The areas that go by a rule on a day, by adoption or agreement; its own where none does."""
    adoptions = RuleAdoption.objects.filter(
        rule=version.rule_id, period__contains=on
    ).select_related("area", "agreement")
    areas: dict[int, Area] = {}
    for one in adoptions:
        if one.area:
            areas[one.area.pk] = one.area
        elif one.agreement:
            areas |= {area.pk: area for area in members_on(one.agreement, on)}
    owner = version.rule.owner_area
    if not areas and owner is not None:
        return [owner]
    return list(areas.values())


def organisations_told(areas: Collection[Area], on: date) -> list[Organisation]:
    """The offices in these areas that work here.

    An office nobody gave an area to is where its places of the register are.
    """
    within = descendants_on([area.pk for area in areas], on).values("pk")
    placed = Facility.objects.filter(municipality__in=within, organisation__isnull=False)
    return list(
        Organisation.objects.filter(
            Q(area__in=within) | Q(area=None, pk__in=placed.values("organisation")),
            kind__in=TOLD_KINDS,
        )
        .prefetch_related("facilities", "contact_points")
        .order_by("name", "pk")
    )


def organisations_nowhere(viewer: Viewer) -> list[Organisation]:
    """The offices the viewer looks after that are nowhere on the map: they are not told."""
    placed = Facility.objects.filter(organisation__isnull=False, municipality__isnull=False)
    return list(
        organisations_managed_by(viewer)
        .filter(kind__in=TOLD_KINDS, area=None)
        .exclude(pk__in=placed.values("organisation"))
    )


def places_told(areas: Collection[Area], on: date, known: Iterable[Organisation]) -> list[Place]:
    """The hospitals and care managers of the register in these areas that do not work here."""
    within = descendants_on([area.pk for area in areas], on)
    names = {kana.fold(one.name) for one in known}
    rows = (
        Facility.objects.filter(
            municipality__in=within.values("pk"),
            status=ListingStatus.LISTED,
            organisation=None,
            service_codes__overlap=["hospital", "430", "general_support", "730", "770"],
        )
        .prefetch_related("services")
        .order_by("sort_key", "pk")
    )
    found = []
    for row in rows:
        kind = kind_of_services(row.service_codes)
        if kind in REGISTER_KINDS and kana.fold(row.name) not in names:
            fax = next((one.fax for one in row.services.all() if one.fax), "")
            found.append(Place(row, kind, fax))
    return found


def announcements_kept_by(viewer: Viewer) -> QuerySet[Announcement]:
    """The announcements of the rules one keeps, the newest first."""
    return _announcements().filter(version__rule__in=[rule.pk for rule in rules_kept_by(viewer)])


def announcements_to(viewer: Viewer) -> QuerySet[Announcement]:
    """Those that were told to one's office, the newest first."""
    told = AnnouncementOffice.objects.filter(organisation=viewer.organisation_id or 0)
    return _announcements().filter(pk__in=told.values("announcement"))


def _announcements() -> QuerySet[Announcement]:
    return (
        Announcement.objects.select_related(
            "version__rule__owner_area", "compared_with__rule", "organisation"
        )
        .annotate(
            office_count=Count("offices", distinct=True),
            read_count=Count("offices", filter=Q(offices__read_at__isnull=False), distinct=True),
        )
        .order_by("-announced_at", "-pk")
    )


def announcement_for(viewer: Viewer, uid: UUID) -> Announcement:
    """One that one keeps, or that was told to one's office.

    Raises:
        Announcement.DoesNotExist: unknown, or neither.
    """
    kept = announcements_kept_by(viewer).filter(uid=uid).first()
    return kept or announcements_to(viewer).get(uid=uid)


def announcement_kept_by(viewer: Viewer, uid: UUID) -> Announcement:
    """One that one keeps.

    Raises:
        Announcement.DoesNotExist: unknown, or somebody else's.
    """
    return announcements_kept_by(viewer).get(uid=uid)


def announcement_of(version: RuleVersion) -> Announcement | None:
    """The announcement of an edition."""
    return _announcements().filter(version=version).first()


def offices_of(announcement: Announcement) -> list[AnnouncementOffice]:
    """Whom it was told, with who read it there; by kind and name, those who did not read first."""
    reads = AnnouncementRead.objects.select_related("membership__user").order_by("read_at", "pk")
    rows = AnnouncementOffice.objects.filter(announcement=announcement).prefetch_related(
        Prefetch("reads", queryset=reads)
    )
    return sorted(
        rows.select_related("organisation", "facility"),
        key=lambda one: (ORDER[one.kind], one.read_at is not None, one.name),
    )


def rates_of(offices: Sequence[AnnouncementOffice]) -> list[KindRate]:
    """The read rate by kind of office, and of all together."""
    told = Counter(one.kind for one in offices)
    read = Counter(one.kind for one in offices if one.read_at is not None)
    rows = [
        KindRate(str(OfficeKind(kind).label), told[kind], read[kind])
        for kind in sorted(told, key=lambda kind: ORDER[kind])
    ]
    return [*rows, KindRate("合計", len(offices), sum(read.values()))]


def office_of(announcement: Announcement, viewer: Viewer) -> AnnouncementOffice | None:
    """One's own office among those told."""
    return AnnouncementOffice.objects.filter(
        announcement=announcement, organisation=viewer.organisation_id or 0
    ).first()


def office_told(announcement: Announcement, uid: UUID) -> AnnouncementOffice:
    """One office.

    Raises:
        AnnouncementOffice.DoesNotExist: unknown.
    """
    return AnnouncementOffice.objects.get(announcement=announcement, uid=uid)


def to_fax(announcement: Announcement) -> list[AnnouncementOffice]:
    """Who has a FAX number and has not read it on the screen."""
    return [one for one in offices_of(announcement) if one.fax and one.read_at is None]


def to_post(announcement: Announcement) -> list[AnnouncementOffice]:
    """Who has neither an account nor a FAX number and has not read it."""
    return [
        one
        for one in offices_of(announcement)
        if not one.fax and not one.people_count and one.read_at is None
    ]
