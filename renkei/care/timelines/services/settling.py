"""When what an entry asks for is done: answered, confirmed, or said to be settled."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from renkei.care.patients.models import TeamMember
from renkei.care.timelines.models import (
    Acknowledgement,
    Addressee,
    Entry,
    EntryKind,
    Escalation,
)
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.services.authors import Author, author_through
from renkei.care.timelines.services.telling import changed
from renkei.care.timelines.values import CONFIRMED
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock


def addressees_met_by(entry: Entry, author: Author) -> QuerySet[Addressee]:
    """The open addressees of an entry for which this author can answer."""
    members = TeamMember.objects.filter(patient=entry.room.patient_id, left_at=None).filter(
        Q(membership_id=author.membership_id)
        | Q(membership=None, organisation_id=author.organisation_id)
    )
    means = Q(membership_id=author.membership_id) | Q(member__in=members)
    if author.profession:
        means |= Q(profession=author.profession)
    return Addressee.objects.filter(means, entry=entry, done_at=None)


def settle_by_reply(reply: Entry, author: Author, *, now: datetime) -> None:
    """A reply of somebody who was asked answers the question for all who were asked."""
    question = reply.reply_to
    if question is None or question.kind != EntryKind.QUESTION or author.is_family:
        return
    if addressees_met_by(question, author).exists():
        _close(question.addressees.filter(done_at=None), author, now=now)
        _skip_steps(question, now=now)
    changed(question)


@transaction.atomic
def acknowledge(*, door: Door, entry: Entry) -> Acknowledgement:
    """「確認しました」: one's own act, with one's profession; said twice it counts once.

    Raises:
        ValidationError: nothing to confirm here, or the viewer only reads.
    """
    if entry.kind not in CONFIRMED or entry.hidden_at is not None:
        raise ValidationError("この書き込みに「確認しました」は要りません。")
    if not door.may_write:
        raise ValidationError("見るだけの立場では「確認しました」を押せません。")
    now = clock.now()
    author = author_through(door)
    made, new = Acknowledgement.objects.get_or_create(
        entry=entry,
        membership_id=author.acting_as,
        defaults={
            "name": author.name,
            "profession": author.profession,
            "organisation": author.organisation,
            "at": now,
        },
    )
    if not new:
        return made
    _close(addressees_met_by(entry, author), author, now=now)
    if not entry.addressees.filter(done_at=None).exists():
        _skip_steps(entry, now=now)
    changed(entry)
    record_event(actor=door.viewer.actor, action="entry.confirmed", target=entry)
    return made


@transaction.atomic
def settle_question(*, door: Door, entry: Entry) -> None:
    """The asker says that the answer came another way (by telephone): nobody is reminded any more.

    Raises:
        ValidationError: not one's own question, or already answered.
    """
    if entry.kind != EntryKind.QUESTION or entry.author_user_id != door.viewer.user_id:
        raise ValidationError("解決にできるのは、自分の相談だけです。")
    now = clock.now()
    open_rows = entry.addressees.filter(done_at=None)
    if not open_rows.exists():
        raise ValidationError("この相談には、すでに返事があります。")
    _close(open_rows, author_through(door), now=now)
    _skip_steps(entry, now=now)
    changed(entry)
    record_event(actor=door.viewer.actor, action="entry.settled", target=entry)


def _close(rows: QuerySet[Addressee], author: Author, *, now: datetime) -> None:
    rows.update(done_at=now, done_by_id=author.membership_id)


def _skip_steps(entry: Entry, *, now: datetime) -> None:
    Escalation.objects.filter(entry=entry, done_at=None, skipped_at=None).update(skipped_at=now)
