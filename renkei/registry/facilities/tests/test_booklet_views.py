from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as people
from renkei.registry.facilities.models import BookletOrder, BookletState
from renkei.registry.facilities.services.booklets import make_booklet
from renkei.registry.facilities.tests.towns import make_city, make_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
NEW = "/register/booklets/new/"


@pytest.fixture
def city():
    city = make_city()
    make_places(city, 5)
    return city


def ask(client, city, **values):
    plain = {"area": city.pk, "title": "架空の冊子", "edition": "public", "format": "pdf"}
    return client.post(NEW, {**plain, **values})


def made(client, city, **values):
    ask(client, city, **values)
    order = BookletOrder.objects.latest("pk")
    make_booklet(order.uid)
    order.refresh_from_db()
    return order


def test_booklet_is_asked_for_waited_for_and_taken(sato_client, city):
    asked = ask(sato_client, city, groups=["nursing", "clinic"])
    order = BookletOrder.objects.get()
    page = reverse("facilities:booklet_detail", args=[order.uid])
    waiting = sato_client.get(page).content.decode()
    part = sato_client.get(reverse("facilities:booklet_progress", args=[order.uid]))
    early = sato_client.get(reverse("facilities:booklet_file", args=[order.uid]))
    make_booklet(order.uid)
    moved = sato_client.get(reverse("facilities:booklet_progress", args=[order.uid]))
    ready = sato_client.get(page).content.decode()
    file = sato_client.get(reverse("facilities:booklet_file", args=[order.uid]))

    assert asked["Location"] == page
    assert "順番を待っています" in waiting
    assert part.status_code == 200
    assert early.status_code == 404
    assert moved["HX-Redirect"] == page
    assert "受け取る" in ready
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert "filename" in file["Content-Disposition"]
    assert order.site_url == "http://testserver/"


def test_booklet_form_keeps_what_was_entered_and_says_what_is_wrong(sato_client, city):
    refused = ask(sato_client, city, area="", title="題名")
    nothing = ask(sato_client, city, confirmed_only="on")
    control = ask(sato_client, city, title="題\ue000名")

    assert refused.status_code == nothing.status_code == control.status_code == 422
    assert "地域を選んでください" in refused.content.decode()
    assert 'value="題名"' in refused.content.decode()
    assert "確認済みの所がまだありません" in nothing.content.decode()
    assert not BookletOrder.objects.exists()


def test_areas_of_another_prefecture_can_be_chosen(sato_client, city):
    assert ">架空市</option>" in sato_client.get(NEW).content.decode()
    assert ">架空市</option>" not in sato_client.get(NEW, {"prefecture": "01"}).content.decode()
    assert ">架空市</option>" in sato_client.get(NEW, {"prefecture": "xx"}).content.decode()


def test_booklet_is_released_and_withdrawn_by_the_city_alone(sato_client, city):
    order = made(sato_client, city)
    desk = people.sign_in(Client(), people.member(Role.DESK))
    url = reverse("facilities:booklet_release", args=[order.uid])

    assert desk.post(url).status_code == 404
    done = sato_client.post(url, follow=True).content.decode()
    again = sato_client.post(
        reverse("facilities:booklet_withdraw", args=[order.uid]), follow=True
    ).content.decode()
    twice = sato_client.post(
        reverse("facilities:booklet_withdraw", args=[order.uid]), follow=True
    ).content.decode()

    assert "公開しました" in done
    assert "公開中" in done
    assert "公開をやめました" in again
    assert "公開されていません" in twice


def test_desk_makes_booklets_but_releases_none(city):
    desk = people.sign_in(Client(), people.member(Role.DESK))

    order = made(desk, city, edition="partner")

    page = desk.get(reverse("facilities:booklet_detail", args=[order.uid])).content.decode()
    assert "受け取る" in page
    assert "住民への公開" not in page


def test_failed_expired_and_lost_booklets_say_so(sato_client, city):
    order = made(sato_client, city)
    page = reverse("facilities:booklet_detail", args=[order.uid])
    order.file.storage.delete(order.file.name)

    assert sato_client.get(reverse("facilities:booklet_file", args=[order.uid])).status_code == 404
    for state, words in (
        (BookletState.FAILED, "作れなかった理由"),
        (BookletState.EXPIRED, "ファイルを消しました"),
    ):
        BookletOrder.objects.update(state=state, error="架空の理由")
        assert words in sato_client.get(page).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_booklet_list_needs_the_same_queries_for_any_count(
    sato_client, city, count, django_assert_max_num_queries
):
    for _ in range(count):
        ask(sato_client, city)
    sato_client.get(reverse("facilities:booklet_list"))

    with django_assert_max_num_queries(12):
        page = sato_client.get(reverse("facilities:booklet_list"))

    assert page.content.decode().count("架空の冊子（架空市）") == count


def test_an_empty_list_says_what_to_do(sato_client):
    assert "冊子はまだありません" in sato_client.get("/register/booklets/").content.decode()
    assert sato_client.get(NEW).status_code == 200
