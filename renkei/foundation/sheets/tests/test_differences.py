"""What changed, and T-D6: two people's work in one sheet, nothing lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.sheets.answers import Values, content_from, values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.differences import (
    Change,
    changes,
    definition_changes,
    merge_drafts,
    values_from_json,
)
from renkei.foundation.sheets.items import Absence, Code
from renkei.foundation.sheets.tests.factories import (
    extension,
    fhir_extension,
    item,
    options,
    questionnaire,
)

SHEET = parse(
    questionnaire(
        item(
            "body",
            "group",
            "身体",
            item=[
                item(
                    "weight",
                    "decimal",
                    "体重",
                    extension=[
                        fhir_extension("questionnaire-unit", coding={"code": "kg"}),
                        extension("absence", code="unknown"),
                    ],
                ),
                item("move", "choice", "移動", answerOption=options(("1", "自立"), ("2", "介助"))),
            ],
        ),
        item("mouth", "group", "口腔", item=[item("denture", "boolean", "義歯")]),
        item("since", "date", "開始日"),
        item(
            "family",
            "group",
            "家族",
            repeats=True,
            item=[item("who", "string", "氏名"), item("tie", "string", "続柄")],
        ),
    )
)


def content(**values: Any) -> dict[str, Any]:
    return content_from(values, SHEET)


def test_changes_tell_before_and_after_in_words():
    old = content(weight=[52], move=[Code("1")], denture=[True])
    new = content(
        weight=[Absence.UNKNOWN], move=[Code("2")], denture=[True], since=[date(2026, 4, 1)]
    )

    assert changes(old, new, SHEET) == [
        Change("weight", "体重", "52 kg", "不明", "weight"),
        Change("move", "移動", "自立", "介助", "move"),
        Change("since", "開始日", "", "2026年4月1日（水）", "since"),
    ]
    assert changes(old, old, SHEET) == []


def test_a_row_put_in_front_changes_no_other_row():
    old = content(family=[{"who": ["甲"]}, {"who": ["乙"], "tie": ["妻"]}])
    new = content(family=[{"who": ["新"]}, {"who": ["甲"]}, {"who": ["乙"], "tie": ["娘"]}])

    assert changes(old, new, SHEET) == [
        Change("who", "家族（1件目）の氏名", "", "新", "family[0]/who"),
        Change("tie", "家族（3件目）の続柄", "妻", "娘", "family[2]/tie"),
    ]


def test_a_row_taken_out_is_told_with_its_old_place():
    old = content(family=[{"who": ["甲"]}, {"who": ["乙"]}])

    assert changes(old, content(family=[{"who": ["甲"]}]), SHEET) == [
        Change("who", "家族（2件目）の氏名", "乙", "", "family[1]/who")
    ]


def test_answers_on_two_editions_are_compared_item_by_item():
    newer = parse(
        questionnaire(item("weight", "decimal", "いまの体重"), item("height", "integer", "身長"))
    )
    old = content(weight=[52], denture=[True])
    new = content_from({"weight": [50], "height": [150]}, newer)

    assert changes(old, new, newer, old_definition=SHEET) == [
        Change("weight", "いまの体重", "52", "50", "weight"),
        Change("height", "身長", "", "150", "height"),
        Change("denture", "義歯", "はい", "", "denture"),
    ]


def test_t_d6_two_people_in_different_sections_both_survive():
    base = content(weight=[52])
    mine = content(weight=[52], denture=[True])
    theirs = content(weight=[50], move=[Code("2", "介助")])

    merged = merge_drafts(base, mine, theirs, SHEET)

    assert merged.conflicts == ()
    assert values_of(merged.content, SHEET) == {
        "weight": [50],
        "move": [Code("2", "介助")],
        "denture": [True],
    }


def test_t_d6_the_same_field_is_a_conflict_that_keeps_both():
    merged = merge_drafts(content(weight=[52]), content(weight=[50]), content(weight=[54]), SHEET)

    (conflict,) = merged.conflicts
    assert (conflict.path, conflict.label) == ("weight", "体重")
    assert (conflict.mine_shown, conflict.theirs_shown) == ("50 kg", "54 kg")
    assert values_from_json(SHEET.item("weight"), conflict.mine) == [50]
    assert values_of(merged.content, SHEET) == {"weight": [54]}


def test_t_d6_clearing_a_field_is_a_change_too():
    base, cleared, changed = content(weight=[52]), content(), content(weight=[54])

    assert values_of(merge_drafts(base, cleared, base, SHEET).content, SHEET) == {}
    assert merge_drafts(base, cleared, changed, SHEET).conflicts[0].mine_shown == ""


def test_t_d6_rows_are_joined_field_by_field_and_added_ones_all_stay():
    base = content(family=[{"who": ["甲"]}])
    mine = content(family=[{"who": ["甲"], "tie": ["妻"]}, {"who": ["乙"]}])
    theirs = content(family=[{"who": ["甲一"]}, {"who": ["丙"]}])

    merged = merge_drafts(base, mine, theirs, SHEET)

    assert merged.conflicts == ()
    assert values_of(merged.content, SHEET) == {
        "family": [{"who": ["甲一"], "tie": ["妻"]}, {"who": ["丙"]}, {"who": ["乙"]}]
    }


def test_t_d6_a_row_taken_out_by_one_and_changed_by_the_other_is_a_conflict():
    base = content(family=[{"who": ["甲"]}, {"who": ["乙"]}])
    mine = content(family=[{"who": ["乙"]}])
    theirs = content(family=[{"who": ["甲"]}, {"who": ["乙一"]}])

    merged = merge_drafts(base, mine, theirs, SHEET)

    (conflict,) = merged.conflicts
    assert (conflict.mine_shown, conflict.theirs_shown) == (
        "氏名：乙",
        "氏名：甲 ／ 氏名：乙一",
    )
    assert values_from_json(SHEET.item("family"), conflict.mine) == [{"who": ["乙"]}]


_names = st.sampled_from(["甲", "乙", "丙"])
_row = st.dictionaries(st.sampled_from(["who", "tie"]), st.lists(_names, min_size=1, max_size=1))
_values: st.SearchStrategy[Values] = st.fixed_dictionaries(
    {},
    optional={
        "weight": st.lists(st.sampled_from([Decimal(50), Decimal("50.5")]), min_size=1, max_size=1),
        "denture": st.lists(st.booleans(), min_size=1, max_size=1),
        "family": st.lists(_row, min_size=1, max_size=3),
    },
)


def words_in(values: Values) -> set[str]:
    found = {f"{key}={value}" for key in ("weight", "denture") for value in values.get(key, [])}
    rows = values.get("family", [])
    return found | {
        f"{key}={value}" for row in rows for key, given in row.items() for value in given
    }


@given(_values, _values, _values)
def test_t_d6_nothing_either_wrote_is_lost(base, mine, theirs):
    merged = merge_drafts(
        content_from(base, SHEET), content_from(mine, SHEET), content_from(theirs, SHEET), SHEET
    )

    kept = words_in(values_of(merged.content, SHEET))
    for conflict in merged.conflicts:
        asked = SHEET.item(conflict.link_id)
        for nodes in (conflict.mine, conflict.theirs):
            kept |= words_in({conflict.link_id: values_from_json(asked, nodes)})
            kept |= {f"{conflict.link_id}={one}" for one in values_from_json(asked, nodes)}
    assert words_in(mine) - words_in(base) <= kept
    assert words_in(theirs) - words_in(base) <= kept


@given(_values, _values)
def test_joining_with_somebody_who_changed_nothing_is_ones_own_work(base, mine):
    old, new = content_from(base, SHEET), content_from(mine, SHEET)

    assert merge_drafts(old, new, old, SHEET).content == new
    assert merge_drafts(old, old, new, SHEET).content == new
    assert merge_drafts(old, new, new, SHEET).content == new
    assert merge_drafts(old, new, old, SHEET).conflicts == ()


def test_definition_changes_tell_an_edition_in_words():
    when = [{"question": "a", "operator": "=", "answerCoding": {"code": "1"}}]
    old = parse(
        questionnaire(
            item("a", "choice", "転倒", answerOption=options(("1", "あり"))),
            item("b", "string", "内容"),
            item("c", "string", "備考"),
            item("d", "string", "その他"),
        )
    )
    new = parse(
        questionnaire(
            item("c", "string", "備考"),
            item("a", "choice", "転倒", answerOption=options(("1", "あり"), ("2", "過去にあり"))),
            item("b", "text", "内容", required=True, maxLength=100, enableWhen=when),
            item("e", "choice", "要介護度", extension=[extension("code-list", code="care_level")]),
            title="新しい様式",
        )
    )

    found = {(one.label, one.before, one.after) for one in definition_changes(old, new)}

    assert found == {
        ("様式の名称", "架空の様式", "新しい様式"),
        ("転倒の選択肢", "あり", "あり、過去にあり"),
        ("内容の種類", "1行の文字", "文章"),
        ("内容の必須", "任意", "必須"),
        ("内容の文字数", "決めていない", "100文字まで"),
        ("内容の条件", "", "「転倒」が「あり」のとき"),
        ("要介護度", "", "項目を加えました。"),
        ("その他", "項目をなくしました。", ""),
        ("備考", "", "場所を移しました。"),
    }
