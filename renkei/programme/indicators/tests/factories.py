"""Invented values, and the people who look at them."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from renkei.foundation.accounts.models import Membership, Organisation, OrganisationKind, Role
from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.common import clock
from renkei.programme.indicators.models import (
    Aggregation,
    Direction,
    Indicator,
    IndicatorVersion,
    Kind,
    Value,
)
from renkei.programme.indicators.periods import Period, fiscal

_numbers = itertools.count(1)
KINDS = {
    Role.MUNICIPAL_STAFF: OrganisationKind.MUNICIPAL_SECTION,
    Role.PREFECTURE: OrganisationKind.PREFECTURE,
    Role.COUNCIL_MEMBER: OrganisationKind.COUNCIL,
    Role.DESK: OrganisationKind.COORDINATION_CENTRE,
}


def membership(role: Role, area: Area | None = None) -> Membership:
    """Somebody in a role, in an organisation of an area of its own."""
    office = accounts.make_organisation(
        f"架空の組織{next(_numbers)}", KINDS.get(role, OrganisationKind.OTHER)
    )
    Organisation.objects.filter(pk=office.pk).update(area=area)
    return accounts.make_membership(organisation=office, role=role)


def viewer(role: Role, area: Area | None = None) -> Viewer:
    found = viewer_behind(membership(role, area).pk)
    assert found is not None
    return found


def make_version(code: str = "", **fields: Any) -> IndicatorVersion:
    number = next(_numbers)
    indicator, _ = Indicator.objects.get_or_create(code=code or f"X-{number}")
    values: dict[str, Any] = {
        "number": 1,
        "name": f"架空の指標{number}",
        "scenes": ["daily"],
        "kind": Kind.PROCESS,
        "unit": "件",
        "decimals": 0,
        "direction": Direction.UP,
        "aggregation": Aggregation.SUM,
        "levels": ["municipality"],
        "period_kind": "fiscal_year",
        "source": "架空の記録",
        "text": "架空の数。",
    }
    return IndicatorVersion.objects.create(indicator=indicator, **(values | fields))


def make_value(
    version: IndicatorVersion, area: Area | None = None, period: Period | None = None, **fields: Any
) -> Value:
    period = period or fiscal(2024)
    if "value" in fields and fields["value"] is not None:
        fields["value"] = Decimal(str(fields["value"]))
    values: dict[str, Any] = {
        "value": None if fields.get("absence") else Decimal(10),
        "unit": version.unit,
        "source": "架空の記録",
        "as_of": date(2025, 6, 1),
        "recorded_at": clock.now(),
    }
    return Value.objects.create(
        indicator=version.indicator,
        version=version,
        area=area or areas.make_area(),
        period_kind=period.kind,
        period=period.key,
        **(values | fields),
    )
