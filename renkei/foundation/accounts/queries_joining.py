"""Reading applications, devices, the 参加施設台帳 and who has not joined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core import signing
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest

from renkei.foundation.accounts.codes import code_hash_of
from renkei.foundation.accounts.models import (
    ApplicationNote,
    ApplicationState,
    Device,
    JoiningApplication,
    NonUseReason,
    Organisation,
    OutsideOffice,
)
from renkei.foundation.accounts.queries_policies import unsigned_people
from renkei.foundation.accounts.receipts import parse_receipt_number
from renkei.foundation.accounts.rules_joining import may_decide_joining
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

DEVICE_COOKIE = "renkei_device"
DEVICE_SALT = "renkei.accounts.device"
DEVICE_CODE_VALID_FOR = timedelta(days=7)
OPEN_STATES = (ApplicationState.RECEIVED, ApplicationState.ASKED)


def applications_visible_to(viewer: Viewer) -> QuerySet[JoiningApplication]:
    """All applications, the waiting ones first, oldest first; for the 事務局 alone."""
    if not may_decide_joining(viewer):
        return JoiningApplication.objects.none()
    return JoiningApplication.objects.select_related("organisation").order_by(
        F("decided_at").asc(nulls_first=True), "received_at", "pk"
    )


def open_applications_visible_to(viewer: Viewer) -> QuerySet[JoiningApplication]:
    """Those that wait for a decision."""
    return applications_visible_to(viewer).filter(state__in=OPEN_STATES)


def application_with_receipt(number: str, email: str) -> JoiningApplication | None:
    """The application a facility asks about: its receipt number and its own mail address."""
    parsed = parse_receipt_number(number)
    if parsed is None:
        return None
    return JoiningApplication.objects.filter(
        receipt_number=parsed, contact_email__iexact=email
    ).first()


def notes_of(application: JoiningApplication) -> QuerySet[ApplicationNote]:
    """What was said about an application, in order."""
    return ApplicationNote.objects.filter(application=application).order_by("said_at", "pk")


def device_of(request: HttpRequest) -> Device | None:
    """The registered device this request comes from, by its signed cookie; None = unknown."""
    try:
        uid = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT)
    except signing.BadSignature:
        return None
    return living_devices().filter(uid=uid, registered_at__isnull=False).first()


def living_devices() -> QuerySet[Device]:
    """Devices that were not revoked and have not ended."""
    return Device.objects.filter(revoked_at=None, expires_on__gte=clock.today()).select_related(
        "organisation", "holder"
    )


def device_with_code(code: str, organisation_id: int | None) -> Device | None:
    """The device of this organisation that waits for this code."""
    return (
        living_devices()
        .filter(
            code_hash=code_hash_of(code),
            organisation_id=organisation_id or 0,
            registered_at=None,
            made_at__gt=clock.now() - DEVICE_CODE_VALID_FOR,
        )
        .first()
    )


def devices_in(organisations: QuerySet[Organisation]) -> QuerySet[Device]:
    """All devices of these organisations, those that end first on top, revoked ones last."""
    return (
        Device.objects.filter(organisation__in=organisations)
        .select_related("organisation", "holder")
        .order_by(F("revoked_at").asc(nulls_first=True), "expires_on", "pk")
    )


@dataclass(frozen=True)
class Participant:
    """One line of the 参加施設台帳."""

    organisation: Organisation
    people: int
    devices: int
    ending_devices: int
    # People who have a policy in force still to sign (誓約書).
    unsigned: int


def participants(viewer: Viewer, *, soon: int = 60) -> list[Participant]:
    """Every organisation that takes part: one query, and one per policy in force.

    ``soon``: how many days before their end devices count as ending.
    """
    if not may_decide_joining(viewer):
        return []
    today = clock.today()
    living = Q(devices__revoked_at=None, devices__registered_at__isnull=False)
    living &= Q(devices__expires_on__gte=today)
    here = Q(memberships__period__contains=today, memberships__revoked_at=None)
    organisations = (
        Organisation.objects.select_related("area")
        .annotate(
            people=Count("memberships__user", filter=here, distinct=True),
            living=Count("devices", filter=living, distinct=True),
            ending=Count(
                "devices",
                filter=living & Q(devices__expires_on__lte=today + timedelta(days=soon)),
                distinct=True,
            ),
        )
        .order_by("kind", "name", "pk")
    )
    unsigned = unsigned_people()
    return [
        Participant(one, one.people, one.living, one.ending, unsigned.get(one.pk, 0))
        for one in organisations
    ]


def outside_offices(viewer: Viewer, *, reason: str = "") -> QuerySet[OutsideOffice]:
    """Offices that do not take part, the longest without contact first."""
    if not may_decide_joining(viewer):
        return OutsideOffice.objects.none()
    offices = OutsideOffice.objects.filter(joined_at=None, removed_at=None).select_related("area")
    if reason:
        offices = offices.filter(reasons__contains=[reason])
    return offices.order_by(F("last_contact_on").asc(nulls_first=True), "name", "pk")


def reason_counts(viewer: Viewer) -> list[tuple[NonUseReason, int]]:
    """How many offices name each reason, in N4's order; an office may name several."""
    counts = dict.fromkeys(NonUseReason, 0)
    for reasons in outside_offices(viewer).values_list("reasons", flat=True):
        for reason in set(reasons) & set(NonUseReason.values):
            counts[NonUseReason(reason)] += 1
    return list(counts.items())


def ends_soon(device: Device, today: date, *, days: int = 60) -> bool:
    """Whether a living device ends within this many days."""
    return device.revoked_at is None and device.expires_on <= today + timedelta(days=days)
