"""Files of numbers, as offices have them, through the wizard's services and pages."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from renkei.foundation.accounts.models import Role, User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.models import AuditEvent
from renkei.programme.indicators.importers.plan import Mapping
from renkei.programme.indicators.importers.plan import Role as Holds
from renkei.programme.indicators.models import ImportRun, Indicator, RunState, Sharing, Value
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.queries.progress import progress_of, survey_days
from renkei.programme.indicators.queries.values import reading
from renkei.programme.indicators.services import imports
from renkei.programme.indicators.services.catalogue import load_catalogue
from renkei.programme.indicators.services.reference import load_reference_values
from renkei.programme.indicators.shipped.programme import FLAGS
from renkei.programme.indicators.tests import factories, surveys
from renkei.registry.facilities.services.uploads import keep_uploads
from renkei.testing import shared_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.VAR = tmp_path / "var"


@pytest.fixture
def towns():
    load_catalogue(actor=SYSTEM)
    areas.make_area(level=AreaLevel.PREFECTURE, key="990001", code="990001", name="架空県")
    return [
        areas.make_area(key=areas.code_of(f"9930{n}"), code=areas.code_of(f"9930{n}"), name=name)
        for n, name in enumerate(("甲町", "乙町", "丙村"), start=1)
    ]


@pytest.fixture
def officer(towns):
    return factories.viewer(Role.MUNICIPAL_STAFF, towns[0])


def begun(viewer, path: Path) -> ImportRun:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    ((kept, name),) = keep_uploads([file])
    return imports.begin_import(viewer=viewer, path=kept, file_name=name)


def decided(viewer, run: ImportRun, **more) -> ImportRun:
    mapping = Mapping.from_json(
        run.mapping | {"as_of": "2024-06-01", "source": "架空の資料"} | more
    )
    return imports.decide_columns(viewer=viewer, run=run, mapping=mapping)


def brought_in(viewer, path: Path, **more) -> ImportRun:
    return imports.apply_import(viewer=viewer, run=decided(viewer, begun(viewer, path), **more))


def csv(folder: Path, name: str, text: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / name
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return path


def export(folder: Path, last: str = "421.5") -> Path:
    """As 「見える化」 exports one indicator: titles, an axis of areas, years in columns."""
    path = folder / "A-P1_指標データ.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("データ")
        rows = [
            ["指標名", "退院・退所加算（人口10万対）"],
            [],
            ["都道府県名", "市町村名", "平成31年(2019年)", "令和2年(2020年)", "令和3年(2021年)"],
            ["架空県", "甲町", 401.5, 410, last],
            ["架空県", "乙町", "-", 0, "***"],
            ["架空県", "", 300.1, 310.2, 320.3],
            ["※ 出典：介護保険総合データベース"],
        ]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def figures(viewer, code: str, area: Area, *years: int) -> list[str]:
    indicator = Indicator.objects.get(code=code)
    return [reading(viewer, indicator, area, fiscal(year)).figure for year in years]


def test_t_mi4_an_export_comes_in_and_the_same_file_again_changes_nothing(officer, towns, tmp_path):
    path = export(tmp_path)

    run = brought_in(officer, path)

    assert run.summary == {"added": 6, "changed": 0, "unchanged": 0, "problems": 1, "rows": 4}
    assert figures(officer, "A-P1", towns[0], 2019, 2020, 2021) == ["401.5", "410", "421.5"]
    # Nothing, zero and hidden are three different things.
    assert figures(officer, "A-P1", towns[1], 2019, 2020, 2021) == ["対象なし", "0", "非公開"]

    again = begun(officer, path)
    assert again.known == run.known
    preview = imports.preview_of(officer, decided(officer, again))
    assert (len(preview.outcome.added), len(preview.outcome.changed)) == (0, 0)
    assert preview.outcome.unchanged == 6


def test_t_mi4_a_new_edition_says_what_changed_since_the_last(officer, towns, tmp_path):
    brought_in(officer, export(tmp_path))

    run = brought_in(officer, export(tmp_path, last="430.0"))

    assert run.changes == [
        {
            "code": "A-P1",
            "name": "退院・退所加算",
            "area": "甲町",
            "period": "令和3年度",
            "before": "421.5",
            "after": "430.0",
        }
    ]
    assert not Path(run.path or "/nowhere").exists()
    last = AuditEvent.objects.latest("pk")
    assert (last.action, last.detail["changed"]) == ("indicators.imported", 1)


def test_a_row_that_cannot_be_read_names_its_place_and_the_remedy(officer, tmp_path):
    path = csv(
        tmp_path,
        "local.csv",
        "市町村名,年度,退院・退所加算\n甲町,令和3,12.5\nない町,令和3,3\n乙町,令和3,約5\n"
        "甲町,令和3,99\n丙村,いつか,4\n",
    )
    run = decided(officer, begun(officer, path))

    problems = imports.preview_of(officer, run).problems

    assert [(p.row, p.column, p.value) for p in problems] == [
        (3, "市町村名", "ない町"),
        (4, "退院・退所加算", "約5"),
        (5, "退院・退所加算", "99"),
        (6, "年度", "いつか"),
    ]
    assert all("ください" in p.message or "かまいません" in p.message for p in problems)
    assert "local.csv 3行目「市町村名」：" in str(problems[0])


def test_the_long_layout_of_e_stat_comes_in(officer, towns, tmp_path):
    code = towns[0].code[:5]
    path = csv(
        tmp_path,
        "FEH_00450011.csv",
        "統計名,人口動態統計\n表番号,001\n"
        '"表章項目 コード","表章項目","時間軸(年次) コード","時間軸(年次)","地域 コード","地域","単位","value"\n'
        f'"10","在宅死亡者数（自宅）","2019000000","2019年","{code}","甲町","人","12"\n'
        f'"10","在宅死亡者数（自宅）","2020000000","2020年","{code}","甲町","人","X"\n',
        "cp932",
    )

    run = brought_in(officer, path)

    assert (run.summary["added"], run.summary["problems"]) == (2, 0)
    values = Value.objects.filter(indicator__code="K-O1", area=towns[0]).order_by("period")
    assert [(v.period, v.value, v.absence) for v in values] == [
        ("2019", Decimal(12), ""),
        ("2020", None, "suppressed"),
    ]


def test_t_b4b_the_values_of_gyoda_come_in_from_a_layout_nobody_prepared_for(tmp_path):
    load_reference_values(actor=SYSTEM)
    Value.objects.filter(indicator__code__in=("A-P1", "A-P2")).delete()
    officer = factories.viewer(Role.MUNICIPAL_STAFF, Area.objects.get(name="行田市"))
    path = csv(
        tmp_path,
        "資料2.csv",
        "在宅医療・介護連携推進事業の評価,,,,,,\n指標,単位,H29,H30,R1,R2,R3\n"
        "退院・退所加算 行田市,回/人口10万対,427.8,573.5,542.4,516.0,537\n"
        "退院・退所加算 埼玉県,回/人口10万対,105.3,194.5,198.3,96.9,204.6\n"
        "入院時情報連携加算 行田市,人/人口10万対,158.4,111.8,168,107.2,161.4\n"
        "入院時情報連携加算 埼玉県,人/人口10万対,74.8,51.8,58.5,31.3,63.1\n",
    )
    run = begun(officer, path)
    columns = run.mapping["columns"]
    # The heading says 指標, the cells hold both: the officer says so.
    columns[0]["role"] = Holds.LABEL.value

    run = imports.apply_import(viewer=officer, run=decided(officer, run, columns=columns))

    assert (run.summary["added"], run.summary["problems"]) == (20, 0)
    back = Value.objects.filter(indicator__code__in=("A-P1", "A-P2"))
    assert sorted(back.values_list("printed", flat=True)) == sorted(
        [
            "427.8",
            "573.5",
            "542.4",
            "516.0",
            "537",
            "105.3",
            "194.5",
            "198.3",
            "96.9",
            "204.6",
            "158.4",
            "111.8",
            "168",
            "107.2",
            "161.4",
            "74.8",
            "51.8",
            "58.5",
            "31.3",
            "63.1",
        ]
    )


@pytest.fixture
def survey(tmp_path):
    """1,741 invented municipalities and their answers as one workbook."""
    load_catalogue(actor=SYSTEM)
    made = [
        Area(
            level=AreaLevel.MUNICIPALITY, key=f"{n:06}", code=f"{n:06}", name=f"架空{n}町",
            prefecture_code="99", period=areas.between(None, None),
        )
        for n in range(900_000, 901_741)
    ]  # fmt: skip
    Area.objects.bulk_create(made)
    flags = [name for name, _short in FLAGS.values()]
    lines = [",".join(["市町村名", *(f"({sign})" for sign in "アイウエオカキク"), *flags])]
    for number, states in enumerate(surveys.answers()):
        marks = ["はい" if number < count else "いいえ" for count in surveys.FLAG_COUNTS]
        words = [surveys.WORDS[state] for state in states]
        lines.append(",".join([made[number].name, *words, *marks]))
    return csv(tmp_path, "調査.csv", "\n".join(lines) + "\n")


def item_rows(progress):
    return {
        row.sign: [(share.count, share.percent) for share in (row.not_done, row.planned, row.done)]
        for row in progress.items
    }


def test_t_b4_the_tables_of_2015_come_out_of_1741_loaded_answers(survey):
    officer = factories.viewer(Role.PREFECTURE)
    clerk = factories.viewer(Role.MUNICIPAL_STAFF)

    run = brought_in(clerk, survey, period="2015年8月1日")

    assert (run.summary["added"], run.summary["problems"]) == (1741 * 11, 0)
    assert survey_days(officer) == ["2015-08-01"]
    progress = progress_of(officer, "2015-08-01")
    assert item_rows(progress) == {
        "ア": [(699, "40.1"), (375, "21.5"), (667, "38.3")],
        "イ": [(736, "42.3"), (247, "14.2"), (758, "43.5")],
        "ウ": [(1229, "70.6"), (179, "10.3"), (333, "19.1")],
        "エ": [(1093, "62.8"), (214, "12.3"), (434, "24.9")],
        "オ": [(1277, "73.3"), (80, "4.6"), (384, "22.1")],
        "カ": [(851, "48.9"), (218, "12.5"), (672, "38.6")],
        "キ": [(979, "56.2"), (246, "14.1"), (516, "29.6")],
        "ク": [(1085, "62.3"), (118, "6.8"), (538, "30.9")],
    }
    assert [(label, share.count, share.percent) for label, share in progress.distribution] == [
        ("0", 351, "20.2"),
        ("予定", 150, "8.6"),
        ("1", 266, "15.3"),
        ("2", 215, "12.3"),
        ("3", 202, "11.6"),
        ("4", 188, "10.8"),
        ("5", 129, "7.4"),
        ("6", 122, "7.0"),
        ("7", 73, "4.2"),
        ("8", 45, "2.6"),
    ]
    assert [(share.count, share.of, share.percent) for _name, share in progress.flags] == [
        (420, 1390, "30.2"),
        (592, 1390, "42.6"),
        (704, 1390, "50.6"),
    ]
    user = User.objects.get(pk=officer.user_id or 0)
    page = accounts.sign_in(Client(), user).get(reverse("indicators:progress"))
    for printed in ("667（38.3%）", "375（21.5%）", "699（40.1%）", "1277（73.3%）"):
        assert printed in page.content.decode()


def test_t_b4b_one_answer_turned_shows_in_the_printed_digit(survey):
    clerk = factories.viewer(Role.MUNICIPAL_STAFF)
    brought_in(clerk, survey, period="2015年8月1日")
    turned = Value.objects.filter(indicator__code="J-A", value=0).order_by("pk")[:1]
    Value.objects.filter(pk__in=turned).update(value=2)

    progress = progress_of(clerk, "2015-08-01")

    assert item_rows(progress)["ア"] == [(698, "40.1"), (375, "21.5"), (668, "38.4")]


def test_t_mi5_a_local_column_stands_beside_national_ones_in_four_clicks(officer, towns, tmp_path):
    user = User.objects.get(pk=officer.user_id)
    client = accounts.sign_in(Client(), user)
    path = csv(
        tmp_path, "見守り.csv", "市町村名,年度,見守り訪問の件数\n甲町,令和5,120\n甲町,令和6,135\n"
    )

    # 1: choose the file and read it.
    with path.open("rb") as table:
        answer = client.post(reverse("indicators:import_new"), {"table": table})
    run = ImportRun.objects.get()
    assert answer["Location"] == reverse("indicators:import_columns", args=[run.uid])
    page = client.get(answer["Location"])
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {
        "as_of": "令和7年4月1日",
        "source": "見守り台帳",
        "role_2": "value_new",
        "new_unit": "件",
    }
    # 2: what the columns mean.
    answer = client.post(answer["Location"], data)
    assert answer["Location"] == reverse("indicators:import_preview", args=[run.uid]), (
        answer.context["form"].errors
    )
    shown = client.get(answer["Location"]).content.decode()
    assert "2件を取り込む" in shown
    # 3: bring in. 4: look.
    answer = client.post(reverse("indicators:import_apply", args=[run.uid]))
    result = client.get(answer["Location"]).content.decode()
    own = Indicator.objects.get(owner=towns[0])
    assert reverse("indicators:indicator_detail", args=[own.code]) in result
    detail = client.get(reverse("indicators:indicator_detail", args=[own.code])).content.decode()
    assert "甲町は令和6年度に135件でした。前年度より15件増えました。" in detail
    listed = client.get(reverse("indicators:indicator_list"), {"scene": "programme"})
    assert "市の指標" in listed.content.decode()
    # Another town does not find it.
    other = factories.membership(Role.MUNICIPAL_STAFF, towns[1]).user
    url = reverse("indicators:indicator_detail", args=[own.code])
    assert accounts.sign_in(Client(), other).get(url).status_code == 404


def test_what_is_still_missing_is_said_at_once(officer, tmp_path):
    path = csv(tmp_path, "x.csv", "なにか,もの\nあ,い\nう,え\n")
    run = begun(officer, path)

    with pytest.raises(ValidationError) as refused:
        imports.decide_columns(viewer=officer, run=run, mapping=Mapping.from_json(run.mapping))

    assert len(refused.value.messages) == 6
    assert all("ください" in message for message in refused.value.messages)


def test_nobody_writes_into_what_another_town_keeps_to_itself(officer, towns, tmp_path):
    version = Indicator.objects.get(code="A-P1").latest
    kept = factories.make_value(version, towns[1], fiscal(2021), value=5, sharing=Sharing.OWN)
    path = csv(tmp_path, "y.csv", "市町村名,年度,退院・退所加算\n乙町,令和3,9\n甲町,令和3,8\n")

    run = brought_in(officer, path)

    kept.refresh_from_db()
    assert kept.value == 5
    assert (run.summary["added"], run.summary["problems"]) == (1, 1)


def test_a_file_is_given_up_and_is_gone(officer, tmp_path):
    user = User.objects.get(pk=officer.user_id)
    client = accounts.sign_in(Client(), user)
    run = begun(officer, export(tmp_path))
    path = Path(run.path)

    client.post(reverse("indicators:import_discard", args=[run.uid]))

    run.refresh_from_db()
    assert (run.state, path.exists()) == (RunState.DISCARDED, False)
    assert client.get(reverse("indicators:import_preview", args=[run.uid])).status_code == 404


def test_a_file_without_a_table_is_refused_in_words(officer):
    user = User.objects.get(pk=officer.user_id)
    client = accounts.sign_in(Client(), user)
    empty = SimpleUploadedFile("空.csv", b"\r\n\r\n")

    answer = client.post(reverse("indicators:import_new"), {"table": empty})

    assert answer.status_code == 422
    assert "ください" in answer.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.shared
def test_real_files_of_populations_come_in_with_the_years_side_by_side(tmp_path):
    areas.take_in(shared_data("areas/municipalities.csv"))
    load_catalogue(actor=SYSTEM)
    officer = factories.viewer(Role.MUNICIPAL_STAFF)
    projections = shared_data("population/kekkahyo1.xlsx")
    run = decided(officer, begun(officer, projections), indicator="R-POP")

    preview = imports.preview_of(officer, run)

    assert Mapping.from_json(run.mapping).header_row == 5
    found = {(value.area_id, value.period.key): value.value for value in preview.outcome.added}
    gyoda = Area.objects.get(name="行田市")
    nagano = Area.objects.get(name="長野県")
    assert found[gyoda.pk, "2020"] == 78617
    assert found[nagano.pk, "2050"] == 1581949
    assert len(preview.outcome.added) > 1_800 * 7
    # What no area stands for is told row by row: the coast of 福島, and wards redrawn since.
    assert 0 < len(preview.problems) < 40
    assert all(problem.row and problem.message for problem in preview.problems)


@pytest.mark.shared
def test_a_header_of_many_rows_is_chosen_by_hand(tmp_path):
    areas.take_in(shared_data("areas/municipalities.csv"))
    load_catalogue(actor=SYSTEM)
    officer = factories.viewer(Role.MUNICIPAL_STAFF)
    run = begun(officer, shared_data("population/juki_pop_muni_2025.xlsx"))
    run = imports.choose_header(viewer=officer, run=run, sheet_name=run.mapping["sheet"], row=6)
    columns = list(run.mapping["columns"])
    columns[5] |= {"role": Holds.VALUE_OF_INDICATOR.value, "target": "R-POP"}

    run = decided(officer, run, columns=columns, period="2025年")
    preview = imports.preview_of(officer, run)

    found = {value.area_id: value.value for value in preview.outcome.added}
    assert found[Area.objects.get(name="長野県").pk] == 2012399
    assert len(found) > 1_850
