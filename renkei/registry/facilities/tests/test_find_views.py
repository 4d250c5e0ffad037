"""The pages, files and answers of finding places."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from renkei.foundation.areas.models import Area, AreaLevel, Boundary
from renkei.foundation.common.audience import Audience
from renkei.foundation.common.clock import TOKYO
from renkei.registry.facilities.models import Dataset, FieldPolicy, Override, Service
from renkei.registry.facilities.search.indexing import rebuild_index
from renkei.registry.facilities.tests.factories import AT, ImportFileFactory
from renkei.registry.facilities.tests.places import place

pytestmark = pytest.mark.django_db
# A Friday morning.
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)
LIST = "/register/"


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(client, url=LIST, **parameters):
    response = client.get(url, parameters)
    assert response.status_code == 200
    return response.content.decode()


# The list -----------------------------------------------------------------------------------


def test_list_shows_results_with_number_phone_hours_and_freshness(sato_client):
    hours = {"fri": [["08:30", "17:30"]]}
    place("訪問看護 みなも", phone="0999-00-1201", hours=hours, confirmed_on=date(2026, 10, 8))
    rebuild_index()

    page = page_of(sato_client, q="みなも")

    for text in (
        "1件",
        "訪問看護 みなも",
        "tel:0999001201",
        "今 開いています",
        "金 8時30分～17時30分",
        "2026年10月8日に確認",
        "看護師などが自宅を訪ね",
    ):
        assert text in page


def test_list_says_what_is_wrong_with_an_address_and_searches_on(sato_client):
    place("一つ目")
    rebuild_index()

    page = page_of(sato_client, group="nothing", hour="25", q="一つ目")

    assert "「nothing」は選べません。一覧から選んでください。" in page
    assert "時刻を一覧から選んでください。" in page
    assert "一つ目" in page


@pytest.mark.parametrize("q", ["\x00", "\ue000", "a" * 200, "'", '"><script>alert(1)</script>'])
def test_list_survives_any_words(sato_client, q):
    page = page_of(sato_client, q=q)

    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "parameters",
    [
        {"page": "999999999999"},
        {"page": "0"},
        {"lat": "nan", "lng": "inf"},
        {"lat": "91", "lng": "1"},
        {"area": "999999999999999999999"},
        {"area": "a"},
        {"area": "a999999999999"},
        {"area": "²"},
        {"radius": "-1", "address": "x"},
        {"sort": "x", "view": "y"},
        {"status": "gone"},
    ],
)
def test_list_survives_any_parameter(sato_client, parameters):
    place("一つ目")

    response = sato_client.get(LIST, parameters)

    assert (response.status_code, "<h1" in response.content.decode()) == (200, True)


@pytest.mark.parametrize("view", ["list", "card", "table", "map"])
def test_list_shows_the_same_places_in_every_view(sato_client, view):
    place("一つ目", latitude=35.5, longitude=141.5)
    place("二つ目")
    rebuild_index()

    page = page_of(sato_client, view=view)

    assert "一つ目" in page
    assert "二つ目" in page
    assert "2件" in page


def test_list_offers_conditions_as_links_that_take_one_away(sato_client):
    place("みなも", capabilities=["ventilator"], hours={"sat": [["09:00", "12:00"]]})
    rebuild_index()
    query = {"q": "みなも", "group": "nursing", "capability": "ventilator", "day": "sat"}
    query |= {"service": "130", "hour": "10", "status": "listed", "lat": "35.5", "lng": "141.5"}

    page = page_of(sato_client, **query)

    for label in ("「みなも」", "看護師に来てほしい", "人工呼吸器", "土曜日に開いている"):
        assert f"{label}<span" in page
    for label in ("訪問看護", "10時に開いている", "掲載中", "地図で選んだ所から近い順"):
        assert f"{label}<span" in page


def test_list_without_results_says_what_to_do(sato_client):
    page = page_of(sato_client, q="どこにもない")

    assert "見つかりませんでした" in page
    assert "条件をすべてはずす" in page


def test_list_beyond_the_last_page_leads_back(sato_client):
    place("一つ目")
    rebuild_index()

    assert "このページに結果はありません" in page_of(sato_client, page="3")


def test_list_leads_to_the_pages_around(sato_client):
    for number in range(45):
        place(f"看護{number:02}", kana=f"カンゴ{number:02}")
    rebuild_index()

    page = page_of(sato_client, page="2")

    assert 'href="/register/?" rel="prev"' in page
    assert 'href="/register/?page=3" rel="next"' in page


def test_list_counts_at_once_where_there_is_no_script(sato_client):
    place("一つ目")
    rebuild_index()

    assert 'id="c-group-nursing">1<' in page_of(sato_client, counts="1")
    assert 'id="c-group-nursing"></span>' in page_of(sato_client)


def test_facets_swap_the_counts_into_their_places(sato_client):
    place("一つ目")
    rebuild_index()

    answer = page_of(sato_client, "/register/facets/", q="一つ目")

    assert '<span class="c" id="c-group-nursing" hx-swap-oob="true">1<' in answer


def test_list_draws_the_area_where_all_places_lie(sato_client):
    city = Area.objects.create(
        name="架空市", code="992011", key="992011", level=AreaLevel.MUNICIPALITY,
        period=("2000-01-01", None), prefecture_code="99",
    )  # fmt: skip
    ring = [[141, 35], [142, 35], [142, 36], [141, 36], [141, 35]]
    Boundary.objects.create(
        area=city, geometry={"type": "Polygon", "coordinates": [ring]}, source="架空の境界",
        west=141, south=35, east=142, north=36,
    )  # fmt: skip
    shown = place("一つ目", latitude=35.5, longitude=141.5, municipality=city)
    Dataset.objects.create(
        source="care", code="130", prefecture_code="99", as_of=date(2026, 6, 30),
        file=ImportFileFactory.create(),
    )  # fmt: skip
    rebuild_index()

    page = page_of(sato_client)

    assert '<g class="pin map__pin" data-shape="circle"' in page
    assert "架空の境界" in page
    assert '<option value="992011">架空市</option>' in page
    detail = page_of(sato_client, f"/register/facilities/{shown.pk}/")
    assert '<g class="pin map__pin"' in detail


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_often_for_one_as_for_three(sato_client, count, django_assert_max_num_queries):
    for number in range(count):
        place(f"看護{number}", latitude=35.5, longitude=141.5)
    rebuild_index()
    sato_client.get(LIST)

    with django_assert_max_num_queries(26) as first:
        sato_client.get(LIST, {"q": "看護"})

    assert len(first) == queries_for_one_place(sato_client)


def queries_for_one_place(client):
    """How many queries the same page with a single result makes."""
    from django.db import connection  # counted beside the fixture's own
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(LIST, {"q": "看護0"})
    return len(captured)


# One place ----------------------------------------------------------------------------------


def test_facility_page_shows_what_when_where_how_and_since_when(sato_client):
    shown = place(
        "訪問看護 みなも",
        phone="0999-00-1201",
        fax="0999-00-1202",
        hours={"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "fri": [["09:00", "17:00"]]},
        days_note="年末年始は休み",
        capabilities=["ventilator"],
        visiting_area="北浜の全域",
        office_number="9960190013",
        corporate_name="一般社団法人みなも",
        url="https://minamo.example.jp/",
        attributes={"駐車場": "2台"},
    )

    page = page_of(sato_client, f"/register/facilities/{shown.pk}/")

    for text in (
        "主治医が訪問看護を必要と認めた方",
        "人工呼吸器",
        "北浜の全域",
        "駐車場",
        "9時～12時、13時～17時",
        "金（きょう）",
        "年末年始は休み",
        "頼むまでの流れ",
        "FAX 0999-00-1202",
        "2026年6月の情報",
        "https://minamo.example.jp/",
        "一般社団法人みなも",
        "位置は分かりません",
    ):
        assert text in page


def test_t_nv1_each_place_links_to_its_official_page(sato_client):
    care = place("看護", office_number="9960190013")
    clinic = place(
        "医院",
        service_code="clinic",
        source="medical",
        source_key="9920010000012",
        office_number="",
    )
    own = place("町の窓口", service_code="coordination", source="local")

    assert (
        "kaigokensaku.mhlw.go.jp/99/index.php?action_kouhyou_detail_feature_index=true"
        "&amp;JigyosyoCd=9960190013-00&amp;ServiceCd=130"
    ) in page_of(sato_client, f"/register/facilities/{care.pk}/")
    assert "S2430/initialize?prefCd=99&amp;kikanKbn=2&amp;kikanCd=0010000012" in page_of(
        sato_client, f"/register/facilities/{clinic.pk}/"
    )
    assert "mhlw.go.jp" not in page_of(sato_client, f"/register/facilities/{own.pk}/")


def test_facility_page_shows_the_publishers_value_beside_a_correction(sato_client, suzuki_client):
    shown = place("みなも", visiting_area="北浜", phone="0999-00-1201")
    service = Service.objects.get(facility=shown)
    for name, official in (("visiting_area", "本町"), ("phone", "0999-00-9999")):
        Override.objects.create(
            service=service, field=name, value="", official_value=official, reason="電話で確認",
            made_by_id=1, made_at=AT,
        )  # fmt: skip

    for_staff = page_of(sato_client, f"/register/facilities/{shown.pk}/")
    for_partner = page_of(suzuki_client, f"/register/facilities/{shown.pk}/")

    for text in (
        '<del class="was">本町</del>',
        '<del class="was">0999-00-9999</del>',
        "電話で確認",
    ):
        assert text in for_staff
        assert text not in for_partner
    assert "北浜" in for_partner


def test_facility_page_warns_of_a_place_no_longer_listed(sato_client):
    shown = place("松風医院", status="possibly_ended")

    page = page_of(sato_client, f"/register/facilities/{shown.pk}/")

    assert "最新の公表データに載っていません。" in page
    assert "掲載終了の可能性" in page


def test_facility_page_of_a_place_without_services(sato_client):
    shown = place("空の所")
    Service.objects.all().delete()
    rebuild_index()

    assert "空の所" in page_of(sato_client, f"/register/facilities/{shown.pk}/")
    assert "空の所" in page_of(sato_client)


def test_facility_page_nobody_knows_is_not_found(sato_client, suzuki_client):
    hidden = place("かくれた所")
    FieldPolicy.objects.create(
        field="name", facility=hidden, audience=Audience.GOVERNMENT, checked_by_id=1, checked_at=AT
    )

    assert sato_client.get(f"/register/facilities/{hidden.pk}/").status_code == 200
    assert suzuki_client.get(f"/register/facilities/{hidden.pk}/").status_code == 404
    assert sato_client.get("/register/facilities/999999/").status_code == 404


@pytest.mark.parametrize("path", ["", "facets/", "map.json", "files/csv/", "facilities/1/"])
def test_pages_of_the_register_send_strangers_to_sign_in(nobody_client, path):
    response = nobody_client.get(f"/register/{path}")

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


# The map ------------------------------------------------------------------------------------

VIEW = {"bbox": "141.0,35.0,142.0,36.0", "z": "12"}


def test_map_gives_points_with_their_number_in_the_list(sato_client):
    inside = place("中の所", kana="ア", latitude=35.5, longitude=141.5)
    place("外の所", kana="イ", latitude=38.5, longitude=141.5)
    place("位置なし", kana="ウ")
    rebuild_index()

    marks = sato_client.get("/register/map.json", {"q": "所", **VIEW}).json()

    assert marks == {
        "total": 2,
        "more": False,
        "clusters": [],
        "points": [
            {
                "id": inside.pk,
                "name": "中の所",
                "kind": "訪問看護",
                "town": "",
                "shape": "circle",
                "letter": "看",
                "lat": 35.5,
                "lng": 141.5,
                "number": 1,
            }
        ],
    }


def test_map_counts_clusters_where_points_would_cover_each_other(sato_client, monkeypatch):
    monkeypatch.setattr("renkei.registry.facilities.search.clusters.MOST_POINTS", 2)
    for number in range(3):
        place(f"看護{number}", latitude=35.5 + number / 1000, longitude=141.5)
    rebuild_index()

    for zoom in ("12", "6.7"):
        marks = sato_client.get("/register/map.json", {**VIEW, "z": zoom}).json()

        assert (marks["total"], marks["points"]) == (3, [])
        assert sum(cluster["count"] for cluster in marks["clusters"]) == 3
    assert marks["clusters"][0]["bbox"] == [141.5, 35.5, 141.5, 35.502]


def test_map_signs_a_place_by_what_was_looked_for(sato_client):
    shown = place("病院の訪問看護", latitude=35.5, longitude=141.5)
    Service.objects.create(
        **{
            field.name: getattr(shown.services.get(), field.name)
            for field in Service._meta.fields
            if field.name not in {"id", "service_code"}
        },
        service_code="pharmacy",
    )
    rebuild_index()

    def letter(**parameters):
        marks = sato_client.get("/register/map.json", {**VIEW, **parameters}).json()
        return marks["points"][0]["letter"]

    assert (letter(), letter(group="pharmacy")) == ("看", "薬")


@pytest.mark.parametrize(
    "view", [{}, {"bbox": "1,2,3", "z": "5"}, {"bbox": "a,b,c,d", "z": "5"},
             {"bbox": "nan,nan,nan,nan", "z": "5"}, {"bbox": "2,1,1,2", "z": "5"},
             {"bbox": "141,35,142,36", "z": "x"}, {"bbox": "141,35,142,36", "z": "99"}]
)  # fmt: skip
def test_map_refuses_what_is_no_view(sato_client, view):
    response = sato_client.get("/register/map.json", view)

    assert response.status_code == 400
    assert "。" in response.json()["detail"]


# Files --------------------------------------------------------------------------------------


def download(client, kind, **parameters):
    response = client.get(reverse("facilities:facility_export", args=[kind]), parameters)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response) if response.streaming else response.content


def test_files_hold_the_same_rows(sato_client):
    place("一つ目", kana="ア", latitude=35.5, longitude=141.5)
    place("二つ目", kana="イ", url="=1+1")
    place("三つ目", kana="ウ", service_code="pharmacy")
    rebuild_index()

    rows = list(
        csv.DictReader(
            io.StringIO(download(sato_client, "csv", group="nursing").decode("utf-8-sig"))
        )
    )
    old = list(
        csv.DictReader(
            io.StringIO(download(sato_client, "csv-cp932", group="nursing").decode("cp932"))
        )
    )
    book = load_workbook(io.BytesIO(download(sato_client, "xlsx", group="nursing")))
    records = json.loads(download(sato_client, "json", group="nursing"))
    features = json.loads(download(sato_client, "geojson", group="nursing"))["features"]

    expected = ["一つ目", "二つ目"]
    assert [row["名称"] for row in rows] == expected
    assert [row["名称"] for row in old] == expected
    assert [cell.value for cell in book.worksheets[0]["B"]][1:] == expected
    assert [record["名称"] for record in records] == expected
    assert [feature["properties"]["名称"] for feature in features] == expected
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [141.5, 35.5]}
    assert features[1]["geometry"] is None
    assert not rows[1]["URL"].startswith("=")
    about = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    assert ["条件", "看護師に来てほしい"] in [row[:2] for row in about]


def test_cp932_file_asks_before_characters_are_lost(sato_client):
    place("𠮷野家の看護")
    rebuild_index()
    url = reverse("facilities:facility_export", args=["csv-cp932"])

    page = sato_client.get(url).content.decode()

    assert "Shift_JISで書けない文字が1あります" in page
    assert "U+20BB7" in page
    assert "吉野家の看護" in download(sato_client, "csv-cp932", accept="1").decode("cp932")


def test_file_of_an_unknown_kind_is_not_found(sato_client):
    assert sato_client.get("/register/files/docx/").status_code == 404
