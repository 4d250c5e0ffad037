"""One place as staff see it: each field with its official value and its correction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from renkei.registry.facilities.catalogue import SOURCES
from renkei.registry.facilities.fields import ATTRIBUTE_PREFIX, FIELDS, field_label
from renkei.registry.facilities.models import Facility, Override, Service
from renkei.registry.facilities.queries_local_lists import service_infos
from renkei.registry.facilities.values import NOT_RECORDED, value_text


@dataclass(frozen=True)
class FieldLine:
    """One field: what holds, and what the official file says where the town corrected it."""

    key: str
    label: str
    text: str
    official: str = ""
    override: Override | None = None


@dataclass(frozen=True)
class ServicePanel:
    """One service of the place."""

    service: Service
    label: str
    source: str
    as_of: date
    file_name: str
    lines: list[FieldLine]
    overrides: list[Override]
    region: str
    # Labels of the fields nothing is recorded for.
    empty: list[str]


def service_panels(facility: Facility) -> list[ServicePanel]:
    """The services of a place of ``queries_staff.staff_facility``, in the order of their codes."""
    infos = service_infos()
    services = sorted(facility.services.all(), key=lambda one: (one.service_code, one.pk))
    return [
        ServicePanel(
            service,
            infos[service.service_code].label if service.service_code in infos else "そのほか",
            SOURCES[service.source].name,
            service.file.as_of,
            service.file.name,
            _lines(service),
            list(service.overrides.all()),
            f"{number}つ目のサービスの項目",
            _empty(service),
        )
        for number, service in enumerate(services, start=1)
    ]


def _lines(service: Service) -> list[FieldLine]:
    overrides = {row.field: row for row in service.overrides.all()}
    lines = []
    for info in FIELDS.values():
        override = overrides.get(info.key)
        text = value_text(info.key, getattr(service, info.key))
        # A page full of 「記録なし」 hides what is there; those fields are named together.
        if text == NOT_RECORDED and override is None:
            continue
        official = value_text(info.key, override.official_value) if override else ""
        lines.append(FieldLine(info.key, info.label, text, official, override))
    for key, value in service.attributes.items():
        field = f"{ATTRIBUTE_PREFIX}{key}"
        override = overrides.get(field)
        official = value_text(field, override.official_value) if override else ""
        lines.append(FieldLine(field, key, value_text(field, value), official, override))
    return lines


def _empty(service: Service) -> list[str]:
    corrected = {row.field for row in service.overrides.all()}
    return [
        info.label
        for info in FIELDS.values()
        if info.key not in corrected
        and value_text(info.key, getattr(service, info.key)) == NOT_RECORDED
    ]


@dataclass(frozen=True)
class HistoryLine:
    """One thing that was corrected, for the history of a place."""

    override: Override
    service: Service
    label: str
    before: str
    after: str


def facility_history(facility: Facility) -> list[HistoryLine]:
    """The corrections in force, newest first."""
    lines = [
        HistoryLine(
            row,
            service,
            field_label(row.field),
            value_text(row.field, row.official_value),
            value_text(row.field, row.value),
        )
        for service in facility.services.all()
        for row in service.overrides.all()
    ]
    return sorted(lines, key=lambda line: line.override.made_at, reverse=True)
