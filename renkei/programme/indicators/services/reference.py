"""The printed numbers of the source documents become values, with where they stand."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from renkei.foundation.areas.edges import rebuild_administrative_edges
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.periods import ALWAYS
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.programme.indicators.models import IndicatorVersion
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.services.values import NewValue, put
from renkei.programme.indicators.shipped.reference import Place, Printed, reference_values


@transaction.atomic
def load_reference_values(*, actor: Actor) -> int:
    """Write what is printed in the source documents; a second time nothing changes.

    Returns: how many values are new.
    """
    load_catalogue(actor=actor)
    rows = reference_values()
    versions = {
        version.indicator.code: version
        for version in IndicatorVersion.objects.filter(
            indicator__code__in={row.code for row in rows}, number=1
        ).select_related("indicator")
    }
    areas = _areas({row.place for row in rows})
    outcome = put([_value(row, versions[row.code], areas[row.place]) for row in rows])
    if outcome.added or outcome.changed:
        record_event(
            actor=actor,
            action="indicators.reference_loaded",
            target=("reference", "printed"),
            detail={"added": len(outcome.added), "changed": len(outcome.changed)},
        )
    return len(outcome.added)


def _value(row: Printed, version: IndicatorVersion, area: Area) -> NewValue:
    return NewValue(
        version=version,
        area_id=area.pk,
        period=row.period,
        value=Decimal(row.printed),
        printed=row.printed,
        unit=row.unit or version.unit,
        numerator=None if row.numerator is None else Decimal(row.numerator),
        denominator=None if row.denominator is None else Decimal(row.denominator),
        source=row.source,
        as_of=row.as_of,
        quality=row.quality.value,
        note=row.note,
    )


def _areas(places: set[Place]) -> dict[Place, Area]:
    """The areas of the places, made where no import has brought them; as an import would."""
    found: dict[Place, Area] = {}
    made = False
    for place in sorted(places, key=lambda place: place.code):
        area, created = Area.objects.get_or_create(
            # As the list of municipalities names the nation.
            key=place.code or "国",
            period=ALWAYS,
            defaults={
                "level": place.level,
                "code": place.code,
                "name": place.name,
                "prefecture_code": place.prefecture_code,
                "source": "事業の資料",
            },
        )
        found[place] = area
        made |= created
    if made:
        rebuild_administrative_edges()
    return found
