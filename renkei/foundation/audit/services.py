"""Writing the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import Model

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

START_OF_CHAIN = "0" * 64


def record_event(
    *,
    actor: Actor,
    action: str,
    target: Model | tuple[str, str],
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one event to this month's chain, inside the caller's transaction.

    ``target`` is a saved row (its label and uid or primary key are kept) or a pair (type, id).
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "record_event needs the transaction of the write it records."
        )
    at = clock.now()
    month = at.date().replace(day=1)
    # One writer per month's chain at a time; released when the caller's transaction ends.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [month.year * 100 + month.month])
    last = (
        AuditEvent.objects.filter(month=month)
        .order_by("-sequence")
        .values("sequence", "hash")
        .first()
    )
    target_type, target_id = _target(target)
    event = AuditEvent(
        month=month,
        sequence=last["sequence"] + 1 if last else 1,
        at=at,
        actor_kind=actor.kind.value,
        actor_user_id=actor.user_id,
        actor_membership_id=actor.membership_id,
        action=action,
        target_type=target_type,
        target_id=target_id,
        detail=dict(detail or {}),
        previous_hash=last["hash"] if last else START_OF_CHAIN,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)


def hash_of(event: AuditEvent) -> str:
    """SHA-256 over every column of the row but its own hash."""
    content = [
        event.month.isoformat(),
        event.sequence,
        event.at.astimezone(clock.TOKYO).isoformat(),
        event.actor_kind,
        event.actor_user_id,
        event.actor_membership_id,
        event.action,
        event.target_type,
        event.target_id,
        event.detail,
        event.previous_hash,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _target(target: Model | tuple[str, str]) -> tuple[str, str]:
    if isinstance(target, tuple):
        return target
    return target._meta.label_lower, str(getattr(target, "uid", target.pk))  # noqa: SLF001 - Django's public Meta API
