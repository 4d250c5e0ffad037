"""What the pages for residents read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet

from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import MUNICIPAL_LEVELS, areas_on
from renkei.foundation.common.kept_queries import kept_with_plan
from renkei.gateways.portal.models import Site
from renkei.registry.facilities.catalogue import SOURCES, SourceInfo
from renkei.registry.facilities.models import Dataset, Facility
from renkei.registry.facilities.models.search import SearchEntry
from renkei.registry.facilities.visibility import VisiblePlace

MUNICIPALITIES_ON_HOME = 60
# Places per part, by primary key; the standard allows 50,000 addresses.
SITEMAP_PART = 20_000


def current_site() -> Site:
    """The installation's own words; before anybody wrote them, neutral ones or the demo's."""
    site = next(iter(_sites()), None)
    if site is not None:
        return site
    return demo_site() if settings.DEMO else Site(pk=1, region_name="この地域")


@kept_with_plan
def _sites() -> QuerySet[Site]:
    return Site.objects.filter(pk=1)


def demo_site() -> Site:
    """架空広域: invented, with numbers that cannot be dialled."""
    return Site(
        pk=1,
        region_name="架空広域",
        desk_name="在宅医療・介護の相談窓口",
        desk_phone="0999-00-0110",
        desk_fax="0999-00-0119",
        desk_place="架空市役所 1階 高齢者支援課",
        office_name="架空市 健康福祉部 高齢者支援課",
        office_address="〒999-0001 架空県架空市本町1-1",
        office_phone="0999-00-0100",
        security_contact="security@city.kakuu.example",
    )


@dataclass(frozen=True)
class SourceDate:
    """One publisher and the day its newest applied file speaks of."""

    source: SourceInfo
    as_of: date | None


def source_dates() -> list[SourceDate]:
    """Every publisher of the register, in one query."""
    newest = dict(Dataset.objects.values_list("source").annotate(as_of=Max("as_of")))
    return [SourceDate(source, newest.get(key)) for key, source in SOURCES.items()]


def areas_with_facilities(day: date) -> list[Area]:
    """The municipalities that have a place in the register; of a whole country, the prefectures."""
    municipalities = list(
        areas_on(day)
        .filter(
            Exists(Facility.objects.filter(municipality=OuterRef("pk"))),
            level__in=MUNICIPAL_LEVELS,
        )
        .order_by("code")[: MUNICIPALITIES_ON_HOME + 1]
    )
    if len(municipalities) <= MUNICIPALITIES_ON_HOME:
        return municipalities
    return list(
        areas_on(day)
        .filter(
            Exists(Facility.objects.filter(prefecture_code=OuterRef("prefecture_code"))),
            level=AreaLevel.PREFECTURE,
        )
        .order_by("code")
    )


def sitemap_parts() -> int:
    """How many parts the places take."""
    newest = SearchEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return -(-newest // SITEMAP_PART)


def places_in_sitemap(part: int) -> Iterator[tuple[int, date]]:
    """Primary key and date of the places of one part that residents may know of."""
    rows = SearchEntry.objects.filter(
        audience=0, pk__gt=(part - 1) * SITEMAP_PART, pk__lte=part * SITEMAP_PART
    )
    return rows.order_by("pk").values_list("pk", "fresh_on").iterator(chunk_size=2000)


def row_of(place: VisiblePlace) -> Facility:
    """The row of a place that a viewer may know of."""
    return Facility.objects.get(pk=place.pk)
