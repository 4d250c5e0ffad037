"""Recording what happened in a stay, correcting it, and taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.transitions import details
from renkei.care.transitions.hooks import run_after_fact
from renkei.care.transitions.models import (
    CaseFact,
    CaseState,
    Channel,
    CoordinationCase,
    FactKind,
    Side,
)
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.services.authors import author_values
from renkei.care.transitions.services.refreshing import refresh
from renkei.care.transitions.services.telling import tell_of_fact
from renkei.care.transitions.states import DISCHARGES
from renkei.care.transitions.values import NewFact
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

# A clock that runs ahead on somebody's phone, no more.
AHEAD: Final = timedelta(minutes=10)
OLDEST: Final = timedelta(days=3 * 366)
ONLY_CARE: Final = "退院を知らされていなかったことは、在宅側だけが記録し、直せます。"


@transaction.atomic
def record_fact(*, door: CaseDoor, fact: NewFact) -> CaseFact:
    """Write one fact down, in whatever order facts come; sent twice, it is kept once.

    After the stay is closed a fact is still taken: as a correction of what is known of it.

    Raises:
        ValidationError: a value is none of its kind, or the stay would contradict itself.
    """
    known = _sent_before(door, fact)
    if known is not None:
        return known
    case = locked(door.case)
    row = add_fact(door=door, case=case, fact=fact)
    tell_of_fact(door, row)
    run_after_fact(case, row)
    record_event(
        actor=door.viewer.actor,
        action="case.fact_recorded",
        target=case,
        detail={"kind": row.kind, "fact": str(row.uid), "channel": row.channel},
    )
    _follow(door.case, case)
    return row


@transaction.atomic
def retract_fact(*, door: CaseDoor, fact: CaseFact, reason: str) -> CaseFact:
    """Take a fact out of the account. It stays to be read, marked as taken back.

    Raises:
        ValidationError: it was corrected or taken back before, or the stay would contradict itself.
    """
    case = locked(door.case)
    new = NewFact(
        kind=FactKind.RETRACTED,
        at=clock.now(),
        corrects=fact.uid,
        side=Side(fact.side),
        detail={"reason": reason},
    )
    row = add_fact(door=door, case=case, fact=new)
    tell_of_fact(door, row)
    run_after_fact(case, row)
    record_event(
        actor=door.viewer.actor,
        action="case.fact_retracted",
        target=case,
        detail={"kind": fact.kind, "fact": str(fact.uid)},
    )
    _follow(door.case, case)
    return row


def locked(case: CoordinationCase) -> CoordinationCase:
    """The row of a stay, held until the transaction ends: facts of one stay come one by one."""
    return (
        CoordinationCase.objects.select_for_update(of=("self",))
        .select_related("patient", "rule_version")
        .get(pk=case.pk)
    )


def add_fact(*, door: CaseDoor, case: CoordinationCase, fact: NewFact) -> CaseFact:
    """Check and save a fact and renew the stay's copies: a part of larger acts."""
    corrected = _corrected(case, fact, door.side)
    side = fact.side or Side(details.USUAL_SIDE.get(fact.kind, door.side))
    _check(door, case, fact, side)
    row = CaseFact(
        client_uid=fact.client_uid,
        case=case,
        kind=fact.kind,
        at=fact.at,
        side=side,
        channel=fact.channel,
        counterpart=fact.counterpart,
        detail=details.clean(fact.kind, fact.detail, allow_content=door.opens_content),
        corrects=corrected,
        previous_state=CaseState(case.state),
        recorded_at=clock.now(),
        **author_values(door.viewer, case.patient),
    )
    row.full_clean(exclude=["detail"], validate_constraints=False)
    row.save(force_insert=True)
    refresh(case)
    return row


def _sent_before(door: CaseDoor, fact: NewFact) -> CaseFact | None:
    if fact.client_uid is None:
        return None
    return CaseFact.objects.filter(client_uid=fact.client_uid, case=door.case).first()


def _corrected(case: CoordinationCase, fact: NewFact, side: Side) -> CaseFact | None:
    if fact.corrects is None:
        return None
    row = case.facts.filter(uid=fact.corrects).first()
    if row is None or row.kind == FactKind.RETRACTED or row.corrections.exists():
        raise ValidationError("この記録はすでに直されています。画面を開き直してください。")
    if fact.kind not in {row.kind, FactKind.RETRACTED}:
        raise ValidationError("別の種類には直せません。取り消して、新しく記録してください。")
    if details.ONLY_SIDE.get(row.kind, side) != side:
        # What one side found out about the other is not the other's to take out of the account.
        raise ValidationError(ONLY_CARE)
    return row


def _check(door: CaseDoor, case: CoordinationCase, fact: NewFact, side: Side) -> None:
    now = clock.now()
    if fact.at > now + AHEAD:
        raise ValidationError({"at": "いままでの日時を入力してください。"})
    if fact.at < now - OLDEST:
        raise ValidationError({"at": "3年前までの日時を入力してください。"})
    only = details.ONLY_SIDE.get(fact.kind)
    if only is not None and door.side != only:
        raise ValidationError(ONLY_CARE)
    if side != door.side and fact.channel == Channel.SYSTEM and fact.kind != FactKind.RETRACTED:
        raise ValidationError(
            {"channel": "相手の側のことは、電話など、どうやって知ったかを選んでください。"}
        )
    admitted = case.admitted_at
    if fact.kind in DISCHARGES and admitted and fact.at < admitted:
        raise ValidationError({"at": "退院は入院の日時以降を入力してください。"})


def _follow(stale: CoordinationCase, fresh: CoordinationCase) -> None:
    """Let the caller's copy of the row know what it became."""
    for field in fresh._meta.concrete_fields:  # noqa: SLF001 - public Meta API
        setattr(stale, field.attname, getattr(fresh, field.attname))
