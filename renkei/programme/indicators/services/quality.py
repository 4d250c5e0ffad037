"""Setting a doubt aside, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.programme.indicators.models import CheckedTable, FindingReview, Value
from renkei.programme.indicators.quality import RULES


@transaction.atomic
def confirm_value(*, viewer: Viewer, value: Value, rule: str, reason: str) -> FindingReview:
    """Say that a number is right although a rule doubts it, and why.

    Raises:
        ValidationError: no reason, or no such rule.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "正しいと分かる理由を入力してください。"})
    if rule not in RULES or value.value is None or viewer.user_id is None:
        raise ValidationError("この点検は、もうありません。一覧を見直してください。")
    review, _ = FindingReview.objects.update_or_create(
        value=value,
        rule=rule,
        defaults={
            "seen": value.value,
            "reason": reason[:300],
            "decided_by_id": viewer.user_id,
            "decided_at": clock.now(),
        },
    )
    record_event(actor=viewer.actor, action="indicators.value_confirmed", target=review)
    return review


def keep_tables(tables: Sequence[CheckedTable]) -> None:
    """Keep what the rules found until a number changes: derived, so no act of anybody's."""
    if tables:
        CheckedTable.objects.bulk_create(tables, ignore_conflicts=True)
