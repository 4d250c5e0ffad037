"""T-I6: the figure comes out of the assumptions, on the page and in the workbook alike."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area, AreaLevel, Population, Projection, Sex
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.programme.indicators.exports_scenarios import FIGURE, PREMISES, workbook_of
from renkei.programme.indicators.models import Indicator, Scenario, ScenarioVersion
from renkei.programme.indicators.periods import calendar_year, fiscal
from renkei.programme.indicators.projecting import (
    ASSUMPTIONS,
    LINES,
    People,
    figure_of,
)
from renkei.programme.indicators.queries.scenarios import Given, default_sheet, people_of
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.services.scenarios import save_scenario
from renkei.programme.indicators.tests import factories

PEOPLE = [
    People(2025, 10_000, 3_500, 2_000),
    People(2030, 9_500, 3_600, 2_400),
    People(2050, 7_000, 3_000, 1_800),
]
VALUES = {
    "A-BASE": Decimal(2025),
    "A-S85": Decimal(35),
    "A-S85G": Decimal(2),
    "A-HV75": Decimal(20),
    "A-HV85": Decimal(80),
    "A-HVN": Decimal(2),
    "A-DOC": Decimal(40),
    "A-NU75": Decimal(30),
    "A-NU85": Decimal(60),
    "A-NUR": Decimal(15),
    "A-DEATH": Decimal(65),
    "A-HOME": Decimal(15),
    "A-HOMEG": Decimal("0.5"),
    "A-HDOC": Decimal(12),
}
LIST = reverse("indicators:projection_list")
COMPARE = reverse("indicators:projection_compare")


def sheet_with(**changes: Decimal | None) -> dict[str, Given]:
    return {key: Given(value, "架空の資料") for key, value in (VALUES | changes).items()}


def test_t_i6_known_numbers_come_out():
    figure = figure_of(PEOPLE, VALUES)

    # 2030: 37 % of 2,400 are 85 and over; five years of half a point more at home.
    assert figure.at("F-85", 2030).value == 888
    assert figure.at("F-7584", 2030).value == 1512
    assert figure.at("F-HV", 2030).value == Decimal("101.28")
    assert figure.at("F-HVN", 2030).value == Decimal("202.56")
    assert figure.at("F-DOC", 2030).value == Decimal("2.532")
    assert figure.at("F-NUR", 2030).value == Decimal("98.64") / 15
    assert figure.at("F-DEATH", 2030).value == 156
    assert figure.at("F-HOME", 2030).value == Decimal("27.3")
    assert figure.at("F-OTHER", 2030).value == Decimal("128.7")


def test_what_is_not_filled_in_is_missing_and_never_zero():
    figure = figure_of([People(2025, 10_000, None, 2_000)], VALUES | {"A-DOC": None})

    assert figure.at("F-DOC", 2025).absence == "not_recorded"
    assert figure.at("N-65", 2025).absence == "not_recorded"
    assert figure.at("F-HV", 2025).value is not None


def recalculated(data: bytes, folder: Path, changes: Mapping[str, float | None]) -> Any:
    """The workbook as LibreOffice works it out after cells of assumptions were changed."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    premises = book[PREMISES]
    for row in premises.iter_rows(min_row=5):
        key = str(row[4].value)
        if key in changes:
            row[1].value = changes[key]
    (folder / "in").mkdir(exist_ok=True)
    source = folder / "in" / "projection.xlsx"
    # openpyxl writes the formulas without the numbers kept beside them.
    book.save(source)
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", "xlsx", "--outdir", str(folder), str(source),
        ],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return openpyxl.load_workbook(folder / "projection.xlsx", data_only=True)[FIGURE]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
def test_t_i6_the_assumptions_sheet_reproduces_the_figure(tmp_path):
    data = workbook_of("架空の推計", PEOPLE, sheet_with(), sentence="文")
    # Somebody types another share at home, and has no number of nurses.
    changed = VALUES | {"A-HOME": Decimal(20), "A-HV85": Decimal("77.5"), "A-NUR": None}
    figure = figure_of(PEOPLE, changed)

    page = recalculated(data, tmp_path, {"A-HOME": 20, "A-HV85": 77.5, "A-NUR": None})

    rows = {row[0]: row[2:] for row in page.iter_rows(min_row=5, values_only=True) if row[0]}
    for line in LINES:
        for place, cell in enumerate(figure.cells[line.key]):
            shown = rows[line.label][place]
            if cell.value is None:
                assert shown == "未入力"
            else:
                assert shown == pytest.approx(float(cell.value), abs=1e-9), line.key


def test_t_i6_every_number_of_the_figure_is_a_formula_and_the_chart_a_chart():
    data = workbook_of("架空の推計", PEOPLE, sheet_with(), sentence="文")

    book = openpyxl.load_workbook(io.BytesIO(data))
    kept = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[FIGURE]

    page = book[FIGURE]
    figure = figure_of(PEOPLE, VALUES)
    for number, line in enumerate(LINES, start=5):
        for column, cell in enumerate(figure.cells[line.key], start=3):
            if line.formula:
                assert str(page.cell(number, column).value).startswith("=IF(COUNT(")
            # Programs that do not calculate still show the number.
            assert kept.cell(number, column).value == pytest.approx(float(cell.value or 0))
    # Excel draws it: a part of its own, not a picture.
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert [name for name in names if "charts/" in name] == ["xl/charts/chart1.xml"]
    assert [row[4].value for row in book[PREMISES].iter_rows(min_row=5)] == [
        one.key for one in ASSUMPTIONS
    ]


# Database -----------------------------------------------------------------------------------


@pytest.fixture
def town(db: None) -> Area:
    found = areas.make_area(name="架空町", code=areas.code_of("99301"))
    for one in PEOPLE:
        Projection.objects.create(
            area=found, year=one.year, total=one.total,
            share_65=(one.aged_65 or 0) / one.total * 100,
            share_75=(one.aged_75 or 0) / one.total * 100,
        )  # fmt: skip
    day = date(2026, 1, 1)
    Population.objects.create(area=found, as_of=day, sex=Sex.BOTH, count=9_900)
    for sex in (Sex.MALE, Sex.FEMALE):
        for low, high, count in ((0, 74, 3_950), (75, 84, 600), (85, None, 400)):
            Population.objects.create(
                area=found, as_of=day, sex=sex, age_from=low, age_to=high, count=count
            )
    return found


def browser(area: Area | None, role: Role = Role.MUNICIPAL_STAFF) -> Client:
    return accounts.sign_in(Client(), factories.membership(role, area).user)


def kept(area: Area, name: str, **changes: Decimal | None) -> ScenarioVersion:
    viewer = factories.viewer(Role.MUNICIPAL_STAFF, area)
    return save_scenario(viewer=viewer, area=area, name=name, sheet=sheet_with(**changes))


def detail(version: ScenarioVersion) -> str:
    return reverse("indicators:projection_detail", args=[version.scenario.uid])


def test_the_first_values_are_the_installations_own_and_say_where_from(town):
    load_catalogue(actor=SYSTEM)
    medical = areas.make_area(level=AreaLevel.SECONDARY_MEDICAL, name="架空圏")
    areas.make_edge(child=town, parent=medical)
    for code, area, period, top, bottom in (
        ("D-P1", medical, fiscal(2023), 90, 10_000),
        ("D-P2", town, fiscal(2023), 120, 3_500),
        ("K-O2", town, calendar_year(2023), 21, 140),
    ):
        version = Indicator.objects.get(code=code).latest
        value = Decimal(top) / bottom * version.factor
        factories.make_value(
            version, area, period, value=value, numerator=Decimal(top), denominator=Decimal(bottom)
        )
    viewer = factories.viewer(Role.MUNICIPAL_STAFF, town)

    sheet = default_sheet(viewer, town, people_of(town))

    assert {key: given.value for key, given in sheet.items()} == {
        "A-BASE": 2025, "A-S85": 40, "A-S85G": 0, "A-HV75": 45, "A-HV85": 45, "A-HVN": 2,
        "A-DOC": None, "A-NU75": 60, "A-NU85": 60, "A-NUR": None, "A-DEATH": 70, "A-HOME": 15,
        "A-HOMEG": 0, "A-HDOC": None,
    }  # fmt: skip
    assert "架空圏の訪問診療" in sheet["A-HV75"].source
    assert "75歳以上の人口2,000人" in sheet["A-NU75"].source


def test_without_numbers_of_its_own_nothing_is_guessed(town):
    page = browser(town).get(LIST).content.decode()

    assert "まだ計算できません" in page
    assert "値がありません。地域の数を入力してください。" in page
    assert "未入力" in page
    bare = browser(areas.make_area()).get(LIST).content.decode()
    assert "将来推計人口がありません" in bare
    assert "組織に圏域が決まっていません" in browser(None).get(LIST).content.decode()


def test_assumptions_are_saved_by_name_in_versions(town):
    client = browser(town)
    page = client.get(reverse("indicators:projection_new"))
    initial = page.context["form"].initial
    filled = {key: value for key, value in initial.items() if value != ""}
    filled |= {"name": "在宅を増やす", "A-HOME": "15", "source-A-HOME": "人口動態統計"}

    silent = client.post(reverse("indicators:projection_new"), filled | {"A-DEATH": "65"})

    assert silent.status_code == 422
    assert "値を変えたときは、その出典か理由を入力してください。" in silent.content.decode()
    saved = client.post(
        reverse("indicators:projection_new"),
        filled | {"A-DEATH": "65", "source-A-DEATH": "人口動態統計"},
    )
    version = ScenarioVersion.objects.get()
    assert saved.url == detail(version)  # type: ignore[attr-defined]
    assert version.assumptions["A-HOME"] == {"value": "15", "source": "人口動態統計"}
    assert version.assumptions["A-DOC"] == {
        "value": "",
        "source": "値がありません。地域の数を入力してください。",
    }
    edit = reverse("indicators:projection_edit", args=[version.scenario.uid])
    again = client.get(edit).context["form"].initial
    filled = {key: value for key, value in again.items() if value != ""}
    client.post(edit, filled | {"A-HOME": "18", "source-A-HOME": "計画の目標", "note": "目標"})
    second = version.scenario.versions.get(number=2)
    assert second.assumptions["A-HOME"]["value"] == "18"
    shown = client.get(detail(version)).content.decode()
    assert "第2版" in shown
    assert "計画の目標" in shown
    old = client.get(detail(version), {"version": "1"}).content.decode()
    assert "計画の目標" not in old
    assert AuditEvent.objects.filter(action="indicators.scenario_saved").count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"A-HOME": "101"}, "100以下の数を入力してください。"),
        ({"A-HOME": "60", "A-HOMEG": "2"}, "0から100%に収まる幅にしてください。"),
        ({"A-S85": "60", "A-S85G": "10"}, "0から100%に収まる幅にしてください。"),
        ({"A-DOC": "0"}, "0.1以上の数を入力してください。"),
        ({"A-DOC": "たくさん"}, "数を入力してください。"),
        ({"name": "現状"}, "この名前の前提は、すでにあります。"),
    ],
)
def test_a_sheet_that_cannot_be_says_what_to_do(town, changes, words):
    kept(town, "現状")
    sources = {f"source-{key}": "別の資料" for key in VALUES}
    whole = {key: str(value) for key, value in VALUES.items()}

    answer = browser(town).post(
        reverse("indicators:projection_new"), whole | sources | {"name": "別"} | changes
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Scenario.objects.count() == 1


def test_t_i6_two_sets_stand_side_by_side(town):
    first = kept(town, "現状")
    second = kept(town, "在宅を増やす", **{"A-HOMEG": Decimal(1)})
    client = browser(town)

    page = client.get(
        COMPARE, {"one": str(first.scenario.uid), "other": str(second.scenario.uid)}
    ).content.decode()

    # 2030: 156 deaths, 15 + 2.5 % and 15 + 5 %.
    assert ">27<" in page
    assert ">31<" in page
    assert ">＋4<" in page
    assert "その割合が1年ごとに増える幅" in page
    assert "訪問看護を使う割合" not in page
    uid = str(first.scenario.uid)
    same = client.get(COMPARE, {"one": uid, "other": uid})
    assert "別の前提を2つ選んでください" in same.content.decode()
    assert "2つ要ります" in browser(areas.make_area()).get(COMPARE).content.decode()


def test_the_workbook_of_a_set_is_the_page_in_formulas(town):
    version = kept(town, "現状")

    answer = browser(town).get(
        reverse("indicators:projection_file", args=[version.scenario.uid]), {"version": "x"}
    )

    page = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True)[FIGURE]
    assert "「現状」では" in str(page["A1"].value)
    assert AuditEvent.objects.filter(action="indicators.exported").count() == 1


def test_a_set_is_seen_by_its_area_and_those_above_and_changed_by_its_own_staff(town):
    version = kept(town, "現状")
    prefecture = areas.make_area(level=AreaLevel.PREFECTURE, name="架空県")
    areas.make_edge(child=town, parent=prefecture)
    other = areas.make_area()
    edit = reverse("indicators:projection_edit", args=[version.scenario.uid])

    assert browser(prefecture, Role.PREFECTURE).get(detail(version)).status_code == 200
    assert browser(prefecture, Role.PREFECTURE).get(edit).status_code == 404
    assert browser(other).get(detail(version)).status_code == 404
    assert browser(other).get(edit).status_code == 404
    assert browser(town, Role.COUNCIL_MEMBER).get(detail(version)).status_code == 200
    assert browser(town).get(detail(version), {"version": "9"}).status_code == 404
    # Somebody above has a page without numbers of its own.
    file = reverse("indicators:projection_file", args=[version.scenario.uid])
    Projection.objects.all().delete()
    assert browser(town).get(file).status_code == 404
    assert "将来推計人口を取り込むと" in browser(town).get(detail(version)).content.decode()
    assert browser(town).get(reverse("indicators:projection_new")).status_code == 302


def test_nobody_signed_in_saves_nothing(town):
    nobody = replace(factories.viewer(Role.MUNICIPAL_STAFF, town), user_id=None)

    with pytest.raises(ValidationError):
        save_scenario(viewer=nobody, area=town, name="現状", sheet=sheet_with())
