"""Small acts on an entry: a reaction, hiding it with a reason."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.timelines.models import Entry, Escalation, Reaction, ReactionKind
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.services.authors import author_through
from renkei.care.timelines.services.telling import changed
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable


@transaction.atomic
def react(*, door: Door, entry: Entry, kind: str) -> bool:
    """Put a sign under an entry, or take one's own back.

    Returns:
        Whether the sign is there now.

    Raises:
        ValidationError: no such sign, or the viewer only reads.
    """
    if kind not in ReactionKind.values:
        raise ValidationError("反応を選び直してください。")
    if not door.may_write or entry.hidden_at is not None:
        raise ValidationError("この書き込みには反応を付けられません。")
    author = author_through(door)
    own = Reaction.objects.filter(entry=entry, membership_id=author.acting_as, kind=kind)
    removed, _ = own.delete()
    if not removed:
        Reaction.objects.create(
            entry=entry,
            membership_id=author.acting_as,
            name=author.name,
            kind=kind,
            at=clock.now(),
        )
    changed(entry)
    record_event(
        actor=door.viewer.actor,
        action="entry.reacted",
        target=entry,
        detail={"kind": kind, "there": not removed},
    )
    return not removed


def may_hide(door: Door, entry: Entry) -> bool:
    """One's own entries; the host's people any of the staff, because the host answers for it."""
    if entry.hidden_at is not None or not door.may_write:
        return False
    if entry.author_user_id == door.viewer.user_id:
        return True
    patient = door.patient
    return patient is not None and not door.as_family and hosts(door.viewer, patient.host_id)


def hosts(viewer: Viewer, host_id: int) -> bool:
    """Whether the viewer works for the host."""
    return viewer.organisation_id == host_id


@transaction.atomic
def hide_entry(*, door: Door, entry: Entry, reason: str) -> None:
    """Take an entry out of everybody's sight; its words stay for the auditor.

    Raises:
        ValidationError: not one's to hide, hidden already, or no reason given.
    """
    locked = Entry.objects.select_for_update(of=("self",)).select_related("room").get(pk=entry.pk)
    if not may_hide(door, locked):
        raise ValidationError("この書き込みは隠せません。")
    reason = require_storable(reason.strip())
    if not reason:
        raise ValidationError({"reason": "隠す理由を入力してください。"})
    now = clock.now()
    locked.hidden_at = now
    locked.hidden_by_id = door.viewer.membership_id
    locked.hidden_reason = reason
    locked.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    Escalation.objects.filter(entry=locked, done_at=None, skipped_at=None).update(skipped_at=now)
    locked.addressees.filter(done_at=None).update(done_at=now)
    changed(locked)
    record_event(actor=door.viewer.actor, action="entry.hidden", target=locked)
