"""Records that may be one person, as far as a host may know of them (docs/persons.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.care.patients.duplicates import Facts, Likeness, alike
from renkei.care.patients.models import (
    Consent,
    ConsentDecision,
    ConsentSubject,
    ContentClass,
    Merge,
    Patient,
    PossibleDuplicate,
)
from renkei.care.patients.services.merge import UNDO_HOURS
from renkei.care.patients.visibility import patients_visible_to
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock


@dataclass(frozen=True)
class KnownDuplicate:
    """Another record that may be this person. ``other`` is None where only its host is told."""

    duplicate: PossibleDuplicate
    other: Patient | None
    host_name: str
    host_phone: str
    own_answer: str


def duplicates_of(viewer: Viewer, patient: Patient) -> QuerySet[PossibleDuplicate]:
    """Pairs with this person whose question the viewer's organisation, as a host, may be asked.

    Either the viewer reads both records anyway, or both persons agreed that their whole team,
    whoever joins it, knows them.
    """
    pairs = PossibleDuplicate.objects.filter(
        Q(newer=patient) | Q(older=patient),
        newer__merged_into=None,
        older__merged_into=None,
        newer__disposed_at=None,
        older__disposed_at=None,
    )
    visible = patients_visible_to(viewer)
    reads_both = Q(newer__in=visible, older__in=visible)
    both_agreed = Q(Exists(_agreed("newer")) & Exists(_agreed("older")))
    if viewer.organisation_id != patient.host_id:
        return pairs.none()
    return (
        pairs.filter(reads_both | both_agreed)
        .select_related("newer__host", "older__host")
        .order_by("pk")
    )


def _agreed(side: str) -> QuerySet[Consent]:
    return Consent.objects.filter(
        patient=OuterRef(side),
        subject=ConsentSubject.PATIENT,
        decision=ConsentDecision.AGREED,
        whole_team=True,
        period__contains=clock.today(),
        withdrawn_at=None,
        superseded_at=None,
        content_classes__contains=[ContentClass.BASIC],
    )


def known_duplicates(viewer: Viewer, patient: Patient) -> list[KnownDuplicate]:
    """The pairs, with as much of the other record as the viewer reads anyway."""
    return list(_known(viewer, patient))


def _known(viewer: Viewer, patient: Patient) -> Iterator[KnownDuplicate]:
    pairs = list(duplicates_of(viewer, patient))
    others = {(pair.older if pair.newer_id == patient.pk else pair.newer).pk for pair in pairs}
    readable = (
        set(patients_visible_to(viewer).filter(pk__in=others).values_list("pk", flat=True))
        if others
        else set()
    )
    for pair in pairs:
        is_newer = pair.newer_id == patient.pk
        other = pair.older if is_newer else pair.newer
        yield KnownDuplicate(
            pair,
            other if other.pk in readable else None,
            other.host.name,
            other.host.phone,
            pair.newer_host_says if is_newer else pair.older_host_says,
        )


def undoable_merges(patient: Patient) -> QuerySet[Merge]:
    """Merges into this record that can still be undone."""
    since = clock.now() - timedelta(hours=UNDO_HOURS)
    rows = Merge.objects.filter(into=patient, undone_at=None, made_at__gte=since)
    return rows.select_related("merged").order_by("-made_at")


def mergeable_with(viewer: Viewer, patient: Patient) -> QuerySet[Patient]:
    """Other records the viewer's organisation hosts and the viewer reads."""
    return (
        patients_visible_to(viewer)
        .filter(host=viewer.organisation_id, closed_on=None)
        .exclude(pk=patient.pk)
        .order_by("kana_key", "pk")
    )


def alike_records(viewer: Viewer, patient: Patient) -> list[Likeness]:
    """Those of them that may be this person and are not asked about as a pair already."""
    asked = {
        number
        for pair in duplicates_of(viewer, patient)
        for number in (pair.newer_id, pair.older_id)
    }
    found = alike(Facts.of(patient), mergeable_with(viewer, patient))
    return [one for one in found if one.patient.pk not in asked]


def mergeable_record(viewer: Viewer, patient: Patient, uid: UUID) -> Patient | None:
    """One of them."""
    return mergeable_with(viewer, patient).filter(uid=uid).first()
