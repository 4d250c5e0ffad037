"""Finding places and showing them. Every read takes the viewer, whose audience decides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import areas_on, descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.models import Dataset, Facility, Service
from renkei.registry.facilities.search.conditions import AreaScope, Condition, condition_of
from renkei.registry.facilities.search.hits import Hits, hits_of, ids_of
from renkei.registry.facilities.search.near import point_of_address
from renkei.registry.facilities.search.terms import COUNT_LIMIT, LAST_PAGE, PAGE_SIZE, SearchTerms
from renkei.registry.facilities.visibility import (
    AsOf,
    Gate,
    VisiblePlace,
    may_know_of,
    visible_place,
)

_LOADED_AT_ONCE = 500


@dataclass(frozen=True)
class FacilityPage:
    """One page of a result."""

    terms: SearchTerms
    places: Sequence[VisiblePlace]
    # Exact up to COUNT_LIMIT; one more where there are more.
    count: int
    area_names: tuple[str, ...] = ()
    # Why a part of the search was left out, in words for the reader.
    notes: tuple[str, ...] = ()

    @property
    def count_text(self) -> str:
        """「14件」, or 「1,000件以上」 where nobody counted on."""
        more = "以上" if self.count > COUNT_LIMIT else ""
        return f"{min(self.count, COUNT_LIMIT):,}件{more}"

    @property
    def first_number(self) -> int:
        return (self.terms.page - 1) * PAGE_SIZE + 1

    @property
    def next_terms(self) -> SearchTerms | None:
        page = self.terms.page
        has_more = self.count > page * PAGE_SIZE and page < LAST_PAGE
        return self.terms.on_page(page + 1) if has_more else None

    @property
    def previous_terms(self) -> SearchTerms | None:
        return self.terms.on_page(self.terms.page - 1) if self.terms.page > 1 else None


def find_facilities(terms: SearchTerms, *, viewer: Viewer) -> FacilityPage:
    """The places that match, 20 at a time; the number of queries does not depend on them."""
    scope, is_partial = area_scope(terms.areas)
    terms, notes = located(terms, scope)
    if is_partial:
        notes = (*notes, "知らない地域の条件は外しました。地域を選び直してください。")
    hits = hits_of(terms, condition_of(terms, scope, viewer.audience))
    places = list(visible_places(hits.ids, viewer=viewer))
    return FacilityPage(terms, places, hits.count, scope.names, notes)


def all_facilities(terms: SearchTerms, *, viewer: Viewer, limit: int) -> Iterator[VisiblePlace]:
    """Every place that matches, in order, for exports; loaded in portions."""
    scope, _ = area_scope(terms.areas)
    terms, _ = located(terms, scope)
    condition = condition_of(terms, scope, viewer.audience)
    stream = iter(ids_of(terms, condition, limit=limit))
    while batch := list(islice(stream, _LOADED_AT_ONCE)):
        yield from visible_places(batch, viewer=viewer)


def facility_for(facility_id: int, *, viewer: Viewer) -> VisiblePlace:
    """One place as the viewer may see it.

    Raises:
        Http404: there is none, or the viewer may not know of it.
    """
    place = next(visible_places([facility_id], viewer=viewer), None)
    if place is None:
        raise Http404
    return place


def visible_places(facility_ids: Collection[int], *, viewer: Viewer) -> Iterator[VisiblePlace]:
    """These places through the viewer's gate, in the order given; six queries for any number."""
    found = {facility.pk: facility for facility in _loaded(facility_ids, viewer)}
    gate = Gate(viewer, facility_ids)
    as_of = _as_of_days(found.values())
    for facility_id in facility_ids:
        facility = found.get(facility_id)
        if facility and may_know_of(facility, gate):
            yield visible_place(facility, gate, as_of)


def _loaded(facility_ids: Collection[int], viewer: Viewer) -> QuerySet[Facility]:
    services = Service.objects.order_by("pk")
    if viewer.audience is Audience.GOVERNMENT:
        services = services.prefetch_related("overrides")
    return (
        Facility.objects.filter(pk__in=facility_ids)
        .select_related("municipality")
        .prefetch_related(Prefetch("services", services))
    )


def _as_of_days(facilities: Collection[Facility]) -> AsOf:
    prefectures = {
        service.prefecture_code for facility in facilities for service in facility.services.all()
    }
    rows = Dataset.objects.filter(prefecture_code__in=prefectures)
    days: dict[tuple[str, str, str], date] = {}
    for source, code, prefecture, as_of in rows.values_list(
        "source", "code", "prefecture_code", "as_of"
    ):
        days[source, code, prefecture] = as_of
    return days


# Places and areas of a search ---------------------------------------------------------------


def located(terms: SearchTerms, scope: AreaScope) -> tuple[SearchTerms, tuple[str, ...]]:
    """The terms with the point of a typed address; a sentence where it is not known."""
    if not terms.address:
        return terms, ()
    hint = scope.names[0] if len(scope.names) == 1 else ""
    near = point_of_address(terms.address, clock.today(), municipality=hint)
    if near:
        return replace(terms, near=near), ()
    sentence = "の場所が分かりません。市町村名から「○○市△△町」のように入力してください。"
    return replace(terms, near=None, radius_km=None), (f"「{terms.address}」{sentence}",)


def area_scope(values: Sequence[str]) -> tuple[AreaScope, bool]:
    """The areas of a search as facets, and whether one of them is unknown.

    Two queries for codes, one more for other areas; a prefecture is a facet of its own.
    """
    if not values:
        return AreaScope(), False
    day = clock.today()
    numbers = [int(value[1:]) for value in values if value.startswith("a")]
    codes = [value for value in values if not value.startswith("a")]
    chosen = list(areas_on(day).filter(Q(code__in=codes) | Q(pk__in=numbers)))
    if not chosen:
        return AreaScope(), True
    lexemes: dict[str, None] = {}
    inner: list[Area] = []
    for area in chosen:
        if area.level == AreaLevel.PREFECTURE:
            lexemes[f"p_{area.code[:2]}"] = None
        else:
            inner.append(area)
    within = list(descendants_on([area.pk for area in inner], day)) if inner else []
    municipalities = [area for area in within if area.code]
    lexemes.update((f"m_{area.code}", None) for area in municipalities)
    lexemes.update((f"a_{area.pk}", None) for area in inner if not area.code)
    scope = AreaScope(
        tuple(lexemes) or ("m_none",),
        tuple(area.name for area in chosen),
        tuple(area.code for area in municipalities),
    )
    return scope, len(chosen) < len(set(values))


__all__ = [
    "Condition",
    "FacilityPage",
    "Hits",
    "all_facilities",
    "area_scope",
    "facility_for",
    "find_facilities",
    "visible_places",
]
