"""The hospital of a sudden turn, and calls to hospitals, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from renkei.care.patients.models import Patient
from renkei.care.transitions.emergency_states import OPEN, CallState, CallStep, next_state
from renkei.care.transitions.forms_emergencies import CallStepForm, ToldForm
from renkei.care.transitions.models import (
    AgreementNotice,
    EmergencyAgreement,
    EmergencyCall,
    EmergencyCallRecord,
    PairNotice,
)
from renkei.care.transitions.pair_states import Audience
from renkei.care.transitions.queries.emergencies import AgreementStatus
from renkei.care.transitions.services.told import has_somebody, stands_for
from renkei.foundation.accounts.viewers import Viewer

# One tap at night: what is asked most. Nothing here is advice; the telephone tells the rest.
QUICK_REASONS: Final = (
    "息が苦しい",
    "意識がはっきりしない",
    "熱が高い",
    "痛みが強い",
    "転んだ・けが",
    "そのほか（電話で伝える）",
)
_KINDS: Final = {
    CallState.CALLED: "soon",
    CallState.ACCEPTED: "done",
    CallState.REFUSED: "over",
    CallState.TRANSPORTED: "in",
    CallState.ADMITTED: "done",
    CallState.RETURNED: "done",
    CallState.CANCELLED: "plain",
}


@dataclass(frozen=True)
class ToldRow:
    """One who has to know: whether they said so, and the form to write it down."""

    audience: str
    label: str
    notice: PairNotice | AgreementNotice
    form: ToldForm | None
    is_own: bool

    @property
    def name(self) -> str:
        notice = self.notice
        return "この人にはいません" if notice.has_nobody else notice.confirmed_name


def told_rows(
    viewer: Viewer,
    patient: Patient,
    notices: Sequence[PairNotice] | Sequence[AgreementNotice],
    *,
    bound: Mapping[str, ToldForm] | None = None,
) -> list[ToldRow]:
    """Care manager, station, family; a form for each that has not said yet."""
    rows = []
    for audience in Audience:
        notice = next((one for one in notices if one.audience == audience), None)
        if notice is None:
            continue
        form, is_own = None, False
        if notice.confirmed_at is None:
            is_own = stands_for(viewer, patient, audience)
            form = (bound or {}).get(audience) or told_form(None, viewer, patient, audience)
        rows.append(ToldRow(audience.value, audience.label, notice, form, is_own))
    return rows


def told_form(data: object, viewer: Viewer, patient: Patient, audience: Audience) -> ToldForm:
    """The form for one of those who have to know."""
    return ToldForm(
        data,
        audience=audience.value,
        may_lack=not has_somebody(patient, audience),
        is_own=stands_for(viewer, patient, audience),
    )


@dataclass(frozen=True)
class AgreementCard:
    """The hospital that stands ready, and what is still missing."""

    agreement: EmergencyAgreement
    words: Sequence[tuple[str, str]]
    terms: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, status: AgreementStatus) -> AgreementCard:
        agreement = status.agreement
        words = [
            ("done", "手配済み") if status.is_arranged else ("soon", "まだ全員に伝わっていません")
        ]
        if status.is_stale:
            words.append(("over", "6か月より前の確認です"))
        terms = (
            ("使える病床", agreement.beds),
            ("受けられる時間", agreement.hours),
            ("受けられない場合", agreement.not_accepted),
            ("搬送の方法", agreement.transport),
            ("送る情報", agreement.information),
        )
        return cls(agreement, words, [(label, text or "記録なし") for label, text in terms])


@dataclass(frozen=True)
class CallRow:
    """One call in a list."""

    call: EmergencyCall
    word: str
    kind: str
    detail: str

    @property
    def is_open(self) -> bool:
        return CallState(self.call.state) in OPEN


def call_row(call: EmergencyCall) -> CallRow:
    """How far a call is, and why it ended."""
    state = CallState(call.state)
    if state == CallState.REFUSED:
        detail = "　".join(part for part in (call.get_refusal_display(), call.refusal_note) if part)
    else:
        detail = call.get_cancel_reason_display()
    return CallRow(call, state.label, _KINDS[state], detail)


@dataclass(frozen=True)
class StepCard:
    """Something that can be recorded now."""

    step: CallStep
    form: CallStepForm
    # Shown at once; the others wait behind their word.
    opens: bool


@dataclass(frozen=True)
class CallPage:
    """One call: how far it is, what can come next, what happened."""

    row: CallRow
    steps: Sequence[StepCard]
    records: Sequence[EmergencyCallRecord]

    @classmethod
    def of(cls, call: EmergencyCall, *, bound: Mapping[str, CallStepForm]) -> CallPage:
        possible = [
            step for step in CallStep if next_state(call.state, step, disaster=call.is_disaster)
        ]
        steps = [
            StepCard(
                step,
                bound.get(step) or CallStepForm(None, step=step),
                opens=step in bound or (not bound and step == possible[0] != CallStep.CANCEL),
            )
            for step in possible
        ]
        records = sorted(call.records.all(), key=lambda one: (one.at, one.pk))
        return cls(call_row(call), steps, records)
