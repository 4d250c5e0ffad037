"""The acts of agreements (協定) as municipal staff do them: each tells the other municipalities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from renkei.foundation.accounts.queries_agreements import staff_of
from renkei.foundation.areas import agreements as acts
from renkei.foundation.areas.models import Agreement, AgreementMember, Area
from renkei.foundation.audit.actors import Actor
from renkei.foundation.common import clock
from renkei.foundation.notifications.kinds import NotificationKind
from renkei.foundation.notifications.services import notify

PROPOSED = "accounts.agreement_proposed"
ANSWERED = "accounts.agreement_answered"
INVITED = "accounts.agreement_invited"
ENDING = "accounts.agreement_ending"
# Fixed words: neither a municipality nor what it agreed on.
KINDS = tuple(
    NotificationKind(code, text, group="accounts")
    for code, text in (
        (PROPOSED, "ほかの市町村から、協定の提案があります。"),
        (ANSWERED, "協定の提案に、市町村から返事がありました。"),
        (INVITED, "協定に、ほかの市町村が招かれました。"),
        (ENDING, "協定から市町村が抜ける日、または協定の終わる日が決まりました。"),
    )
)


@transaction.atomic
def propose(
    *,
    actor: Actor,
    area: Area,
    others: Iterable[Area],
    name: str,
    purpose: str,
    first_day: date,
) -> Agreement:
    """Propose an agreement and ask the others to confirm it.

    Raises:
        ValidationError: a value is missing, or nobody else is asked.
    """
    agreement = acts.propose_agreement(
        actor=actor,
        proposer=area,
        others=others,
        name=name,
        purpose=purpose,
        first_day=first_day,
    )
    _tell_others(agreement, area, PROPOSED)
    return agreement


@transaction.atomic
def invite(
    *, actor: Actor, agreement: Agreement, area: Area, invited: Iterable[Area]
) -> list[AgreementMember]:
    """Ask further municipalities to join; they are asked, and the members told.

    Raises:
        ValidationError: nobody is asked, the agreement is over, or one takes part already.
    """
    asked = acts.invite_to_agreement(
        actor=actor, agreement=agreement, inviter=area, invited=invited
    )
    path = reverse("accounts:agreement_detail", args=[agreement.uid])
    for kind, areas in (
        (PROPOSED, {member.area_id for member in asked}),
        (INVITED, _others_of(agreement, area) - {member.area_id for member in asked}),
    ):
        key = f"{kind}:{agreement.uid}"
        notify(user_ids=staff_of(areas), kind=kind, path=path, dedupe_key=key)
    return asked


@transaction.atomic
def confirm(*, actor: Actor, agreement: Agreement, area: Area) -> AgreementMember:
    """Say yes for the municipality that was asked.

    Raises:
        ValidationError: it has answered already, or the agreement is over.
    """
    member = acts.confirm_agreement(actor=actor, agreement=agreement, area=area)
    _tell_others(agreement, area, ANSWERED)
    return member


@transaction.atomic
def refuse(*, actor: Actor, agreement: Agreement, area: Area) -> AgreementMember:
    """Say no for the municipality that was asked.

    Raises:
        ValidationError: it has answered already.
    """
    member = acts.refuse_agreement(actor=actor, agreement=agreement, area=area)
    _tell_others(agreement, area, ANSWERED)
    return member


@transaction.atomic
def leave(*, actor: Actor, agreement: Agreement, area: Area, last_day: date) -> AgreementMember:
    """Take part up to and with a day; what is shared stops with it.

    Raises:
        ValidationError: the day has passed, or it does not take part on it.
    """
    _require_not_passed(last_day)
    member = acts.leave_agreement(actor=actor, agreement=agreement, area=area, last_day=last_day)
    _tell_others(agreement, area, ENDING)
    return member


@transaction.atomic
def end(*, actor: Actor, agreement: Agreement, area: Area, last_day: date) -> Agreement:
    """End the agreement for all its members, up to and with a day.

    Raises:
        ValidationError: the day has passed, or the agreement does not hold on it.
    """
    _require_not_passed(last_day)
    agreement = acts.end_agreement(actor=actor, agreement=agreement, last_day=last_day)
    _tell_others(agreement, area, ENDING)
    return agreement


def _require_not_passed(last_day: date) -> None:
    # What was shared on a day that has passed was shared.
    if last_day < clock.today():
        raise ValidationError({"last_day": "今日以降の日付を入力してください。"})


def _tell_others(agreement: Agreement, area: Area, kind: str) -> None:
    """Those who have not refused, without one's own municipality."""
    path = reverse("accounts:agreement_detail", args=[agreement.uid])
    people = staff_of(_others_of(agreement, area))
    notify(user_ids=people, kind=kind, path=path, dedupe_key=f"{kind}:{agreement.uid}")


def _others_of(agreement: Agreement, area: Area) -> set[int]:
    members = agreement.members.filter(refused_at=None).exclude(area=area)
    return {member.area_id for member in members}
