"""Leases for devices, what they take along, and what they bring back (T-D7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from renkei.care.patients.models import ContentClass, Patient, TeamMember
from renkei.care.patients.reading import record_read
from renkei.care.patients.visibility import patients_visible_to, room_access
from renkei.care.timelines.models import (
    Entry,
    LeasedPatient,
    Room,
    RoomKind,
    VisitLease,
)
from renkei.care.timelines.observations import read_values
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.values import NewObservation, To
from renkei.care.timelines.visit_forms import WrittenEntry
from renkei.care.timelines.visit_queries import ids_of
from renkei.care.timelines.visit_rules import LeaseState, lease_state
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import JPEG, PNG
from renkei.foundation.papers import sealing
from renkei.foundation.papers.files import prepare_file

PHOTO_TYPES: Final = frozenset({JPEG, PNG})
# Unsent entries wait at most this long for their writer to sign in again.
KEYS_KEPT: Final = timedelta(days=31)


@dataclass(frozen=True)
class IssuedLease:
    """A lease with its key, told once to the device."""

    lease: VisitLease
    key: bytes
    seconds: int


@dataclass(frozen=True)
class Answer:
    """What became of one entry of a device; a refused one says why, and what to do."""

    result: Literal["accepted", "duplicate", "refused"]
    reason: str = ""
    remedy: str = ""


@transaction.atomic
def issue_lease(
    *, viewer: Viewer, session_key: str, session_until: datetime, device_label: str
) -> IssuedLease:
    """A key for one device and session, for ``settings.VISIT_LEASE_SECONDS``."""
    now = clock.now()
    user_id, membership_id = ids_of(viewer)
    seconds: int = settings.VISIT_LEASE_SECONDS
    lease = VisitLease(
        user_id=user_id,
        membership_id=membership_id,
        session_key=session_key,
        session_until=session_until,
        device_label=device_label,
        issued_at=now,
        expires_at=now + timedelta(seconds=seconds),
    )
    key = sealing.new_key()
    sealed = sealing.seal_key(key, file_uid=lease.uid.bytes)
    lease.key_sealed, lease.key_id = sealed.sealed, sealed.key_id
    lease.save()
    record_event(actor=viewer.actor, action="visit.lease_issued", target=lease)
    return IssuedLease(lease, key, seconds)


def earlier_keys(viewer: Viewer, uids: Collection[UUID]) -> tuple[dict[UUID, bytes], list[UUID]]:
    """The keys of the writer's own earlier leases, so that unsent entries open again; and the rest.

    A revoked lease, another person's and one too old give no key: what they sealed is lost.
    """
    found: dict[UUID, bytes] = {}
    user_id, _ = ids_of(viewer)
    leases = VisitLease.objects.select_related("user", "membership").filter(
        uid__in=uids, user_id=user_id, issued_at__gt=clock.now() - KEYS_KEPT
    )
    for lease in leases:
        if lease_state(lease) != LeaseState.REVOKED:
            sealed = sealing.SealedKey(bytes(lease.key_sealed), lease.key_id)
            found[lease.uid] = sealing.open_key(sealed, file_uid=lease.uid.bytes)
    theirs = set(
        VisitLease.objects.filter(uid__in=uids)
        .exclude(user_id=user_id)
        .values_list("uid", flat=True)
    )
    # Another writer's stay on the shared device until that writer signs in.
    return found, [uid for uid in uids if uid not in found and uid not in theirs]


@transaction.atomic
def revoke_lease(*, viewer: Viewer, lease: VisitLease) -> None:
    """The device opens nothing any more, from its next contact on; a second call changes nothing.

    The caller has checked that it is the viewer's own.
    """
    lease = VisitLease.objects.select_for_update().get(pk=lease.pk)
    if lease.revoked_at is not None:
        return
    lease.revoked_at = clock.now()
    lease.key_sealed = b""
    lease.save(update_fields=["revoked_at", "key_sealed"])
    record_event(actor=viewer.actor, action="visit.lease_revoked", target=lease)


@transaction.atomic
def record_taken(*, viewer: Viewer, lease: VisitLease, patients: Sequence[Patient]) -> None:
    """Write down whose facts went onto the device: each is a read of that person."""
    now = clock.now()
    LeasedPatient.objects.bulk_create(
        [LeasedPatient(lease=lease, patient=patient, handed_at=now) for patient in patients],
        update_conflicts=True,
        unique_fields=["lease", "patient"],
        update_fields=["handed_at"],
    )
    for patient in patients:
        record_read(viewer=viewer, patient=patient, what="visit.taken")


def receive_entry(
    *, viewer: Viewer, lease: VisitLease, written: WrittenEntry, photos: Sequence[bytes]
) -> Answer:
    """Post what was written without reception, once, however often it is sent."""
    known = Entry.objects.filter(client_uid=written.client_uid).first()
    if known is not None and known.author_user_id == viewer.user_id:
        return Answer("duplicate")
    try:
        readings = read_values(written.measurements)
        # Cleaning pictures takes its time; it happens before the room is locked.
        prepared = [prepare_file(one, name="写真.jpg", allow=PHOTO_TYPES) for one in photos]
    except ValidationError as error:
        return Answer(
            "refused", " ".join(error.messages), "本文を写して、経過の画面で書き直してください。"
        )
    observations = [
        NewObservation(
            code=one.code.value,
            measured_at=written.written_at,
            value=one.value,
            unit=one.unit,
            text=one.text,
        )
        for one in readings
    ]
    try:
        with transaction.atomic():
            room = Room.objects.get(uid=written.room_uid, kind=RoomKind.STAFF)
            post_entry(
                viewer=viewer,
                room=room,
                kind=written.kind,
                text=written.text,
                client_uid=written.client_uid,
                written_at=written.written_at,
                addressees=[To(profession=each) for each in written.addressees],
                observations=observations,
                files=prepared,
            )
    except Room.DoesNotExist:
        return _why_not(viewer, lease, written.room_uid)
    except ValidationError as error:
        if _closed_to(viewer, written.room_uid):
            return _why_not(viewer, lease, written.room_uid)
        return Answer(
            "refused", " ".join(error.messages), "本文を写して、経過の画面で書き直してください。"
        )
    return Answer("accepted")


def _closed_to(viewer: Viewer, room_uid: UUID) -> bool:
    patient = _patient_of(room_uid)
    if patient is None:
        return True
    access = room_access(viewer, patient)
    return not access.staff or access.read_only


def _why_not(viewer: Viewer, lease: VisitLease, room_uid: UUID) -> Answer:
    """Said only of persons whom this very device was given; of others nothing is told."""
    patient = _patient_of(room_uid)
    call = "本文を写し、連携ホスト（主催の事業所）に電話で伝えてください。"
    handed = (
        patient is not None
        and LeasedPatient.objects.filter(lease__user_id=lease.user_id, patient=patient).exists()
    )
    if patient is None or not handed:
        return Answer("refused", "この人の記録には書けません。", call)
    if patient.is_closed:
        return Answer("refused", "この人の記録は終了しています。", call)
    present = TeamMember.objects.filter(
        Q(membership_id=viewer.membership_id)
        | Q(membership=None, organisation_id=viewer.organisation_id),
        patient=patient,
        left_at=None,
    )
    if not present.exists():
        return Answer("refused", "この人のチームから外れています。", call)
    if not patients_visible_to(viewer, ContentClass.TIMELINE).filter(pk=patient.pk).exists():
        return Answer("refused", "この人の共有の同意が、いま有効ではありません。", call)
    return Answer("refused", "この人の記録は読むだけです。", call)


def _patient_of(room_uid: UUID) -> Patient | None:
    room = Room.objects.select_related("patient").filter(uid=room_uid).first()
    return room.patient if room else None
