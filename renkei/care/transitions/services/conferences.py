"""Planning a conference, answering to it, and recording who came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from renkei.care.patients.fax_covers import refuse_names
from renkei.care.transitions import notices
from renkei.care.transitions.acting import membership_of, organisation_of
from renkei.care.transitions.models import (
    Channel,
    Conference,
    ConferenceSeat,
    FactKind,
    Side,
)
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.services.facts import locked, record_fact
from renkei.care.transitions.values import NewConference, NewFact, NewSeat
from renkei.foundation.accounts.models import Membership
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify
from renkei.foundation.papers.tickets import issue_ticket

TICKET: Final = "transitions.conference_reply"
State = Conference.State
OVER: Final = "このカンファレンスは終わっているか、中止になっています。"


@transaction.atomic
def plan_conference(*, door: CaseDoor, plan: NewConference, seats: Sequence[NewSeat]) -> Conference:
    """Set the day, ask the people, and record that the day is set.

    Whoever has no account gets a sheet with a number of their own.

    Raises:
        ValidationError: nobody is asked, the person did not consent, or a value is none.
    """
    known = Conference.objects.filter(
        case=door.case,
        scheduled_fact__client_uid=plan.client_uid,
        scheduled_fact__client_uid__isnull=False,
    ).first()
    if known is not None:
        return known
    if not door.opens_content:
        raise ValidationError("本人の同意がないため、カンファレンスの案内は作れません。")
    if not seats:
        raise ValidationError("招く人を1人以上選んでください。")
    # The sheets lie open on machines of others.
    refuse_names(door.patient, [plan.place, plan.agenda])
    conference = Conference(
        case=door.case,
        kind=plan.kind,
        planned_at=plan.planned_at,
        minutes=plan.minutes,
        means=plan.means,
        place=plan.place,
        agenda=plan.agenda,
        made_by_id=membership_of(door.viewer),
        made_at=clock.now(),
    )
    conference.full_clean(exclude=["case", "made_by"])
    conference.scheduled_fact = record_fact(
        door=door, fact=_scheduled(door, conference, plan.client_uid)
    )
    conference.save()
    for seat in seats:
        _ask(door, conference, seat)
    _tell(door, conference)
    _event(door, conference, "conference.planned", {"seats": len(seats)})
    return conference


def _scheduled(door: CaseDoor, conference: Conference, client_uid: UUID | None) -> NewFact:
    return NewFact(
        kind=FactKind.CONFERENCE_SCHEDULED,
        at=clock.now(),
        side=door.side,
        detail={"planned_at": conference.planned_at, "conference": str(conference.uid)},
        client_uid=client_uid,
    )


def _ask(door: CaseDoor, conference: Conference, seat: NewSeat) -> ConferenceSeat:
    row = ConferenceSeat(
        conference=conference,
        membership_id=seat.membership_id,
        profession=seat.profession,
        name=seat.name,
        organisation_name=seat.organisation_name,
        fax=seat.fax,
        side=seat.side,
    )
    if seat.membership_id is None:
        row.ticket = issue_ticket(
            actor=door.viewer.actor,
            kind=TICKET,
            subject_uid=row.uid,
            organisation_id=organisation_of(door.viewer),
        )
    elif seat.membership_id == door.viewer.membership_id:
        # Whoever asks comes.
        row.answer, row.answered_at = ConferenceSeat.Answer.COMES, clock.now()
        row.answered_by = Channel.SYSTEM
    row.save()
    return row


@transaction.atomic
def change_conference(*, door: CaseDoor, conference: Conference, plan: NewConference) -> Conference:
    """Another day, place or agenda; those who said they come are asked again.

    Raises:
        ValidationError: it is over, or a value is none.
    """
    locked(door.case)
    row = _planned(conference)
    refuse_names(door.patient, [plan.place, plan.agenda])
    moved = row.planned_at != plan.planned_at
    for name in ("kind", "planned_at", "minutes", "means", "place", "agenda"):
        setattr(row, name, getattr(plan, name))
    row.edition += 1
    row.full_clean(exclude=["case", "made_by", "scheduled_fact"])
    row.save()
    if moved:
        row.seats.exclude(membership=door.viewer.membership_id).update(
            answer=ConferenceSeat.Answer.WAITING, answered_at=None, answered_by=""
        )
        record_fact(door=door, fact=_scheduled(door, row, None))
        _tell(door, row)
    _event(door, row, "conference.changed", {"moved": moved})
    return row


@transaction.atomic
def cancel_conference(*, door: CaseDoor, conference: Conference) -> Conference:
    """It does not take place. That a day was set stays in the story.

    Raises:
        ValidationError: it is over.
    """
    locked(door.case)
    row = _planned(conference)
    row.state, row.edition = State.CANCELLED, row.edition + 1
    row.save(update_fields=["state", "edition"])
    _tell(door, row)
    _event(door, row, "conference.cancelled", {})
    return row


@transaction.atomic
def answer_seat(
    *, door: CaseDoor, seat: ConferenceSeat, answer: str, channel: str = Channel.SYSTEM
) -> ConferenceSeat:
    """Who comes: said by themselves, or heard and written down by somebody of the team.

    Raises:
        ValidationError: no such answer, or the conference is over.
    """
    _planned(seat.conference)
    if answer not in {ConferenceSeat.Answer.COMES, ConferenceSeat.Answer.ABSENT}:
        raise ValidationError("「出席」か「欠席」を選んでください。")
    own = seat.membership_id == door.viewer.membership_id
    seat.answer, seat.answered_at = ConferenceSeat.Answer(answer), clock.now()
    seat.answered_by = Channel.SYSTEM if own else Channel(channel)
    seat.save(update_fields=["answer", "answered_at", "answered_by"])
    _event(door, seat.conference, "conference.answered", {"answer": answer, "own": own})
    return seat


@transaction.atomic
def hold_conference(
    *,
    door: CaseDoor,
    conference: Conference,
    at: datetime,
    came: Collection[UUID],
    joint_guidance: bool,
    note: str = "",
    client_uid: UUID | None = None,
) -> Conference:
    """Who was there; records 「カンファレンスをした」, from which contacts and fees are counted.

    Raises:
        ValidationError: nobody was there, or it was recorded before.
    """
    locked(door.case)
    row = _planned(conference)
    seats = list(row.seats.all())
    present = [seat for seat in seats if seat.uid in set(came)]
    if not present:
        raise ValidationError({"came": "出席した人を1人以上選んでください。"})
    for seat in seats:
        seat.attended = seat in present
        seat.save(update_fields=["attended"])
    with_hospital = any(seat.side == Side.HOSPITAL for seat in present)
    row.held_fact = record_fact(
        door=door,
        fact=NewFact(
            kind=FactKind.CONFERENCE_HELD,
            at=at,
            side=door.side,
            channel=Channel.MEETING,
            detail={
                "professions": list(dict.fromkeys(seat.profession for seat in present)),
                "with": "hospital" if with_hospital else "care",
                "joint_guidance": joint_guidance or None,
                "conference": str(row.uid),
                "note": note,
            },
            client_uid=client_uid,
        ),
    )
    row.state = State.HELD
    row.save(update_fields=["state", "held_fact"])
    _event(door, row, "conference.held", {"present": len(present), "asked": len(seats)})
    return row


def _planned(conference: Conference) -> Conference:
    row = Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    if row.state != State.PLANNED:
        raise ValidationError(OVER)
    return row


def _tell(door: CaseDoor, conference: Conference) -> None:
    """Those with a seat here; the words say nothing of whom it is about."""
    members = conference.seats.exclude(membership=None).values_list("membership_id", flat=True)
    users = set(Membership.objects.filter(pk__in=members).values_list("user_id", flat=True))
    users -= {door.viewer.user_id or 0}
    if users:
        notify(
            user_ids=users,
            kind=notices.CONFERENCE_INVITED,
            path=reverse(
                "transitions:conference_detail", args=[conference.case.uid, conference.uid]
            ),
            dedupe_key=f"{notices.CONFERENCE_INVITED}:{conference.uid}",
        )


def _event(door: CaseDoor, conference: Conference, action: str, detail: dict[str, object]) -> None:
    record_event(
        actor=door.viewer.actor,
        action=action,
        target=door.case,
        detail={"conference": str(conference.uid), **detail},
    )
