"""Reading for the offline visit: whose, which leases, what a device may take along."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from renkei.care.patients.models import (
    Certification,
    CertificationState,
    Consent,
    ConsentDecision,
    ConsentSubject,
    ContentClass,
    Patient,
    Provider,
    Relative,
    TeamMember,
)
from renkei.care.patients.visibility import patients_visible_to, room_access
from renkei.care.timelines.models import (
    Entry,
    EntryKind,
    Observation,
    PlannedVisit,
    Room,
    RoomKind,
    VisitLease,
)
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

# A list for a phone; who has more persons plans the day's visits, and they come first.
LISTED = 300
ENTRIES_TAKEN = 20


@dataclass(frozen=True)
class VisitChoice:
    """One person who may go onto the device, with the times of today's visits that have one."""

    patient: Patient
    is_planned: bool
    times: tuple[time, ...] = ()


def ids_of(viewer: Viewer) -> tuple[int, int]:
    """Account and membership of a viewer whom ``care_page`` let in."""
    assert viewer.user_id is not None  # noqa: S101 - care_page
    assert viewer.membership_id is not None  # noqa: S101 - care_page
    return viewer.user_id, viewer.membership_id


def planned_today(viewer: Viewer) -> list[PlannedVisit]:
    """The visits the viewer means to make today, of persons they may still read, by time."""
    readable = patients_visible_to(viewer, ContentClass.TIMELINE).filter(closed_on=None)
    return list(
        PlannedVisit.objects.filter(
            membership_id=ids_of(viewer)[1], on=clock.today(), patient__in=readable
        )
        .select_related("patient")
        .order_by(F("at").asc(nulls_last=True), "pk")
    )


def records_of_today(viewer: Viewer, patients: Collection[Patient]) -> list[tuple[int, datetime]]:
    """(person, when it was written) of the viewer's own records and measurements; one query."""
    day = datetime.combine(clock.today(), time.min, clock.TOKYO)
    measured = Observation.objects.filter(entry=OuterRef("pk"))
    entries = Entry.objects.filter(
        Q(kind=EntryKind.RECORD) | Exists(measured),
        author_id=ids_of(viewer)[1],
        # What was written today arrived today: this one has the index.
        posted_at__gte=day,
        written_at__gte=day,
        hidden_at=None,
        room__kind=RoomKind.STAFF,
        room__patient__in=patients,
    )
    return list(entries.values_list("room__patient_id", "written_at"))


def visit_choices(viewer: Viewer) -> list[VisitChoice]:
    """The viewer's present persons: today's planned visits by time, then the others by name."""
    planned: dict[int, list[time]] = {}
    visits = PlannedVisit.objects.filter(membership_id=ids_of(viewer)[1], on=clock.today())
    for patient_id, at in visits.order_by("at").values_list("patient_id", "at"):
        planned.setdefault(patient_id, []).extend([at] if at else [])
    mine = _present(patients_visible_to(viewer, ContentClass.TIMELINE))
    first = list(mine.filter(pk__in=planned))
    first.sort(key=lambda one: (min(planned[one.pk], default=time.max), one.kana_key))
    others = mine.exclude(pk__in=planned).order_by("kana_key", "pk")[:LISTED]
    return [VisitChoice(one, is_planned=True, times=tuple(planned[one.pk])) for one in first] + [
        VisitChoice(one, is_planned=False) for one in others
    ]


def patients_to_take(viewer: Viewer, uids: Collection[UUID]) -> list[Patient]:
    """Those of the named persons whose story the viewer may read, with what a device takes."""
    return list(
        _present(patients_visible_to(viewer, ContentClass.TIMELINE))
        .filter(uid__in=uids)
        .prefetch_related(
            Prefetch("relatives", _relatives_who_agree(), to_attr="known_relatives"),
            Prefetch(
                "providers",
                Provider.objects.filter(period__contains=clock.today()).order_by("pk"),
                to_attr="present_providers",
            ),
            Prefetch("emergency_profile__items"),
        )
        .order_by("pk")
    )


def open_for(viewer: Viewer, patients: Collection[Patient], content: ContentClass) -> set[int]:
    """Which of the persons the viewer may read this content of. One query."""
    visible = patients_visible_to(viewer, content).filter(pk__in=[one.pk for one in patients])
    return set(visible.values_list("pk", flat=True))


def entries_to_take(viewer: Viewer, patient: Patient) -> list[Entry]:
    """The newest entries of the staff room that the viewer may read, newest first."""
    access = room_access(viewer, patient)
    if not access.staff:
        return []
    entries = Entry.objects.filter(
        room__patient=patient, room__kind=RoomKind.STAFF, hidden_at=None
    ).prefetch_related("observations", "files")
    if access.since is not None:
        entries = entries.filter(posted_at__gte=access.since)
    return list(entries.order_by("-number")[:ENTRIES_TAKEN])


def professions_of(patient: Patient) -> list[str]:
    """Whom a question can be put to."""
    team = TeamMember.objects.filter(patient=patient, left_at=None, joined_at__isnull=False)
    return sorted(set(team.values_list("profession", flat=True)))


def staff_room(viewer: Viewer, room_uid: UUID) -> Room | None:
    """The staff room with this uid, if the viewer may write in it now."""
    room = (
        Room.objects.filter(
            uid=room_uid,
            kind=RoomKind.STAFF,
            patient__in=patients_visible_to(viewer, ContentClass.TIMELINE),
        )
        .select_related("patient")
        .first()
    )
    if room is None or room.patient is None:
        return None
    access = room_access(viewer, room.patient)
    return room if access.staff and not access.read_only else None


def lease_with(uid: UUID) -> VisitLease | None:
    """A lease, to tell the device that names it whether it still holds."""
    return VisitLease.objects.select_related("user", "membership").filter(uid=uid).first()


def leases_of(viewer: Viewer) -> QuerySet[VisitLease]:
    """The viewer's own devices, newest first."""
    return (
        VisitLease.objects.filter(user_id=ids_of(viewer)[0])
        .select_related("user", "membership")
        .prefetch_related("patients")
        .order_by("-issued_at")
    )


def _present(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    certified = Certification.objects.filter(
        state=CertificationState.CERTIFIED, period__contains=clock.today()
    )
    return patients.filter(closed_on=None).prefetch_related(
        Prefetch("certifications", certified, to_attr="certified_now")
    )


def _relatives_who_agree() -> QuerySet[Relative]:
    """Relatives whose own consent holds: nobody else's number goes onto a device."""
    agreed = Consent.objects.filter(
        subject=ConsentSubject.RELATIVE,
        decision=ConsentDecision.AGREED,
        period__contains=clock.today(),
        withdrawn_at=None,
        superseded_at=None,
    )
    return (
        Relative.objects.filter(Q(pk__in=agreed.values("relative")), removed_at=None)
        .exclude(phone="")
        .order_by("call_order", "pk")
    )
