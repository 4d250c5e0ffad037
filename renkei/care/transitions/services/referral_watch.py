"""What happens to referrals without anybody's doing: reminders, deadlines, consent that ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.transitions import notices
from renkei.care.transitions.models import Referral, ReferralAct, ReferralState
from renkei.care.transitions.queries.referrals import flows
from renkei.care.transitions.services.referral_telling import tell_both
from renkei.care.transitions.services.referrals import add_platform_event, locked
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

REMIND_BEFORE: Final = timedelta(days=1)


def referrals_to_look_at() -> list[int]:
    """Those that wait for an answer: each is looked at, for a consent ends without an event."""
    return list(
        Referral.objects.filter(state=ReferralState.WAITING)
        .order_by("expires_at")
        .values_list("pk", flat=True)
    )


@transaction.atomic
def look_after(referral_id: int) -> str:
    """Stop, expire or remind, each once, however often it is called. What was done."""
    referral = locked(Referral.objects.get(pk=referral_id))
    act = _due(referral)
    if act is None:
        return ""
    _take(referral, act)
    record_event(actor=SYSTEM, action="referral.acted", target=referral, detail={"act": act.value})
    return act.value


def _due(referral: Referral) -> ReferralAct | None:
    if referral.state != ReferralState.WAITING:
        return None
    now = clock.now()
    if not flows(referral):
        return ReferralAct.STOPPED
    if now >= referral.expires_at:
        return ReferralAct.EXPIRED
    if now >= referral.expires_at - REMIND_BEFORE and not _reminded(referral):
        return ReferralAct.REMINDED
    return None


def _reminded(referral: Referral) -> bool:
    """Since the deadline was set: one that was put off is reminded of anew."""
    told = referral.events.filter(act=ReferralAct.REMINDED)
    set_last = referral.events.filter(act__in=(ReferralAct.SENT, ReferralAct.EXTENDED)).latest("pk")
    return told.filter(pk__gt=set_last.pk).exists()


def _take(referral: Referral, act: ReferralAct) -> None:
    add_platform_event(referral, act)
    tell_both(
        referral,
        {
            ReferralAct.STOPPED: notices.REFERRAL_STOPPED,
            ReferralAct.EXPIRED: notices.REFERRAL_EXPIRED,
            ReferralAct.REMINDED: notices.REFERRAL_SOON,
        }[act],
    )


def stop_groundless_referrals(patient: Patient) -> None:
    """Stop what lost its consent, in the transaction that took it away: part of that act."""
    # Held: somebody may be accepting it at this moment.
    waiting = Referral.objects.select_for_update(of=("self",)).filter(
        patient=patient, state=ReferralState.WAITING
    )
    for referral in waiting.select_related("patient", "receiver", "sender"):
        if not flows(referral):
            _take(referral, ReferralAct.STOPPED)
