"""A pair of doctors in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.care.transitions.models import DoctorPair, PairNotice, PairRecord
from renkei.care.transitions.pair_states import PairState, PairStep, next_state
from renkei.care.transitions.queries.doctors import PairStatus

FORWARD = (
    PairStep.MAIN_AGREES,
    PairStep.DEPUTY_AGREES,
    PairStep.PATIENT_AGREES,
    PairStep.STARTS,
)


@dataclass(frozen=True)
class PairCard:
    """One pair: who, how far, what is next, who knows it."""

    pair: DoctorPair
    word: str
    kind: str
    next_step: PairStep | None
    notices: Sequence[PairNotice]
    records: Sequence[PairRecord]

    @property
    def is_waiting(self) -> bool:
        return self.pair.state != PairState.ACTIVE

    @classmethod
    def of(cls, status: PairStatus) -> PairCard:
        pair = status.pair
        active = pair.state == PairState.ACTIVE
        if status.is_arranged:
            word, kind = "手配済み", "done"
        elif active:
            word, kind = "実施中（まだ全員に伝わっていません）", "soon"
        else:
            word, kind = PairState(pair.state).label, "in"
        return cls(
            pair=pair,
            word=word,
            kind=kind,
            next_step=next((step for step in FORWARD if next_state(pair.state, step)), None),
            notices=status.notices if active else (),
            records=list(pair.records.all()),
        )
