"""How events hang together: the hash of a row, the seal of a month, and what does not fit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

START_OF_CHAIN = "0" * 64
# The first event of a month seals the one before: its number of rows and the hash of the last.
SEAL_ACTION = "audit.month_sealed"


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


@dataclass(frozen=True)
class Finding:
    """One place where the trail is not as it was written."""

    month: date
    sequence: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.month:%Y年%-m月} {self.sequence}番：{self.sentence}"


def findings_in(events: Iterable[AuditEvent]) -> Iterator[Finding]:
    """Walk the whole trail in order (month, sequence) and yield whatever does not fit."""
    last: AuditEvent | None = None
    for event in events:
        if last is None or event.month != last.month:
            yield from _start_of_month(event, last)
        else:
            yield from _next_to(event, last)
        if hash_of(event) != event.hash:
            yield Finding(event.month, event.sequence, "内容が書き換えられています。")
        last = event


def _start_of_month(event: AuditEvent, last: AuditEvent | None) -> Iterator[Finding]:
    if event.sequence != 1:
        yield from _gap(event, expected=1)
        return
    if event.previous_hash != START_OF_CHAIN:
        yield Finding(event.month, 1, "鎖のはじまりではありません。前の記録が消されています。")
    sealed = event.detail if event.action == SEAL_ACTION else None
    if last is None:
        if sealed is not None:
            month = date.fromisoformat(f"{event.target_id}-01")
            yield Finding(month, 1, "封をした月の記録がすべて消されています。")
        return
    if sealed is None:
        yield Finding(
            event.month, 1, "前の月の封がありません。消されたか、前に行が足されています。"
        )
    elif event.target_id != f"{last.month:%Y-%m}":
        month = date.fromisoformat(f"{event.target_id}-01")
        yield Finding(month, 1, "封をした月の記録がすべて消されています。")
    elif sealed.get("count") != last.sequence or sealed.get("last_hash") != last.hash:
        yield _broken_seal(last, sealed.get("count"))


def _broken_seal(last: AuditEvent, count: object) -> Finding:
    if isinstance(count, int) and last.sequence < count:
        sentence = f"最後の記録が消されています（封では{count}件、いまは{last.sequence}件）。"
        return Finding(last.month, last.sequence + 1, sentence)
    if isinstance(count, int) and last.sequence > count:
        sentence = f"封をした後に足された記録です（封では{count}件）。"
        return Finding(last.month, count + 1, sentence)
    return Finding(last.month, last.sequence, "封の値と合いません。書き換えられています。")


def _next_to(event: AuditEvent, last: AuditEvent) -> Iterator[Finding]:
    if event.sequence != last.sequence + 1:
        yield from _gap(event, expected=last.sequence + 1)
    elif event.previous_hash != last.hash:
        sentence = "前の記録とつながりません。この行か前の行が足されたか、書き換えられています。"
        yield Finding(event.month, event.sequence, sentence)


def _gap(event: AuditEvent, *, expected: int) -> Iterator[Finding]:
    missing = event.sequence - expected
    sentence = f"ここから{missing}件の記録が消されています。"
    yield Finding(event.month, expected, sentence)
