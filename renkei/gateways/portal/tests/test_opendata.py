from __future__ import annotations

import io
import json

import openpyxl
import pytest
from django.urls import reverse

from renkei.foundation.accounts.tests import factories as people
from renkei.registry.facilities.models import OpenDataRelease, Service
from renkei.registry.facilities.open_data.layouts import Dataset
from renkei.registry.facilities.queries_open_data import draft_of
from renkei.registry.facilities.services.open_data import fingerprint, publish
from renkei.registry.facilities.tests.towns import make_city, make_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


@pytest.fixture
def city():
    city = make_city()
    make_places(city, 8)
    return city


def published(city, dataset=Dataset.CARE):
    seen = fingerprint(draft_of(dataset, city))
    actor = people.viewer_for(people.sato()).actor
    return publish(actor=actor, dataset=dataset, area=city, seen=seen)


def body(response):
    return b"".join(response.streaming_content)


def test_t_x4_page_offers_files_licence_days_and_history(client, city):
    first = published(city)
    Service.objects.filter(source="care").update(phone="0999-88-0000")
    second = published(city)

    page = client.get("/opendata/").content.decode()

    assert "CC BY 4.0" in page
    assert "介護サービス情報公表システムのオープンデータ" in page
    assert f"/opendata/{second.uid}.csv" in page
    assert f"/opendata/{second.uid}.xlsx" in page
    assert page.count(f"/opendata/{first.uid}.csv") == 1
    assert "変わった 4" in page


def test_t_x4_files_are_those_that_were_frozen(client, city):
    release = published(city)
    Service.objects.update(name="あとで変わった名前")

    text = body(client.get(f"/opendata/{release.uid}.csv"))
    book = body(client.get(f"/opendata/{release.uid}.xlsx"))

    assert text.startswith(b"\xef\xbb\xbf")
    assert "あとで変わった名前" not in text.decode()
    assert openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]["D2"].value.startswith("架空施設")
    assert "カナリア" not in text.decode()


def test_t_x4_catalogue_is_dcat_with_the_newest_of_each_table(client, city):
    published(city)
    medical = published(city, Dataset.MEDICAL)

    response = client.get("/opendata/dcat.json")

    found = json.loads(response.content)
    assert response["Content-Type"] == "application/ld+json"
    assert [one["dct:title"] for one in found["dcat:dataset"]] == [
        "介護サービス事業所一覧（架空市）",
        "医療機関一覧（架空市）",
    ]
    urls = [file["dcat:downloadURL"] for file in found["dcat:dataset"][1]["dcat:distribution"]]
    assert urls == [f"http://testserver/opendata/{medical.uid}.{end}" for end in ("csv", "xlsx")]


def test_t_x2_cp932_names_every_character_it_cannot_hold(client, city):
    Service.objects.filter(source="care").update(name="𠮷野訪問看護♡")
    release = published(city)

    page = client.get(f"/opendata/{release.uid}/cp932/").content.decode()
    file = client.get(f"/opendata/{release.uid}/cp932.csv")

    assert "書けない文字が8字" in page
    assert "U+20BB7" in page
    assert "吉野訪問看護ハート" in file.content.decode("cp932")
    assert "?" not in file.content.decode("cp932").split("\n")[1]


def test_cp932_without_loss_says_so(client, city):
    release = published(city)

    page = client.get(f"/opendata/{release.uid}/cp932/").content.decode()

    assert "失われる文字はありません" in page


def test_unknown_and_lost_files_are_not_found(client, city):
    release = published(city)
    assert client.get(f"/opendata/{release.uid}.pdf").status_code == 404
    for name in ("csv", "xlsx"):
        file = getattr(release, name)
        file.storage.delete(file.name)
        assert client.get(f"/opendata/{release.uid}.{name}").status_code == 404
    assert client.get(f"/opendata/{release.uid}/cp932.csv").status_code == 404
    OpenDataRelease.objects.update(dataset="weather")
    assert client.get(f"/opendata/{release.uid}.csv").status_code == 404


def test_an_empty_page_says_so(client):
    assert "公開しているデータはまだありません" in client.get("/opendata/").content.decode()
    assert json.loads(client.get("/opendata/dcat.json").content)["dcat:dataset"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_the_same_queries_for_any_count(
    client, city, count, django_assert_max_num_queries
):
    for number in range(count):
        Service.objects.filter(source="care").update(phone=f"0999-88-000{number}")
        published(city)
    client.get("/opendata/")

    with django_assert_max_num_queries(4):
        client.get(reverse("portal:open_data"))
