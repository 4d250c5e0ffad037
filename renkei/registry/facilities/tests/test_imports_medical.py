"""医療情報ネット, 厚生局 and the code list, on invented files in their layouts."""

from __future__ import annotations

import pytest

from renkei.registry.facilities import queries_imports as queries
from renkei.registry.facilities.importers import bureau_standards, institution_codes, medical_hours
from renkei.registry.facilities.models import Facility, Repair, RowNote, Service
from renkei.registry.facilities.tests.official_files import (
    BUREAU_HEADER,
    HOURS_HEADER,
    MEDICAL_HEADER,
    bring_in,
    hours_row,
    make_region,
    medical_row,
    preview,
    write_bureau,
    write_csv,
    zipped,
)

pytestmark = pytest.mark.django_db
A, B = "9910000000001", "9910000000002"
CLINICS, HOURS = (
    "02-1_clinic_facility_info_20250601.csv",
    "02-2_clinic_speciality_hours_20250601.csv",
)


@pytest.fixture(autouse=True)
def region():
    return make_region()


@pytest.fixture
def clinics(tmp_path):
    def write(*rows, name=CLINICS):
        made = [medical_row(row) if isinstance(row, str) else row for row in rows]
        return zipped_file(tmp_path, name, made, MEDICAL_HEADER)

    return write


@pytest.fixture
def hours(tmp_path):
    def write(*rows, name=HOURS):
        return zipped_file(tmp_path, name, list(rows), HOURS_HEADER)

    return write


def zipped_file(folder, name, rows, header):
    write_csv(folder / name, rows, header=header, encoding="utf-8")
    return zipped(folder / name)


def test_departments_and_hours_are_attached_by_id(clinics, hours):
    run = bring_in(
        clinics(A, B),
        hours(
            hours_row(A, "内科", mon_from="09:00", mon_to="12:00"),
            hours_row(A, "内科", mon_from="14:00", mon_to="18:00"),
            hours_row(A, "外科", mon_from="11:00", mon_to="13:00"),
            hours_row("9910000000099", "内科"),
        ),
    )

    service = Service.objects.get(source_key=A)
    assert service.departments == ["内科", "外科"]
    assert service.hours == {"mon": [["09:00", "13:00"], ["14:00", "18:00"]]}
    assert service.service_code == "clinic"
    assert queries.run_summary(run).reconciliation == "6行＝追加2＋ほかの行に付けた3＋読めない行1。"
    assert "施設票にも台帳にもありません" in RowNote.objects.get().message


def test_second_import_of_facilities_and_hours_changes_nothing(clinics, hours):
    files = [clinics(A, B), hours(hours_row(A, "内科", mon_from="9:00", mon_to="12:00"))]
    bring_in(*files)

    assert bring_in(*files).counts["same"] == 2


def test_facilities_without_hours_keep_the_hours_they_had(clinics, hours):
    bring_in(clinics(A, B), hours(hours_row(A, "内科", mon_from="9:00", mon_to="12:00")))

    run = bring_in(clinics(A, B))

    assert run.counts["same"] == 2
    assert Service.objects.get(source_key=A).departments == ["内科"]


def test_hours_without_facilities_are_attached_to_the_register(clinics, hours):
    bring_in(clinics(A, B))

    run = bring_in(hours(hours_row(A, "内科", sat_from="9:00", sat_to="12:00")))

    assert run.counts["records"] == 1
    assert Service.objects.get(source_key=A).hours == {"sat": [["09:00", "12:00"]]}
    assert run.counts["vanished"] == 0
    assert queries.run_summary(run).reconciliation == "1行＝ほかの行に付けた1。"


def test_closed_flags_mean_the_opposite(clinics):
    bring_in(clinics(medical_row(A, closed_mon="1", closed_tue="1", closed_sun="0")))

    assert Service.objects.get().days == "月・火"
    assert Repair.objects.get(reason="flags_inverted").after == "診療日 月・火"


def test_hours_win_over_flags_that_contradict_them(clinics, hours):
    bring_in(
        clinics(medical_row(A, closed_mon="1", closed_tue="1")),
        hours(hours_row(A, "内科", wed_from="９：００", wed_to="１２：３０")),
    )

    service = Service.objects.get()
    assert (service.days, service.hours) == ("水", {"wed": [["09:00", "12:30"]]})
    assert Repair.objects.filter(reason="flags_contradict").exists()


def test_missing_coordinates_come_from_the_town(clinics):
    run = bring_in(clinics(A, medical_row(B, address="架空県架空市知らない町1")))

    first, second = Service.objects.order_by("source_key")
    assert (first.latitude, first.coordinates_from) == (35.74, "town")
    assert (second.latitude, second.coordinates_from) == (None, "none")
    assert {key: n for key, _, n in queries.repair_reasons(run)} == {
        "coordinates_missing": 1,
        "coordinates_unknown": 1,
    }


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("01-1_hospital_facility_info_20250601.csv", "hospital"),
        ("03-1_dental_facility_info_20250601.csv", "dental"),
        ("04_maternity_home_20250601.csv", "maternity"),
        ("05_pharmacy_20250601.csv", "pharmacy"),
    ],
)
def test_file_name_says_the_kind_where_no_column_does(clinics, name, service):
    bring_in(clinics(medical_row(A, kind=""), name=name))

    assert Service.objects.get().service_code == service


def test_kind_column_says_it_where_the_name_does_not(clinics, hours):
    bring_in(clinics(A, name="clinics.csv"))
    assert Service.objects.get().dataset == "02-1"

    failed = preview(hours(hours_row(A, "内科"), name="hours.csv"))
    assert "種類（01-2、02-2、03-2）が分かりません" in failed.error
    failed = preview(clinics(medical_row(A, kind=""), name="clinics.csv"))
    assert "種類（01-1、02-1、03-1、04、05）が分かりません" in failed.error


def test_ids_and_prefectures_get_their_lost_zero(clinics):
    bring_in(clinics(medical_row("110000000001", code="1", address="北海道架空市1")))

    service = Service.objects.get()
    assert (service.source_key, service.prefecture_code) == ("0110000000001", "01")


def test_beds_and_postcode(clinics):
    row = medical_row(A, beds_general="120", beds_long_term="40", beds_psychiatric="0")
    bring_in(clinics(row, medical_row(B, beds_total="19")))

    assert [s.beds for s in Service.objects.order_by("source_key")] == [
        "一般 120、療養 40",
        "合計 19",
    ]


def test_unreadable_medical_rows_say_why(clinics):
    run = preview(clinics(medical_row("", name="", kind="9"), name="04_maternity.csv"))
    # A file named 04 says the kind, so only two things are wrong.
    assert [problem.partition("：")[2] for problem in queries.run_summary(run).problems] == [
        "IDを公表された値のまま入力してください。",
        "正式名称を入力してください。",
    ]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("9:00", 540),
        ("09：30", 570),
        ("9時00分", 540),
        ("24:00", 1440),
        ("25:00", None),
        ("朝", None),
    ],
)
def test_times(text, minutes):
    assert medical_hours.time_of(text) == minutes


def test_hours_that_are_no_times_are_left_out_and_said(clinics, hours):
    bring_in(
        clinics(A),
        hours(hours_row(A, "内科", mon_from="朝", mon_to="12:00"), hours_row("", "内科")),
    )

    assert Service.objects.get().hours == {}
    assert Repair.objects.get(reason="hours_unusable").column == "月_診療時間"


# 厚生局 -------------------------------------------------------------------------------------


def filing(number="0112064", name="架空内科", filing="在宅療養支援診療所", **values):
    row = {
        "都道府県コード": "99",
        "区分": "医科",
        "医療機関番号": number,
        "医療機関名称": name,
        "医療機関所在地（郵便番号）": "999-0001",
        "医療機関所在地（住所）": "架空市北浜３－１",
        "電話番号": "0999(00)1300",
        "受理届出名称": filing,
        "受理記号": "支援診３",
        "算定開始年月日": "令和 6年 7月 1日",
        **values,
    }
    return [row.get(heading, "") for heading in BUREAU_HEADER]


CLINIC_3 = "別添１の「第９」の１の(３)に規定する在宅療養支援診療所"


def test_filings_of_one_institution_become_one_record(tmp_path):
    run = bring_in(
        write_bureau(
            tmp_path / "standards.xlsx",
            [
                filing(filing=CLINIC_3),
                filing(
                    filing="在宅時医学総合管理料及び施設入居時等医学総合管理料",
                    受理記号="在医総管１",
                ),
                filing(filing="酸素の購入単価", 受理記号="酸単"),
                filing(区分="歯科", name="架空歯科", filing="歯科訪問診療料の注15に規定する基準"),
                filing(区分="外科"),
                filing("十二"),
            ],
        )
    )

    service = Service.objects.get(service_code="clinic")
    assert service.source_key == "9910112064"
    assert service.capabilities == ["home_care_support_clinic", "round_the_clock", "home_visit"]
    assert service.attributes == {"届出": "支援診3（2024-07-01から）、在医総管1（2024-07-01から）"}
    assert (service.phone, service.postcode) == ("0999-00-1300", "9990001")
    assert service.facility.capabilities == service.capabilities
    assert Service.objects.get(service_code="dental").source_key == "9930112064"
    assert queries.run_summary(run).reconciliation == "6行＝追加2＋ほかの行に付けた2＋読めない行2。"
    assert run.files.get().as_of.isoformat() == "2025-09-01"


@pytest.mark.parametrize(
    ("name", "capabilities"),
    [
        (CLINIC_3, ("home_care_support_clinic", "round_the_clock")),
        (
            "別添１の「第９」の１の(１)に規定する在宅療養支援診療所",
            ("home_care_support_clinic", "enhanced_home_care", "round_the_clock"),
        ),
        (
            "別添１の「第14の２」の１の(２)に規定する在宅療養支援病院",
            ("home_care_support_hospital", "enhanced_home_care", "round_the_clock"),
        ),
        (
            "別添１の「第14の２」の１の(３)に規定する在宅療養支援病院",
            ("home_care_support_hospital", "round_the_clock"),
        ),
        ("在宅療養後方支援病院", ("backup_hospital",)),
        ("在宅療養支援歯科診療所２", ("home_care_support_dental", "home_dental_visit")),
        ("在宅患者訪問薬剤管理指導料", ("home_pharmacy",)),
        ("地域包括ケア病棟入院料１及び地域包括ケア入院医療管理料１", ("community_care_ward",)),
        ("在宅時医学総合管理料の注14に規定する基準", ()),
        ("酸素の購入単価", ()),
    ],
)
def test_capability_of_a_filing(name, capabilities):
    assert bureau_standards.capabilities_of(name) == capabilities


def test_bureau_hospital_by_beds_and_unusable_dates(tmp_path):
    row = filing(病床数="一般　　20", 算定開始年月日="いつか", 受理記号="")
    bring_in(write_bureau(tmp_path / "standards.xlsx", [row]))

    service = Service.objects.get()
    assert (service.service_code, service.beds) == ("hospital", "一般 20")
    assert service.attributes == {"届出": "在宅療養支援診療所"}
    assert Repair.objects.filter(reason="date_unusable").exists()


def test_bureau_and_clinic_of_one_place_are_one_facility(tmp_path, clinics):
    bring_in(clinics(medical_row(A, name="架空内科", address="架空県架空市北浜三丁目1番")))
    bring_in(write_bureau(tmp_path / "standards.xlsx", [filing(医療機関名称="架空内科")]))

    assert Facility.objects.count() in {1, 2}


def test_bureaus_have_a_day_per_prefecture(tmp_path):
    one = write_bureau(tmp_path / "a.xlsx", [filing()])
    two = write_bureau(
        tmp_path / "b.xlsx", [filing(都道府県コード="98")], title="[令和７年１０月１日 現在 ]"
    )
    same = write_bureau(tmp_path / "c.xlsx", [filing()], title="[令和７年１０月１日 現在 ]")

    assert preview(one, two).counts["added"] == 2
    assert (
        "基準日の違うファイルがあります（令和7年9月1日と令和7年10月1日）"
        in preview(one, same).error
    )


def test_bureau_row_without_name_is_refused(tmp_path):
    run = preview(write_bureau(tmp_path / "standards.xlsx", [filing(name="")]))

    assert run.counts["refused"] == 1


# コード内容別医療機関一覧表 -------------------------------------------------------------------


def codes_file(tmp_path, *rows):
    path = tmp_path / "codes.csv"
    path.write_text("".join(",".join(row) + "\r\n" for row in rows), encoding="utf-8")
    return str(path)


def test_codes_are_attached_to_the_same_place_and_create_nothing(tmp_path, clinics):
    bring_in(clinics(medical_row(A, name="架空内科", code="01", address="北海道架空市川沿1-1")))
    path = codes_file(
        tmp_path,
        ("010112489", "0112489", "架空内科", "0050813", "架空市川沿１－１"),
        ("010112745", "0112745", "ほかの病院", "0648536", "架空市川沿２"),
        ("010113421", "0113421", "番号の違う病院", "0640809", "架空市川沿３"),
    )

    run = bring_in(path)

    service = Service.objects.get()
    assert service.institution_code == "0110112489"
    assert queries.run_summary(run).reconciliation == (
        "3行＝ほかの行に付けた1＋範囲の外1＋読めない行1。"
    )
    assert "沖縄県がありません" in run.files.get().notes[-1]

    # The next file of clinics says nothing about codes and takes none away.
    assert (
        bring_in(
            clinics(medical_row(A, name="架空内科", code="01", address="北海道架空市川沿1-1"))
        ).counts["same"]
        == 1
    )
    service.refresh_from_db()
    assert service.institution_code == "0110112489"
    assert bring_in(path).counts["records"] == 0


def test_codes_within_a_scope(tmp_path, clinics):
    path = codes_file(tmp_path, ("010112489", "0112489", "架空内科", "0050813", "架空市川沿１－１"))

    assert preview(path, scope=["40"]).counts["outside"] == 1


def test_rows_of_the_code_list_are_recognised():
    assert institution_codes.looks_like([["010112489", "0112489", "架空", "0050813", "架空市"]])
    assert not institution_codes.looks_like([["1", "2", "架空", "0050813", "架空市"]])
    assert not institution_codes.looks_like([])
