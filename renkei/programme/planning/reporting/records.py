"""Words people wrote, as a report quotes them: kept as they were, compared with what they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from renkei.programme.planning.models import Activity, Goal
from renkei.programme.planning.queries.issues import issues_seen_by
from renkei.programme.planning.queries.plans import plans_seen_by
from renkei.programme.planning.reporting.scope import Scope

_FINDERS: Final[dict[str, Callable[[Scope, UUID], Any]]] = {
    "plan": lambda scope, uid: plans_seen_by(scope.viewer).filter(uid=uid).first(),
    "goal": lambda scope, uid: Goal.objects.filter(
        uid=uid, plan__in=plans_seen_by(scope.viewer)
    ).first(),
    "activity": lambda scope, uid: Activity.objects.filter(
        uid=uid, plan__in=plans_seen_by(scope.viewer)
    ).first(),
    "issue": lambda scope, uid: issues_seen_by(scope.viewer).filter(uid=uid).first(),
    "council": lambda scope, uid: scope.councils().filter(uid=uid).first(),
    # As published; the draft of minutes is not the report's business.
    "line": lambda scope, uid: scope.public_lines().filter(uid=uid).first(),
}
SOURCES: Final = {
    "plan": "年度の計画",
    "goal": "年度の計画の目標",
    "activity": "年度の計画の活動",
    "issue": "課題の記録",
    "council": "会議体の記録",
    "line": "公開した会議の要旨",
}


def text_of(record: Any, field: str) -> str:
    """One field of a record as a report writes it."""
    value = getattr(record, field)
    if value is None:
        return ""
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


def present_text(scope: Scope, kept: dict[str, str]) -> str | None:
    """What the record says today; None where it is gone, or closed to this viewer."""
    record = _record(scope, kept)
    return None if record is None else text_of(record, kept["field"])


def _record(scope: Scope, kept: dict[str, str]) -> Any:
    finder = _FINDERS.get(kept["model"])
    return finder(scope, UUID(kept["uid"])) if finder else None


def address_of(scope: Scope, kept: dict[str, str]) -> str:
    """Where the record is read; empty where the viewer cannot."""
    record = _record(scope, kept)
    if record is None:
        return ""
    if kept["model"] in ("goal", "activity"):
        return reverse("planning:plan_detail", args=[record.plan.uid])
    if kept["model"] == "line":
        return reverse("planning:meeting_detail", args=[record.meeting.uid])
    return reverse(f"planning:{kept['model']}_detail", args=[record.uid])
