"""Two records of one person become one; both histories stay, and for a day it can be undone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.events import merge_handlers, team_changed
from renkei.care.patients.models import (
    AccessGrant,
    Certification,
    Consent,
    ConsentDecision,
    EmergencyProfile,
    FamilyMember,
    FormerName,
    Merge,
    Patient,
    PossibleDuplicate,
    SameAnswer,
    TeamMember,
)
from renkei.care.patients.services.people import locked
from renkei.care.patients.streams import close_streams_about
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock, kana

UNDO_HOURS: Final = 24
MERGED: Final = "記録の統合"
# What simply goes with the person. Consents, teams, certifications and profiles need a thought.
_MOVED: Final = (
    "FormerName",
    "Independence",
    "Relative",
    "Provider",
    "OtherNetwork",
    "Wish",
    "EmergencyCard",
    "RecordChange",
    "ConsentPaper",
    "FamilyInvitation",
)


class _Ledger:
    """Sets values and remembers those before, so that all of it can be taken back."""

    def __init__(self) -> None:
        self.entries: list[list[Any]] = []

    def set(self, row: Any, **values: Any) -> None:
        before = {name: _as_json(getattr(row, name)) for name in values}
        self.entries.append([row._meta.model_name, row.pk, before])  # noqa: SLF001 - public Meta API
        type(row).objects.filter(pk=row.pk).update(**values)

    def made(self, row: Any) -> None:
        self.entries.append([row._meta.model_name, row.pk, None])  # noqa: SLF001 - public Meta API


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


@transaction.atomic
def merge_patients(*, viewer: Viewer, merged: Patient, into: Patient) -> Merge:
    """Move everything of ``merged`` to ``into``; its address leads there from now on.

    The present decision of ``into`` about consent stays in force: consents do not add up, the one
    of the other record is kept as history. A team member of both keeps the place in ``into``.

    Raises:
        ValidationError: the same record, one of them was merged or ended already, or what the
            person refused in one is agreed to in the other.
    """
    if not merge_handlers():
        # Entries would stay behind, where nobody reads them.
        raise ValidationError("経過の記録をまとめる準備がないため、まとめられません。")
    first, second = sorted((merged.pk, into.pk))
    rows = {pk: locked(Patient(pk=pk)) for pk in (first, second)}
    merged, into = rows[merged.pk], rows[into.pk]
    if merged.pk == into.pk or merged.merged_into_id or into.merged_into_id:
        raise ValidationError("この2つの記録はまとめられません。いまの状態を確かめてください。")
    if merged.is_closed != into.is_closed:
        raise ValidationError("ケアが終わった記録とはまとめられません。")
    _require_no_refusal_overruled(merged, into)
    close_streams_about(merged)
    ledger = _Ledger()
    _move_simple(ledger, merged, into)
    _move_certifications(ledger, merged, into)
    _move_consents(ledger, merged, into)
    _move_team(ledger, merged, into)
    _move_profile(ledger, merged, into)
    _keep_name(ledger, merged, into)
    ledger.set(merged, merged_into_id=into.pk)
    merged.merged_into = into
    theirs = {one.name: one.move(merged, into) for one in merge_handlers()}
    merge = Merge.objects.create(
        merged=merged,
        into=into,
        made_at=clock.now(),
        made_by_id=viewer.membership_id,
        moved={"rows": ledger.entries, "rooms": theirs},
    )
    team_changed(into)
    record_event(
        actor=viewer.actor,
        action="patient.merged",
        target=into,
        detail={"merged": str(merged.uid), "merge": str(merge.uid)},
    )
    return merge


def _require_no_refusal_overruled(merged: Patient, into: Patient) -> None:
    """What a person refused or took back is not opened by an older yes in another record (T-P2)."""
    if _agrees(into) and _agrees(merged) is False:
        raise ValidationError(
            "片方の記録では同意がなく（拒否・撤回）、もう片方では同意があります。"
            "本人のいまの意思を確かめ、同意を記録し直してからまとめてください。"
        )


def _agrees(patient: Patient) -> bool | None:
    """The person's present decision; None while none was asked for."""
    present = (
        Consent.objects.filter(patient=patient, relative=None, superseded_at=None)
        .order_by("recorded_at", "pk")
        .last()
    )
    if present is None:
        return None
    return present.decision == ConsentDecision.AGREED and present.withdrawn_at is None


def _move_simple(ledger: _Ledger, merged: Patient, into: Patient) -> None:
    for name in _MOVED:
        for row in apps.get_model("patients", name).objects.filter(patient=merged):
            ledger.set(row, patient_id=into.pk)


def _move_certifications(ledger: _Ledger, merged: Patient, into: Patient) -> None:
    """Two certifications of one time cannot both be true; the other record's stays with it."""
    for row in Certification.objects.filter(patient=merged):
        taken = Certification.objects.filter(
            patient=into, state=row.state, period__overlap=row.period
        )
        if row.period is None or not taken.exists():
            ledger.set(row, patient_id=into.pk)


def _move_consents(ledger: _Ledger, merged: Patient, into: Patient) -> None:
    now = clock.now()
    decided = Consent.objects.filter(patient=into, relative=None, superseded_at=None).exists()
    for row in Consent.objects.filter(patient=merged):
        present = row.relative_id is None and row.superseded_at is None
        if present and decided:
            ledger.set(row, superseded_at=now)
        ledger.set(row, patient_id=into.pk)


def _move_team(ledger: _Ledger, merged: Patient, into: Patient) -> None:
    now = clock.now()
    there = TeamMember.objects.filter(patient=into, left_at=None)
    for row in TeamMember.objects.filter(patient=merged).select_related("grant"):
        twin = there.filter(membership=row.membership_id, organisation=row.organisation_id)
        if row.membership_id is None:
            twin = twin.filter(profession=row.profession)
        if row.left_at is None and twin.exists():
            ledger.set(row, left_at=now, leaving_reason=MERGED)
            if row.grant is not None:
                ledger.set(row.grant, revoked_at=now)
        ledger.set(row, patient_id=into.pk, is_host=row.organisation_id == into.host_id)
    family = {one.user_id for one in FamilyMember.objects.filter(patient=into, left_at=None)}
    for member in FamilyMember.objects.filter(patient=merged).select_related("grant"):
        if member.left_at is None and member.user_id in family:
            ledger.set(member, left_at=now)
            ledger.set(member.grant, revoked_at=now)
        ledger.set(member, patient_id=into.pk)
    for grant in AccessGrant.objects.filter(patient=merged):
        ledger.set(grant, patient_id=into.pk)


def _move_profile(ledger: _Ledger, merged: Patient, into: Patient) -> None:
    """A person has one emergency profile: that of ``into`` where both have one."""
    theirs = EmergencyProfile.objects.filter(patient=merged).first()
    if theirs and not EmergencyProfile.objects.filter(patient=into).exists():
        ledger.set(theirs, patient_id=into.pk)


def _keep_name(ledger: _Ledger, merged: Patient, into: Patient) -> None:
    if merged.name != into.name:
        row = FormerName.objects.create(
            patient=into,
            name=merged.name,
            kana=merged.kana,
            name_key=kana.fold(merged.name),
            reason="まとめた記録の氏名",
        )
        ledger.made(row)


@transaction.atomic
def undo_merge(*, viewer: Viewer, merge: Merge) -> Patient:
    """Part the two records again, as they were; within a day of the merge.

    What was written since stays with the record it was written in.

    Raises:
        ValidationError: a day has passed, or it was undone already.
    """
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    merged, into = locked(merge.merged), locked(merge.into)
    if merge.undone_at or clock.now() > merge.made_at + timedelta(hours=UNDO_HOURS):
        raise ValidationError("まとめてから24時間を過ぎたため、元に戻せません。")
    close_streams_about(into)
    for handler in reversed(merge_handlers()):
        if handler.name in merge.moved["rooms"]:
            handler.undo(merged, into, merge.moved["rooms"][handler.name])
    for model, pk, before in reversed(merge.moved["rows"]):
        rows = apps.get_model("patients", model).objects.filter(pk=pk)
        if before is None:
            rows.delete()
        else:
            rows.update(**before)
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    team_changed(into)
    record_event(
        actor=viewer.actor,
        action="patient.merge_undone",
        target=into,
        detail={"merged": str(merged.uid), "merge": str(merge.uid)},
    )
    merged.refresh_from_db()
    return merged


# Two hosts -----------------------------------------------------------------------------------


@transaction.atomic
def answer_duplicate(*, viewer: Viewer, duplicate: PossibleDuplicate, answer: str) -> Merge | None:
    """One host's word on two records. Both have to say 同じ方 before anything is merged.

    Returns:
        The merge, where this was the second 同じ方: the newer record goes into the older one.
    """
    row = (
        PossibleDuplicate.objects.select_for_update(of=("self",))
        .select_related("newer", "older")
        .get(pk=duplicate.pk)
    )
    said = SameAnswer(answer)
    if row.newer.host_id == viewer.organisation_id:
        row.newer_host_says = said
    if row.older.host_id == viewer.organisation_id:
        row.older_host_says = said
    row.save()
    record_event(
        actor=viewer.actor,
        action="patient.duplicate_answered",
        target=("patients.possibleduplicate", str(row.uid)),
        detail={"answer": said.value},
    )
    both = {row.newer_host_says, row.older_host_says}
    if both != {SameAnswer.SAME}:
        return None
    return merge_patients(viewer=viewer, merged=row.newer, into=row.older)
