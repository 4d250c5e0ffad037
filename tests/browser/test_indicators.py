"""Numbers in the browser: a file comes in, the printed numbers stand there, maps and projections."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area, AreaLevel, Projection
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.models import Indicator
from renkei.programme.indicators.periods import calendar_year
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.services.reference import load_reference_values
from renkei.programme.indicators.tests import factories
from renkei.registry.facilities.tests.towns import make_border
from tests.browser.conftest import OpenPage
from tests.browser.helpers import expect_no_axe_violations, expect_no_sideways_scroll, screenshot

NATIONAL = (
    "指標名,退院・退所加算（人口10万対）,,\r\n"
    "都道府県名,市町村名,平成31年(2019年),令和2年(2020年)\r\n"
    "架空県,甲町,401.5,410\r\n"
    "架空県,,300.1,310.2\r\n"
)
LOCAL = "市町村名,年度,見守り訪問の件数\r\n甲町,令和5,120\r\n甲町,令和6,135\r\n"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.VAR = tmp_path / "var"


@pytest.fixture
def town(transactional_db: None) -> Area:
    load_catalogue(actor=SYSTEM)
    prefecture = areas.make_area(
        level=AreaLevel.PREFECTURE, key="990001", code=areas.code_of("99000"), name="架空県"
    )
    found = areas.make_area(name="甲町", code=areas.code_of("99301"), key="993018")
    areas.make_edge(child=found, parent=prefecture)
    return found


def clerk(area: Area | None) -> Client:
    return accounts.sign_in(Client(), factories.membership(Role.MUNICIPAL_STAFF, area).user)


def look(page: Page, name: str, width: int) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"indicators-{name}-{width}")


def file_of(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text("\ufeff" + text, encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [360, 1280])
def test_t_mi5_a_local_column_stands_beside_a_national_export(
    open_page: OpenPage, town, tmp_path, width
):
    page = open_page(width=width, client=clerk(town))
    page.goto("/indicators/imports/")
    broken = tmp_path / "壊れた表.xlsx"
    broken.write_bytes(b"PK\x03\x04 is not a workbook")
    page.get_by_label("数値のファイル").set_input_files(broken)
    page.get_by_role("button", name="ファイルを読む").click()
    expect(page.get_by_text(re.compile("ください。")).first).to_be_visible()
    look(page, "broken", width)

    # As 「見える化」 writes it: the columns are known at once, only the day and source are asked.
    national = file_of(tmp_path, "A-P1_指標データ.csv", NATIONAL)
    page.get_by_label("数値のファイル").set_input_files(national)
    page.get_by_role("button", name="ファイルを読む").click()
    look(page, "columns", width)
    page.get_by_label("いつの時点の数か").fill("2021年4月1日")
    page.get_by_label("出典").fill("見える化システム（例）")
    page.get_by_role("button", name="この決め方で読み").click()
    look(page, "preview", width)
    page.get_by_role("button", name="2件を取り込む").click()
    expect(page.get_by_role("link", name="退院・退所加算").first).to_be_visible()

    page.goto("/indicators/imports/")
    local = file_of(tmp_path, "見守り.csv", LOCAL)
    page.get_by_label("数値のファイル").set_input_files(local)
    # Click 1.
    page.get_by_role("button", name="ファイルを読む").click()
    column = page.get_by_role("listitem").filter(has_text="見守り訪問の件数")
    column.get_by_role("combobox").first.select_option("value_new")
    page.get_by_label("いつの時点の数か").fill("令和7年4月1日")
    page.get_by_label("出典").fill("見守り台帳")
    page.get_by_label("新しい指標の単位").fill("件")
    # Clicks 2 and 3.
    page.get_by_role("button", name="この決め方で読み").click()
    page.get_by_role("button", name="2件を取り込む").click()
    # Click 4.
    page.get_by_role("link", name="見守り訪問の件数").first.click()
    expect(
        page.get_by_text("甲町は令和6年度に135件でした。前年度より15件増えました。")
    ).to_be_visible()
    look(page, "local", width)


@pytest.mark.parametrize("width", [360, 1280])
def test_t_i1a_the_printed_numbers_of_both_sources_stand_on_the_screens(
    open_page: OpenPage, transactional_db, width
):
    load_reference_values(actor=SYSTEM)
    page = open_page(width=width, client=clerk(Area.objects.get(name="行田市")))

    page.goto("/indicators/")
    look(page, "first", width)
    page.get_by_role("link", name="指標の一覧").click()
    look(page, "list", width)
    page.get_by_role("link", name="退院・退所加算", exact=True).click()

    expect(page.get_by_text("行田市は令和3年度に人口10万対537回で、埼玉県")).to_be_visible()
    table = page.get_by_role("table", name=re.compile("図と同じ数値"))
    for row in ("427.8 573.5 542.4 516.0 537", "105.3 194.5 198.3 96.9 204.6"):
        line = table.get_by_role("row").filter(has_text=row.split()[0])
        expect(line.get_by_role("cell")).to_have_text(row.split())
    look(page, "detail", width)
    # The survey of 2015: 667 of 1,741.
    page.goto("/indicators/of/J-A-R/")
    nation = page.get_by_role("table", name=re.compile("図と同じ数値")).get_by_role("row")
    expect(nation.filter(has_text="日本").get_by_role("cell").first).to_contain_text("38.3")


@pytest.mark.parametrize("width", [360, 1280])
def test_t_mi3_and_t_i6_a_map_without_script_and_two_futures_side_by_side(
    open_page: OpenPage, town, width
):
    other = areas.make_area(name="乙町", code=areas.code_of("99302"), key="993026")
    share = Indicator.objects.get(code="R-75-R").latest
    for number, place in enumerate((town, other)):
        make_border(place, 141.0 + number / 10, 35.5)
        factories.make_value(
            share, place, calendar_year(2024), value=20 + number * 5, numerator=200 + number * 50,
            denominator=1000,
        )  # fmt: skip
        for year in (2025, 2050):
            Projection.objects.create(
                area=place, year=year, total=1000, share_65=40.0, share_75=20.0 + number
            )
    client = clerk(town)
    plain = open_page(width=width, client=client, javascript=False)
    plain.goto("/indicators/")
    plain.get_by_role("link", name="地図", exact=True).click()
    expect(plain.get_by_role("img", name=re.compile("後期高齢者の割合の地図"))).to_be_visible()
    plain.get_by_label("今の区域で見る").check()
    plain.get_by_role("button", name="この地図を見る").click()
    cells = plain.get_by_role("row").filter(has_text="乙町").get_by_role("cell")
    expect(cells.nth(1)).to_have_text("25.0")

    page = open_page(width=width, client=client)
    page.goto(plain.url.removeprefix(plain.url.split("/indicators")[0]))
    look(page, "map", width)
    page.goto("/indicators/projections/")
    look(page, "projections", width)
    for name, share_at_home in (("現状のまま", "15"), ("在宅を増やす", "30")):
        page.goto("/indicators/projections/new/")
        page.get_by_label("前提の名前").fill(name)
        for label, value in (("1年の死亡数", "65"), ("自宅で亡くなる人の割合", share_at_home)):
            page.get_by_label(re.compile(f"^{label}")).fill(value)
            page.get_by_label(re.compile(f"^「{label}.*出典")).fill("架空の統計")
        if name == "現状のまま":
            look(page, "assumptions", width)
        page.get_by_role("button", name="保存する").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    look(page, "projection", width)
    page.get_by_role("link", name="「現状のまま」と並べる").click()
    row = page.get_by_role("table", name="自宅での看取り").get_by_role("row").last
    expect(row.get_by_role("cell").first).to_have_text("-2")
    look(page, "compare", width)
