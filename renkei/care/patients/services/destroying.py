"""What this room destroys when a record's time is over; the steps of ``end_of_care.dispose``."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import CASCADE, Q

from renkei.care.patients.disposal import RECORD
from renkei.care.patients.models import (
    AccessGrant,
    BreakGlassUse,
    Consent,
    EmergencyCard,
    EmergencyProfile,
    FamilyMember,
    Merge,
    Patient,
    Sex,
    TeamMember,
    Wish,
)
from renkei.foundation.audit.actors import Actor
from renkei.foundation.common import clock
from renkei.foundation.papers.files import destroy_file
from renkei.foundation.papers.models import StoredFile

# What identifies a person, and what it is afterwards.
EMPTY: Final[dict[str, Any]] = {
    "name": "",
    "kana": "",
    "name_key": "",
    "kana_key": "",
    "sex": Sex.UNKNOWN,
    "birth_on": None,
    "birth_written": "",
    "postcode": "",
    "address": "",
    "building": "",
    "phone": "",
    "household": "",
    "insurer_number": "",
    "insured_number": "",
}
# Their rows are what accesses and teams were; only what somebody wrote in them goes.
_KEPT: Final = (AccessGrant, TeamMember)


def persons_of(patient: Patient) -> list[Patient]:
    """The person and every record that was merged into theirs."""
    found, newest = [patient], [patient]
    while newest:
        newest = list(Patient.objects.filter(merged_into__in=newest).exclude(pk__in=_pks(found)))
        found += newest
    return found


def destroy_own(*, actor: Actor, patient: Patient, document_class: str) -> int:
    """What this room holds of one class (disposal.Destroyer)."""
    if document_class == "papers":
        return _destroy_files(actor, Q(owner_uid=patient.uid))
    if document_class == "emergency":
        return _destroy_emergency(patient)
    if document_class == "consent":
        return _destroy_consents(actor, patient)
    return _destroy_record(patient) if document_class == RECORD else 0


def _destroy_emergency(patient: Patient) -> int:
    count = Wish.objects.filter(patient=patient).delete()[0]
    count += EmergencyProfile.objects.filter(patient=patient).delete()[0]
    return count + EmergencyCard.objects.filter(patient=patient).delete()[0]


def _destroy_consents(actor: Actor, patient: Patient) -> int:
    consents = Consent.objects.filter(patient=patient)
    papers = {
        uid
        for pair in consents.values_list("paper_uid", "withdrawal_paper_uid")
        for uid in pair
        if uid is not None
    }
    files = _destroy_files(actor, Q(uid__in=papers))
    return files + consents.delete()[0]


def _destroy_files(actor: Actor, which: Q) -> int:
    files = list(StoredFile.objects.filter(which, destroyed_at=None))
    for stored in files:
        destroy_file(actor=actor, stored=stored)
    return len(files)


def _destroy_record(patient: Patient) -> int:
    now = clock.now()
    BreakGlassUse.objects.filter(grant__patient=patient).update(reason="", review_note="")
    TeamMember.objects.filter(patient=patient).update(leaving_reason="")
    AccessGrant.objects.filter(patient=patient).update(reason="")
    AccessGrant.objects.filter(patient=patient, revoked_at=None).update(revoked_at=now)
    Merge.objects.filter(Q(merged=patient) | Q(into=patient)).update(moved=[])
    count = FamilyMember.objects.filter(patient=patient).delete()[0]
    for model, field in _belongings():
        count += model._default_manager.filter(**{field: patient}).delete()[0]  # noqa: SLF001 - Django's own name for it
    Patient.objects.filter(pk=patient.pk).update(**EMPTY, disposed_at=now)
    return count + 1


def _belongings() -> list[tuple[type[Any], str]]:
    """Every table of this room whose rows belong to a person, those of later versions as well."""
    relations: list[Any] = list(Patient._meta.related_objects)  # noqa: SLF001 - public Meta API
    return [
        (relation.related_model, relation.field.name)
        for relation in relations
        if relation.on_delete is CASCADE
        and relation.related_model._meta.app_label == "patients"  # noqa: SLF001 - the same
        and relation.related_model not in _KEPT
    ]


def _pks(patients: list[Patient]) -> list[int]:
    return [one.pk for one in patients]
