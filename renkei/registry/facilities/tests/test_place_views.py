"""Deciding whether two records are one place, by the fixed cast."""

from __future__ import annotations

import pytest
from django.urls import reverse

from renkei.foundation.audit.models import AuditEvent
from renkei.registry.facilities.models import PlaceDecision, PlacePair, Service
from renkei.registry.facilities.tests.factories import PlacePairFactory, ServiceFactory

pytestmark = pytest.mark.django_db
LIST = "facilities:place_list"


@pytest.fixture
def pair() -> PlacePair:
    first = ServiceFactory.create(name="架空クリニック", corporate_name="医療法人 松風")
    return PlacePairFactory.create(
        first=first, second__name="カクウクリニック", second__service_code="110"
    )


def decide(client, pair, same):
    url = reverse("facilities:place_decide", args=[pair.pk])
    return client.post(url, {"same": same}, follow=True).content.decode()


def facilities_of(pair):
    services = Service.objects.in_bulk([pair.first_id, pair.second_id])
    return services[pair.first_id].facility_id, services[pair.second_id].facility_id


def test_place_list_shows_both_records_side_by_side(sato_client, pair):
    text = sato_client.get(reverse(LIST)).content.decode()

    assert "架空クリニック" in text
    assert "カクウクリニック" in text
    assert "訪問看護（介護サービス情報公表システム）" in text
    assert '同じ場所かどうか <b class="num">1</b>' in text
    assert '資源の台帳<span class="n num">1</span>' in text


def test_place_decide_same_puts_both_in_one_place_and_is_remembered(sato_client, pair):
    text = decide(sato_client, pair, "yes")

    first, second = facilities_of(pair)
    assert first == second
    assert "「同じ場所」と決めました" in text
    assert "決めるものはありません" in text
    assert PlaceDecision.objects.get().same


def test_place_decide_different_leaves_two_places(sato_client, pair):
    text = decide(sato_client, pair, "no")

    first, second = facilities_of(pair)
    assert first != second
    assert "「別の場所」と決めました" in text
    assert not PlaceDecision.objects.get().same


def test_place_decide_nothing_asks_again(sato_client, pair):
    assert "「同じ場所」か「別の場所」を選んでください" in decide(sato_client, pair, "")
    assert PlacePair.objects.exists()


@pytest.mark.parametrize("same", ["yes", "no"])
def test_place_undo_makes_the_pair_wait_again(sato_client, pair, same):
    decide(sato_client, pair, same)
    decision = PlaceDecision.objects.get()

    url = reverse("facilities:place_undo", args=[decision.pk])
    text = sato_client.post(url, follow=True).content.decode()

    first, second = facilities_of(pair)
    assert first != second
    assert "決定を取り消しました" in text
    assert not PlaceDecision.objects.exists()
    waiting = PlacePair.objects.get()
    assert {waiting.first_id, waiting.second_id} == {pair.first_id, pair.second_id}
    assert AuditEvent.objects.filter(action="place.undecided").count() == 1


def test_place_undo_after_a_record_left_takes_back_the_decision_alone(sato_client, pair):
    decide(sato_client, pair, "no")
    Service.objects.filter(pk=pair.second_id).delete()
    decision = PlaceDecision.objects.get()
    shown = sato_client.get(reverse(LIST)).content.decode()

    sato_client.post(reverse("facilities:place_undo", args=[decision.pk]))

    assert "いまは台帳にない施設" in shown
    assert not PlaceDecision.objects.exists()
    assert not PlacePair.objects.exists()


def test_place_pages_are_for_the_city_office_alone(suzuki_client, nobody_client, pair):
    url = reverse("facilities:place_decide", args=[pair.pk])
    assert suzuki_client.get(reverse(LIST)).status_code == 404
    assert suzuki_client.post(url, {"same": "yes"}).status_code == 404
    assert nobody_client.post(url, {"same": "yes"}).status_code == 302
    assert PlacePair.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_place_list_needs_the_same_queries_for_any_count(
    sato_client, count, django_assert_max_num_queries
):
    PlacePairFactory.create_batch(count)
    sato_client.get(reverse(LIST))

    with django_assert_max_num_queries(14):
        sato_client.get(reverse(LIST))
