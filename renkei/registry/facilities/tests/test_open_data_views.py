from __future__ import annotations

import re

import pytest
from django.urls import reverse

from renkei.registry.facilities.models import OpenDataRelease, Service
from renkei.registry.facilities.tests.towns import make_city, make_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
LIST = "/register/open-data/"


@pytest.fixture
def city():
    city = make_city()
    make_places(city, 8)
    return city


def draft_url(city, dataset="care"):
    return reverse("facilities:open_data_draft", args=[city.pk, dataset])


def publish(client, city, dataset="care"):
    page = client.get(draft_url(city, dataset)).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    return client.post(
        f"{draft_url(city, dataset)}publish/", {"seen": seen[1] if seen else ""}, follow=True
    )


def test_t_x4_what_would_be_published_is_shown_then_published(sato_client, city):
    chosen = sato_client.get(LIST, {"area": city.pk, "dataset": "care"})
    page = sato_client.get(chosen["Location"]).content.decode()
    done = publish(sato_client, city).content.decode()

    assert chosen["Location"] == draft_url(city)
    assert "はじめての公開です" in page
    assert "全国地方公共団体コード" in page
    assert "カナリア" not in page
    assert "公開しました" in done
    assert "佐藤" in done
    assert OpenDataRelease.objects.get().row_count == 4


def test_difference_and_problems_are_shown_by_row(sato_client, city):
    publish(sato_client, city)
    first, second, *_ = Service.objects.filter(source="care").order_by("pk")
    Service.objects.filter(pk=first.pk).update(phone="0999-99-9999")
    Service.objects.filter(pk=second.pk).update(longitude=None)

    page = sato_client.get(draft_url(city)).content.decode()

    assert "<ins>0999-99-9999</ins>" in page
    assert '緯度と経度の片方がありません。 <b class="num">1件</b>' in page
    assert reverse("facilities:service_edit", args=[second.pk]) in page
    assert "先に直してください" in page
    assert ">公開する</button>" not in page
    refused = sato_client.post(f"{draft_url(city)}publish/", {"seen": ""}, follow=True)
    assert "直してからでないと公開できない行" in refused.content.decode()


def test_nothing_new_is_said(sato_client, city):
    publish(sato_client, city)

    page = sato_client.get(draft_url(city)).content.decode()

    assert "前回から変わった行がない" in page


def test_removed_rows_are_named(sato_client, city):
    publish(sato_client, city)
    gone = Service.objects.filter(source="care").order_by("pk")[0]
    Service.objects.filter(pk=gone.pk).update(status="ended")

    assert f"<li>{gone.name}</li>" in sato_client.get(draft_url(city)).content.decode()


def test_an_area_without_places_says_so(sato_client):
    city = make_city()

    page = sato_client.get(draft_url(city)).content.decode()

    assert "この地域に載せる所がありません" in page
    assert "載せる所がないため" in page


def test_wrong_choices_are_refused(sato_client, city):
    assert sato_client.get(LIST).status_code == 200
    assert sato_client.get(LIST, {"area": "x", "dataset": "care"}).status_code == 422
    assert sato_client.get(draft_url(city, "weather")).status_code == 404
    assert (
        sato_client.get(reverse("facilities:open_data_draft", args=[0, "care"])).status_code == 404
    )
