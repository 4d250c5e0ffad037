"""Writing the lines of the programme's money; the grant and the fund never on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.audit.services import record_event
from renkei.programme.planning.funding import BOTH, GRANTS, Funding
from renkei.programme.planning.models import MoneyLine, Plan
from renkei.programme.planning.queries.plans import PlanDoor
from renkei.programme.planning.services.issues import refuse_identifiers


def _open(door: PlanDoor) -> Plan:
    # 実績 comes in after the year was looked back on: a reviewed plan still takes money lines.
    return Plan.objects.select_for_update().get(pk=door.plan.pk)


@transaction.atomic
def write_line(
    *, door: PlanDoor, fields: Mapping[str, Any], line: MoneyLine | None = None
) -> MoneyLine:
    """One cost of one activity.

    Raises:
        ValidationError: grant and fund on one line, an activity without that item, or twice.
    """
    plan = _open(door)
    made = _write(plan, fields, line)
    record_event(actor=door.viewer.actor, action="money_line.written", target=made)
    return made


def _write(plan: Plan, fields: Mapping[str, Any], line: MoneyLine | None) -> MoneyLine:
    one = line or MoneyLine(plan=plan)
    for name, value in fields.items():
        setattr(one, name, value)
    if one.activity_id is None or one.activity.plan_id != plan.pk:
        raise ValidationError({"activity": "この計画の活動を選んでください。"})
    if one.item not in one.activity.items:
        raise ValidationError(
            {"item": "この活動に付いていない項目です。活動の項目から選んでください。"}
        )
    refuse_identifiers(one.what)
    _refuse_both(one)
    one.full_clean()
    one.save()
    return one


def _refuse_both(one: MoneyLine) -> None:
    """Source: F-P-7: the fund must be kept apart from the grant."""
    if one.funding in GRANTS:
        others = {Funding.FUND}
    elif one.funding == Funding.FUND:
        others = set(GRANTS)
    else:
        return
    clash = (
        MoneyLine.objects.filter(
            activity=one.activity,
            item=one.item,
            category=one.category,
            what=one.what,
            funding__in=others,
        )
        .exclude(pk=one.pk)
        .first()
    )
    if clash is not None:
        raise ValidationError({"funding": BOTH.format(other=clash.get_funding_display())})


@transaction.atomic
def remove_line(*, door: PlanDoor, line: MoneyLine) -> None:
    """Take a line away; the audit trail keeps that there was one."""
    _open(door)
    record_event(actor=door.viewer.actor, action="money_line.removed", target=line)
    line.delete()


@transaction.atomic
def load_lines(*, door: PlanDoor, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> tuple[int, int]:
    """Rows of a table: (new, changed). All of them or none; a second time changes nothing.

    Raises:
        ValidationError: each complaint with the row of the spreadsheet.
    """
    plan = _open(door)
    complaints: list[str] = []
    new = changed = 0
    rows_of: dict[tuple[Any, ...], int] = {}
    for number, fields in rows:
        key = tuple(fields[name] for name in KEY)
        first = rows_of.setdefault(key, number)
        if first != number:
            complaints.append(
                f"{number}行目：{first}行目と活動・項目・費目・内訳・財源が同じです。"
                "1行にまとめるか、内訳で分けてください。"
            )
            continue
        known = MoneyLine.objects.filter(plan=plan, **dict(zip(KEY, key, strict=True))).first()
        before = _amounts(known) if known else None
        try:
            one = _write(plan, fields, known)
        except ValidationError as error:
            complaints += [f"{number}行目：{message}" for message in error.messages]
            continue
        new += known is None
        changed += before is not None and before != _amounts(one)
    if complaints:
        raise ValidationError(complaints)
    record_event(
        actor=door.viewer.actor,
        action="money_lines.loaded",
        target=plan,
        detail={"new": new, "changed": changed},
    )
    return new, changed


KEY = ("activity", "item", "category", "what", "funding")


def _amounts(line: MoneyLine) -> tuple[int | None, ...]:
    return line.budget_yen, line.forecast_yen, line.actual_yen
