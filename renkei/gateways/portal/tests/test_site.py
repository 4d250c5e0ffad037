from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from psycopg.types.range import Range

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.gateways.portal import queries
from renkei.gateways.portal.models import Site
from renkei.gateways.portal.navigation import menu_for
from renkei.gateways.portal.queries import areas_with_facilities, current_site, demo_site
from renkei.gateways.portal.services import save_site
from renkei.registry.facilities.models import Facility

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def values(**changes: str) -> dict[str, str]:
    return {
        "region_name": "架空広域",
        "title": "在宅医療・介護の連携",
        "desk_name": "相談窓口",
        "desk_phone": "0999-00-0111",
        "desk_opens_at": "09:00",
        "desk_closes_at": "17:00",
        **changes,
    }


def test_site_before_anybody_wrote_it_is_neutral(settings):
    assert (current_site().region_name, current_site().desk_phone) == ("この地域", "")

    settings.DEMO = True
    assert current_site().region_name == "架空広域"


def test_save_site_keeps_one_row_and_records_what_changed():
    save_site(actor=SYSTEM, site=demo_site())
    site = current_site()
    site.desk_phone = "0999-00-0112"
    save_site(actor=SYSTEM, site=site)

    assert Site.objects.count() == 1
    event = AuditEvent.objects.order_by("-sequence").first()
    assert event is not None
    assert (event.action, event.detail) == ("site.saved", {"fields": ["desk_phone"]})


def test_site_edit_shows_the_new_number_at_once(sato_client, client):
    answer = sato_client.post("/site/", values(), follow=True)

    assert "サイトの設定を保存しました。" in answer.content.decode()
    assert "0999-00-0111" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"region_name": ""}, "地域の名前を入力してください。"),
        ({"desk_closes_at": "08:00"}, "受付の終わりは始まりより後の時刻を入力してください。"),
        (
            {"basemap_url": "https://tiles.example/{z}/{x}/{y}.png"},
            "背景地図を使うときは、出典を入力してください。",
        ),
    ],
)
def test_site_edit_refuses_with_a_sentence_and_keeps_the_rest(sato_client, changes, error):
    answer = sato_client.post("/site/", values(**changes))

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "<title>エラー：サイトの設定" in text
    assert error in text
    assert 'value="0999-00-0111"' in text
    assert not Site.objects.exists()


def test_site_edit_is_not_there_for_others(suzuki_client, client):
    assert suzuki_client.get("/site/").status_code == 404
    assert client.get("/site/").status_code == 302


def test_menu_shows_what_the_viewer_may_open():
    staff = Viewer(user_id=1, role=Role.MUNICIPAL_STAFF)
    nurse = Viewer(user_id=2, role=Role.PROFESSIONAL)

    entries = menu_for(staff, "/register/imports/3/")

    assert [entry.label for entry in entries if entry.current] == ["取り込み"]
    assert "取り込み" not in [entry.label for entry in menu_for(nurse, "/register/")]
    assert menu_for(Viewer(), "/") == []


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.PROFESSIONAL, ["今日", "療養者", "入退院", "今夜の担当"]),
        (Role.FIRE_DISPATCH, ["救急の窓口", "緊急閲覧", "資源の台帳", "圏域"]),
        (Role.PERSON_OR_FAMILY, ["わたしの連携", "お知らせ"]),
        (Role.OPERATOR, ["組織と利用者", "監査", "資源の台帳", "圏域", "グループ"]),
    ],
)
def test_everyday_work_has_its_place_on_a_phone(role, labels):
    entries = menu_for(Viewer(user_id=1, role=role), "/")

    assert [entry.label for entry in entries if entry.narrow] == labels


def test_a_wide_screen_has_one_line_of_entries():
    entries = menu_for(Viewer(user_id=1, role=Role.MUNICIPAL_STAFF), "/audit/")

    assert [entry.wide for entry in entries] == [True] * 8 + [False] * (len(entries) - 8)
    few = menu_for(Viewer(user_id=1, role=Role.OPERATOR), "/")
    assert all(entry.wide for entry in few)


def make_area(name: str, code: str, level: AreaLevel = AreaLevel.MUNICIPALITY) -> Area:
    return Area.objects.create(
        level=level,
        code=code,
        key=f"test/{code}",
        name=name,
        prefecture_code="99",
        period=Range(date(2020, 4, 1), None),
    )


def test_areas_with_facilities_are_municipalities_until_there_are_too_many(monkeypatch):
    prefecture = make_area("架空県", "990000", AreaLevel.PREFECTURE)
    full = [make_area(f"架空{number}町", f"99{number:04}") for number in (1, 2)]
    make_area("空の町", "990003")
    for area in full:
        Facility.objects.create(
            name="診療所", sort_key="シ", municipality=area, prefecture_code="99", fresh_on=DAY
        )

    assert areas_with_facilities(DAY) == full

    monkeypatch.setattr(queries, "MUNICIPALITIES_ON_HOME", 1)
    assert areas_with_facilities(DAY) == [prefecture]


def test_site_edit_shows_what_the_service_refuses(sato_client, monkeypatch):
    def refuse(**_: object) -> None:
        raise ValidationError("いまは保存できません。もう一度送ってください。")

    monkeypatch.setattr("renkei.gateways.portal.views.site.save_site", refuse)
    answer = sato_client.post("/site/", values())

    assert answer.status_code == 422
    assert "いまは保存できません。" in answer.content.decode()


def test_site_is_known_by_its_region():
    assert str(demo_site()) == "架空広域"
