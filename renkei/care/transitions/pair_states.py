"""主治医・副主治医: the steps of a pair, and when it counts as arranged. Pure.

Source: domain/training-outreach-consult.md §7.1 (states); acceptance.md T-C1b (told and confirmed).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import models


class PairState(models.TextChoices):
    PROPOSED = "proposed", "申し込み"
    MAIN_OK = "main_ok", "主治医が承諾"
    DEPUTY_OK = "deputy_ok", "副主治医が承諾"
    PATIENT_OK = "patient_ok", "本人が同意"
    ACTIVE = "active", "実施中"
    CHANGED = "changed", "組み替え"
    ENDED = "ended", "終了"


class PairStep(models.TextChoices):
    """What can happen to a pair."""

    MAIN_AGREES = "main_agrees", "主治医が承諾した"
    DEPUTY_AGREES = "deputy_agrees", "副主治医が承諾した"
    PATIENT_AGREES = "patient_agrees", "本人（家族）が同意した"
    STARTS = "starts", "始めた"
    CHANGES = "changes", "組み替えた"
    ENDS = "ends", "終えた"


class Audience(models.TextChoices):
    """Who has to know the pair and whom to call when."""

    CARE_MANAGER = "care_manager", "ケアマネ"
    STATION = "station", "訪問看護"
    FAMILY = "family", "本人・家族"


_NEXT: Final = {
    (PairState.PROPOSED, PairStep.MAIN_AGREES): PairState.MAIN_OK,
    (PairState.MAIN_OK, PairStep.DEPUTY_AGREES): PairState.DEPUTY_OK,
    (PairState.DEPUTY_OK, PairStep.PATIENT_AGREES): PairState.PATIENT_OK,
    (PairState.PATIENT_OK, PairStep.STARTS): PairState.ACTIVE,
    (PairState.ACTIVE, PairStep.CHANGES): PairState.CHANGED,
}
OVER: Final = frozenset({PairState.CHANGED, PairState.ENDED})


def next_state(state: str, step: str) -> PairState | None:
    """Where a step leads; None where it cannot be taken. A pair not over can always be ended."""
    if PairStep(step) == PairStep.ENDS:
        return None if PairState(state) in OVER else PairState.ENDED
    return _NEXT.get((PairState(state), PairStep(step)))


def is_arranged(state: str, confirmed: Collection[str]) -> bool:
    """Active, and care manager, station and family were told and said so."""
    return PairState(state) == PairState.ACTIVE and set(Audience.values) <= set(confirmed)
