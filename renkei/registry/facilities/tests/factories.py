"""Invented places of 架空県 (99) for tests of the register."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from renkei.registry.facilities.models import (
    CoordinatesFrom,
    CorrectionRequest,
    Facility,
    ImportFile,
    ImportRun,
    ImportState,
    Service,
)

AS_OF = date(2026, 6, 30)
AT = datetime(2026, 7, 10, 1, 0, tzinfo=UTC)


class ImportRunFactory(DjangoModelFactory):
    class Meta:
        model = ImportRun

    state = ImportState.APPLIED
    started_at = AT


class ImportFileFactory(DjangoModelFactory):
    class Meta:
        model = ImportFile

    run = factory.SubFactory(ImportRunFactory)
    name = "jigyosho_130.csv"
    sha256 = "0" * 64
    source = "care"
    dataset = "130"
    as_of = AS_OF
    row_count = 1
    column_count = 24


class FacilityFactory(DjangoModelFactory):
    class Meta:
        model = Facility

    name = factory.Sequence(lambda n: f"訪問看護ステーション 架空{n}")
    sort_key = factory.Sequence(lambda n: f"ホウモンカンゴステーシヨンカクウ{n:05}")
    prefecture_code = "99"
    address = "架空県架空市北浜1-2-3"
    phone = "0999-00-1200"
    service_codes = ["130"]
    fresh_on = AS_OF


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    facility = factory.SubFactory(FacilityFactory)
    source = "care"
    source_key = factory.Sequence(lambda n: f"99{n:08}")
    office_number = factory.SelfAttribute("source_key")
    service_code = "130"
    dataset = "130"
    prefecture_code = "99"
    municipality_code = "992011"
    name = factory.SelfAttribute("facility.name")
    address = factory.SelfAttribute("facility.address")
    phone = factory.SelfAttribute("facility.phone")
    coordinates_from = CoordinatesFrom.NONE
    row_hash = b"\0" * 16
    file = factory.SubFactory(ImportFileFactory)
    row_number = 2


class CorrectionRequestFactory(DjangoModelFactory):
    class Meta:
        model = CorrectionRequest

    facility = factory.SubFactory(FacilityFactory)
    text = "土曜日は休みになりました。"
    received_at = AT
