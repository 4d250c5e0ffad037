"""The one gate between the register and everything that is shown (T-A3).

Pages, JSON, CSV, workbooks, PDF and open data take their values from ``visible_place`` and from
nowhere else: what is not for the viewer's audience is not in its result.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.catalogue import GROUPS, SERVICES, GroupInfo, ServiceInfo
from renkei.registry.facilities.fields import ATTRIBUTE_PREFIX, FIELDS
from renkei.registry.facilities.models import Facility, Override, Service
from renkei.registry.facilities.queries_local_lists import service_infos
from renkei.registry.facilities.queries_publication import field_audiences, field_exceptions

_ORDER = {audience: level for level, audience in enumerate(Audience)}
_PLACE_FIELDS = (
    "name",
    "kana",
    "postcode",
    "address",
    "building",
    "latitude",
    "longitude",
    "phone",
    "corporate_name",
)
_SERVICE_FIELDS = tuple(FIELDS)
_UNKNOWN_SERVICE = ServiceInfo("", "そのほか", "support")


class Gate:
    """What one audience may see, with the exceptions of the places of one page."""

    def __init__(self, viewer: Viewer, facility_ids: Collection[int]) -> None:
        """Three queries, however many places."""
        self.services = service_infos()
        self.audience = viewer.audience
        self._level = _ORDER[viewer.audience]
        self._audiences = field_audiences()
        self._exceptions = field_exceptions(facility_ids)
        self._shown = {name: self._is_within(self._audiences[name]) for name in FIELDS}

    def shows(self, facility_id: int, name: str) -> bool:
        """Whether a field (a key of FIELDS, or ``attributes.…``) of a place may be shown."""
        own = self._exceptions.get(facility_id)
        if own and name in own:
            return self._is_within(own[name])
        shown = self._shown.get(name)
        return self._is_within(self._audiences[name]) if shown is None else shown

    def _is_within(self, audience: Audience) -> bool:
        return _ORDER[audience] <= self._level


@dataclass(frozen=True, slots=True)
class VisibleService:
    """One service as a viewer may see it; a value not recorded or not shown is missing."""

    pk: int
    code: str
    info: ServiceInfo
    group: GroupInfo
    source: str
    source_key: str
    # The day its values were true for the publisher.
    as_of: date | None
    values: Mapping[str, object]
    # Columns of a local list: field → (label is the field's own name, text).
    attributes: Mapping[str, str]
    # For 行政: what the town says instead of the publisher.
    overrides: tuple[Override, ...] = ()

    @property
    def label(self) -> str:
        return self.info.label

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def words(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        return tuple(map(str, value)) if isinstance(value, list | tuple) else ()

    @property
    def hours(self) -> Mapping[str, list[list[str]]]:
        value = self.values.get("hours")
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class VisiblePlace:
    """One place as a viewer may see it."""

    pk: int
    name: str
    kana: str
    postcode: str
    address: str
    building: str
    latitude: float | None
    longitude: float | None
    coordinates_from: str
    phone: str
    corporate_name: str
    municipality_code: str
    municipality_name: str
    status: str
    fresh_on: date
    confirmed_on: date | None
    confirmed_with: str
    services: tuple[VisibleService, ...] = field(default=())

    @property
    def capabilities(self) -> tuple[str, ...]:
        found = (key for service in self.services for key in service.words("capabilities"))
        return tuple(dict.fromkeys(found))

    @property
    def full_address(self) -> str:
        """The address with its building, which files often repeat in it."""
        if self.building and self.building not in self.address:
            return f"{self.address} {self.building}".strip()
        return self.address

    def first(self, name: str) -> str:
        """The first text any of its services has in a field."""
        return next((text for one in self.services if (text := one.text(name))), "")


def may_know_of(facility: Facility, gate: Gate) -> bool:
    """Whether the viewer may know that the place is in the register: its name decides."""
    return gate.shows(facility.pk, "name")


def visible_place(facility: Facility, gate: Gate, as_of: AsOf) -> VisiblePlace:
    """One place through the gate; ``services`` and ``municipality`` should be loaded."""

    def shown(name: str, nothing: object) -> object:
        return getattr(facility, name) if gate.shows(facility.pk, name) else nothing

    texts = {name: shown(name, "") for name in _PLACE_FIELDS if name not in _DEGREES}
    degrees = {name: shown(name, None) for name in _DEGREES}
    municipality = facility.municipality
    return VisiblePlace(
        pk=facility.pk,
        **texts,  # type: ignore[arg-type]  # texts by name
        **degrees,  # type: ignore[arg-type]  # numbers by name
        coordinates_from=facility.coordinates_from,
        municipality_code=municipality.code if municipality else "",
        municipality_name=municipality.name if municipality else "",
        status=facility.status if gate.shows(facility.pk, "status") else "",
        fresh_on=facility.fresh_on,
        confirmed_on=facility.confirmed_on,
        confirmed_with=facility.confirmed_with,
        services=tuple(_visible_service(one, gate, as_of) for one in _by_catalogue(facility)),
    )


# (source, dataset, prefecture) → as of which day its rows are.
AsOf = Mapping[tuple[str, str, str], date]
_DEGREES = ("latitude", "longitude")
_CATALOGUE_ORDER = {code: position for position, code in enumerate(SERVICES)}


def _by_catalogue(facility: Facility) -> list[Service]:
    known = len(_CATALOGUE_ORDER)
    return sorted(
        facility.services.all(),
        key=lambda one: (_CATALOGUE_ORDER.get(one.service_code, known), one.pk),
    )


def _visible_service(service: Service, gate: Gate, as_of: AsOf) -> VisibleService:
    facility_id = service.facility_id
    values = {
        name: value
        for name in _SERVICE_FIELDS
        if gate.shows(facility_id, name) and (value := getattr(service, name)) not in _NOTHING
    }
    attributes = {
        name: text
        for name, text in service.attributes.items()
        if text and gate.shows(facility_id, f"{ATTRIBUTE_PREFIX}{name}")
    }
    info = gate.services.get(service.service_code, _UNKNOWN_SERVICE)
    is_government = gate.audience is Audience.GOVERNMENT
    return VisibleService(
        pk=service.pk,
        code=service.service_code,
        info=info,
        group=GROUPS[info.group],
        source=service.source,
        source_key=service.source_key,
        as_of=as_of.get((service.source, service.dataset, service.prefecture_code)),
        values=values,
        attributes=attributes,
        overrides=tuple(service.overrides.all()) if is_government else (),
    )


_NOTHING: tuple[object, ...] = (None, "", [], {}, ())
