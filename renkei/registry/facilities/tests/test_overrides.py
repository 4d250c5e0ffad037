from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock
from renkei.registry.facilities.models import CoordinatesFrom, SearchEntry
from renkei.registry.facilities.services.overrides import (
    confirm_facility,
    correct_field,
    withdraw_correction,
)
from renkei.registry.facilities.tests.factories import ServiceFactory
from renkei.registry.facilities.tests.official_files import KAWASE

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return ServiceFactory(attributes={"駐車場": "3台"})


def correct(service, field, value, **options):
    return correct_field(
        **(
            {"actor": KAWASE, "service": service, "field": field, "value": value, "reason": ""}
            | options
        )
    )


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("name", " 帆 ", "帆"),
        ("capacity", "12", 12),
        ("capacity", "", None),
        ("latitude", "35.5", 35.5),
        ("departments", ["内科", "外科"], ["内科", "外科"]),
        ("hours", {"sat": [["09:00", "12:00"]]}, {"sat": [["09:00", "12:00"]]}),
        ("status", "suspended", "suspended"),
        ("days_note", "1行目\n2行目", "1行目\n2行目"),
    ],
)
def test_correction_is_stored_as_the_column_wants_it(service, field, value, stored):
    override = correct(service, field, value)

    service.refresh_from_db()
    assert (getattr(service, field), override.value) == (stored, stored)


def test_own_column_is_corrected_and_given_back(service):
    override = correct(service, "attributes.駐車場", "")
    service.refresh_from_db()
    assert service.attributes == {}

    withdraw_correction(actor=KAWASE, override=override)

    service.refresh_from_db()
    assert service.attributes == {"駐車場": "3台"}


def test_second_correction_keeps_the_first_official_value(service):
    name = service.name
    correct(service, "name", "帆")
    override = correct(service, "name", "帆２")

    assert override.official_value == name


def test_position_of_the_town_is_marked_and_withdrawn(service):
    first = correct(service, "latitude", "35.5")
    correct(service, "longitude", "141.1")
    service.refresh_from_db()
    assert service.coordinates_from == CoordinatesFrom.LOCAL

    withdraw_correction(actor=KAWASE, override=first)

    service.refresh_from_db()
    assert service.coordinates_from == CoordinatesFrom.NONE


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("office_number", "1", "訂正できません"),
        ("nothing", "1", "訂正できません"),
        ("capacity", "多数", "数字で入力"),
        ("departments", "内科", "選び直して"),
        ("hours", "9時", "入力し直して"),
        ("status", "gone", "一覧から選んで"),
        ("phone", "0" * 61, "60字以内"),
        ("name", "架空\ue000", "外字"),
    ],
)
def test_value_that_does_not_fit_is_refused(service, field, value, sentence):
    with pytest.raises(ValidationError, match=sentence):
        correct(service, field, value)


def test_nobody_in_particular_cannot_correct(service):
    with pytest.raises(ValidationError, match="自分の名前"):
        correct(service, "name", "帆", actor=SYSTEM)


def test_confirmation_says_when_and_how_and_freshens(service):
    with pytest.raises(ValidationError, match="どのように"):
        confirm_facility(actor=KAWASE, facility=service.facility, method=" ")

    confirm_facility(actor=KAWASE, facility=service.facility, method="電話")

    service.facility.refresh_from_db()
    assert service.facility.confirmed_on == clock.today() == service.facility.fresh_on
    assert service.facility.confirmed_with == "電話"
    assert SearchEntry.objects.get().fresh_on == clock.today()
