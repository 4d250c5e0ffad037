"""急変時の受け入れ: the steps of one call to one hospital. Pure.

Source: domain/training-outreach-consult.md §7.2; acceptance.md C2, T-C2b (ohcnetwork/care#435,
#1248, #1035, #1091, #1042, #1095; ohcnetwork/care_fe#5401).
"""

from __future__ import annotations

from typing import Final

from django.db import models


class CallState(models.TextChoices):
    CALLED = "called", "受け入れを頼んだ"
    ACCEPTED = "accepted", "受け入れる"
    REFUSED = "refused", "受け入れられない"
    TRANSPORTED = "transported", "搬送した"
    ADMITTED = "admitted", "入院した"
    RETURNED = "returned", "家に戻った"
    CANCELLED = "cancelled", "取りやめた"


class CallStep(models.TextChoices):
    ACCEPT = "accept", "受け入れると答えた"
    REFUSE = "refuse", "受け入れられないと答えた"
    TRANSPORT = "transport", "搬送した"
    ADMIT = "admit", "入院した"
    RETURN = "return", "家に戻った"
    CANCEL = "cancel", "取りやめた"


class RefusalReason(models.TextChoices):
    """Counted for the council; never shown with a person outside the parties."""

    NO_BED = "no_bed", "満床"
    NO_DOCTOR = "no_doctor", "対応できる医師がいない"
    NOT_OUR_FIELD = "not_our_field", "診療科・設備が合わない"
    OTHER_PATIENT = "other_patient", "ほかの救急に対応中"
    OTHER = "other", "そのほか"


class Vehicle(models.TextChoices):
    AMBULANCE = "ambulance", "救急車"
    HOSPITAL = "hospital", "病院の車"
    PRIVATE = "private", "民間の搬送"
    OWN = "own", "自家用車・タクシー"


class CancelReason(models.TextChoices):
    NOT_NEEDED = "not_needed", "必要がなくなった"
    ADMITTED_ELSEWHERE = "admitted_elsewhere", "別の医療機関に入った"
    DIED = "died", "亡くなった"
    MISTAKE = "mistake", "間違い"


OPEN: Final = frozenset({CallState.CALLED, CallState.ACCEPTED, CallState.TRANSPORTED})
_NEXT: Final = {
    (CallState.CALLED, CallStep.ACCEPT): CallState.ACCEPTED,
    (CallState.CALLED, CallStep.REFUSE): CallState.REFUSED,
    # A bed can be gone by the time the ambulance leaves.
    (CallState.ACCEPTED, CallStep.REFUSE): CallState.REFUSED,
    (CallState.ACCEPTED, CallStep.TRANSPORT): CallState.TRANSPORTED,
    (CallState.TRANSPORTED, CallStep.ADMIT): CallState.ADMITTED,
    # Seen and sent home the same night.
    (CallState.TRANSPORTED, CallStep.RETURN): CallState.RETURNED,
    (CallState.ADMITTED, CallStep.RETURN): CallState.RETURNED,
}


def next_state(state: str, step: str, *, disaster: bool = False) -> CallState | None:
    """Where a step leads; None where it cannot be taken.

    In a declared disaster nobody waits for an answer: a person may be taken where the region
    sends them, and the acceptance is made up for later or never.
    """
    now, taken = CallState(state), CallStep(step)
    if taken == CallStep.CANCEL:
        return CallState.CANCELLED if now in OPEN else None
    if disaster and (now, taken) == (CallState.CALLED, CallStep.TRANSPORT):
        return CallState.TRANSPORTED
    return _NEXT.get((now, taken))
