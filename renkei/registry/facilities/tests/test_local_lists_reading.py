from __future__ import annotations

from dataclasses import replace

import pytest

from renkei.foundation.common.spreadsheets.problems import FileProblem, UnreadableFile
from renkei.registry.facilities.importers.list_columns import OWN, SKIP, guess_target
from renkei.registry.facilities.importers.list_guess import (
    follow,
    guess_columns,
    guess_kind,
    likeness,
    lost_headings,
    new_headings,
)
from renkei.registry.facilities.importers.list_layout import (
    HeaderRows,
    guess_header,
    headings_of,
    read_sheets,
)
from renkei.registry.facilities.importers.local import (
    Column,
    LocalMapping,
    mapping_problems,
)
from renkei.registry.facilities.importers.local_rows import LocalRow, read_local_list
from renkei.registry.facilities.importers.local_values import REASONS
from renkei.registry.facilities.tests import messy_lists

SERVICES = {
    "disability_service": "障害福祉サービス",
    "npo": "NPO・ボランティア",
    "clinic": "診療所",
}
MUNICIPALITIES = {"架空市": "992011", "架空町": "993018"}


def propose(path, sheet=0, **decided):
    """What the wizard proposes for one sheet of a file, with the decisions of a person."""
    found = read_sheets(path, name=path.name)[sheet]
    header = guess_header(found)
    assert header is not None
    columns = guess_columns(headings_of(found, header))
    return LocalMapping(
        "abc123",
        "架空の一覧",
        found.name,
        header.first,
        header.last,
        columns,
        municipality_code="992011",
        municipalities=MUNICIPALITIES,
        **decided,
    )


def read(path, mapping):
    rows = list(read_local_list(path, name=path.name, mapping=mapping))
    return (
        [row for row in rows if isinstance(row, LocalRow)],
        [row for row in rows if isinstance(row, FileProblem)],
    )


def test_t_a10_list_with_merged_titles_two_header_rows_and_half_width_kana(tmp_path):
    path = messy_lists.disability_offices(tmp_path)
    mapping = propose(
        path, kinds={"就労継続支援b型": "disability_service", "生活介護": "disability_service"}
    )

    records, problems = read(path, mapping)

    assert mapping.header == HeaderRows(4, 5)
    assert [column.heading for column in mapping.columns] == [
        "番号", "サービス種別", "事業所名称", "所在地 郵便番号", "所在地 住所",
        "連絡先 電話番号", "連絡先 電話番号２", "指定年月日",
    ]  # fmt: skip
    first, second, third = records
    assert (first.row_number, second.row_number, third.row_number) == (6, 7, 9)
    assert first.values["name"] == "サポートハウス 北浜"
    assert first.values["postcode"] == "999-0001"
    assert first.values["address"] == "架空市北浜1-2-3"
    assert first.values["phone"] == "0999-00-2201"
    assert first.values["attributes"] == {
        "連絡先 電話番号２": "090-0000-2201",
        "指定年月日": "2013年4月1日",
    }
    assert second.values["name"] == "作業所 ひだまり、（第二）"
    assert second.values["attributes"] == {"指定年月日": "2019年4月1日"}
    assert second.values["service_code"] == "disability_service"
    assert third.values["municipality_code"] == "993018"
    assert third.values["attributes"]["指定年月日"] == "2019年10月1日"
    assert [problem.row for problem in problems] == [10]
    reasons = {repair.reason for record in records for repair in record.repairs}
    assert (
        {"width", "era", "kind_from_above", "second_number", "line_break"}
        <= reasons
        <= set(REASONS)
    )


def test_t_a10_cp932_list_keeps_people_out_of_the_place(tmp_path):
    path = messy_lists.neighbourhoods(tmp_path)
    mapping = propose(path, service_code="npo")

    records, problems = read(path, mapping)

    assert mapping.header == HeaderRows(2, 2)
    assert [column.target for column in mapping.columns] == [
        SKIP,
        "name",
        "kana",
        OWN,
        OWN,
        "address",
    ]
    assert [record.values["name"] for record in records] == ["北浜一丁目町内会", "髙﨑団地自治会"]
    assert records[0].values["kana"] == "キタハマイッチョウメ"
    assert records[0].values["attributes"] == {"会長氏名": "架空 太郎", "会長電話": "0999-00-3301"}
    assert "phone" not in records[0].values
    assert [(problem.row, problem.value) for problem in problems] == [
        (6, "※個人情報のため取扱注意")
    ]


def test_t_a10_xls_with_number_in_two_columns(tmp_path):
    path = messy_lists.medical_association(tmp_path)
    mapping = propose(path, service_code="clinic")

    records, problems = read(path, mapping)

    assert mapping.header == HeaderRows(3, 3)
    assert not problems
    assert [record.values["phone"] for record in records] == ["0999-00-4401", "0999-00-4402"]
    assert [record.values["fax"] for record in records] == ["0999-00-4411", ""]
    assert records[1].values["departments"] == ["内科", "小児科"]
    assert records[0].values["institution_code"] == "9910112347"
    assert records[0].values["visiting_area"] == "北浜、港町"
    assert records[0].values["attributes"] == {"更新日": "2026年3月1日"}


def test_t_a10_sheet_of_several_with_address_in_columns_and_own_key(tmp_path):
    path = messy_lists.housing(tmp_path)
    mapping = propose(path, sheet=1, service_code="npo")

    records, problems = read(path, mapping)

    assert not problems
    assert [record.values["source_key"] for record in records] == [
        "abc123:架住第1号",
        "abc123:架住第2号",
    ]
    assert records[0].values["address"] == "架空県架空市北浜9-9"
    assert [record.values["capacity"] for record in records] == [30, 18]
    assert records[0].values["coordinates_from"] == "local"
    assert (records[1].values["latitude"], records[1].values["coordinates_from"]) == (None, "none")
    assert records[1].values["municipality_code"] == "993018"


def test_t_a10_section_rows_and_doubled_headings(tmp_path):
    path = messy_lists.volunteers(tmp_path)
    mapping = propose(path, service_code="npo")

    records, problems = read(path, mapping)

    assert [column.heading for column in mapping.columns][:5] == [
        "（A列）", "団体名", "活動内容", "電話", "電話（2）",
    ]  # fmt: skip
    assert [record.values["name"] for record in records] == ["NPO法人 おたがいさま", "傾聴の会"]
    assert records[0].values["attributes"] == {
        "活動内容": "買い物の手伝い",
        "電話（2）": "0999-00-5502",
    }
    assert records[1].values["url"] == ""
    assert [problem.row for problem in problems] == [2, 4, 6]


def test_local_list_identity_is_name_and_address_without_a_key(tmp_path):
    path = messy_lists.volunteers(tmp_path)
    mapping = propose(path, service_code="npo")

    first, _ = read(path, mapping)
    again, _ = read(path, replace(mapping, service_code="clinic"))

    keys = [record.values["source_key"] for record in first]
    assert keys == [record.values["source_key"] for record in again]
    assert len(set(keys)) == 2
    assert all(key.startswith("abc123:") for key in keys)


def test_local_list_with_moved_column_is_read_by_name(tmp_path):
    mapping = propose(messy_lists.volunteers(tmp_path), service_code="npo")
    moved = tmp_path / "来年.csv"
    moved.write_text(
        "電話,活動内容,団体名,新しい列,対象地域,電話,ホームページ,\n0999-00-1,あ,い,,う,,,\n",
        encoding="utf-8",
    )

    records, _ = read(moved, mapping)

    assert records[0].values["name"] == "い"


def test_local_list_with_renamed_column_is_refused_with_its_name(tmp_path):
    mapping = propose(messy_lists.volunteers(tmp_path), service_code="npo")
    renamed = tmp_path / "来年.csv"
    renamed.write_text(
        ",名前,活動内容,電話,電話,対象地域,ホームページ\n,あ,い,う,え,お,か\n", encoding="utf-8"
    )

    with pytest.raises(UnreadableFile, match="「団体名」の列がありません"):
        read(renamed, mapping)


def test_local_list_of_a_missing_sheet_names_those_there(tmp_path):
    path = messy_lists.housing(tmp_path)
    mapping = replace(propose(path, sheet=1, service_code="npo"), sheet="令和9年")

    with pytest.raises(UnreadableFile, match="シート「令和9年」がありません。「説明」「住まい」"):
        read(path, mapping)


def test_local_list_without_rows_is_refused(tmp_path):
    path = tmp_path / "空.csv"
    path.write_text("団体名,電話\n", encoding="utf-8")
    columns = (Column("団体名", "name"), Column("電話", "phone"))

    with pytest.raises(UnreadableFile, match="見出しの下に行がありません"):
        read(path, LocalMapping("a", "一覧", columns=columns, service_code="npo"))


def test_local_list_row_problems_name_column_and_remedy(tmp_path):
    path = tmp_path / "一覧.csv"
    long = "あ" * 301
    path.write_text(
        f"種別,団体名,電話\n不思議,い,0999-00-1\n,え,0999-00-2\nNPO,,0999-00-3\nNPO,{long},1\n"
        "NPO,外\ue000字,2\n,つづき,3\n",
        encoding="utf-8",
    )
    columns = (Column("種別", "kind"), Column("団体名", "name"), Column("電話", "phone"))
    mapping = LocalMapping("a", "一覧", columns=columns, kinds={"npo": "npo"})

    records, problems = read(path, mapping)

    assert [(p.row, p.column) for p in problems] == [
        (2, "種別"), (3, "種別"), (4, "団体名"), (5, "団体名"), (6, "団体名"),
    ]  # fmt: skip
    assert "「不思議」が何にあたるか" in problems[0].message
    assert "「不思議」が何にあたるか" in problems[1].message
    assert "300字を超えています" in problems[3].message
    assert "外字" in problems[4].message
    assert [record.values["name"] for record in records] == ["つづき"]


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("施設名（ふりがな）", "kana"),
        ("代表者名", OWN),
        ("ＦＡＸ番号", "fax"),
        ("連絡先 電話", "phone"),
        ("法人の名称", "corporate_name"),
        ("事業所番号", "office_number"),
        ("No.", SKIP),
        ("所在地", "address"),
        ("うんどう", None),
    ],
)
def test_guess_target(heading, target):
    assert guess_target(heading) == target


def test_guess_kind_takes_the_same_words_or_the_only_one_inside():
    assert guess_kind("ＮＰＯ・ボランティア", SERVICES) == "npo"
    assert guess_kind("障害福祉サービス（通所）", SERVICES) == "disability_service"
    assert guess_kind("うんどう教室", SERVICES) == ""
    assert guess_kind("", SERVICES) == ""


def test_guess_columns_takes_the_corporation_as_name_where_there_is_no_other():
    columns = guess_columns(["運営法人名", "電話", "メール", "メール２"])

    assert [column.target for column in columns] == ["name", "phone", "email", OWN]


def test_remembered_mapping_follows_moved_columns_and_names_new_and_lost_ones():
    remembered = LocalMapping(
        "a", "一覧", columns=(Column("団体名", "name"), Column("愛称", "kana"), Column("旧", OWN))
    )
    headings = ["愛称", "団体名", "新しい列"]

    assert [column.target for column in follow(remembered, headings)] == ["kana", "name", OWN]
    assert new_headings(remembered, headings) == ["新しい列"]
    assert lost_headings(remembered, headings) == ["旧"]
    assert likeness(remembered, headings) == pytest.approx(2 / 3)


def test_mapping_problems_are_sentences():
    columns = (
        Column("い", "kana"), Column("ろ", "kana"), Column("は", "ふしぎ"),
        Column("に", OWN, "同じ"), Column("ほ", OWN, "同じ"),
    )  # fmt: skip
    problems = mapping_problems(
        LocalMapping("a", "一覧", columns=columns, kinds={"x": "nothing"}), services=SERVICES
    )

    assert problems == [
        "「事業所の名称」にする列を1つ選んでください。",
        "「名称（カナ）」に2つ以上の列（い・ろ）が選ばれています。1つにしてください。",
        "列「は」の行き先を選び直してください。",
        "「そのほかの項目」の名前「同じ」が2つあります。別の名前にしてください。",
        "この一覧のサービスの種類を選ぶか、種類が書かれた列を選んでください。",
        "サービスの種類を一覧から選び直してください。",
    ]


def test_mapping_without_problems_survives_being_stored():
    mapping = LocalMapping(
        "a",
        "一覧",
        "表",
        4,
        5,
        (Column("名", "name"),),
        "npo",
        {"x": "npo"},
        "992011",
        {"架空市": "992011"},
    )

    assert mapping_problems(mapping, services=SERVICES) == []
    assert LocalMapping.from_json(mapping.to_json()) == mapping


def test_guess_header_of_a_sheet_that_names_nothing(tmp_path):
    path = tmp_path / "数.csv"
    path.write_text("1,2\n3,4\n", encoding="utf-8")
    single = tmp_path / "一列.csv"
    single.write_text("名称\nあ\n", encoding="utf-8")

    assert guess_header(read_sheets(path, name="数.csv")[0]) is None
    assert guess_header(read_sheets(single, name="一列.csv")[0]) is None
