"""Telling both sides of a referral: fixed words, a path of a random uid, never a name."""

from __future__ import annotations

from django.urls import reverse

from renkei.care.patients.people_to_tell import administrator_user_ids
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions import notices
from renkei.care.transitions.models import Referral, ReferralAct
from renkei.care.transitions.referral_states import Party
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.notifications.services import notify, settle


def referral_path(referral: Referral) -> str:
    """Where it is read."""
    return reverse("transitions:referral_detail", args=[referral.uid])


def receivers_of(referral: Referral) -> set[int]:
    """Who of the receiving office is told: whoever accepted, before that everybody there."""
    if referral.receiver_id is None:
        return set()
    people = present_memberships().filter(organisation=referral.receiver_id)
    if referral.accepted_by_id is not None:
        people = people.filter(pk=referral.accepted_by_id)
    return set(people.values_list("user_id", flat=True))


def senders_of(referral: Referral) -> set[int]:
    """Whoever sent it; where they are gone, those who run the office: no answer gets lost."""
    own = present_memberships().filter(pk=referral.sender_member_id)
    found = set(own.values_list("user_id", flat=True))
    return found or administrator_user_ids([referral.sender_id])


def tell_of_new(referral: Referral) -> None:
    """The office that is asked."""
    _tell(referral, receivers_of(referral), notices.REFERRAL_NEW)


def tell_of_act(referral: Referral, act: ReferralAct, *, by: Party, viewer: Viewer) -> None:
    """The other side of whoever acted; a question that is answered stops asking."""
    if by == Party.SENDER:
        people, kind = receivers_of(referral), notices.REFERRAL_CHANGED
    else:
        people, kind = senders_of(referral), notices.REFERRAL_ANSWERED
    if act != ReferralAct.EXTENDED:
        settle(path=referral_path(referral))
    _tell(referral, people - {viewer.user_id or 0}, kind)


def tell_both(referral: Referral, kind: str) -> None:
    """Both sides, of what the platform's clock did."""
    _tell(referral, receivers_of(referral) | senders_of(referral), kind)


def _tell(referral: Referral, people: set[int], kind: str) -> None:
    if people:
        notify(
            user_ids=people,
            kind=kind,
            path=referral_path(referral),
            dedupe_key=f"{kind}:{referral.uid}",
        )
