"""What residents find: the same places as a list, on the map, one by one; and nothing that is not theirs."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from renkei.foundation.areas.models import Area
from renkei.gateways.portal.queries import demo_site
from renkei.registry.facilities.models import Facility
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.tests.towns import (
    GOVERNMENT_CANARY,
    PARTNER_CANARY,
    make_city,
    make_places,
)

pytestmark = pytest.mark.django_db
MAP = "/search/map.json?bbox=140.9,35.4,141.3,35.8&z=12"


def fill(count: int) -> list[int]:
    services = make_places(make_city(), count)
    rebuild_index()
    return [service.facility_id for service in services]


def text_of(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def test_list_and_map_speak_of_the_same_places(client):
    fill(5)

    listed = re.findall(r'href="/facilities/(\d+)/">', text_of(client, "/search/"))
    marks = json.loads(text_of(client, MAP))

    assert marks["total"] == 5
    numbers = {str(point["id"]): point["number"] for point in marks["points"]}
    assert numbers == {key: position for position, key in enumerate(listed, 1)}


def test_map_follows_the_filters_of_the_list(client):
    fill(8)

    marks = json.loads(text_of(client, f"{MAP}&group=nursing"))

    assert marks["total"] == 2
    assert {point["kind"] for point in marks["points"]} == {"訪問看護"}


@pytest.mark.parametrize("who", ["client", "sato_client"])
def test_t_a3_no_public_page_shows_what_is_not_for_residents(request, who):
    reader = request.getfixturevalue(who)
    keys = fill(4)
    pages = ["/search/", "/search/?view=table", "/search/?view=card", "/search/counts/", MAP]

    for url in [*pages, *(f"/facilities/{key}/" for key in keys)]:
        text = text_of(reader, url)
        assert PARTNER_CANARY not in text, url
        assert GOVERNMENT_CANARY not in text, url
    for word in (PARTNER_CANARY, GOVERNMENT_CANARY):
        assert "見つかりませんでした" in text_of(reader, f"/search/?q={word}")


@pytest.mark.parametrize("url", ["/search/", MAP])
def test_number_of_queries_does_not_depend_on_the_places(client, url):
    counts = []
    for more in (1, 3):
        fill_one_city(more)
        text_of(client, url)  # drawings are kept
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(client, url)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def fill_one_city(count: int) -> None:
    city = Area.objects.filter(code="992011").first() or make_city()
    Facility.objects.all().delete()
    make_places(city, count)
    rebuild_index()


@pytest.mark.parametrize(
    "query",
    ["", "bbox=1,2,3&z=3", "bbox=a,b,c,d&z=3", "bbox=140,35,141,36", "bbox=140,35,141,36&z=x",
     "bbox=nan,nan,nan,nan&z=3", "bbox=140,36,141,35&z=3", "bbox=1e999,0,1,1&z=3"],
)  # fmt: skip
def test_map_refuses_a_view_it_cannot_read(client, query):
    answer = client.get(f"/search/map.json?{query}")

    assert answer.status_code == 400
    assert answer.json()["detail"].endswith("ください。")


def test_large_map_is_a_view_of_the_result(client):
    answer = client.get("/map/?group=nursing&q=架空")

    assert answer.status_code == 302
    assert answer["Location"] == "/search/?q=%E6%9E%B6%E7%A9%BA&group=nursing&view=map"


def test_page_of_a_place_leads_to_its_correction(client):
    (key,) = fill(1)

    text = text_of(client, f"/facilities/{key}/")

    assert f'href="/facilities/{key}/correction/"' in text
    assert 'href="tel:0999010001"' in text


def test_pages_reach_our_host_only_until_a_background_is_chosen(client):
    fill(1)
    assert "tiles.example" not in client.get("/search/")["Content-Security-Policy"]

    site = demo_site()
    site.basemap_url, site.basemap_attribution = "https://tiles.example/{z}/{x}/{y}.png", "架空地図"
    site.save()
    answer = client.get("/search/")

    policy = answer["Content-Security-Policy"]
    assert "connect-src 'self' https://tiles.example;" in f"{policy};"
    assert "背景地図：架空地図" in answer.content.decode()
    assert "tiles.example" not in client.get("/about/")["Content-Security-Policy"]
