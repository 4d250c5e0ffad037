"""What a booklet of an area holds, and the booklets that were made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import shapely
from django.db.models import QuerySet

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import ANYBODY, Viewer
from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaLevel,
    AreaNeighbour,
    Boundary,
    HierarchyCode,
    Town,
)
from renkei.foundation.areas.queries import MUNICIPAL_LEVELS, areas_on, descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.audience import Audience
from renkei.foundation.common.prefectures import prefecture_name
from renkei.registry.facilities.booklet.chapters import Map, Shape, rings_of
from renkei.registry.facilities.booklet.entries import base_town
from renkei.registry.facilities.booklet.plan import Ground, PlaceName, Ring
from renkei.registry.facilities.models import (
    BookletOrder,
    BookletState,
    Facility,
    ListingStatus,
)
from renkei.registry.facilities.queries import visible_places
from renkei.registry.facilities.queries_local_lists import service_infos
from renkei.registry.facilities.visibility import VisiblePlace

# Readers of an edition, whoever has it printed: an officer's booklet for residents holds no more
# than a resident may see.
_READERS = {
    Audience.PUBLIC: ANYBODY,
    Audience.PARTNER: Viewer(role=Role.PROFESSIONAL),
}
_LOADED_AT_ONCE = 500


@dataclass(frozen=True)
class BookletScope:
    """Which places a booklet is about."""

    area: Area
    groups: tuple[str, ...] = ()
    confirmed_only: bool = False


def reader_of(edition: Audience) -> Viewer:
    """Whose eyes an edition is printed for.

    Raises:
        KeyError: there is no edition for this audience (行政).
    """
    return _READERS[edition]


def booklet_place_ids(scope: BookletScope) -> list[int]:
    """The places of an area, by number; those that were closed are left out."""
    places = Facility.objects.exclude(status=ListingStatus.ENDED).filter(
        municipality__in=_municipalities_of(scope.area)
    )
    if scope.groups:
        infos = service_infos().values()
        codes = [info.code for info in infos if info.group in scope.groups]
        places = places.filter(service_codes__overlap=codes)
    if scope.confirmed_only:
        places = places.filter(confirmed_on__isnull=False)
    rows = places.order_by("pk").values_list("pk", "longitude", "latitude")
    if scope.area.level == AreaLevel.DAILY_LIVING:
        return _within(scope.area, rows)
    return [pk for pk, _, _ in rows]


def booklet_places(ids: Sequence[int], *, edition: Audience) -> list[VisiblePlace]:
    """These places as the readers of an edition may see them; loaded in portions."""
    reader = reader_of(edition)
    return [
        place
        for first in range(0, len(ids), _LOADED_AT_ONCE)
        for place in visible_places(ids[first : first + _LOADED_AT_ONCE], viewer=reader)
    ]


def _municipalities_of(area: Area) -> QuerySet[Area]:
    if area.level == AreaLevel.DAILY_LIVING:
        edges = AreaEdge.objects.filter(child=area, period__contains=clock.today())
        return Area.objects.filter(pk__in=edges.values("parent"))
    return descendants_on(area, clock.today()).filter(level__in=MUNICIPAL_LEVELS)


def _within(area: Area, rows: Iterable[tuple[int, float | None, float | None]]) -> list[int]:
    shape = _shapes([area])[0]
    polygons = shapely.union_all([shapely.Polygon(ring) for ring in shape.rings])
    return [
        pk
        for pk, longitude, latitude in rows
        if longitude is not None
        and latitude is not None
        and polygons.intersects(shapely.Point(longitude, latitude))
    ]


# The land beneath the maps -----------------------------------------------------------------


def land_of(area: Area) -> Map:
    """Borders, neighbours and town names for the maps of an area; seven queries."""
    today = clock.today()
    municipalities = list(_municipalities_of(area).order_by("code"))
    ids = [one.pk for one in municipalities]
    if area.level == AreaLevel.DAILY_LIVING:
        districts = [area]
    else:
        edges = AreaEdge.objects.filter(
            parent__in=ids,
            period__contains=today,
            hierarchy__code=HierarchyCode.DAILY_LIVING,
            child__level=AreaLevel.DAILY_LIVING,
        )
        districts = list(Area.objects.filter(pk__in=edges.values("child")).order_by("code", "key"))
    near = AreaNeighbour.objects.filter(area__in=ids).exclude(neighbour__in=ids)
    around = list(Area.objects.filter(pk__in=near.values("neighbour")).order_by("code"))
    return Map(
        districts=tuple(one for one in _shapes(districts) if one.rings),
        municipalities=_shapes(municipalities),
        around=tuple(ring for one in _shapes(around) for ring in one.rings),
        towns=_towns_of(municipalities),
    )


def ground_around(municipality_code: str) -> Ground:
    """Borders and towns of one municipality, for the map of a place in it; three queries."""
    if not municipality_code:
        return Ground()
    areas = list(areas_on(clock.today()).filter(code=municipality_code)[:1])
    outlines = tuple(ring for one in _shapes(areas) for ring in one.rings)
    names = tuple(name for towns in _towns_of(areas).values() for name in towns)
    return Ground(outlines=outlines, names=names)


def _shapes(areas: Collection[Area]) -> tuple[Shape, ...]:
    """Each area with its newest border, in the order given."""
    rows = (
        Boundary.objects.filter(area__in=[one.pk for one in areas])
        .order_by("area_id", "-as_of")
        .distinct("area_id")
    )
    rings: dict[int, tuple[Ring, ...]] = {row.area_id: rings_of(row.geometry) for row in rows}
    return tuple(Shape(one.name, rings.get(one.pk, ())) for one in areas)


def _towns_of(municipalities: Collection[Area]) -> dict[str, list[PlaceName]]:
    """Municipality → the middle of each of its towns, 丁目 taken together."""
    names = {(prefecture_name(one.prefecture_code), one.name) for one in municipalities}
    points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    rows = Town.objects.filter(
        prefecture__in={prefecture for prefecture, _ in names},
        municipality__in={name for _, name in names},
    ).values_list("prefecture", "municipality", "name", "longitude", "latitude")
    for prefecture, municipality, name, longitude, latitude in rows:
        if (prefecture, municipality) in names:
            points[municipality, base_town(name)].append((longitude, latitude))
    found: dict[str, list[PlaceName]] = defaultdict(list)
    for (municipality, town), spots in points.items():
        middle = (sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots))
        found[municipality].append(PlaceName(town, middle))
    return dict(found)


# Choosing an area --------------------------------------------------------------------------

# Nobody prints a country; a prefecture is the largest area that is offered.
_CHOSEN_LEVELS = tuple(level for level in AreaLevel if level != AreaLevel.NATION)


def printable_areas(prefecture_code: str = "") -> QuerySet[Area]:
    """The areas a booklet can be made of, of any hierarchy, by level and code."""
    areas = areas_on(clock.today()).filter(level__in=_CHOSEN_LEVELS)
    if prefecture_code:
        areas = areas.filter(prefecture_code=prefecture_code)
    return areas.order_by("level", "code", "key")


def home_prefecture() -> str:
    """Where the installation's places are, for those who belong to no municipality."""
    found = Facility.objects.exclude(prefecture_code="").values_list("prefecture_code", flat=True)
    return found.order_by("pk").first() or ""


# Booklets that were made -------------------------------------------------------------------


def booklet_orders() -> QuerySet[BookletOrder]:
    """All booklets asked for, newest first."""
    return BookletOrder.objects.select_related("area").order_by("-asked_at", "-pk")


def booklet_order(uid: UUID) -> BookletOrder | None:
    """One of them."""
    return booklet_orders().filter(uid=uid).first()


def released_booklets() -> QuerySet[BookletOrder]:
    """What residents may take: ready, for residents, released by a person."""
    return booklet_orders().filter(
        state=BookletState.READY, edition=Audience.PUBLIC, released_at__isnull=False
    )
