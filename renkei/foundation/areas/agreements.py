"""協定: who shares with whom on a day, and the acts of making, joining and leaving.

An agreement lets its members use each other's forms, rules, directories and courses. It holds on
the days that lie in its own period and in the memberships of both sides: whoever leaves on 3/31
is out at 4/1 00:00.
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


def agreements_in_force(area: Area | None, day: date) -> QuerySet[Agreement]:
    """The agreements an area takes part in on a day; none for no area."""
    if area is None:
        return Agreement.objects.none()
    return Agreement.objects.filter(
        period__contains=day,
        pk__in=AgreementMember.objects.filter(area=area, period__contains=day).values("agreement"),
    ).order_by("name", "pk")


def members_on(agreement: Agreement, day: date) -> QuerySet[Area]:
    """The areas that take part in an agreement on a day."""
    members = AgreementMember.objects.filter(agreement=agreement, period__contains=day)
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
    """Record an agreement with its founding members.

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
        AgreementMember.objects.create(agreement=agreement, area=area, period=agreement.period)
    record_event(actor=actor, action="areas.agreement_made", target=agreement)
    return agreement


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
        raise ValidationError("この協定は終わっています。続いている協定を選んでください。")
    member = AgreementMember(agreement=agreement, area=area, period=DateRange(first_day, end))
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
        AgreementMember.objects.select_for_update()
        .filter(agreement=agreement, area=area, period__contains=last_day)
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
