"""The rules adopted by an agreement (協定), for the agreement's page."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Q
from django.urls import reverse

from renkei.care.transitions.models import RuleAdoption
from renkei.care.transitions.queries.rules import version_on
from renkei.foundation.accounts.agreed import SharedThing
from renkei.foundation.areas.agreements import agreements_in_force
from renkei.foundation.areas.models import Agreement, Area
from renkei.foundation.common import clock


def rules_along(agreement: Agreement, area: Area, day: date) -> list[SharedThing]:
    """The rule the members go by, and the one they will; nothing for who is no member yet."""
    if not agreements_in_force(area, day).filter(pk=agreement.pk).exists():
        return []
    adoptions = RuleAdoption.objects.filter(
        Q(period__contains=day) | Q(period__startswith__gt=day), agreement=agreement
    )
    return [
        SharedThing(
            kind="入退院調整ルール",
            name=adoption.rule.name,
            owner=str(adoption.rule.owner_area or "Renkeiの例"),
            path=_path(adoption, day),
            shared_at=datetime.combine(adoption.period.lower, time.min, clock.TOKYO),
        )
        for adoption in adoptions.select_related("rule__owner_area").order_by("period", "pk")
    ]


def _path(adoption: RuleAdoption, day: date) -> str:
    """The edition that holds then; the list of rules where none was published."""
    version = version_on(adoption.rule_id, max(day, adoption.period.lower))
    if version is None:
        return reverse("transitions:rule_list")
    return reverse("transitions:rule_detail", args=[version.uid])
