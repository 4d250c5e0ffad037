"""When nobody answers: the deputy for a 相談 (T-D1); screen, mail, call list for 緊急 (T-D2b).

The steps are rows with the time they are due. A job only says "look now"; a job that died loses
nothing, because a sweep looks every minute for what is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from renkei.care.patients.models import TeamMember
from renkei.care.timelines.models import (
    Addressee,
    Entry,
    EntryKind,
    Escalation,
    EscalationStep,
)
from renkei.care.timelines.queries.people import Reader, Team, team_of
from renkei.care.timelines.services.telling import changed, entry_path
from renkei.care.timelines.services.times import times_for
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

TAKE_STEPS = "timelines.take_steps"
NO_DEPUTY = "代わりの人が決まっていないため、主催の事業所に知らせました。"


def plan_steps(entry: Entry, addressees: Sequence[Addressee], *, now: datetime) -> None:
    """Write down which steps follow while nobody acts, and have a worker look when they are due.

    Part of posting: no event of its own.
    """
    steps = []
    if entry.kind == EntryKind.URGENT:
        times = times_for(entry.room.patient)
        told = team_of(entry.room.patient).addressed_by(addressees) if entry.room.patient else []
        steps = [
            Escalation(
                entry=entry,
                step=EscalationStep.IN_APP,
                due_at=now,
                done_at=now,
                told_count=len(told),
            ),
            Escalation(entry=entry, step=EscalationStep.MAIL, due_at=now + times.mail_after),
            Escalation(entry=entry, step=EscalationStep.CALL_LIST, due_at=now + times.call_after),
        ]
    elif entry.kind == EntryKind.QUESTION and entry.reply_by is not None:
        steps = [
            Escalation(
                entry=entry, addressee=row, step=EscalationStep.DEPUTY, due_at=entry.reply_by
            )
            for row in addressees
        ]
    Escalation.objects.bulk_create(steps)
    for due_at in sorted({step.due_at for step in steps if step.done_at is None}):
        app.configure_task(TAKE_STEPS, schedule_at=due_at).defer(entry_id=entry.pk)


def entries_with_due_steps() -> list[int]:
    """The entries for which some step is due now."""
    due = Escalation.objects.filter(done_at=None, skipped_at=None, due_at__lte=clock.now())
    return list(due.order_by("entry_id").values_list("entry_id", flat=True).distinct())


@transaction.atomic
def take_steps(entry_id: int) -> int:
    """Take every step of one entry that is due, in their order; each exactly once.

    Returns:
        How many were taken.
    """
    now = clock.now()
    entry = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("room", "room__patient")
        .filter(pk=entry_id)
        .first()
    )
    if entry is None or entry.room.patient is None:
        return 0
    due = list(
        Escalation.objects.filter(entry=entry, done_at=None, skipped_at=None, due_at__lte=now)
        .select_related("addressee", "addressee__member", "addressee__member__deputy")
        .order_by("due_at", "pk")
    )
    if not due:
        return 0
    taken = []
    team = team_of(entry.room.patient)
    for step in due:
        if _is_needless(entry, step):
            step.skipped_at = now
        else:
            step.told_count = _ACTS[EscalationStep(step.step)](entry, step, team)
            step.done_at = now
            taken.append(step.step)
        step.save(update_fields=["skipped_at", "done_at", "told_count", "note"])
    if taken:
        changed(entry)
        record_event(
            actor=SYSTEM, action="entry.escalated", target=entry, detail={"steps": list(taken)}
        )
    return len(taken)


def _is_needless(entry: Entry, step: Escalation) -> bool:
    patient = entry.room.patient
    if entry.hidden_at is not None or (patient is not None and patient.is_closed):
        return True
    if step.addressee is not None:
        return step.addressee.done_at is not None
    return not entry.addressees.filter(done_at=None).exists()


def _send_mail(entry: Entry, _step: Escalation, team: Team) -> int:
    waiting = team.addressed_by(entry.addressees.filter(done_at=None))
    people = {reader.user_id for reader in waiting}
    _tell(entry, people, "timelines.urgent_mail")
    return len(people)


def _offer_call_list(entry: Entry, _step: Escalation, team: Team) -> int:
    """Whoever can telephone now: the writer, the host, and the heads of those who are silent."""
    waiting = team.addressed_by(entry.addressees.filter(done_at=None))
    offices = {reader.organisation_id for reader in waiting}
    heads = set(
        Membership.objects.filter(
            pk__in=[reader.membership_id for reader in team.readers],
            organisation_id__in=offices,
            role=Role.ORGANISATION_ADMIN,
        ).values_list("user_id", flat=True)
    )
    hosts = {member.pk for member in team.members if member.is_host}
    people = heads | {reader.user_id for reader in team.readers if reader.member_id in hosts}
    if entry.author_user_id in {reader.user_id for reader in team.readers}:
        people.add(entry.author_user_id or 0)
    if people:
        notify(
            user_ids=people,
            kind="timelines.call_list",
            path=f"{entry_path(entry)}call-list/",
            dedupe_key=f"timelines.call_list:{entry.uid}",
        )
    return len(people)


def _ask_deputy(entry: Entry, step: Escalation, team: Team) -> int:
    row = step.addressee
    assert row is not None  # noqa: S101 - planned with one
    deputies = _deputies_of(row, team)
    if not deputies:
        deputies = [member for member in team.members if member.is_host]
        step.note = NO_DEPUTY
    people: dict[int, Reader] = {}
    for deputy in deputies:
        # The deputy may have been asked from the beginning: then their own row is waiting.
        Addressee.objects.get_or_create(
            entry=entry,
            member=deputy,
            profession="",
            membership=None,
            defaults={"added_at": clock.now(), "stands_in_for": row},
        )
        people |= {reader.user_id: reader for reader in team.of_member(deputy.pk)}
    _tell(entry, set(people), "timelines.deputy")
    return len(people)


def _deputies_of(row: Addressee, team: Team) -> list[TeamMember]:
    asked = {reader.member_id for reader in team.addressed_by([row])}
    present = {member.pk: member for member in team.members}
    found = [
        present[member.deputy_id]
        for member in team.members
        if member.pk in asked and member.deputy_id in present
    ]
    return list({member.pk: member for member in found}.values())


def _tell(entry: Entry, user_ids: set[int], kind: str) -> None:
    if user_ids:
        notify(
            user_ids=user_ids,
            kind=kind,
            path=entry_path(entry),
            dedupe_key=f"{kind}:{entry.uid}",
        )


_ACTS = {
    EscalationStep.MAIL: _send_mail,
    EscalationStep.CALL_LIST: _offer_call_list,
    EscalationStep.DEPUTY: _ask_deputy,
}
