"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from renkei.foundation.audit.actors import SYSTEM, Actor
from renkei.foundation.audit.chain import SEAL_ACTION, START_OF_CHAIN, hash_of
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from renkei.foundation.common.kept_queries import kept_with_plan

# Any fixed number will do; it names the one lock that orders all writers of the trail.
CHAIN_LOCK = 724_150_1


def record_event(
    *,
    actor: Actor,
    action: str,
    target: Model | tuple[str, str],
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one event to this month's chain, inside the caller's transaction.

    ``target`` is a saved row (its label and uid or primary key are kept) or a pair (type, id).
    Writers queue here until the transaction before them ends, so a service calls it last.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "record_event needs the transaction of the write it records."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    # The clock is read under the lock: nobody can write into a month after its seal.
    at = clock.now()
    last = next(iter(_newest()), None)
    last = _with_seal(last, at)
    target_type, target_id = _target(target)
    _append(
        _next(last, at),
        actor=actor,
        action=action,
        target_type=target_type,
        target_id=target_id,
        detail=dict(detail or {}),
    )


def record_events(
    *, actor: Actor, action: str, targets: Sequence[Model], detail: Mapping[str, object]
) -> None:
    """The same act on several rows, one event each, in as many queries as for one.

    For a page that shows something of many: each of them can tell later who looked.
    """
    if not targets:
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "record_events needs the transaction of the act it records."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    at = clock.now()
    last = next(iter(_newest()), None)
    last = _with_seal(last, at)
    events: list[AuditEvent] = []
    for target in targets:
        target_type, target_id = _target(target)
        last = _filled(
            _next(last, at),
            actor=actor,
            action=action,
            target_type=target_type,
            target_id=target_id,
            detail=dict(detail),
        )
        events.append(last)
    AuditEvent.objects.bulk_create(events)


@kept_with_plan
def _newest() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.order_by("-month", "-sequence")[:1]


def _with_seal(last: AuditEvent | None, at: datetime) -> AuditEvent | None:
    """Seal the month before, if this is the first event of a new one."""
    if last is None or _month_of(at) <= last.month:
        return last
    return _append(
        _next(None, at),
        actor=SYSTEM,
        action=SEAL_ACTION,
        target_type="audit.month",
        target_id=f"{last.month:%Y-%m}",
        detail={"count": last.sequence, "last_hash": last.hash},
    )


def _next(last: AuditEvent | None, at: datetime) -> AuditEvent:
    # A machine whose clock runs behind still writes into the newest month, never into a sealed one.
    return AuditEvent(
        month=last.month if last else _month_of(at),
        sequence=last.sequence + 1 if last else 1,
        at=at,
        previous_hash=last.hash if last else START_OF_CHAIN,
    )


def _append(event: AuditEvent, **values: Any) -> AuditEvent:
    _filled(event, **values).save(force_insert=True)
    return event


def _filled(
    event: AuditEvent,
    *,
    actor: Actor,
    action: str,
    target_type: str,
    target_id: str,
    detail: dict[str, object],
) -> AuditEvent:
    event.actor_kind = actor.kind.value
    event.actor_user_id = actor.user_id
    event.actor_membership_id = actor.membership_id
    event.action = action
    event.target_type = target_type
    event.target_id = target_id
    event.detail = detail
    event.hash = hash_of(event)
    return event


def _month_of(at: datetime) -> date:
    return at.date().replace(day=1)


def _target(target: Model | tuple[str, str]) -> tuple[str, str]:
    if isinstance(target, tuple):
        return target
    return target._meta.label_lower, str(getattr(target, "uid", target.pk))  # noqa: SLF001 - Django's public Meta API
