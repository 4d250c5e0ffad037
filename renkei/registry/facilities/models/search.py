"""The search index: one narrow row per place."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from renkei.registry.facilities.models.register import Facility


class SearchEntry(models.Model):
    """What finding needs of one place, and nothing else.

    A broad query (「訪問」) visits tens of thousands of rows to order them, so rows are narrow and
    the documents lie outside the row (TOAST; see the migration): the ordering columns of 300,000
    places fit in 30 MB. Written by ``search.store`` alone.
    """

    facility = models.OneToOneField(
        Facility, models.CASCADE, primary_key=True, related_name="search_entry"
    )
    # Beginning of Facility.sort_key in one byte per kana, so that comparing bytes is 50音 order.
    name_order = models.BinaryField("50音順の鍵", max_length=48)
    fresh_on = models.DateField("情報の日付")
    # Who may know of the place at all: 0 住民, 1 関係者, 2 行政.
    audience = models.PositiveSmallIntegerField("見せる相手", default=0)
    latitude = models.FloatField("緯度", null=True)
    longitude = models.FloatField("経度", null=True)
    # Six digits as a number: counting by municipality never visits the place itself.
    municipality_code = models.IntegerField("市区町村コード", null=True)
    # search.documents.FACET_BITS of 住民 values, for counting and for the sign on the map.
    facets = models.BigIntegerField("特徴")
    # Hex bigrams of every searchable 住民 value plus facet lexemes (search/documents.py).
    document = SearchVectorField()
    # Complete documents for 関係者 and 行政 of those places that have values for them alone.
    document_partner = SearchVectorField(null=True)
    document_government = SearchVectorField(null=True)

    class Meta:
        indexes = (
            GinIndex(fields=["document"], name="search_document", fastupdate=False),
            GinIndex(
                fields=["document_partner"],
                name="search_document_partner",
                condition=models.Q(document_partner__isnull=False),
            ),
            GinIndex(
                fields=["document_government"],
                name="search_document_government",
                condition=models.Q(document_government__isnull=False),
            ),
            models.Index(fields=["name_order", "facility"], name="search_by_name"),
            models.Index(fields=["-fresh_on", "name_order", "facility"], name="search_by_date"),
            models.Index(fields=["latitude", "longitude"], name="search_by_position"),
        )


class MaskCount(models.Model):
    """How many places, for residents and without filters, have just these facets.

    Written by ``search.counts.refresh_counts`` alone.
    """

    facets = models.BigIntegerField("特徴", primary_key=True)
    count = models.PositiveIntegerField("件数")


class MapCell(models.Model):
    """Places counted per square of the map, for residents, without filters.

    Written by ``search.counts.refresh_counts`` alone.
    """

    zoom = models.PositiveSmallIntegerField("縮尺")
    latitude = models.FloatField("緯度")
    longitude = models.FloatField("経度")
    count = models.PositiveIntegerField("件数")
    west = models.FloatField("西端の経度")
    south = models.FloatField("南端の緯度")
    east = models.FloatField("東端の経度")
    north = models.FloatField("北端の緯度")

    class Meta:
        indexes = (models.Index(fields=["zoom", "latitude", "longitude"], name="map_cell_view"),)
