from __future__ import annotations

from datetime import date

import pytest

from renkei.foundation.areas.models import AreaEdge, AreaLevel, AreaOffice
from renkei.foundation.areas.tests.factories import (
    counted,
    municipalities_csv,
    take_in,
    taken_in,
    workbook,
)

pytestmark = pytest.mark.django_db
RELATION = ["都道府県", "上位の種類", "上位の圏域", "種類", "圏域", "適用開始日"]
OFFICE = ["都道府県", "種類", "圏域", "役割", "名称", "電話番号", "説明"]


@pytest.fixture
def municipalities(tmp_path):
    take_in(municipalities_csv(tmp_path))


def relations(folder, *rows):
    return workbook(folder, "構成.xlsx", {"表": [RELATION, *rows]})


def offices(folder, *rows):
    return workbook(folder, "受けもち.xlsx", {"表": [OFFICE, *rows]})


def own_edges():
    edges = AreaEdge.objects.filter(source="自治体の登録").order_by("pk")
    return [
        (edge.hierarchy.code, edge.child.name, edge.parent.name, edge.period.lower)
        for edge in edges
    ]


def test_list_of_relations_builds_every_hierarchy(tmp_path, municipalities):
    path = relations(
        tmp_path,
        ["架空県", "広域連合", "架空広域連合", "", "架空市", ""],
        ["架空県", "郡市区医師会", "架空医師会", "市区町村", "海辺町", "R6.4.1"],
        ["架空県", "在宅医療圏", "中央", "", "大架空市", ""],
        ["架空県", "二次医療圏", "中央", "在宅医療圏", "中央", ""],
        ["架空県", "都道府県", "架空県", "二次医療圏", "中央", ""],
        ["架空県", "市区町村", "架空市", "日常生活圏域", "北浜", ""],
    )

    report = taken_in(path)
    again = taken_in(path)

    assert (counted(report), counted(again)) == ((6, 0, 0), (0, 0, 6))
    assert report.problems == []
    assert own_edges() == [
        ("wide_area_union", "架空市", "架空広域連合", None),
        ("medical_association", "海辺町", "架空医師会", date(2024, 4, 1)),
        ("medical", "大架空市", "中央", None),
        ("medical", "中央", "中央", None),
        ("medical", "中央", "架空県", None),
        ("daily_living", "北浜", "架空市", None),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["架空県", "なにか", "中央", "", "架空市", ""], "種類「なにか」は使えません。"),
        (["架空県", "広域連合", "連合", "", "どこか市", ""], "「架空県どこか市」という市区町村は"),
        (["どこ県", "広域連合", "連合", "", "架空市", ""], "都道府県と圏域の名称"),
        (["架空県", "広域連合", "", "", "架空市", ""], "都道府県と圏域の名称"),
        (
            ["福岡県", "都道府県", "福岡県", "二次医療圏", "中央", ""],
            "「福岡県」が登録されていません",
        ),
        (["架空県", "都道府県", "架空県", "", "架空市", ""], "団体コードから決まる"),
        (["架空県", "広域連合", "連合", "", "架空市", "あした"], "2行目"),
        (["架空県", "在宅医療圏", "中央", "在宅医療圏", "中央", ""], "に含まれています"),
    ],
)
def test_row_that_cannot_be_used_is_told(tmp_path, municipalities, row, message):
    (told,) = take_in(relations(tmp_path, row))

    assert told.startswith("構成.xlsx：使える行がありません。2行目：")
    assert message in told
    assert own_edges() == []


def test_one_wrong_row_does_not_stop_the_others(tmp_path, municipalities):
    report = taken_in(
        relations(
            tmp_path,
            ["架空県", "なにか", "中央", "", "架空市", ""],
            ["架空県", "保健所の管轄", "架空保健所", "", "架空市", ""],
        )
    )

    assert counted(report) == (1, 0, 0)
    assert len(report.problems) == 1


def test_t_r4_list_of_offices_registers_who_does_what(tmp_path, municipalities):
    path = offices(
        tmp_path,
        ["架空県", "", "架空市", "連携の拠点", "架空市立病院", "0999-00-0001", "平日"],
        ["架空県", "在宅医療圏", "中央", "協議会", "中央圏域会議", "", ""],
        ["架空県", "", "架空市", "なにか", "架空市立病院", "", ""],
        ["架空県", "", "架空市", "事務局", "", "", ""],
    )

    report = taken_in(path)
    again = taken_in(path)

    assert (counted(report), counted(again)) == ((2, 0, 0), (0, 0, 2))
    assert [problem[:4] for problem in report.problems] == ["4行目：", "5行目："]
    assert set(AreaOffice.objects.values_list("area__level", "kind", "name")) == {
        (AreaLevel.MUNICIPALITY, "base", "架空市立病院"),
        (AreaLevel.HOME_CARE, "council", "中央圏域会議"),
    }
