"""Founding councils and keeping their rosters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from psycopg.types.range import Range

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.programme.planning.acting import organisation_of
from renkei.programme.planning.models import Council, CouncilMember, WithholdingRate
from renkei.programme.planning.queries.councils import CouncilDoor

OWN_PARENT = "自分の下の会議体は、上の会議体に選べません。"


def term_of(first_day: date, last_day: date | None) -> Range[date]:
    """A term as people say it: both days belong to it.

    Raises:
        ValidationError: it ends before it begins.
    """
    if last_day is not None and last_day < first_day:
        raise ValidationError({"last_day": "任期の終わりは始まり以降の日付を入力してください。"})
    return Range(first_day, last_day + timedelta(days=1) if last_day else None)


@transaction.atomic
def make_council(*, viewer: Viewer, fields: Mapping[str, Any]) -> Council:
    """Found a council for the viewer's own area, or for the areas of an agreement.

    Raises:
        ValidationError: something is missing, or the viewer's office has no area.
    """
    owner = organisation_of(viewer)
    if owner is None or owner.area is None:
        raise ValidationError("所属の課に圏域がありません。組織の登録で圏域を選んでください。")
    council = Council(owner=owner, office=owner)
    _set(council, fields, area=owner.area)
    record_event(actor=viewer.actor, action="council.made", target=council)
    return council


@transaction.atomic
def change_council(*, door: CouncilDoor, fields: Mapping[str, Any]) -> Council:
    """Correct what is written about a council.

    Raises:
        ValidationError: something is missing, or it would stand below itself.
    """
    council = Council.objects.select_for_update().get(pk=door.council.pk)
    above = fields.get("parent")
    while above is not None:
        if above.pk == council.pk:
            raise ValidationError({"parent": OWN_PARENT})
        above = above.parent
    _set(council, fields, area=council.area or council.owner.area)
    record_event(actor=door.viewer.actor, action="council.changed", target=council)
    return council


def _set(council: Council, fields: Mapping[str, Any], *, area: Area | None) -> None:
    for name, value in fields.items():
        setattr(council, name, value)
    if council.parent is not None:
        # A 部会 serves whom its council serves.
        council.area, council.agreement = council.parent.area, council.parent.agreement
    else:
        council.area = None if council.agreement else area
    council.full_clean()
    council.save()


@transaction.atomic
def add_member(
    *, door: CouncilDoor, fields: Mapping[str, Any], first_day: date, last_day: date | None
) -> CouncilMember:
    """Appoint somebody for a term.

    Raises:
        ValidationError: the same person sits there already at that time.
    """
    member = CouncilMember(council=door.council, term=term_of(first_day, last_day))
    _set_member(member, fields)
    record_event(actor=door.viewer.actor, action="council_member.added", target=member)
    return member


@transaction.atomic
def change_member(
    *,
    door: CouncilDoor,
    member: CouncilMember,
    fields: Mapping[str, Any],
    first_day: date,
    last_day: date | None,
) -> CouncilMember:
    """Correct a row of the roster, or end its term. Seats of past meetings stay as they were.

    Raises:
        ValidationError: the term ends before it begins, or overlaps another of the same person.
    """
    locked = CouncilMember.objects.select_for_update().get(pk=member.pk)
    locked.term = term_of(first_day, last_day)
    _set_member(locked, fields)
    record_event(actor=door.viewer.actor, action="council_member.changed", target=locked)
    return locked


def _set_member(member: CouncilMember, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(member, name, value)
    member.full_clean()
    same = CouncilMember.objects.filter(
        council=member.council,
        name=member.name,
        organisation_name=member.organisation_name,
        term__overlap=member.term,
    ).exclude(pk=member.pk)
    if same.exists():
        raise ValidationError(
            "この人はこの期間の名簿にすでに載っています。任期を確かめてください。"
        )
    member.save()


@transaction.atomic
def set_rate(
    *, viewer: Viewer, area: Area, rate: WithholdingRate, percent: Decimal, from_day: date
) -> WithholdingRate:
    """The area's own rate from a day on, confirmed by whoever typed it.

    Raises:
        ValidationError: no share, or a later rate is there already.
    """
    later = WithholdingRate.objects.select_for_update().filter(area=area, code=rate.code)
    if later.filter(period__startswith__gte=from_day).exists():
        raise ValidationError(
            {"from_day": "この日以降の率がすでにあります。より後の日付を入力してください。"}
        )
    for one in later.filter(period__contains=from_day):
        one.period = Range(one.period.lower, from_day)
        one.save(update_fields=["period"])
    made = WithholdingRate(
        area=area,
        code=rate.code,
        name=rate.name,
        percent=percent,
        period=Range(from_day, None),
        source=rate.source,
        is_confirmed=True,
    )
    made.full_clean()
    made.save()
    record_event(
        actor=viewer.actor,
        action="withholding.set",
        target=made,
        detail={"code": made.code, "percent": str(percent)},
    )
    return made
