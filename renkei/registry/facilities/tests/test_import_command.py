"""``renkei import``: the same report as the page."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from renkei.registry.facilities.models import ImportState, Service
from renkei.registry.facilities.queries_imports import open_run
from renkei.registry.facilities.tests.official_files import care_row, make_region, write_csv
from renkei.testing import shared_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def region():
    return make_region()


def run(*arguments, **options):
    out = io.StringIO()
    call_command("import_register", *arguments, stdout=out, **options)
    return out.getvalue()


def test_report_accounts_for_every_row_and_writes_nothing(tmp_path):
    path = write_csv(tmp_path / "jigyosho_130.csv", [care_row(), care_row("12")])

    report = run(path, as_of="2026-06-30")

    assert "2行＝追加1＋読めない行1。" in report
    assert "令和8年6月30日（取り込む人が指定）" in report
    assert "事業所番号は10桁の英数字で入力してください。" in report
    assert "まだ何も書き込んでいません" in report
    assert Service.objects.count() == 0


def test_apply_writes_and_a_folder_will_do(tmp_path):
    write_csv(tmp_path / "jigyosho_130.csv", [care_row()])

    assert "取り込みました" in run(str(tmp_path), apply=True)
    assert Service.objects.count() == 1
    assert open_run() is None


def test_questions_want_a_yes(tmp_path):
    numbers = [f"99601{n:04}3" for n in range(60)]
    path = tmp_path / "jigyosho_130.csv"
    run(write_csv(path, [care_row(number) for number in numbers]), apply=True)
    write_csv(path, [care_row(number, fax="") for number in numbers[:21]])

    with pytest.raises(CommandError, match="--yes"):
        run(str(path), apply=True)
    assert [run.state for run in [open_run()] if run] == [ImportState.PREVIEW]
    report = run(str(path), apply=True, yes=True)

    assert "確かめること：「訪問看護」は、いまの60件のうち39件" in report


def test_suspicious_rows_are_listed(tmp_path):
    path = tmp_path / "jigyosho_130.csv"
    run(write_csv(path, [care_row()]), apply=True)

    report = run(write_csv(path, [care_row(fax="")]))

    assert "9960190013 訪問看護ステーション 架空013：FAX番号が消えた" in report


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"as_of": "令和8年"}, "2025-12-31 の形"),
        ({"scope": "久留米"}, "都道府県番号"),
    ],
)
def test_options_are_checked(tmp_path, options, sentence):
    path = write_csv(tmp_path / "jigyosho_130.csv", [care_row()])

    with pytest.raises(CommandError, match=sentence):
        run(path, **options)


def test_unreadable_file_ends_in_its_sentence(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"")

    with pytest.raises(CommandError, match="ファイルが空です"):
        run(str(tmp_path / "x.csv"))


@pytest.mark.shared
def test_real_files_of_one_prefecture_account_for_every_row():
    care = shared_data("care/jigyosho_130.csv")
    clinics = shared_data("medical/01-1_hospital_facility_info_20250601.csv.zip")
    hours = shared_data("medical/01-2_hospital_speciality_hours_20250601.csv.zip")

    report = run(str(care), str(clinics), str(hours), scope="20", apply=True)

    assert "16,075行" in report
    sentence = next(line for line in report.splitlines() if "行＝" in line)
    total, parts = sentence.split("行＝")
    numbers = [
        int("".join(c for c in part if c.isdecimal())) for part in parts.split("。")[0].split("＋")
    ]
    assert sum(numbers) == int(total.replace(",", ""))
    assert {s.prefecture_code for s in Service.objects.all()} == {"20"}
    assert Service.objects.filter(departments__contains=["内科"]).exists()


@pytest.mark.shared
def test_real_filings_of_one_prefecture_come_in():
    report = run(str(shared_data("filings/facility-standards-20-nagano-202510.xlsx")), apply=True)

    assert "令和7年9月1日（ファイルの中）" in report
    supporting = Service.objects.filter(capabilities__contains=["home_care_support_clinic"])
    assert supporting.count() > 100
