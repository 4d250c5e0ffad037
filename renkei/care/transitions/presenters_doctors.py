"""A pair of doctors in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.care.transitions.forms_doctors import DeputyCallForm
from renkei.care.transitions.models import DeputyCall, DoctorPair, PairNotice, PairRecord
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
    """One pair: who, how far, what is next, who knows it, how often the deputy was called."""

    pair: DoctorPair
    word: str
    kind: str
    next_step: PairStep | None
    notices: Sequence[PairNotice]
    records: Sequence[PairRecord]
    calls: Sequence[DeputyCall]
    call_form: DeputyCallForm | None

    @property
    def is_waiting(self) -> bool:
        return self.pair.state != PairState.ACTIVE

    @property
    def asks_nobody(self) -> bool:
        """Starting needs no answer: everybody agreed."""
        return self.next_step == PairStep.STARTS

    @classmethod
    def of(cls, status: PairStatus, *, call_form: DeputyCallForm | None = None) -> PairCard:
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
            records=sorted(pair.records.all(), key=lambda one: one.pk),
            calls=sorted(pair.calls.all(), key=lambda one: one.at, reverse=True),
            call_form=(call_form or DeputyCallForm(None, pair=pair)) if active else None,
        )
