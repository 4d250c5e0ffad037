from __future__ import annotations

import pytest
from django.urls import reverse

from renkei.foundation.accounts.tests import factories as people
from renkei.foundation.common.audience import Audience
from renkei.gateways.portal.printing import region_for_print
from renkei.registry.facilities import composing
from renkei.registry.facilities.models import Facility
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.services.booklets import (
    make_booklet,
    order_booklet,
    release_booklet,
)
from renkei.registry.facilities.services.publication import set_field_audience
from renkei.registry.facilities.tests.booklets import read_pages
from renkei.registry.facilities.tests.towns import make_city, make_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]


@pytest.fixture
def city():
    city = make_city()
    make_places(city, 6)
    rebuild_index()
    return city


def test_t_a6a_a_result_is_printed_with_its_filters_and_source(client, city):
    response = client.get("/search/list.pdf", {"area": city.code, "group": "nursing"})

    pages = read_pages(response.content)
    assert response["Content-Type"] == "application/pdf"
    assert "医療・介護の資源の一覧" in pages[0]
    assert "介護サービス情報公表システム" in pages[0]
    assert "架空施設0004号" in "".join(pages)
    assert "架空施設0001号" not in "".join(pages)


def test_t_a3_no_canary_on_a_printed_result_or_sheet(client, city):
    place = Facility.objects.order_by("pk")[0]

    for url in ("/search/list.pdf", f"/facilities/{place.pk}/sheet.pdf"):
        assert "カナリア" not in "".join(read_pages(client.get(url).content))


def test_more_than_fits_is_cut_with_a_clear_sentence(client, city, monkeypatch):
    monkeypatch.setattr(composing, "MOST_ON_A_LIST", 3)

    text = "".join(read_pages(client.get("/search/list.pdf").content))

    assert "か所だけを載せました" in text
    assert text.count("架空施設") == 3


def test_nothing_found_says_what_to_do(client, city):
    response = client.get("/search/list.pdf", {"q": "どこにもない"})

    assert response.status_code == 200
    assert "条件を減らして" in response.content.decode()


def test_sheet_of_a_place_is_one_page_with_its_address(client, city):
    place = Facility.objects.order_by("pk")[0]

    (page,) = read_pages(client.get(f"/facilities/{place.pk}/sheet.pdf").content)

    assert place.name in page
    assert place.phone in page
    assert "北浜2-1" in page


def test_sheet_says_fax_and_that_a_place_may_have_closed(client, city):
    place = Facility.objects.order_by("pk")[0]
    place.services.update(fax="0999-00-7777")
    Facility.objects.filter(pk=place.pk).update(status="possibly_ended", municipality=None)

    (page,) = read_pages(client.get(f"/facilities/{place.pk}/sheet.pdf").content)

    assert "0999-00-7777" in page
    assert "最新の公表データに載っていません" in page


def test_sheet_of_a_place_nobody_may_know_of_is_not_found(client, city):
    place = Facility.objects.order_by("pk")[0]
    sato = people.viewer_for(people.sato())
    set_field_audience(actor=sato.actor, field="name", audience=Audience.GOVERNMENT, facility=place)

    assert client.get(f"/facilities/{place.pk}/sheet.pdf").status_code == 404


def test_residents_take_released_booklets_alone(client, city):
    sato = people.viewer_for(people.sato())
    order = order_booklet(
        viewer=sato, area=city, title="架空の冊子", groups=[], edition=Audience.PUBLIC,
        confirmed_only=False, format="xlsx",
    )  # fmt: skip
    make_booklet(order.uid)
    order.refresh_from_db()
    url = reverse("portal:booklet_file", args=[order.uid])

    assert "冊子はまだありません" in client.get("/booklets/").content.decode()
    assert client.get(url).status_code == 404
    release_booklet(actor=sato.actor, order=order)

    assert "架空の冊子（架空市）" in client.get("/booklets/").content.decode()
    assert b"".join(client.get(url).streaming_content).startswith(b"PK")


def test_printed_pages_name_the_region_and_its_desk(db):
    region = region_for_print()

    assert region.name
    assert region.desk.name
