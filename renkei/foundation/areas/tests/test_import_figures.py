from __future__ import annotations

from datetime import date

import pytest

from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaLevel,
    CertifiedCount,
    InsuredCount,
    Insurer,
    Population,
    Projection,
    Town,
)
from renkei.foundation.areas.tests.factories import (
    BIG,
    CITY,
    EAST,
    TOWN,
    counted,
    municipalities_csv,
    take_in,
    taken_in,
    workbook,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def municipalities(tmp_path):
    take_in(municipalities_csv(tmp_path))


# 住民基本台帳 -------------------------------------------------------------------------------

TITLE = "令和7年1月1日住民基本台帳年齢階級別人口（市区町村別）（総計）"
AGE_HEAD = [
    [TITLE],
    ["", "", "", "", "総数", "0歳～4歳", "100歳以上"],
    ["団体コード", "都道府県名", "市区町村名", "性別", "人", "人", "人"],
]


def register(folder, *rows, head=AGE_HEAD):
    return workbook(folder, "juki.xlsx", {"総計": [*head, *rows]})


def test_population_by_age_class_and_sex(tmp_path, municipalities):
    path = register(
        tmp_path,
        ["-", "合計", "-", "計", 99, 9, 1],
        [CITY, "架空県", "架空市", "計", 101, 61, 40],
        [CITY, "架空県", "架空市", "男", 50, 30, 20],
        [CITY, "架空県", "架空市", "女", 51, 31, "-"],
        ["993000", "架空県", "北郡", "計", 5, 5, 0],
        ["999997", "架空県", "どこか町", "計", 5, 5, 0],
        ["999997", "架空県", "どこか町", "男", 5, 5, 0],
        ["注1：外国人住民"],
    )

    report = taken_in(path)
    again = taken_in(path)

    assert (counted(report), counted(again)) == ((11, 0, 0), (0, 0, 11))
    assert report.notes == ["2025年1月1日現在の人口です。"]
    assert report.problems == [
        "9行目：「架空県どこか町」（999997）は登録されていません。除きました。"
    ]
    assert Population.objects.get(area__name="日本", age_from=None).count == 99
    rows = Population.objects.filter(area__code=CITY, sex="female")
    assert set(rows.values_list("as_of", "age_from", "age_to", "count")) == {
        (date(2025, 1, 1), None, None, 51),
        (date(2025, 1, 1), 0, 4, 31),
    }
    assert Population.objects.get(age_from=100, sex="male").age_to is None


def test_population_totals_of_the_other_layout(tmp_path, municipalities):
    head = [
        ["平成元年3月31日住民基本台帳人口・世帯数（市区町村別）（総計）"],
        ["", "", "", "人口", "人口", "人口", "世帯数"],
        ["", "", "", "男", "女", "計", "世帯数"],
    ]

    taken_in(register(tmp_path, [BIG, "架空県", "大架空市", 3, 4, 7, 2], head=head))

    rows = Population.objects.filter(area__code=BIG).values_list("as_of", "sex", "count")
    day = date(1989, 3, 31)
    assert set(rows) == {(day, "male", 3), (day, "female", 4), (day, "both", 7)}


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ([[TITLE], ["", "", "", "", "総数"]], "年齢階級の見出し"),
        ([["令和7年1月1日住民基本台帳人口"], ["", "", "", "男", "女"]], "男・女・計の見出し"),
        (AGE_HEAD, "市区町村の人口が1つもありません"),
    ],
)
def test_population_table_without_its_parts_is_refused(tmp_path, head, message):
    (told,) = take_in(register(tmp_path, [CITY, "架空県", "架空市", "計", 1, 1, 0], head=head))

    assert message in told


# 将来推計 -----------------------------------------------------------------------------------


def projection(folder, title, *rows):
    head = [
        [title],
        ["コード", "市などの別", "都道府県", "市区町村", "人", "", "", "指数"],
        ["", "", "", "", "2020年", "2025年", "2020年", "2025年"],
    ]
    return workbook(folder, f"{title[:5]}.xlsx", {"Sheet1": [*head, *rows]})


def test_projection_tables_fill_their_columns(tmp_path, municipalities):
    row = [99201, 2, "架空県", "架空市"]
    total = projection(
        tmp_path,
        "結果表1　総人口および指数",
        [*row, 1000, 900, 100, 90],
        [99000, 9, "架空県", "海辺地域", 5, 5, 5, 5],
        [99999, 3, "架空県", "どこか町", 5, 5, 5, 5],
        [99301, 3, "架空県", "海辺町", "-", 50, 5, 5],
    )
    share = projection(tmp_path, "結果表3-3　年齢別人口割合　65歳以上人口", [*row, 30.5, 33.33333])

    report, second = take_in(total, share)

    assert counted(report) == (3, 0, 0)
    assert counted(second) == (0, 2, 0)
    assert report.notes == ["総人口、2020年から2025年まで。"]
    assert report.problems == [
        "5行目：「海辺地域」は複数の市町村をまとめた値なので、除きました。",
        "6行目：「架空県どこか町」は登録されていません。除きました。",
    ]
    rows = Projection.objects.filter(area__code=CITY).values_list("year", "total", "share_65")
    assert set(rows) == {(2020, 1000, 30.5), (2025, 900, 33.3333)}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["結果表1　総人口および指数"], ["コード"]], "年の見出し"),
        ([["結果表1　総人口および指数"], ["", "2020年"], [99201, 5]], "市区町村の一覧"),
    ],
)
def test_projection_without_years_or_municipalities_is_refused(tmp_path, rows, message):
    (told,) = take_in(workbook(tmp_path, "p.xlsx", {"Sheet1": rows}))

    assert message in told


# 介護保険 -----------------------------------------------------------------------------------

LEVELS = [
    "要支援１",
    "要支援２",
    "要介護１",
    "要介護２",
    "要介護３",
    "要介護４",
    "要介護５",
    "合計",
]


def insured(folder, *rows):
    head: list[list[object]] = [
        ["第２表　保険者別　第１号被保険者数　（年度末現在）"],
        ["都道府県", "保険者", "計", "", "", ""],
        ["", "", "", "６５歳以上７５歳未満", "７５歳以上８５歳未満", "８５歳以上"],
        ["全　国", "", 9, 3, 3, 3],
    ]
    return workbook(folder, "insured.xlsx", {"02h": [*head, *rows]})


def certified(folder, *classes):
    title = "第４－１－１表　保険者別　要介護（要支援）認定者数"
    sheets = {
        str(number): [
            [title],
            ["都道府県", "保険者", insured_class],
            ["", "", *LEVELS],
            ["架空県", "架空市", 1, 2, 3, 4, 5, 6, 7, 28],
        ]
        for number, insured_class in enumerate(classes)
    }
    return workbook(folder, "certified.xlsx", sheets)


def test_insured_persons_by_insurer_with_unions_kept(tmp_path, municipalities):
    path = insured(
        tmp_path,
        ["架空県", "架空市", 60, 30, 20, 10],
        ["架空県", "架空広域連合", 6, 3, 2, 1],
        ["架空県", "どこか町", 6, 3, 2, 1],
        ["架空県", "海辺町", "X", 3, 2, 1],
    )

    report = taken_in(path, as_of=date(2024, 3, 31))
    again = taken_in(path, as_of=date(2024, 3, 31))

    assert (counted(report), counted(again)) == ((3, 0, 0), (0, 0, 3))
    assert report.problems == [
        "8行目：「海辺町」に数字でない値があります。除きました。",
        "保険者「どこか町」の市町村が見つかりません。名称を確かめてください。",
        "広域連合・組合1団体は構成市町村が資料にありません。圏域の構成の表（上位の圏域、圏域）を作って取り込んでください。",
    ]
    areas = dict(Insurer.objects.values_list("name", "area__level"))
    assert areas == {
        "架空市": AreaLevel.MUNICIPALITY,
        "架空広域連合": AreaLevel.WIDE_AREA_UNION,
        "どこか町": None,
    }
    counts = InsuredCount.objects.get(insurer__name="架空市")
    assert (counts.total, counts.aged_85_over, counts.as_of) == (60, 10, date(2024, 3, 31))


def test_certified_persons_of_every_sheet(tmp_path, municipalities):
    path = certified(tmp_path, "総数", "（再掲）第１号被保険者")

    report = taken_in(path)
    again = taken_in(path)

    assert (counted(report), counted(again)) == ((2, 0, 0), (0, 0, 2))
    assert "--as-of" in report.notes[0]
    rows = CertifiedCount.objects.values_list("insured_class", "care_5", "total", "as_of")
    assert set(rows) == {("総数", 7, 28, None), ("(再掲)第1号被保険者", 7, 28, None)}


def test_insurance_table_without_its_columns_is_refused(tmp_path):
    rows = [["第２表　保険者別　第１号被保険者数"], ["都道府県", "保険者"]]

    (told,) = take_in(workbook(tmp_path, "insured.xlsx", {"02h": rows}))

    assert "見出し「計」の列がありません" in told


# 医療圏 -------------------------------------------------------------------------------------


def members(folder, *rows):
    path = folder / "members.csv"
    lines = ["都道府県,二次医療圏,市区町村,人口", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def medical_parents():
    edges = AreaEdge.objects.filter(hierarchy__code="medical").order_by("pk")
    return [(edge.child.name, edge.parent.name, edge.period.lower) for edge in edges]


def test_medical_areas_and_the_designated_city_that_is_missing(tmp_path, municipalities):
    path = members(tmp_path, ("架空県", "中央", "架空市", "1"), ("架空県", "中央", "どこか町", "1"))

    report = taken_in(path)
    again = taken_in(path)

    assert (counted(report), counted(again)) == ((2, 0, 0), (0, 0, 1))
    assert medical_parents() == [("中央", "架空県", None), ("架空市", "中央", None)]
    assert report.problems == [
        "3行目：「架空県どこか町」は見つかりません。名称を確かめてください。",
        (
            "政令指定都市1市は一覧になく、医療圏が決まっていません（大架空市）。"
            "都道府県の医療計画を見て、圏域の構成の表を取り込んでください。"
        ),
    ]


def test_moved_municipality_needs_the_day_and_keeps_its_past(tmp_path, municipalities):
    taken_in(members(tmp_path, ("架空県", "中央", "架空市", "1")))
    moved = members(tmp_path, ("架空県", "海辺", "架空市", "1"))

    without_day = taken_in(moved)
    with_day = taken_in(moved, valid_from=date(2024, 4, 1))

    assert "変わった日を --valid-from で指定して取り込んでください。" in without_day.problems[0]
    assert counted(with_day) == (0, 1, 0)
    assert medical_parents() == [
        ("中央", "架空県", None),
        ("架空市", "中央", None),
        ("海辺", "架空県", None),
        ("架空市", "海辺", date(2024, 4, 1)),
    ]
    past = AreaEdge.objects.get(child__code=CITY, parent__name="中央")
    assert past.period.upper == date(2024, 4, 1)


def test_members_of_unknown_municipalities_only_are_refused(tmp_path):
    (told,) = take_in(members(tmp_path, ("架空県", "中央", "架空市", "1")))

    assert "先に市区町村の一覧を取り込んでください" in told
    assert not Area.objects.exists()


# 町丁目 -------------------------------------------------------------------------------------


def towns(folder, *rows):
    path = folder / "towns.csv"
    head = "都道府県名,市区町村名,大字町丁目名,小字・通称名,緯度,経度"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_towns_are_replaced_by_prefecture(tmp_path):
    Town.objects.create(
        prefecture="福岡県", municipality="あ市", name="本町", latitude=33, longitude=130
    )
    path = towns(
        tmp_path,
        "架空県,架空市,本町,,35.1,139.1",
        "架空県,架空市,北浜,,35.2,139.2",
        "架空県,架空市,東町,,,",
        "架空県,架空市,西町,,0,0",
        "架空県,架空市,,,35.1,139.1",
        "どこ県,架空市,本町,,35.1,139.1",
    )

    report = taken_in(path)
    again = taken_in(path)
    smaller = taken_in(towns(tmp_path, "架空県,架空市,本町,,35.1,139.1"))

    assert (counted(report), counted(again)) == ((2, 0, 0), (0, 0, 2))
    assert report.notes == ["位置のない町丁目 4件は除きました。"]
    assert counted(smaller) == (0, 0, 1)
    assert set(Town.objects.values_list("prefecture", "name")) == {
        ("架空県", "本町"),
        ("福岡県", "本町"),
    }


def test_towns_without_a_point_are_refused(tmp_path):
    (told,) = take_in(towns(tmp_path, "架空県,架空市,本町,,,"))

    assert told == "towns.csv：位置のある町丁目が1つもありません。"


def test_samples_are_of_the_invented_prefecture():
    assert {code[:2] for code in (BIG, CITY, EAST, TOWN)} == {"99"}
