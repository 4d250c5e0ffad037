"""協定: who shares with whom on a day, and the acts of making, joining and leaving.

An agreement lets its members use each other's forms, rules, directories and courses. It holds on
the days that lie in its own period and in the memberships of both sides: whoever leaves on 3/31
is out at 4/1 00:00. A municipality that was asked and has not confirmed is no member.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from renkei.foundation.areas.models import Agreement, AgreementMember, Area
from renkei.foundation.areas.periods import DateRange
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

OVER = "この協定は終わっています。続いている協定を選んでください。"


def members_taking_part(day: date) -> QuerySet[AgreementMember]:
    """Memberships that count on a day: confirmed, and in their period."""
    return AgreementMember.objects.filter(period__contains=day, confirmed_at__isnull=False)


def agreements_in_force(area: Area | None, day: date) -> QuerySet[Agreement]:
    """The agreements an area takes part in on a day; none for no area."""
    if area is None:
        return Agreement.objects.none()
    return Agreement.objects.filter(
        period__contains=day,
        pk__in=members_taking_part(day).filter(area=area).values("agreement"),
    ).order_by("name", "pk")


def members_on(agreement: Agreement, day: date) -> QuerySet[Area]:
    """The areas that take part in an agreement on a day."""
    members = members_taking_part(day).filter(agreement=agreement)
    return Area.objects.filter(pk__in=members.values("area")).order_by("code", "pk")


@transaction.atomic
def make_agreement(
    *,
    actor: Actor,
    name: str,
    purpose: str,
    areas: Iterable[Area],
    first_day: date,
    last_day: date | None = None,
) -> Agreement:
    """Record an agreement all its founding members have signed already.

    Raises:
        ValidationError: a name is missing, or it ends before it begins.
    """
    if last_day is not None and last_day < first_day:
        raise ValidationError("終わりの日は始まりの日以降の日付を入力してください。")
    end = last_day + timedelta(days=1) if last_day else None
    agreement = Agreement(name=name, purpose=purpose, period=DateRange(first_day, end))
    agreement.full_clean()
    agreement.save()
    for area in areas:
        AgreementMember.objects.create(
            agreement=agreement, area=area, period=agreement.period, confirmed_at=clock.now()
        )
    record_event(actor=actor, action="areas.agreement_made", target=agreement)
    return agreement


@transaction.atomic
def propose_agreement(
    *,
    actor: Actor,
    proposer: Area,
    others: Iterable[Area],
    name: str,
    purpose: str,
    first_day: date,
) -> Agreement:
    """Propose an agreement: the proposer has confirmed by proposing, the others are asked.

    Raises:
        ValidationError: a name is missing, or nobody else is asked.
    """
    asked = [area for area in others if area.pk != proposer.pk]
    if not asked:
        raise ValidationError({"others": "協定を結ぶ相手の市町村を選んでください。"})
    period = DateRange(first_day, None)
    agreement = Agreement(name=name, purpose=purpose, period=period, proposer=proposer)
    agreement.full_clean()
    agreement.save()
    AgreementMember.objects.create(
        agreement=agreement,
        area=proposer,
        period=_from_today(period),
        confirmed_at=clock.now(),
        answered_by_id=actor.user_id,
    )
    for area in asked:
        AgreementMember.objects.create(agreement=agreement, area=area, period=period)
    record_event(
        actor=actor,
        action="areas.agreement_proposed",
        target=agreement,
        detail={"asked": [area.pk for area in asked]},
    )
    return agreement


@transaction.atomic
def invite_to_agreement(
    *, actor: Actor, agreement: Agreement, inviter: Area, invited: Iterable[Area]
) -> list[AgreementMember]:
    """Ask further areas to join; the inviter says yes by asking, they by their own answer.

    Raises:
        ValidationError: nobody is asked, the agreement is over, or one takes part already.
    """
    asked = [area for area in invited if area.pk != inviter.pk]
    if not asked:
        raise ValidationError({"invited": "招く市町村を選んでください。"})
    # Two members may ask the same one at the same moment.
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if agreement.last_day is not None and agreement.last_day < clock.today():
        raise ValidationError(OVER)
    members = []
    for area in asked:
        _close_refusal(agreement, area)
        member = AgreementMember(
            agreement=agreement, area=area, period=_from_today(agreement.period)
        )
        member.full_clean()
        member.save()
        members.append(member)
    record_event(
        actor=actor,
        action="areas.agreement_invited",
        target=agreement,
        detail={"asked": [area.pk for area in asked], "by": inviter.pk},
    )
    return members


def _close_refusal(agreement: Agreement, area: Area) -> None:
    """Who said no may be asked again; the refusal stays, and ends yesterday."""
    refused = AgreementMember.objects.filter(
        agreement=agreement,
        area=area,
        refused_at__isnull=False,
        period__startswith__lt=clock.today(),
        period__contains=clock.today(),
    ).first()
    if refused is not None:
        refused.period = DateRange(refused.period.lower, clock.today())
        refused.save(update_fields=["period"])


@transaction.atomic
def confirm_agreement(*, actor: Actor, agreement: Agreement, area: Area) -> AgreementMember:
    """An area that was asked says yes; it takes part from today, or from the first day if later.

    Raises:
        ValidationError: it was not asked, has answered already, or the agreement is over.
    """
    member = _unanswered(agreement, area)
    if agreement.last_day is not None and agreement.last_day < clock.today():
        raise ValidationError(OVER)
    member.period = _from_today(member.period)
    member.confirmed_at = clock.now()
    member.answered_by_id = actor.user_id
    member.save(update_fields=["period", "confirmed_at", "answered_by"])
    record_event(
        actor=actor,
        action="areas.agreement_confirmed",
        target=agreement,
        detail={"area": area.pk},
    )
    return member


@transaction.atomic
def refuse_agreement(*, actor: Actor, agreement: Agreement, area: Area) -> AgreementMember:
    """An area that was asked says no.

    Raises:
        ValidationError: it was not asked, or has answered already.
    """
    member = _unanswered(agreement, area)
    member.refused_at = clock.now()
    member.answered_by_id = actor.user_id
    member.save(update_fields=["refused_at", "answered_by"])
    record_event(
        actor=actor, action="areas.agreement_refused", target=agreement, detail={"area": area.pk}
    )
    return member


def _unanswered(agreement: Agreement, area: Area) -> AgreementMember:
    member = (
        AgreementMember.objects.select_for_update()
        .filter(agreement=agreement, area=area, confirmed_at=None, refused_at=None)
        .first()
    )
    if member is None:
        raise ValidationError("この提案への返事は、もう済んでいます。状態を確かめてください。")
    return member


def _from_today(period: DateRange) -> DateRange:
    # Days before the answer stay as they were: nothing was shared on them.
    return DateRange(max(period.lower or clock.today(), clock.today()), period.upper)


@transaction.atomic
def join_agreement(
    *, actor: Actor, agreement: Agreement, area: Area, first_day: date
) -> AgreementMember:
    """Let an area take part from a day on.

    Raises:
        ValidationError: it takes part already, or the agreement is over.
    """
    end: date | None = agreement.period.upper
    if end is not None and end <= first_day:
        raise ValidationError(OVER)
    member = AgreementMember(
        agreement=agreement,
        area=area,
        period=DateRange(first_day, end),
        confirmed_at=clock.now(),
        answered_by_id=actor.user_id,
    )
    member.full_clean()
    member.save()
    record_event(
        actor=actor,
        action="areas.agreement_joined",
        target=agreement,
        detail={"area": area.pk, "from": first_day.isoformat()},
    )
    return member


@transaction.atomic
def leave_agreement(
    *, actor: Actor, agreement: Agreement, area: Area, last_day: date
) -> AgreementMember:
    """End an area's part with the given day: 3/31 means that 4/1 00:00 is the first instant out.

    Raises:
        ValidationError: it does not take part on that day.
    """
    member = (
        members_taking_part(last_day)
        .select_for_update()
        .filter(agreement=agreement, area=area)
        .first()
    )
    if member is None:
        raise ValidationError("その日には、この協定に加わっていません。日付を確かめてください。")
    member.period = DateRange(member.period.lower, last_day + timedelta(days=1))
    member.save(update_fields=["period"])
    record_event(
        actor=actor,
        action="areas.agreement_left",
        target=agreement,
        detail={"area": area.pk, "last_day": last_day.isoformat()},
    )
    return member


@transaction.atomic
def end_agreement(*, actor: Actor, agreement: Agreement, last_day: date) -> Agreement:
    """End an agreement for all its members with the given day.

    Raises:
        ValidationError: it does not hold on that day.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if last_day not in agreement.period:
        raise ValidationError("その日には、この協定は有効ではありません。日付を確かめてください。")
    agreement.period = DateRange(agreement.period.lower, last_day + timedelta(days=1))
    agreement.save(update_fields=["period"])
    record_event(
        actor=actor,
        action="areas.agreement_ended",
        target=agreement,
        detail={"last_day": last_day.isoformat()},
    )
    return agreement
