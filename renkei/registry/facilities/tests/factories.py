"""Invented places of 架空県 (99) for tests of the register."""

from __future__ import annotations

from datetime import UTC, date, datetime

from factory.declarations import SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from renkei.registry.facilities.models import (
    CoordinatesFrom,
    CorrectionRequest,
    Facility,
    ImportFile,
    ImportRun,
    ImportState,
    LocalList,
    PlacePair,
    Service,
)

AS_OF = date(2026, 6, 30)
AT = datetime(2026, 7, 10, 1, 0, tzinfo=UTC)


class ImportRunFactory(DjangoModelFactory[ImportRun]):
    class Meta:
        model = ImportRun

    state = ImportState.APPLIED
    started_at = AT


class ImportFileFactory(DjangoModelFactory[ImportFile]):
    class Meta:
        model = ImportFile

    run = SubFactory(ImportRunFactory)
    name = "jigyosho_130.csv"
    sha256 = "0" * 64
    source = "care"
    dataset = "130"
    as_of = AS_OF
    row_count = 1
    column_count = 24


class FacilityFactory(DjangoModelFactory[Facility]):
    class Meta:
        model = Facility

    name = Sequence(lambda n: f"訪問看護ステーション 架空{n}")
    sort_key = Sequence(lambda n: f"ホウモンカンゴステーシヨンカクウ{n:05}")
    prefecture_code = "99"
    address = "架空県架空市北浜1-2-3"
    phone = "0999-00-1200"
    service_codes = ["130"]
    fresh_on = AS_OF


class ServiceFactory(DjangoModelFactory[Service]):
    class Meta:
        model = Service

    facility = SubFactory(FacilityFactory)
    source = "care"
    source_key = Sequence(lambda n: f"99{n:08}")
    office_number = SelfAttribute("source_key")
    service_code = "130"
    dataset = "130"
    prefecture_code = "99"
    municipality_code = "992011"
    name = SelfAttribute("facility.name")
    address = SelfAttribute("facility.address")
    phone = SelfAttribute("facility.phone")
    coordinates_from = CoordinatesFrom.NONE
    row_hash = b"\0" * 16
    file = SubFactory(ImportFileFactory)
    row_number = 2


class CorrectionRequestFactory(DjangoModelFactory[CorrectionRequest]):
    class Meta:
        model = CorrectionRequest

    facility = SubFactory(FacilityFactory)
    text = "土曜日は休みになりました。"
    received_at = AT


class LocalListFactory(DjangoModelFactory[LocalList]):
    class Meta:
        model = LocalList

    key = Sequence(lambda n: f"list{n}")
    name = Sequence(lambda n: f"架空市の一覧{n}")
    mapping = {"list_key": "", "list_name": ""}
    changed_by_id = 7
    changed_at = AT


class PlacePairFactory(DjangoModelFactory[PlacePair]):
    class Meta:
        model = PlacePair

    first = SubFactory(ServiceFactory)
    second = SubFactory(ServiceFactory)
    reason = "番号が同じで名称が違う"
