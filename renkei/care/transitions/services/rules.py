"""Keeping rules: the shipped examples, and which area goes by which rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from psycopg.types.range import Range

from renkei.care.transitions.models import Rule, RuleAdoption, RuleVersion, VersionState
from renkei.care.transitions.shipped.rules import SHIPPED
from renkei.foundation.areas.models import Agreement, Area
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

SHIPPED_SINCE: Final = date(2024, 4, 1)


@transaction.atomic
def load_shipped_rules(*, actor: Actor) -> list[RuleVersion]:
    """Bring the shipped examples into the database; what is there already is left as it is.

    A changed example becomes a new edition from today on.
    """
    made = []
    for code, content in SHIPPED.items():
        rule, _ = Rule.objects.get_or_create(
            code=code, defaults={"name": content.title, "is_example": True}
        )
        newest = rule.versions.order_by("-number").first()
        raw = content.as_json()
        if newest is not None and newest.content == _stored(raw):
            continue
        made.append(_publish(rule, newest, raw))
    for version in made:
        record_event(actor=actor, action="transition_rule.loaded", target=version)
    return made


def _stored(raw: object) -> object:
    """As JSON gives it back: lists, not tuples."""
    if isinstance(raw, dict):
        return {name: _stored(value) for name, value in raw.items()}
    return [_stored(value) for value in raw] if isinstance(raw, (list, tuple)) else raw


def _publish(rule: Rule, newest: RuleVersion | None, raw: dict[str, object]) -> RuleVersion:
    first_day = SHIPPED_SINCE
    if newest is not None:
        first_day = max(clock.today(), newest.period.lower + timedelta(days=1))
        newest.period = Range(newest.period.lower, first_day)
        newest.save(update_fields=["period"])
    return RuleVersion.objects.create(
        rule=rule,
        number=newest.number + 1 if newest else 1,
        state=VersionState.PUBLISHED,
        period=Range(first_day, None),
        content=raw,
        published_at=clock.now(),
    )


@transaction.atomic
def adopt_rule(
    *,
    actor: Actor,
    rule: Rule,
    area: Area | None = None,
    agreement: Agreement | None = None,
    first_day: date,
) -> RuleAdoption:
    """Let an area, or all members of an agreement, go by a rule from a day on.

    Raises:
        ValidationError: it goes by another rule then, or the agreement is over.
    """
    adoption = RuleAdoption(
        rule=rule, area=area, agreement=agreement, period=Range(first_day, None)
    )
    adoption.full_clean()
    adoption.save()
    record_event(
        actor=actor,
        action="transition_rule.adopted",
        target=adoption,
        detail={"rule": rule.code, "from": first_day.isoformat()},
    )
    return adoption


@transaction.atomic
def end_adoption(*, actor: Actor, adoption: RuleAdoption, last_day: date | None) -> None:
    """Stop going by a rule after the given day; None: go on. Stays under way keep theirs.

    Raises:
        ValidationError: it ends before it began, or another rule holds by then.
    """
    if last_day is not None and last_day < adoption.period.lower:
        raise ValidationError({"last_day": "終わりの日は始まりの日以降の日付を入力してください。"})
    end = last_day + timedelta(days=1) if last_day else None
    adoption.period = Range(adoption.period.lower, end)
    adoption.full_clean()
    adoption.save(update_fields=["period"])
    record_event(
        actor=actor,
        action="transition_rule.adoption_ended",
        target=adoption,
        detail={"last_day": last_day.isoformat() if last_day else ""},
    )
