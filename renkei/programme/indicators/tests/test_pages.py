"""The pages as the people of the programme open them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.models import Indicator
from renkei.programme.indicators.periods import calendar_year, fiscal, plan
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.services.reference import load_reference_values
from renkei.programme.indicators.tests import factories

pytestmark = pytest.mark.django_db
FIRST = reverse("indicators:first_screen")
LIST = reverse("indicators:indicator_list")


def page_of(code: str) -> str:
    return reverse("indicators:indicator_detail", args=[code])


def browser(role: Role, area: Area | None = None) -> Client:
    return accounts.sign_in(Client(), factories.membership(role, area).user)


def rows_of(page: str) -> dict[str, list[str]]:
    """The lines of the first table by their head."""
    table = re.search(r"<table.*?</table>", page, re.DOTALL)
    assert table is not None
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", table[0], re.DOTALL):
        head, *cells = re.split(r"</th>|</td>", row)
        found[head.strip()] = [re.sub(r"<[^>]+>", "", cell) for cell in cells if cell]
    return found


@pytest.fixture
def gyoda():
    load_reference_values(actor=SYSTEM)
    return Area.objects.get(name="行田市")


def test_t_mi2_an_indicator_page_says_what_it_is_where_from_and_whom_to_ask(gyoda):
    page = browser(Role.MUNICIPAL_STAFF, gyoda).get(page_of("A-P1")).content.decode()

    assert (
        "行田市は令和3年度に人口10万対537回で、埼玉県（204.6）の2.6倍でした。"
        "前年度より21.0回増えました。平成29年度から5回続けて埼玉県を上回っています。"
    ) in page
    assert rows_of(page) == {
        "● 行田市": ["427.8", "573.5", "542.4", "516.0", "537"],
        "□ 埼玉県": ["105.3", "194.5", "198.3", "96.9", "204.6"],
        "比（行田市÷埼玉県）": ["4.06", "2.95", "2.74", "5.33", "2.62"],
    }
    for word in ("意味", "分子", "分母", "出典", "更新", "読むときの注意", "聞く先", "第1版"):
        assert word in page
    assert page.count('<svg class="chart"') == 2


def test_the_wrongly_labelled_row_is_flagged_on_its_page(gyoda):
    page = browser(Role.MUNICIPAL_STAFF, gyoda).get(page_of("K-O1")).content.decode()

    assert "単位に疑い" in page
    assert "割り直さないでください" in page
    assert "比べる文は付けていません" in page
    assert "行田市は令和元年に115（単位は「人（人口10万対）と表記」）でした。" in page


def test_t_mi1_the_first_screen_has_the_four_cards_for_five_areas():
    load_catalogue(actor=SYSTEM)
    towns = [areas.make_area(name=f"架空{number}町") for number in range(5)]
    for code, period in {
        "R-POP": calendar_year(2024),
        "R-CERT-R": fiscal(2023),
        "R-COST": fiscal(2023),
        "R-PREM": plan(2024),
    }.items():
        version = Indicator.objects.get(code=code).latest
        for number, town in enumerate(towns):
            factories.make_value(version, town, period, value=1000 + number)
    query = "&".join(f"area={town.pk}" for town in towns)

    page = browser(Role.PREFECTURE).get(f"{FIRST}?{query}").content.decode()

    titles = re.findall(r'<section class="sec"><h2><a[^>]*>(.*?)</a>', page)
    assert titles == [
        "人口",
        "認定率",
        "介護費用額（第1号被保険者1人1月あたり）",
        "介護保険料（基準月額）",
    ]
    assert all(page.count(f"{town.name}</th>") == 4 for town in towns)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_the_newest_value_in_as_many_queries(count, django_assert_max_num_queries):
    load_catalogue(actor=SYSTEM)
    area = areas.make_area()
    for code in ("A-P3", "A-P4", "A-P5")[:count]:
        version = Indicator.objects.get(code=code).latest
        factories.make_value(version, area, fiscal(2022), value=7)
        factories.make_value(version, area, fiscal(2023), value=12)
    client = browser(Role.MUNICIPAL_STAFF, area)

    with django_assert_max_num_queries(14):
        page = client.get(LIST, {"scene": "hospital"}).content.decode()

    assert page.count("令和5年度") == count
    assert "原典と未照合" in page


def test_what_is_missing_says_so(gyoda):
    client = browser(Role.MUNICIPAL_STAFF, gyoda)

    page = client.get(page_of("D-S4")).content.decode()

    assert "値はまだありません" in page
    assert "原文とまだ照合していません" in page
    assert client.get(page_of("X-NONE")).status_code == 404
    unknown = client.get(page_of("A-P1"), {"name": "ない市", "area": ["x", "9" * 30]})
    assert "「ない市」という地域の" in unknown.content.decode()


def test_an_area_chosen_by_name_stands_beside_its_prefecture(gyoda):
    page = browser(Role.PREFECTURE).get(page_of("A-P2"), {"name": "行田市"}).content.decode()

    assert [*rows_of(page)] == ["● 行田市", "□ 埼玉県", "比（行田市÷埼玉県）"]


def test_another_definition_is_not_drawn_into_the_same_line(gyoda):
    old = Indicator.objects.get(code="A-P3").latest
    new = factories.make_version("A-P3", number=2, name=old.name, text="新しい数え方。")
    factories.make_value(old, gyoda, fiscal(2020), value=900)
    factories.make_value(new, gyoda, fiscal(2021), value=20)

    page = browser(Role.MUNICIPAL_STAFF, gyoda).get(page_of("A-P3")).content.decode()

    assert rows_of(page) == {"● 行田市": ["20"]}
    assert "第1版の定義による値" in page
    assert "上の図とはつなげません" in page


def test_a_council_member_reads_and_a_nurse_finds_nothing(gyoda):
    assert browser(Role.COUNCIL_MEMBER).get(FIRST).status_code == 200
    assert browser(Role.PROFESSIONAL).get(page_of("A-P1")).status_code == 404
