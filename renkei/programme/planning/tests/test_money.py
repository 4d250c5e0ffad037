"""What the programme costs, to the yen, and who bears it (T-FUND1, idea 21)."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.tests.factories import make_value, make_version
from renkei.programme.planning.funding import (
    BENEFIT,
    SPLITS,
    CostCategory,
    Funding,
    Split,
    parts_of,
    split_of,
)
from renkei.programme.planning.models import Activity, MoneyLine
from renkei.programme.planning.money_files import money_xlsx, read_lines
from renkei.programme.planning.presenters_money import money_page_of
from renkei.programme.planning.queries.money import cross_of, money_lines_of, sums_of
from renkei.programme.planning.queries.plans import PlanDoor, plan_door
from renkei.programme.planning.services import money, plans
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def planned(year: int = 2026) -> PlanDoor:
    viewer = factories.viewer(factories.sato())
    plan = plans.make_plan(
        viewer=viewer, fiscal_year=year, vision="姿", visions={"daily": "家で暮らせる"}
    )
    return plan_door(viewer, plan.uid)


def activity(door: PlanDoor, name: str = "多職種研修", **fields: Any) -> Activity:
    values = {"name": name, "items": ["f"], "scenes": ["daily"], "targets": ["workers"]}
    return plans.write_activity(door=door, fields=values | fields)


def line(door: PlanDoor, one: Activity, **fields: Any) -> MoneyLine:
    values: dict[str, Any] = {
        "activity": one,
        "item": "f",
        "category": "fee",
        "what": "",
        "funding": "comprehensive",
        "budget_yen": 100_001,
    }
    return money.write_line(door=door, fields=values | fields)


def test_t_fund1_the_shipped_shares_are_those_of_the_sources_and_make_a_whole():
    assert all(one.total == 100 for one in SPLITS)
    for funding in {one.funding for one in SPLITS}:
        years = [one.first_year for one in SPLITS if one.funding == funding]
        assert all(a < b for a, b in pairwise(years))

    def shares(funding: str, year: int) -> list[float]:
        split = split_of(funding, year)
        assert split is not None
        return [float(one) for one in split.shares.values()]

    # S0 (R6), S3 (H27), as printed.
    assert shares("comprehensive", 2024) == [38.5, 19.25, 19.25, 23]
    assert shares("prevention", 2024) == [25, 12.5, 12.5, 23, 27]
    assert shares(BENEFIT, 2024) == [25, 12.5, 12.5, 23, 27]
    assert shares("comprehensive", 2015) == [39, 19.5, 19.5, 22]
    assert shares(BENEFIT, 2017) == [25, 12.5, 12.5, 22, 28]
    between = split_of("comprehensive", 2020)
    assert between is not None
    assert not between.confirmed
    assert split_of("comprehensive", 2014) is None
    assert len(CostCategory) == 9


@pytest.mark.parametrize("yen", [0, 1, 2, 3, 7, 99, 101, 100_001, 1_234_567, 10**12 + 1])
@pytest.mark.parametrize("funding", ["comprehensive", "prevention", "fund", "own"])
def test_t_fund1_every_split_adds_up_to_the_yen(yen: int, funding: str):
    split = split_of(funding, 2026)
    assert split is not None
    parts = parts_of(yen, split)
    assert sum(one.yen for one in parts) == yen
    assert all(one.rounding in {0, 1} for one in parts)
    assert all(abs(one.yen - one.percent * yen / 100) < 1 for one in parts)


def test_t_fund1_odd_yen_go_by_the_largest_remainder():
    split = split_of("comprehensive", 2026)
    assert split is not None
    # 38,500.385, 19,250.1925, 19,250.1925, 23,000.23: one yen is left, the state's rest is largest.
    parts = parts_of(100_001, split)
    assert [(one.floor, one.rounding) for one in parts] == [
        (38_500, 1), (19_250, 0), (19_250, 0), (23_000, 0),
    ]  # fmt: skip
    fund = split_of("fund", 2026)
    assert fund is not None
    assert [one.yen for one in parts_of(100, fund)] == [67, 33]
    assert [one.percent_text for one in parts_of(100, fund)] == ["2/3", "1/3"]
    with pytest.raises(ValueError, match="broken"):
        parts_of(1, Split("broken", 2000, {"国": Fraction(50)}, ""))


def test_t_fund1_grant_or_fund_but_not_both_on_one_line():
    door = planned()
    one = activity(door)
    kept = line(door, one)

    for funding, what in (("fund", ""),):
        with pytest.raises(ValidationError, match="1つの行の経費に重ねて使えません") as caught:
            line(door, one, funding=funding, what=what)
        assert "地域支援事業交付金（包括的支援事業・任意事業）がすでに付いています" in str(
            caught.value
        )
    with pytest.raises(ValidationError, match="すでにあります"):
        line(door, one)
    line(door, one, funding="fund", what="基金で招く講師")
    line(door, one, funding="own")
    with pytest.raises(ValidationError, match="重ねて使えません"):
        line(door, one, funding="prevention", what="基金で招く講師")
    money.write_line(door=door, line=kept, fields={"budget_yen": 5})
    assert MoneyLine.objects.count() == 3


def test_a_line_belongs_to_an_activity_and_one_of_its_items():
    door = planned()
    one = activity(door)
    with pytest.raises(ValidationError, match="この活動に付いていない項目"):
        line(door, one, item="a")
    other = planned(2025)
    with pytest.raises(ValidationError, match="この計画の活動を選んで"):
        line(other, one)
    with pytest.raises(ValidationError, match="人がわかる言葉"):
        line(door, one, what="0999-00-0100へ連絡")


def test_t_fund1_totals_to_the_yen_with_the_rounding_shown(django_assert_num_queries):
    door = planned()
    first, second = activity(door), activity(door, "入退院の部会", items=["c", "d"])
    line(door, first, budget_yen=100_001, forecast_yen=90_000, actual_yen=89_999)
    line(door, first, category="rent", budget_yen=30_000)
    line(door, second, item="c", funding="fund", category="travel", budget_yen=100, actual_yen=0)

    sums = sums_of(money_lines_of(door.plan))
    assert (sums.budget, sums.actual, sums.left, sums.waiting) == (130_101, 89_999, 40_102, 1)
    with django_assert_num_queries(1):
        page = money_page_of(door, which="budget")
    assert page.total.budget == "130,101"
    assert page.waiting == "見込が2行、実績が1行、まだ入っていません。合計は入った分だけです。"
    assert [one.budget for one in page.categories][2:4] == ["100,001", "100"]
    burden = page.burdens[0]
    assert (burden.label, burden.yen) == (str(Funding.COMPREHENSIVE.label), "130,001")
    # 50,050.385, 25,025.1925, 25,025.1925, 29,900.23
    assert [one.yen for one in burden.parts] == ["50,051", "25,025", "25,025", "29,900"]
    assert [one.rounding for one in burden.parts] == ["+1", "0", "0", "0"]
    assert burden.total is not None
    assert (burden.total.floor, burden.total.rounding) == ("130,000", "1")
    assert "端数1円を、小数部分の大きい順に国へ" in burden.rounding
    assert "令和6年度から。出典 久留米市" in burden.source
    assert "未確認" in page.burdens[1].source
    old = planned(2014)
    line(old, activity(old))
    assert money_page_of(old, which="budget").burdens[0].source.startswith("この年度の割合の表が")


def test_idea_21_money_by_category_item_and_outcome():
    door = planned()
    make_value(make_version("X-F"), factories.town(), fiscal(2025), value=4)
    plans.write_goal(
        door=door,
        fields={
            "scene": "daily", "items": ["f"], "text": "研修を増やす", "indicator_code": "X-F",
            "target": Decimal(6),
        },
    )  # fmt: skip
    plans.write_goal(door=door, fields={"scene": "daily", "items": ["f"], "text": "指標を待つ"})
    both = activity(door, items=["c", "f"])
    line(door, both, budget_yen=300, actual_yen=250)
    line(door, both, item="c", category="contract", budget_yen=700)
    cross = cross_of(door.plan, "budget")
    assert cross.total == sum(cross.columns) == sum(row.total for row in cross.rows) == 1000
    assert cross_of(door.plan, "actual").total == 250

    client = accounts.sign_in(Client(), factories.sato())
    page = f"/planning/plans/{door.plan.uid}/money/"
    told = client.get(f"{page}outcomes/?amount=actual").content.decode()
    assert 'href="/indicators/of/X-F/"' in told
    assert "合計は250円です" in told
    assert client.get(f"{page}outcomes/").status_code == 200


def test_the_workbook_goes_out_and_comes_in_again(tmp_path: Path):
    door = planned()
    one = activity(door)
    line(door, one, what="講師の謝金", actual_yen=0)
    content = money_xlsx(door.plan)
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames[:3] == ["明細", "費目と項目（予算）", "財源の負担（予算）"]
    assert [cell.value for cell in book["明細"][2]][:5] == [
        "多職種研修", "（カ）医療・介護関係者の研修", "報償費", "講師の謝金",
        "地域支援事業交付金（包括的支援事業・任意事業）",
    ]  # fmt: skip
    last = [cell.value for cell in list(book["財源の負担（予算）"].rows)[-1]]
    assert last == [str(Funding.COMPREHENSIVE.label), "計", None, 100_000, 1, 100_001]

    path = tmp_path / "money.xlsx"
    path.write_bytes(content)
    rows = read_lines(path, "事業費.xlsx", door.plan)
    assert money.load_lines(door=door, rows=rows) == (0, 0)
    assert rows[0][1]["actual_yen"] == 0
    book["明細"]["F2"].value = 200_000
    book["明細"].append(["多職種研修", "カ", "旅費", "", "市町村の一般財源", "1,500円", "", ""])
    book.save(path)
    rows = read_lines(path, "事業費.xlsx", door.plan)
    assert money.load_lines(door=door, rows=rows) == (1, 1)
    assert sums_of(money_lines_of(door.plan)).budget == 201_500


HEAD = "活動,項目,費目,内訳,財源,予算額（円）,見込額（円）,実績額（円）\n"
GRANT = "地域支援事業交付金（総合事業）"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"ない活動,カ,報償費,,{GRANT},1,,", "2行目：活動「ない活動」は計画にありません"),
        (f"多職種研修,コ,報償費,,{GRANT},1,,", "2行目：項目「コ」を"),
        (f"多職種研修,カ,報酬,,{GRANT},1,,", "2行目：費目「報酬」を"),
        ("多職種研修,カ,報償費,,交付金と基金,1,,", "2行目：財源「交付金と基金」を1つだけ"),
        (f"多職種研修,カ,報償費,,{GRANT},百円,,", "2行目：予算額（円）「百円」を"),
        (f"多職種研修,カ,報償費,,{GRANT},,,", "2行目：予算額（円）を入力"),
        (f"多職種研修,カ,報償費,,{GRANT},-1,,", "円の整数で"),
        (",,,,,,,", "行がありません"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_place(tmp_path: Path, row: str, message: str):
    door = planned()
    activity(door)
    path = tmp_path / "money.csv"
    path.write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(ValidationError, match=message.replace("（", "（")):
        read_lines(path, "money.csv", door.plan)


def test_a_table_is_loaded_whole_or_not_at_all(tmp_path: Path):
    door = planned()
    one = activity(door)
    path = tmp_path / "money.csv"
    path.write_text("活動,項目,費目\nx,y,z\n", encoding="utf-8")
    with pytest.raises(UnreadableFile):
        read_lines(path, "money.csv", door.plan)
    good = {
        "activity": one, "item": "f", "category": "fee", "what": "", "funding": "fund",
        "budget_yen": 1, "forecast_yen": None, "actual_yen": None,
    }  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        money.load_lines(
            door=door, rows=[(2, good), (3, good), (4, good | {"funding": "comprehensive"})]
        )
    assert [text[:3] for text in caught.value.messages] == ["3行目", "4行目"]
    assert not MoneyLine.objects.exists()


def test_the_pages_of_the_money():
    door = planned()
    client = accounts.sign_in(Client(), factories.sato())
    page = f"/planning/plans/{door.plan.uid}/money/"
    assert "計画に活動がありません" in client.get(page).content.decode()
    one = activity(door)
    assert "事業費はまだありません" in client.get(page).content.decode()
    filled = {
        "activity": one.pk, "item": "f", "category": "fee", "funding": "comprehensive",
        "budget_yen": "100001",
    }  # fmt: skip
    assert client.get(f"{page}add/").status_code == 200
    assert client.post(f"{page}add/", filled).status_code == 302
    told = client.post(f"{page}add/", filled | {"funding": "fund"})
    assert told.status_code == 422
    assert "重ねて使えません" in told.content.decode()
    made = MoneyLine.objects.get()
    assert client.get(f"{page}lines/{made.uid}/").status_code == 200
    assert client.post(f"{page}lines/{made.uid}/", filled | {"actual_yen": "9"}).status_code == 302
    assert "100,001" in client.get(f"{page}?amount=budget").content.decode()
    assert client.get(f"{page}?amount=nonsense").status_code == 200
    workbook = client.get(f"{page}workbook.xlsx")
    assert workbook["Content-Disposition"] == 'attachment; filename="jigyohi-2026.xlsx"'
    assert client.get(f"{page}import/").status_code == 200
    again = SimpleUploadedFile("事業費.xlsx", workbook.content)
    assert client.post(f"{page}import/", {"table": again}).status_code == 302
    for broken in (b"%PDF-1.4", (HEAD + "x,x,x,x,x,x,x,x\n").encode()):
        wrong = SimpleUploadedFile("事業費.csv", broken)
        assert client.post(f"{page}import/", {"table": wrong}).status_code == 422

    desk = accounts.sign_in(Client(), factories.desk())
    assert desk.get(page).status_code == 200
    for path in (f"{page}add/", f"{page}import/", f"{page}lines/{made.uid}/"):
        assert desk.get(path).status_code == 404, path
    assert accounts.sign_in(Client(), factories.other_town()).get(page).status_code == 404
    lost = f"{page}lines/{door.plan.uid}/"
    assert client.get(lost).status_code == 404
    assert client.post(f"{page}lines/{made.uid}/remove/").status_code == 302
    assert not MoneyLine.objects.exists()
