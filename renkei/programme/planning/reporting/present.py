"""What a footnote says today, beside what it said when the report was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from renkei.programme.indicators.evidence import drift
from renkei.programme.planning.reporting.counters import COUNTERS
from renkei.programme.planning.reporting.records import address_of, present_text
from renkei.programme.planning.reporting.scope import Scope

REVISED = "値が改訂されました。"


@dataclass(frozen=True, slots=True)
class Present:
    """``problem``: how today differs, as a sentence; ``url``: where the record is read."""

    problem: str
    url: str


def present_of(scope: Scope, note: dict[str, Any]) -> Present:
    """Ask the query behind a footnote again."""
    if note["kind"] == "indicator":
        found = drift(note["frozen"], scope.viewer)
        url = reverse("indicators:indicator_detail", args=[note["frozen"]["code"]])
        return Present(f"{REVISED}{found}" if found else "", url)
    if note["kind"] == "count":
        return Present(_recounted(scope, note["counter"]), _place_of(scope, note["counter"]))
    if note["kind"] == "record":
        now = present_text(scope, note["record"])
        if now is None:
            problem = "この記録は、いまは見られません。"
        elif now != note["record"]["value"]:
            problem = f"記録が直されました。いまは「{now}」です。"
        else:
            problem = ""
        return Present(problem, address_of(scope, note["record"]))
    return Present("", "")


def _recounted(scope: Scope, kept: dict[str, str]) -> str:
    counter = COUNTERS.get(kept["code"])
    if counter is None:
        return "この数は、いまは数えていません。"
    now = counter.count(scope, kept["key"])
    if now == kept["value"]:
        return ""
    return f"{REVISED}報告を作った時は{kept['value']}、いまは{now}です。"


def _place_of(scope: Scope, kept: dict[str, str]) -> str:
    counter = COUNTERS.get(kept["code"])
    source = counter.source if counter else ""
    plan = scope.plan()
    if source.startswith("計画") and plan is not None:
        return reverse("planning:plan_detail", args=[plan.uid])
    return reverse("planning:issue_list" if source.startswith("課題") else "planning:council_list")
