from __future__ import annotations

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db.models import F

from renkei.foundation.common.audience import Audience
from renkei.foundation.common.kana import phrase_query
from renkei.registry.facilities.models import FieldPolicy, SearchEntry
from renkei.registry.facilities.search.indexing import index_facilities, rebuild_index
from renkei.registry.facilities.tests.factories import AT, FacilityFactory, ServiceFactory

pytestmark = pytest.mark.django_db


def found(text, document="document"):
    asked = SearchQuery(phrase_query(text), search_type="raw", config="simple")
    entries = SearchEntry.objects.annotate(hit=F(document)).filter(hit=asked)
    return set(entries.values_list("facility_id", flat=True))


def test_index_facilities_replaces_entries():
    facility = FacilityFactory.create(name="架空みなも")
    service = ServiceFactory.create(facility=facility)
    assert index_facilities([facility.pk]) == 1

    service.name = "架空さざなみ"
    service.save()
    assert index_facilities([facility.pk]) == 1

    assert found("さざなみ") == {facility.pk}
    assert found("みなも") == set()


def test_rebuild_index_fills_every_entry_and_keeps_the_indexes():
    facilities = [ServiceFactory.create(latitude=35.5, longitude=141.5).facility for _ in range(3)]
    before = index_names()

    assert rebuild_index() == 3
    assert rebuild_index() == 3

    assert found("訪問看護") == {facility.pk for facility in facilities}
    assert index_names() == before


def index_names():
    from django.db import connection  # only this test looks below the models

    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'facilities_searchentry'")
        return sorted(definition for (definition,) in cursor.fetchall())


def test_t_a3_index_follows_exceptions_of_a_single_place():
    shown, hidden = (
        ServiceFactory.create(corporate_name="株式会社架空").facility for _ in range(2)
    )
    FieldPolicy.objects.create(
        field="corporate_name",
        facility=hidden,
        audience=Audience.PARTNER,
        checked_by_id=1,
        checked_at=AT,
    )

    rebuild_index()

    assert found("株式会社架空") == {shown.pk}
    assert found("株式会社架空", "document_partner") == {hidden.pk}
