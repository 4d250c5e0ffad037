"""Correcting, withdrawing and confirming on the staff pages of one place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from renkei.foundation.audit.models import AuditEvent
from renkei.registry.facilities.models import Facility, Override, Service
from renkei.registry.facilities.tests.factories import FacilityFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> Service:
    return ServiceFactory.create(
        phone="0999-00-1200",
        hours={"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "sun": []},
        departments=["内科", "外科"],
        capabilities=["home_visit"],
        postcode="999-0001",
    )


def answers(client, service, **changes):
    """What the form sends back when only ``changes`` were made."""
    page = client.get(reverse("facilities:service_edit", args=[service.pk]))
    form = page.context["form"]
    data = {name: value for name in form.fields if (value := form[name].value()) is not None}
    return data | {"reason": "電話で確かめた。"} | changes


def correct(client, service, **changes):
    url = reverse("facilities:service_edit", args=[service.pk])
    return client.post(url, answers(client, service, **changes), follow=True)


def test_service_edit_shows_the_official_value_beside_each_field(sato_client, service):
    page = sato_client.get(reverse("facilities:service_edit", args=[service.pk]))

    text = page.content.decode()
    assert "公表の値：0999-00-1200" in text
    assert 'value="9:00～12:00、13:00～17:00"' in text
    assert 'value="休み"' in text


def test_service_edit_corrects_several_fields_at_once(sato_client, service):
    page = correct(
        sato_client,
        service,
        phone="０９９９－００－７７７７",
        postcode="9990002",
        departments="内科、歯科",
        capacity="20",
        hours_sun="10:00～12:00",
        hours_mon="",
    )

    assert "5項目を直しました" in page.content.decode()
    service.refresh_from_db()
    assert service.phone == "0999-00-7777"
    assert service.postcode == "999-0002"
    assert service.departments == ["内科", "歯科"]
    assert service.capacity == 20
    assert service.hours == {"sun": [["10:00", "12:00"]]}
    assert Override.objects.get(field="phone").official_value == "0999-00-1200"
    assert "市の値を残す" in page.content.decode()
    assert "電話で確かめた。" in page.content.decode()
    assert AuditEvent.objects.filter(action="service.corrected").count() == 5


def test_service_edit_with_the_official_value_takes_the_correction_back(sato_client, service):
    correct(sato_client, service, phone="0999-00-7777")

    correct(sato_client, service, phone="0999-00-1200")

    service.refresh_from_db()
    assert service.phone == "0999-00-1200"
    assert not Override.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"phone": "電話なし"}, "電話番号"),
        ({"fax": "123"}, "電話番号"),
        ({"postcode": "12"}, "郵便番号"),
        ({"hours_tue": "朝から"}, "9:00～12:00"),
        ({"latitude": "35.7"}, "緯度と経度は、両方"),
        ({"latitude": "0", "longitude": "0"}, "以上"),
        ({"name": ""}, "必須"),
        ({"name": "外\ue000字"}, "外字"),
        ({"reason": "", "fax": "0999-00-1"}, "必須"),
        ({}, "変わった項目がありません"),
        ({"capacity": "-1"}, "以上"),
    ],
)
def test_service_edit_refuses_with_a_remedy_and_keeps_what_was_typed(
    sato_client, service, changes, sentence
):
    page = correct(sato_client, service, **changes)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Override.objects.exists()


def test_correction_withdraw_gives_the_official_value_back(sato_client, service):
    correct(sato_client, service, phone="0999-00-7777")
    url = reverse("facilities:correction_withdraw", args=[service.pk, "phone"])

    page = sato_client.post(url, follow=True)

    assert "公表の値に戻しました" in page.content.decode()
    service.refresh_from_db()
    assert service.phone == "0999-00-1200"
    assert sato_client.post(url).status_code == 404


def test_facility_confirm_is_dated_and_says_how(sato_client, service):
    url = reverse("facilities:facility_edit", args=[service.facility_id])

    with time_machine.travel(datetime(2026, 11, 20, 3, tzinfo=UTC), tick=False):
        page = sato_client.post(url, {"method": "電話"}, follow=True)
    refused = sato_client.post(url, {"method": "うわさ"})

    assert "2026年11月20日（金）に確認（電話）" in page.content.decode()
    place = Facility.objects.get(pk=service.facility_id)
    assert (str(place.confirmed_on), place.confirmed_with) == ("2026-11-20", "電話")
    assert refused.status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_facility_edit_needs_the_same_queries_for_any_count(
    sato_client, count, django_assert_max_num_queries
):
    place = FacilityFactory.create()
    for number in range(count):
        ServiceFactory.create(facility=place, service_code=("130", "110", "430")[number])
    url = reverse("facilities:facility_edit", args=[place.pk])
    sato_client.get(url)

    with django_assert_max_num_queries(16):
        sato_client.get(url)


def test_service_edit_corrects_an_own_column_of_a_list(sato_client):
    service = ServiceFactory.create(source="local", attributes={"送迎": "あり"})

    page = correct(sato_client, service, **{"attributes.送迎": "なし"})

    service.refresh_from_db()
    assert "1項目を直しました" in page.content.decode()
    assert service.attributes == {"送迎": "なし"}
    assert Override.objects.get().official_value == "あり"


def test_presented_own_column_keeps_its_correction_visible(sato_client):
    service = ServiceFactory.create(source="local", attributes={"送迎": "あり"})
    correct(sato_client, service, **{"attributes.送迎": "なし"})

    page = sato_client.get(reverse("facilities:facility_edit", args=[service.facility_id]))

    assert '公表の値：<del class="was">あり</del>' in page.content.decode()
