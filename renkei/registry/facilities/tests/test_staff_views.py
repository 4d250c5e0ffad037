"""Publication and requests, by the fixed cast."""

from __future__ import annotations

import pytest
from django.urls import reverse

from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.queries_publication import (
    audiences_of_facility,
    field_audiences,
)
from renkei.registry.facilities.queries_requests import open_requests
from renkei.registry.facilities.tests.factories import (
    CorrectionRequestFactory,
    FacilityFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db


def addresses():
    service = ServiceFactory.create()
    request = CorrectionRequestFactory.create(facility=service.facility)
    return [
        reverse("facilities:publication_list"),
        reverse("facilities:publication_edit", args=["phone"]),
        reverse("facilities:publication_exception_edit", args=[service.facility_id, "phone"]),
        reverse("facilities:request_list"),
        reverse("facilities:request_answer", args=[request.pk]),
        reverse("facilities:facility_edit", args=[service.facility_id]),
        reverse("facilities:service_edit", args=[service.pk]),
    ]


def test_staff_pages_open_for_the_city_office_alone(
    sato_client, suzuki_client, takahashi_client, tanaka_client, nobody_client
):
    for url in addresses():
        assert sato_client.get(url).status_code == 200, url
        for client in (suzuki_client, takahashi_client, tanaka_client):
            assert client.get(url).status_code == 404, url
        assert nobody_client.get(url).status_code == 302, url


def test_publication_edit_releases_with_check(sato_client):
    url = reverse("facilities:publication_edit", args=["email"])

    refused = sato_client.post(url, {"audience": "public"})
    done = sato_client.post(
        url, {"audience": "public", "checked": "on", "note": "医師会と確かめた。"}, follow=True
    )

    assert refused.status_code == 422
    assert "連携" in refused.content.decode()
    assert "確かめ、チェックを付けてください" in refused.content.decode()
    assert "見せる相手を決めました" in done.content.decode()
    assert "医師会と確かめた。" in done.content.decode()
    assert "佐藤" in done.content.decode()
    assert field_audiences()["email"] == Audience.PUBLIC


def test_publication_exception_is_for_one_place(sato_client):
    place = FacilityFactory.create()
    url = reverse("facilities:publication_exception_edit", args=[place.pk, "phone"])

    answer = sato_client.post(url, {"audience": "government"})

    assert answer["Location"] == reverse("facilities:facility_edit", args=[place.pk])
    assert audiences_of_facility(place.pk)["phone"] == Audience.GOVERNMENT
    assert field_audiences()["phone"] == Audience.PUBLIC
    assert "だけ" in sato_client.get(url).content.decode()


def test_publication_of_an_unknown_field_is_not_found(sato_client):
    url = reverse("facilities:publication_edit", args=["nothing"])

    assert sato_client.get(url).status_code == 404
    assert sato_client.get(reverse("facilities:facility_edit", args=[1])).status_code == 404
    assert sato_client.get(reverse("facilities:service_edit", args=[1])).status_code == 404


def test_publication_with_an_impossible_choice_is_refused(sato_client):
    url = reverse("facilities:publication_edit", args=["email"])

    assert sato_client.post(url, {"audience": "everybody"}).status_code == 422


def test_request_answer_closes_it(sato_client):
    request = CorrectionRequestFactory.create()
    url = reverse("facilities:request_answer", args=[request.pk])

    refused = sato_client.post(url, {"answer": " "})
    done = sato_client.post(url, {"answer": "電話で確かめた。"}, follow=True)
    closed = sato_client.get(reverse("facilities:request_list"), {"state": "closed"})

    assert refused.status_code == 422
    assert "対応を待っている依頼はありません" in done.content.decode()
    assert "電話で確かめた。" in closed.content.decode()
    assert not open_requests()
    assert sato_client.post(url, {"answer": "もう一度"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_request_list_needs_the_same_queries_for_any_count(
    sato_client, count, django_assert_max_num_queries
):
    CorrectionRequestFactory.create_batch(count)
    sato_client.get(reverse("facilities:request_list"))

    with django_assert_max_num_queries(12):
        sato_client.get(reverse("facilities:request_list"))
