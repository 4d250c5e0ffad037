"""The search page, the same for residents and staff: conditions, results, orders, map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from renkei.foundation.accounts.viewers import Viewer
from renkei.registry.facilities.catalogue import CAPABILITIES, GROUPS, GroupInfo
from renkei.registry.facilities.forms_search import DAY_CHOICES, SearchForm
from renkei.registry.facilities.map_picture import MapPicture, Mark, picture_of
from renkei.registry.facilities.models import ListingStatus
from renkei.registry.facilities.presenters import FacilityCard, attributions, cards
from renkei.registry.facilities.queries import FacilityPage, area_scope, find_facilities
from renkei.registry.facilities.queries_areas import AreaChoices, area_choices, prefecture_area_id
from renkei.registry.facilities.queries_local_lists import service_infos
from renkei.registry.facilities.search.boxes import Box
from renkei.registry.facilities.search.clusters import extent_of, marks_of
from renkei.registry.facilities.search.facets import FacetCounts, facet_counts
from renkei.registry.facilities.search.terms import (
    COUNT_LIMIT,
    SORT_LABELS,
    VIEW_LABELS,
    SearchTerms,
    Sort,
)


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the pages of one frame live; portal and staff pages have their own."""

    search: str
    # With the number of the place behind it.
    place: str
    map_marks: str
    facets: str
    # With the kind of file behind it; "" where results are not handed out as files.
    files: str = ""
    # The result as a printed list; "" where there is none.
    list_pdf: str = ""
    # With the number of the area whose municipalities are drawn.
    boundaries: str = "/areas/boundaries.geojson?parent="


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the page: to another order, view, page or with one condition less."""

    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One check box with how many places it would leave."""

    field: str
    value: str
    label: str
    is_chosen: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """One question of the filters; options that are rarely chosen fold away."""

    legend: str
    options: Sequence[Option]
    more: Sequence[Option] = ()
    more_label: str = ""

    @property
    def is_more_open(self) -> bool:
        return any(option.is_chosen for option in self.more)


@dataclass(frozen=True, slots=True)
class SearchScreen:
    """Everything ``_filters.html`` and ``_results.html`` draw."""

    form: SearchForm
    terms: SearchTerms
    paths: Paths
    page: FacilityPage
    cards: Sequence[FacilityCard]
    problems: Sequence[str]
    chips: Sequence[Link]
    orders: Sequence[Link]
    views: Sequence[Link]
    groups: Sequence[OptionGroup]
    areas: AreaChoices
    next_url: str
    previous_url: str
    signs: Sequence[GroupInfo]
    map_config: Mapping[str, object] | None
    picture: MapPicture | None
    attributions: Sequence[str]
    # Set where the counts beside the filters come after the page.
    facets_url: str
    files: Sequence[Link]
    list_pdf_url: str

    @property
    def chosen_count(self) -> int:
        return len(self.chips)


def search_screen(
    parameters: QueryDict, *, viewer: Viewer, paths: Paths, now: datetime
) -> SearchScreen:
    """The screen of one address. With ``counts`` in it the counts come at once (no script)."""
    form = SearchForm(parameters)
    page = find_facilities(form.terms(), viewer=viewer)
    terms = page.terms
    counts = facet_counts(terms, viewer=viewer) if "counts" in parameters else None
    shown = cards(page.places, terms, now=now, first_number=page.first_number)
    signs = {card.group.key: card.group for card in shown}
    picture = picture_of(_area_of(page), _marks(page, shown))
    return SearchScreen(
        form=form,
        terms=terms,
        paths=paths,
        page=page,
        cards=shown,
        problems=[*form.problems, *page.notes],
        chips=chips(terms, page, paths),
        orders=_orders(terms, paths),
        views=_views(terms, paths),
        groups=option_groups(terms, counts),
        areas=area_choices(terms.areas),
        next_url=_url(paths, page.next_terms),
        previous_url=_url(paths, page.previous_terms),
        signs=list(signs.values()),
        map_config=map_config(page, paths, viewer),
        picture=picture,
        attributions=attributions(page.places),
        facets_url="" if counts else f"{paths.facets}?{terms.query()}",
        files=file_links(terms, paths),
        list_pdf_url=f"{paths.list_pdf}?{terms.query()}" if paths.list_pdf else "",
    )


def _url(paths: Paths, terms: SearchTerms | None) -> str:
    return f"{paths.search}?{terms.query()}" if terms else ""


def _orders(terms: SearchTerms, paths: Paths) -> list[Link]:
    return [
        Link(label, _url(paths, terms.sorted_by(order)), order is terms.order)
        for order, label in SORT_LABELS.items()
        if order is not Sort.DISTANCE or terms.near
    ]


def _views(terms: SearchTerms, paths: Paths) -> list[Link]:
    return [
        Link(label, _url(paths, terms.shown_as(view)), view is terms.view)
        for view, label in VIEW_LABELS.items()
    ]


def _area_of(page: FacilityPage) -> str:
    """The one area the places lie in: the chosen one, their municipality, their prefecture."""
    if len(page.terms.areas) == 1:
        return page.terms.areas[0]
    codes = {place.municipality_code for place in page.places}
    if len(codes) != 1:
        codes = {code[:2] for code in codes}
    return codes.pop() if len(codes) == 1 else ""


def _marks(page: FacilityPage, shown: Sequence[FacilityCard]) -> list[Mark]:
    return [
        Mark(place.longitude, place.latitude, card.group, str(card.number))
        for place, card in zip(page.places, shown, strict=True)
        if place.longitude is not None and place.latitude is not None
    ]


# Conditions ---------------------------------------------------------------------------------

_FIRST_GROUPS = ("nursing", "clinic", "pharmacy", "dental", "care_manager", "day_care")
_FIRST_CAPABILITIES = ("round_the_clock", "home_visit", "ventilator", "end_of_life")
_DAY_LABELS = {key: f"{label}に開いている" for key, label in DAY_CHOICES}


def option_groups(terms: SearchTerms, counts: FacetCounts | None) -> list[OptionGroup]:
    """The check boxes, in the words of somebody looking for help."""
    kinds = _options(
        "group", {key: group.plain for key, group in GROUPS.items()}, terms.groups,
        counts.groups if counts else None,
    )  # fmt: skip
    conditions = _options(
        "capability", CAPABILITIES, terms.capabilities, counts.capabilities if counts else None
    )
    days = _options("day", _DAY_LABELS, terms.days, counts.days if counts else None)
    return [
        _folded("何をさがしますか", kinds, _FIRST_GROUPS, "ほかの種類"),
        _folded("条件", conditions, _FIRST_CAPABILITIES, "ほかの条件"),
        _folded("開いている曜日", days, ("sat", "sun", "holiday"), "平日の曜日"),
    ]


def _options(
    name: str, labels: Mapping[str, str], chosen: Sequence[str], counts: Mapping[str, int] | None
) -> list[Option]:
    return [
        Option(name, value, label, value in chosen, counts.get(value, 0) if counts else None)
        for value, label in labels.items()
    ]


def _folded(
    legend: str, options: Sequence[Option], first: Sequence[str], more_label: str
) -> OptionGroup:
    by_value = {option.value: option for option in options}
    rest = [option for option in options if option.value not in first]
    return OptionGroup(legend, [by_value[value] for value in first], rest, more_label)


def chips(terms: SearchTerms, page: FacilityPage, paths: Paths) -> list[Link]:
    """The conditions in force, each with the address without it."""
    labelled: list[tuple[str, str, str]] = []
    if terms.q:
        labelled.append((f"「{terms.q}」", "q", ""))
    labelled += [
        (name, "areas", value) for name, value in zip(page.area_names, terms.areas, strict=False)
    ]
    labels = {key: group.plain for key, group in GROUPS.items()}
    labelled += [(labels[value], "groups", value) for value in terms.groups]
    if terms.services:
        infos = service_infos()
        labelled += [(infos[value].label, "services", value) for value in terms.services]
    labelled += [(CAPABILITIES[value], "capabilities", value) for value in terms.capabilities]
    labelled += [(_DAY_LABELS[value], "days", value) for value in terms.days]
    if terms.hour is not None:
        labelled.append((f"{terms.hour}時に開いている", "hour", ""))
    if terms.near:
        within = f"{terms.radius_km}km以内" if terms.radius_km else "近い順"
        labelled.append((f"{terms.address or terms.near.label}から{within}", "near", ""))
    labelled += [(str(ListingStatus(value).label), "statuses", value) for value in terms.statuses]
    return [Link(label, _url(paths, terms.without(name, value))) for label, name, value in labelled]


# Map ----------------------------------------------------------------------------------------


def map_config(page: FacilityPage, paths: Paths, viewer: Viewer) -> dict[str, object] | None:
    """What the island needs; None where no result has a position."""
    box = extent_of(page.terms, count=page.count, viewer=viewer)
    if box is None:
        return None
    return {
        "endpoint": f"{paths.map_marks}?{page.terms.query()}",
        "boundaries": _boundaries(page, paths),
        "bbox": list(box),
        "place": f"{paths.place}{{id}}/",
        # The portal's settings may put a basemap under it.
        "basemap": None,
    }


def _boundaries(page: FacilityPage, paths: Paths) -> str:
    """The municipalities of the prefecture where the page's places lie; "" for several."""
    codes = {place.municipality_code[:2] for place in page.places} - {""}
    parent = prefecture_area_id(codes.pop()) if len(codes) == 1 else None
    return f"{paths.boundaries}{parent}" if parent else ""


def marks_json(parameters: QueryDict, box: Box, zoom: int, *, viewer: Viewer) -> dict[str, object]:
    """The marks of one view as the island reads them (frontend/islands/map-data.ts)."""
    terms = SearchForm(parameters).terms()
    marks = marks_of(terms, box, zoom, viewer=viewer)
    numbers = marks.numbers
    return {
        "total": min(marks.total, COUNT_LIMIT),
        "more": marks.total > COUNT_LIMIT,
        "clusters": [
            {
                "lat": round(cluster.latitude, 5),
                "lng": round(cluster.longitude, 5),
                "count": cluster.count,
                "bbox": [round(value, 5) for value in cluster.box],
            }
            for cluster in marks.clusters
        ],
        "points": [
            {
                "id": point.pk,
                "name": point.name,
                "kind": point.group.label,
                "town": point.town,
                "shape": point.group.shape,
                "letter": point.group.letter,
                "lat": round(point.latitude, 6),
                "lng": round(point.longitude, 6),
                "number": numbers.get(point.pk),
            }
            for point in marks.points
        ],
    }


# For the other answers ----------------------------------------------------------------------


def facet_options(terms: SearchTerms, *, viewer: Viewer) -> list[OptionGroup]:
    """The check boxes with their counts, for the swap after paint."""
    return option_groups(terms, facet_counts(terms, viewer=viewer))


def conditions_text(terms: SearchTerms) -> str:
    """The conditions in words, for the head of a file."""
    scope, _ = area_scope(terms.areas)
    page = FacilityPage(terms, (), 0, scope.names)
    nowhere = Paths("", "", "", "")
    return "、".join(link.label for link in chips(terms, page, nowhere))


FILE_KINDS = {
    "xlsx": "Excel",
    "csv": "CSV（UTF-8）",
    "csv-cp932": "CSV（Shift_JIS）",
    "geojson": "GeoJSON",
    "json": "JSON",
}


def file_links(terms: SearchTerms, paths: Paths) -> list[Link]:
    """The result as files."""
    if not paths.files:
        return []
    kinds = FILE_KINDS.items()
    return [Link(label, f"{paths.files}{kind}/?{terms.query()}") for kind, label in kinds]
