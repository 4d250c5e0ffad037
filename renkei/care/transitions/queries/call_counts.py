"""How calls to hospitals at a sudden turn came out: counts only, never through a viewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db.models import Count

from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.emergency_states import CallState
from renkei.care.transitions.models import EmergencyCall
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on

# A hospital that said yes, whatever came of it.
TAKEN_IN: Final = frozenset(
    {CallState.ACCEPTED, CallState.TRANSPORTED, CallState.ADMITTED, CallState.RETURNED}
)


@dataclass(frozen=True)
class CallCounts:
    """Calls of a time by what came of them; ``reasons``: how often each led to a refusal."""

    accepted: int = 0
    refused: int = 0
    waiting: int = 0
    cancelled: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        return self.accepted + self.refused

    @property
    def calls(self) -> int:
        return self.answered + self.waiting + self.cancelled


def call_counts(area: Area | None, first: date, last: date) -> CallCounts:
    """Calls begun from one day to another (included) for persons who live in an area.

    None: everywhere. Whoever publishes these counts hides the small ones.
    """
    rows = EmergencyCall.objects.filter(
        called_at__gte=instant_of(first, 0), called_at__lt=instant_of(last + timedelta(days=1), 0)
    )
    if area is not None:
        rows = rows.filter(patient__municipality__in=descendants_on(area, first))
    states: Counter[str] = Counter()
    reasons: dict[str, int] = {}
    for state, refusal, count in (
        rows.values_list("state", "refusal").annotate(count=Count("pk")).order_by("refusal")
    ):
        states[state] += count
        if state == CallState.REFUSED:
            reasons[refusal] = count
    return CallCounts(
        accepted=sum(states[state] for state in TAKEN_IN),
        refused=states[CallState.REFUSED],
        waiting=states[CallState.CALLED],
        cancelled=states[CallState.CANCELLED],
        reasons=reasons,
    )
