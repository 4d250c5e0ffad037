"""What would be published, and what was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from renkei.foundation.accounts.viewers import ANYBODY
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import MUNICIPAL_LEVELS, descendants_on
from renkei.foundation.common import clock, eras
from renkei.foundation.common.prefectures import prefecture_name
from renkei.registry.facilities.catalogue import SOURCES
from renkei.registry.facilities.models import Facility, ListingStatus, OpenDataRelease
from renkei.registry.facilities.open_data.check import Problem, problems_of
from renkei.registry.facilities.open_data.difference import Difference, difference_of
from renkei.registry.facilities.open_data.files import csv_of, table_of
from renkei.registry.facilities.open_data.layouts import (
    Dataset,
    PublicService,
    row,
    service_codes,
)
from renkei.registry.facilities.queries import visible_places
from renkei.registry.facilities.queries_booklets import printable_areas
from renkei.registry.facilities.visibility import VisiblePlace, VisibleService

_LOADED_AT_ONCE = 500
VANISHED = "最新の公表データに載っていません（掲載終了の可能性）。"


@dataclass(frozen=True)
class Draft:
    """A table as it would be published now."""

    dataset: Dataset
    area: Area
    rows: tuple[tuple[str, ...], ...]
    as_of: date
    attributions: tuple[str, ...]
    problems: tuple[Problem, ...]
    difference: Difference
    last: OpenDataRelease | None

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """What must be put right before it can be published."""
        return tuple(one for one in self.problems if one.blocks)


def draft_of(dataset: Dataset, area: Area) -> Draft:
    """The table of an area with its check and its difference to the last publication."""
    services = list(public_services(dataset, area))
    rows = tuple(tuple(row(dataset, service)) for service, _ in services)
    days = [day for _, day in services if day]
    last = last_release(dataset, area)
    before = release_table(last) if last else []
    return Draft(
        dataset=dataset,
        area=area,
        rows=rows,
        as_of=max(days, default=clock.today()),
        attributions=tuple(
            dict.fromkeys(one.attribution for one, _ in services if one.attribution)
        ),
        problems=tuple(problems_of(dataset, rows)),
        # As a reader will see them: a cell that looked like a formula has a sign before it.
        difference=difference_of(before, table_of(csv_of(dataset, rows)[0])),
        last=last,
    )


def public_services(dataset: Dataset, area: Area) -> Iterator[tuple[PublicService, date | None]]:
    """The services of an area as anybody may see them, by municipality and name, with their day."""
    codes = service_codes(dataset)
    ids = (
        Facility.objects.filter(
            municipality__in=descendants_on(area, clock.today()).filter(level__in=MUNICIPAL_LEVELS),
            service_codes__overlap=codes,
        )
        .order_by("municipality__code", "sort_key", "pk")
        .values_list("pk", flat=True)
    )
    wanted = frozenset(codes)
    stream = ids.iterator(chunk_size=_LOADED_AT_ONCE)
    while batch := list(islice(stream, _LOADED_AT_ONCE)):
        for place in visible_places(batch, viewer=ANYBODY):
            for service in place.services:
                if service.code in wanted and _is_open(service):
                    yield _public(place, service), service.as_of


def _is_open(service: VisibleService) -> bool:
    return service.values.get("status") != ListingStatus.ENDED


def _public(place: VisiblePlace, service: VisibleService) -> PublicService:
    info = SOURCES.get(service.source)
    attribution = info.attribution if info else ""
    if attribution and service.as_of:
        attribution += f"（{eras.format_western(service.as_of)}時点）"
    return PublicService(
        service_id=service.pk,
        service_code=service.code,
        municipality_code=place.municipality_code,
        municipality_name=place.municipality_name,
        prefecture_name=prefecture_name(place.municipality_code[:2]),
        values=service.values,
        attribution=attribution,
        note=VANISHED if place.status == ListingStatus.POSSIBLY_ENDED else "",
    )


def publishable_area(area_id: int) -> Area | None:
    """An area of today whose list may be published."""
    return printable_areas().filter(pk=area_id).first()


# What was published ------------------------------------------------------------------------


def releases() -> QuerySet[OpenDataRelease]:
    """Everything ever published, newest first."""
    return OpenDataRelease.objects.select_related("area").order_by("-released_at", "-pk")


def release(uid: UUID) -> OpenDataRelease | None:
    """One publication."""
    return releases().filter(uid=uid).first()


def last_release(dataset: Dataset, area: Area) -> OpenDataRelease | None:
    """What holds now for one table of one area."""
    return releases().filter(dataset=dataset, area=area).first()


def current_releases() -> list[OpenDataRelease]:
    """The newest publication of every table, in the order of datasets and areas."""
    newest = (
        OpenDataRelease.objects.select_related("area")
        .order_by("dataset", "area_id", "-released_at", "-pk")
        .distinct("dataset", "area_id")
    )
    return sorted(newest, key=lambda one: (one.dataset, one.area.code, one.area.name))


def release_table(found: OpenDataRelease) -> list[list[str]]:
    """The published rows with their header; nothing where the file is no longer there."""
    try:
        with found.csv.open("rb") as file:
            return table_of(file.read())
    except FileNotFoundError:
        return []


def release_rows(found: OpenDataRelease) -> Sequence[Sequence[str]]:
    """The published rows alone."""
    return release_table(found)[1:]
