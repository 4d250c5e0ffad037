"""Where the town knows better than the ministry's record: a report for the 保健所 (T-NV2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from renkei.foundation.common import clock
from renkei.registry.facilities.fields import field_label
from renkei.registry.facilities.models import Override
from renkei.registry.facilities.queries_imports import dataset_label
from renkei.registry.facilities.values import value_text


@dataclass(frozen=True)
class OfficialDifference:
    """「公表では土曜○、町の調べでは×」: one field of one record."""

    service_id: int
    facility_id: int
    number: str
    name: str
    dataset_label: str
    label: str
    official: str
    local: str
    reason: str
    told_on: date


def official_differences(scope: Sequence[str] = ()) -> list[OfficialDifference]:
    """Every correction that differs from the official value, by record; for 行政 only.

    ``scope``: prefectures (two digits) or municipalities (six); empty means everything.
    """
    overrides = Override.objects.select_related("service").order_by(
        "service__municipality_code", "service__source_key", "service_id", "field"
    )
    found = []
    for override in overrides:
        service = override.service
        if scope and not {service.prefecture_code, service.municipality_code} & set(scope):
            continue
        official = value_text(override.field, override.official_value)
        local = value_text(override.field, override.value)
        if official == local:  # the ministry has followed meanwhile
            continue
        found.append(
            OfficialDifference(
                service_id=service.pk,
                facility_id=service.facility_id,
                number=service.source_key,
                name=service.name,
                dataset_label=dataset_label(service.dataset),
                label=field_label(override.field),
                official=official,
                local=local,
                reason=override.reason,
                told_on=override.made_at.astimezone(clock.TOKYO).date(),
            )
        )
    return found
