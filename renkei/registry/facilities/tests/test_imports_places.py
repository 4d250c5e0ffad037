"""Which records become one place, and decisions that outlast imports."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from renkei.foundation.audit.actors import SYSTEM
from renkei.registry.facilities.models import (
    CorrectionRequest,
    Facility,
    PlaceDecision,
    PlacePair,
    SearchEntry,
    Service,
)
from renkei.registry.facilities.services.imports import undo_import
from renkei.registry.facilities.services.places import decide_pair
from renkei.registry.facilities.tests.factories import CorrectionRequestFactory
from renkei.registry.facilities.tests.official_files import (
    KAWASE,
    bring_in,
    care_row,
    make_region,
    medical_row,
    write_csv,
)

pytestmark = pytest.mark.django_db
NUMBER = "9960190103"
NAME, ADDRESS = "架空クリニック", "架空県架空市北浜3-1"


@pytest.fixture(autouse=True)
def region():
    return make_region()


@pytest.fixture
def care(tmp_path):
    def write(service, *rows):
        kind = {"130": "訪問看護", "430": "居宅介護支援"}[service]
        made = [
            care_row(NUMBER, **({"kind": kind, "name": NAME, "address": ADDRESS} | row))
            for row in rows
        ]
        return write_csv(tmp_path / f"jigyosho_{service}.csv", made)

    return write


def test_services_that_agree_are_one_place(care, tmp_path):
    medical = medical_row(name="架空クリニック", address="架空県架空市北浜３丁目１番")
    clinics = write_csv(tmp_path / "02-1_clinic_20250601.csv", [medical])

    bring_in(care("130", {}), care("430", {"address": "架空市北浜３－１"}))
    bring_in(clinics)

    facility = Facility.objects.get()
    assert facility.service_codes == ["clinic", "130", "430"]
    assert SearchEntry.objects.count() == 1
    assert PlacePair.objects.count() == 0


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"name": "架空ケアプラン"}, "番号が同じで名称が違う"),
        ({"address": "架空県架空市松が丘9"}, "番号が同じで住所が違う"),
        (
            {"name": "架空ケアプラン", "address": "架空県架空市松が丘9"},
            "番号が同じで名称も住所も違う",
        ),
    ],
)
def test_same_number_that_does_not_agree_is_listed_for_review(care, other, reason):
    bring_in(care("130", {}), care("430", other))

    assert Facility.objects.count() == 2
    assert PlacePair.objects.get().reason == reason


def test_decision_that_it_is_one_place_survives_undo_and_import(care):
    files = [care("130", {}), care("430", {"name": "架空ケアプラン"})]
    run = bring_in(*files)
    CorrectionRequestFactory(facility=Facility.objects.order_by("pk").last())
    decide_pair(actor=KAWASE, pair=PlacePair.objects.get(), same=True)

    facility = Facility.objects.get()
    assert facility.services.count() == 2
    assert CorrectionRequest.objects.get().facility == facility
    CorrectionRequest.objects.all().delete()
    undo_import(actor=KAWASE, run=run)
    assert Facility.objects.count() == 0

    bring_in(*files)

    assert Facility.objects.get().services.count() == 2
    assert (PlacePair.objects.count(), PlaceDecision.objects.count()) == (0, 1)
    assert SearchEntry.objects.count() == 1


def test_decision_that_they_are_two_places_survives_too(care):
    files = [care("130", {}), care("430", {})]
    run = bring_in(*files)
    first, second = Service.objects.order_by("pk")
    pair = PlacePair.objects.create(first=first, second=second, reason="")
    decide_pair(actor=KAWASE, pair=pair, same=False)
    assert Facility.objects.count() == 2
    undo_import(actor=KAWASE, run=run)

    bring_in(*files)

    assert Facility.objects.count() == 2
    assert PlacePair.objects.count() == 0


def test_nobody_in_particular_cannot_decide(care):
    bring_in(care("130", {}), care("430", {"name": "架空ケアプラン"}))

    with pytest.raises(ValidationError, match="自分の名前"):
        decide_pair(actor=SYSTEM, pair=PlacePair.objects.get(), same=True)


def test_record_that_comes_to_agree_joins_the_other_place(care):
    bring_in(care("130", {}), care("430", {"name": "架空ケアプラン"}))
    run = bring_in(care("430", {}))

    assert Facility.objects.get().services.count() == 2
    assert SearchEntry.objects.count() == 1

    undo_import(actor=KAWASE, run=run)

    assert Facility.objects.count() == 2
    assert SearchEntry.objects.count() == 2


def test_place_with_something_attached_stays(care):
    bring_in(care("130", {}), care("430", {"name": "架空ケアプラン"}))
    bound = Service.objects.get(service_code="430").facility
    CorrectionRequestFactory(facility=bound)

    bring_in(care("430", {}))

    assert Facility.objects.count() == 2


def test_place_keeps_its_number_when_all_its_records_are_renamed(care):
    bring_in(care("130", {}), care("430", {}))
    number = Facility.objects.get().pk

    bring_in(care("130", {"name": "新しい名称"}), care("430", {"name": "新しい名称"}))

    facility = Facility.objects.get()
    assert (facility.pk, facility.name) == (number, "新しい名称")
