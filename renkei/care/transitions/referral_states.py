"""How a referral stands, and who has the person, derived from its events. Pure, no database.

Source: acceptance.md C4: no path loses the owner; every path says who, when, why, which consent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from renkei.care.transitions.models.referrals import ReferralAct, ReferralKind, ReferralState

A, S = ReferralAct, ReferralState


class Party(Enum):
    """Whose act it is. For a receiver without an account the sender writes down what was told."""

    SENDER = "sender"
    RECEIVER = "receiver"
    PLATFORM = "platform"


# What may follow on what, and whose act it is.
_WAITING: Final = {
    A.ACCEPTED: (S.ACCEPTED, Party.RECEIVER),
    A.REJECTED: (S.REJECTED, Party.RECEIVER),
    A.WITHDRAWN: (S.WITHDRAWN, Party.SENDER),
    A.EXTENDED: (S.WAITING, Party.SENDER),
    A.EXPIRED: (S.EXPIRED, Party.PLATFORM),
    A.STOPPED: (S.STOPPED, Party.PLATFORM),
    A.REMINDED: (S.WAITING, Party.PLATFORM),
}
_RUNNING: Final = {
    A.RETURNED: (S.RETURNED, Party.RECEIVER),
    A.ENDED: (S.ENDED, Party.RECEIVER),
}
_NEXT: Final = {
    S.WAITING: _WAITING,
    S.ACCEPTED: {A.STARTED: (S.STARTED, Party.RECEIVER), **_RUNNING},
    S.STARTED: _RUNNING,
}
RUNNING: Final = frozenset({S.ACCEPTED, S.STARTED})
# These say why; a rejection also by a code, so that holes in the region can be counted.
NEEDS_REASON: Final = frozenset({A.REJECTED, A.RETURNED, A.WITHDRAWN})
REASONS: Final = {
    "full": "空きがない",
    "area": "地域の外",
    "skill": "対応できる内容でない",
    "hours": "日時が合わない",
    "contract": "契約・費用の条件が合わない",
    "person": "本人・家族の希望が変わった",
    "other": "その他",
}


@dataclass(frozen=True)
class Derived:
    """What the events of one referral amount to. ``owner``: who has the person now."""

    state: ReferralState
    owner: Party


def following(state: str, *, outside: bool) -> dict[ReferralAct, Party]:
    """What may happen next, and whose act it is."""
    rows = _NEXT.get(ReferralState(state), {})
    return {
        act: Party.SENDER if outside and party == Party.RECEIVER else party
        for act, (_, party) in rows.items()
    }


def derive(kind: str, acts: Iterable[str], *, outside: bool) -> Derived:
    """The state after these acts, in the order they happened.

    Raises:
        ValueError: an act that cannot follow.
    """
    state, owner = ReferralState.WAITING, Party.SENDER
    for act in map(ReferralAct, acts):
        if act in {A.SENT, A.PAPER_CAME}:
            continue
        rows = _NEXT.get(state, {})
        if act not in rows:
            message = f"{act} cannot follow in {state}"
            raise ValueError(message)
        state, _ = rows[act]
        # Outside the platform nobody is there to own anything: the sender stays answerable.
        if act == A.ACCEPTED and kind == ReferralKind.TRANSFER and not outside:
            owner = Party.RECEIVER
        elif act == A.RETURNED:
            owner = Party.SENDER
    return Derived(state, owner)
