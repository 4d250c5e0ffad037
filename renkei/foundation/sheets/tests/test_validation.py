"""What keeps an answer from being one: every rule of a form, and answers at random."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.common.clock import TOKYO
from renkei.foundation.sheets.answers import Attachment, content_from, values_of
from renkei.foundation.sheets.conditions import without_disabled
from renkei.foundation.sheets.definition import BrokenDefinitionError, parse
from renkei.foundation.sheets.items import Absence, Code, Definition
from renkei.foundation.sheets.reading import normalised
from renkei.foundation.sheets.tests.factories import (
    extension,
    fhir_extension,
    item,
    options,
    questionnaire,
)
from renkei.foundation.sheets.validation import Problem, problems, unasked

TODAY = date(2026, 4, 1)
UID = "0b0e6f5c-2a1f-4a0e-9f0e-2d8f1f6b7a10"


def form(*items: dict[str, Any]):
    return parse(questionnaire(*items))


def messages(definition, values, *, on=TODAY, draft=False):
    content = content_from(values, definition)
    return [one.message for one in problems(definition, content, on=on, draft=draft)]


def test_a_missing_answer_is_named_as_its_kind_of_field_asks():
    definition = form(
        item("a", "string", "氏名", required=True),
        item("b", "choice", "性別", required=True, answerOption=options(("1", "男"))),
        item("c", "boolean", "同意", required=True),
        item("d", "attachment", "写真", required=True),
        item("e", "string", "備考"),
    )

    assert messages(definition, {}) == [
        "氏名を入力してください。",
        "性別を選んでください。",
        "同意を選んでください。",
        "写真のファイルを選んでください。",
    ]
    assert messages(definition, {}, draft=True) == []


PRESENCE = item(
    "fall", "choice", "転倒", answerOption=options(("present", "あり"), ("past", "過去にあり"))
)


def detail(**fields: Any) -> dict[str, Any]:
    return item(
        "fall.detail",
        "string",
        "内容",
        extension=[extension("required-if-enabled", boolean=True)],
        enableWhen=[{"question": "fall", "operator": "=", "answerCoding": {"code": "present"}}],
        **fields,
    )


def test_a_detail_is_required_only_when_its_question_asks_for_it():
    definition = form(PRESENCE, detail())

    assert messages(definition, {}) == []
    assert messages(definition, {"fall": [Code("past", "過去にあり")]}) == []
    assert messages(definition, {"fall": [Code("present", "あり")]}) == ["内容を入力してください。"]
    assert messages(definition, {"fall": [Code("present")], "fall.detail": ["廊下で"]}) == []


def test_an_answer_nobody_asked_for_is_told_and_not_kept():
    definition = form(PRESENCE, detail())
    values = {"fall.detail": ["廊下で"]}

    assert unasked(definition, content_from(values, definition)) == [
        Problem(
            "fall.detail",
            "fall.detail",
            "内容は、ほかの答えにより聞かない項目です。条件になる項目の答えを確かめてください。",
        )
    ]
    assert without_disabled(values, definition) == {}


@pytest.mark.parametrize(
    ("sign", "answer", "given", "asked"),
    [
        ("=", {"answerInteger": 3}, [3], True),
        ("=", {"answerInteger": 3}, [4], False),
        ("!=", {"answerInteger": 3}, [4], True),
        ("!=", {"answerInteger": 3}, [3], False),
        ("!=", {"answerInteger": 3}, [], False),
        ("!=", {"answerInteger": 3}, [Absence.UNKNOWN], False),
        (">", {"answerInteger": 3}, [4], True),
        (">", {"answerInteger": 3}, [3], False),
        (">=", {"answerInteger": 3}, [3], True),
        ("<", {"answerInteger": 3}, [2], True),
        ("<=", {"answerInteger": 3}, [3], True),
        ("<=", {"answerInteger": 3}, ["たくさん"], False),
        ("exists", {"answerBoolean": True}, [3], True),
        ("exists", {"answerBoolean": True}, [], False),
        ("exists", {"answerBoolean": False}, [], True),
        ("exists", {"answerBoolean": False}, [Absence.UNKNOWN], True),
    ],
)
def test_a_condition_compares(sign, answer, given, asked):
    definition = form(
        item("n", "integer", "回数", extension=[extension("absence", code="unknown")]),
        item(
            "x",
            "string",
            "内容",
            required=True,
            enableWhen=[{"question": "n", "operator": sign, **answer}],
        ),
    )

    assert ("内容を入力してください。" in messages(definition, {"n": given})) is asked


@pytest.mark.parametrize(
    ("kind", "answer", "given", "asked"),
    [
        ("date", {"answerDate": "2026-04-01"}, [date(2026, 4, 2)], True),
        ("date", {"answerDate": "2026-04-01"}, [date(2026, 3, 2)], False),
        (
            "dateTime",
            {"answerDateTime": "2026-04-01T09:00:00+09:00"},
            [datetime(2026, 4, 1, 10, tzinfo=TOKYO)],
            True,
        ),
        ("dateTime", {"answerDateTime": "2026-04-01T09:00:00+09:00"}, ["朝"], False),
        ("decimal", {"answerDecimal": 37.5}, [Decimal("38.0")], True),
        ("boolean", {"answerBoolean": True}, [True], True),
        ("boolean", {"answerBoolean": True}, [False], False),
        ("string", {"answerString": "はい"}, ["はい"], True),
        ("string", {"answerString": "はい"}, ["いいえ"], False),
    ],
)
def test_a_condition_compares_every_type(kind, answer, given, asked):
    sign = "=" if kind in {"boolean", "string"} else ">="
    definition = form(
        item("n", kind, "問い"),
        item(
            "x",
            "string",
            "内容",
            required=True,
            enableWhen=[{"question": "n", "operator": sign, **answer}],
        ),
    )

    assert ("内容を入力してください。" in messages(definition, {"n": given})) is asked


def test_several_conditions_hold_together_or_one_by_one():
    conditions = [
        {"question": "a", "operator": "=", "answerBoolean": True},
        {"question": "b", "operator": "=", "answerBoolean": True},
    ]
    questions = [item("a", "boolean", "一"), item("b", "boolean", "二")]
    both = item("x", "string", "内容", required=True, enableWhen=conditions, enableBehavior="all")
    one = {**both, "enableBehavior": "any"}

    assert messages(form(*questions, both), {"a": [True]}) == []
    assert messages(form(*questions, one), {"a": [True]}) == ["内容を入力してください。"]


def test_what_hangs_on_an_item_that_is_not_asked_is_not_asked_either():
    definition = form(
        item("a", "boolean", "一"),
        item(
            "b",
            "boolean",
            "二",
            enableWhen=[{"question": "a", "operator": "=", "answerBoolean": True}],
        ),
        item(
            "g",
            "group",
            "三",
            enableWhen=[{"question": "b", "operator": "=", "answerBoolean": True}],
            item=[item("x", "string", "内容", required=True)],
        ),
    )

    assert messages(definition, {"a": [False], "b": [True]}) == []
    assert messages(definition, {"a": [True], "b": [True]}) == ["内容を入力してください。"]


FAMILY = item(
    "family",
    "group",
    "家族",
    repeats=True,
    item=[
        item("who", "string", "氏名", required=True),
        item("near", "boolean", "同居"),
        item(
            "where",
            "string",
            "住所",
            required=True,
            enableWhen=[{"question": "near", "operator": "=", "answerBoolean": False}],
        ),
    ],
    extension=[
        fhir_extension("questionnaire-minOccurs", integer=1),
        fhir_extension("questionnaire-maxOccurs", integer=2),
    ],
)


def test_rows_are_judged_each_by_its_own_answers():
    definition = form(FAMILY)
    rows = [{"who": ["架空 一郎"], "near": [True]}, {"near": [False]}]

    found = problems(definition, content_from({"family": rows}, definition), on=TODAY)

    assert found == [
        Problem("who", "family[1]/who", "家族（2件目）の氏名を入力してください。"),
        Problem("where", "family[1]/where", "家族（2件目）の住所を入力してください。"),
    ]


def test_rows_are_counted_and_empty_ones_are_nothing():
    definition = form(FAMILY)

    assert messages(definition, {}) == ["家族を1件以上入力してください。"]
    assert messages(definition, {"family": [{}]}) == ["家族を1件以上入力してください。"]
    assert messages(definition, {"family": [{"who": ["甲"]}, {}]}) == []
    assert messages(definition, {"family": [{"who": ["甲"]}] * 3}) == [
        "家族は2件までにしてください。"
    ]
    assert without_disabled({"family": [{}, {"who": ["甲"]}]}, definition) == {
        "family": [{"who": ["甲"]}]
    }


CARE = item(
    "care",
    "choice",
    "医療処置",
    repeats=True,
    extension=[extension("code-list", code="medical_care")],
)


@pytest.mark.parametrize(
    ("definition", "value", "sentence"),
    [
        (
            item("x", "string", "氏名", maxLength=3),
            "葛\U000e0100城山町",
            "3文字までで入力してください（いま4文字）",
        ),
        (item("x", "string", "氏名"), "一\n二", "2文字目に改行またはタブがあります"),
        (item("x", "string", "氏名"), "外字\ue000", "3文字目に外字（U+E000）"),
        (item("x", "text", "経過"), "  \n ", "空白だけにしないでください"),
        (item("x", "text", "経過"), "あ" * 20_001, "20000文字までで"),
        (item("x", "integer", "回数"), "たくさん", "回数：整数で入力してください。"),
        (item("x", "integer", "回数"), Decimal("1.5"), "答えの種類が違います"),
        (item("x", "integer", "回数"), 10**15, "回数の数が大きすぎます。"),
        (item("x", "decimal", "体温"), Decimal("1e300"), "体温の数が大きすぎます。"),
        (item("x", "integer", "回数"), True, "答えの種類が違います"),
        (item("x", "string", "氏名"), 3, "答えの種類が違います"),
        (item("x", "date", "日付"), "2026年13月1日", "2026年13月1日という日はありません。"),
        (item("x", "date", "日付"), "きのう", "日付は「2026年11月22日」"),
        (item("x", "dateTime", "日時"), "2026-04-01", "日付と時刻を"),
        (item("x", "dateTime", "日時"), "2026-04-01 25:00", "時刻は0:00から23:59まで"),
        (item("x", "dateTime", "日時"), "きのう 9:00", "日付は「2026年11月22日」"),
        (item("x", "boolean", "同意"), "たぶん", "「はい」か「いいえ」で"),
        (item("x", "decimal", "体温"), "高い", "数（小数は6桁まで）で"),
        (item("x", "attachment", "写真"), Attachment("x"), "ファイルが見つかりません"),
        (item("x", "attachment", "写真"), "photo.jpg", "答えの種類が違います"),
        (
            item("x", "choice", "性別", answerOption=options(("1", "男"))),
            Code("9", "鳥"),
            "性別：「鳥」は選択肢にありません。",
        ),
        (
            item("x", "choice", "性別", answerOption=options(("1", "男"))),
            "鳥",
            "性別：「鳥」は選択肢にありません。",
        ),
        (
            item("x", "open-choice", "性別", maxLength=2, answerOption=options(("1", "男"))),
            "ながい",
            "2文字までで",
        ),
        (item("x", "open-choice", "性別"), "一\n二", "改行"),
        (item("x", "string", "氏名"), Absence.NONE, "「なし」と答えられません"),
        (
            item("x", "integer", "年齢", extension=[fhir_extension("minValue", integer=0)]),
            -1,
            "年齢は0以上で入力してください。",
        ),
        (
            item("x", "decimal", "体温", extension=[fhir_extension("maxValue", decimal=45.5)]),
            Decimal(50),
            "体温は45.5以下で入力してください。",
        ),
        (
            item("x", "date", "入院日", extension=[fhir_extension("minValue", date="2026-04-01")]),
            date(2026, 3, 31),
            "入院日は2026年4月1日以降の日付を入力してください。",
        ),
        (
            item(
                "x", "dateTime", "日時", extension=[fhir_extension("maxValue", date="2026-04-01")]
            ),
            datetime(2026, 4, 2, tzinfo=TOKYO),
            "日時は2026年4月1日までの日付を入力してください。",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_one_sentence(definition, value, sentence):
    found = messages(form(definition), {"x": [value]}, draft=True)

    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize(
    ("definition", "typed", "value"),
    [
        (item("x", "integer", "回数"), "１，２００", 1200),
        (item("x", "decimal", "体温"), "３６．５", Decimal("36.5")),
        (item("x", "decimal", "体温"), 36, Decimal(36)),
        (item("x", "date", "日付"), "R8.4.1", date(2026, 4, 1)),
        (item("x", "date", "日付"), "平成33年4月1日", date(2021, 4, 1)),
        (
            item("x", "dateTime", "日時"),
            "令和8年4月1日 9時5分",
            datetime(2026, 4, 1, 9, 5, tzinfo=TOKYO),
        ),
        (
            item("x", "dateTime", "日時"),
            "2026-04-01T9:05",
            datetime(2026, 4, 1, 9, 5, tzinfo=TOKYO),
        ),
        (item("x", "boolean", "同意"), "はい", True),
        (item("x", "boolean", "同意"), "無", False),
        (item("x", "choice", "性別", answerOption=options(("1", "男"))), "男", Code("1", "男")),
        (
            item("x", "choice", "性別", answerOption=options(("1", "男"))),
            Code("1"),
            Code("1", "男"),
        ),
        (item("x", "choice", "度", answerOption=options(("1", "Ⅲa"))), "IIIa", Code("1", "Ⅲa")),
        (item("x", "open-choice", "性別", answerOption=options(("1", "男"))), "鳥", "鳥"),
    ],
)
def test_a_value_is_read_as_people_write_it(definition, typed, value):
    shape = form(definition)
    content = normalised(content_from({"x": [typed]}, shape), shape)

    assert values_of(content, shape) == {"x": [value]}
    assert problems(shape, content, on=TODAY) == []


def test_only_absences_the_item_allows_and_only_alone():
    shape = form(
        item("x", "string", "氏名", required=True, extension=[extension("absence", code="none")])
    )
    both = {
        "resourceType": "QuestionnaireResponse",
        "item": [{"linkId": "x", "answer": [{"valueString": "甲"}]}],
    }

    assert messages(shape, {"x": [Absence.NONE]}) == []
    assert messages(shape, {"x": [Absence.UNKNOWN]}) == [
        "氏名には「不明」と答えられません。答えを入力してください。"
    ]
    assert problems(shape, both, on=TODAY) == []


def test_options_hold_on_the_day_of_the_answer():
    listed = options(("1", "旧"), ("2", "新"))
    listed[0]["extension"] = [extension("valid-to", date="2026-04-01")]
    listed[1]["extension"] = [extension("valid-from", date="2026-04-01")]
    shape = form(item("x", "choice", "区分", answerOption=listed))

    assert messages(shape, {"x": [Code("1")]}, on=date(2026, 3, 31)) == []
    assert messages(shape, {"x": [Code("1")]}, on=date(2026, 4, 1)) == [
        "区分：「旧」は2026年3月31日までの選択肢です。いまの選択肢から選んでください。"
    ]
    assert messages(shape, {"x": [Code("2")]}, on=date(2026, 3, 31)) == [
        "区分：「新」は2026年4月1日からの選択肢です。ほかの選択肢を選んでください。"
    ]


def test_several_options_only_where_several_may_be():
    single = form(item("x", "choice", "性別", answerOption=options(("1", "男"), ("2", "女"))))
    several = form(CARE)

    assert messages(single, {"x": [Code("1"), Code("2")]}) == ["性別は1つだけ答えてください。"]
    assert messages(several, {"care": [Code("01"), Code("02")]}) == []
    assert messages(several, {"care": [Code("01"), Code("01")]}) == [
        "医療処置で同じ選択肢が2回選ばれています。1回にしてください。"
    ]
    assert messages(several, {"care": [Code("none"), Code("02")]}) == [
        "医療処置の「なし」は、ほかの選択肢と一緒に選べません。"
    ]


SHAPE = form(
    item("g", "group", "基本", item=[item("a", "string", "氏名"), item("d", "display", "説明")]),
    item("r", "group", "家族", repeats=True, item=[item("b", "string", "続柄")]),
)


@pytest.mark.parametrize(
    ("nodes", "found"),
    [
        ([{"linkId": "zzz"}], [("zzz", "「zzz」はこの様式のこの場所にない項目です。")]),
        ([{"linkId": "a"}], [("a", "「a」はこの様式のこの場所にない項目です。")]),
        (
            [{"linkId": "g", "item": [{"linkId": "d"}]}],
            [("d", "「d」はこの様式のこの場所にない項目です。")],
        ),
        ([{}], [("", "linkId のない項目があります。消してください。")]),
        ("x", [("", "linkId のない項目があります。消してください。")]),
        ([{"linkId": "g"}, {"linkId": "g"}], [("g", "基本が2回あります。1つにしてください。")]),
        ([{"linkId": "r"}, {"linkId": "r"}], []),
        (
            [{"linkId": "r"}, {"linkId": "r", "item": [{"linkId": "x"}]}],
            [("r[1]/x", "「x」はこの様式のこの場所にない項目です。")],
        ),
        (
            [{"linkId": "g", "answer": [{"valueString": "x"}]}],
            [("g", "基本はまとまりなので、答えを入れられません。")],
        ),
        (
            [{"linkId": "g", "item": [{"linkId": "a", "answer": "x"}]}],
            [("a", "氏名の答えの形が違います。")],
        ),
        (
            [{"linkId": "g", "item": [{"linkId": "a", "item": [{"linkId": "b"}]}]}],
            [
                ("a", "氏名の中に項目を入れられません。"),
                ("b", "「b」はこの様式のこの場所にない項目です。"),
            ],
        ),
    ],
)
def test_items_the_form_does_not_have_are_refused(nodes, found):
    content = {"resourceType": "QuestionnaireResponse", "item": nodes}

    assert [(one.path, one.message) for one in problems(SHAPE, content, on=TODAY)] == [
        (path, message) for path, message in found
    ]


@pytest.mark.parametrize("content", [None, [], {"resourceType": "Patient"}])
def test_what_is_no_response_is_refused(content):
    assert [one.message for one in problems(SHAPE, content, on=TODAY)] == [
        "FHIRのQuestionnaireResponseではありません。"
    ]


# At random --------------------------------------------------------------------------------

_texts = st.text(alphabet="あ亜a1 .。\ue000\n", max_size=6)
_values = st.one_of(
    _texts,
    st.booleans(),
    st.integers(-9, 9),
    st.decimals(-9, 9, places=2),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.builds(Code, st.sampled_from(["1", "2", "none", "9"])),
    st.sampled_from(list(Absence)),
    st.just(Attachment(UID)),
)
_lists = st.lists(_values, min_size=1, max_size=3)
EVERYTHING = form(
    item("s", "string", "文字", required=True, maxLength=4),
    item("i", "integer", "整数", extension=[extension("absence", code="unknown")]),
    item("n", "decimal", "小数"),
    item("d", "date", "日付"),
    item("y", "boolean", "同意"),
    item("f", "attachment", "写真"),
    item("c", "choice", "選択", answerOption=options(("1", "あり"), ("2", "他"))),
    item("o", "open-choice", "他", repeats=True, answerOption=options(("1", "あり"))),
    item(
        "x",
        "string",
        "内容",
        required=True,
        enableWhen=[{"question": "c", "operator": "=", "answerCoding": {"code": "1"}}],
    ),
    item("r", "group", "行", repeats=True, item=[item("t", "text", "文"), item("k", "date", "日")]),
)
_rows = st.lists(st.dictionaries(st.sampled_from("tk"), _lists, max_size=2), max_size=3)
_answers = st.builds(
    lambda values, rows: values | ({"r": rows} if rows else {}),
    st.dictionaries(st.sampled_from("sindyfcox"), _lists, max_size=9),
    _rows,
)


@given(_answers)
def test_any_answer_is_judged_and_a_clean_one_is_fhir(values):
    content = normalised(content_from(values, EVERYTHING), EVERYTHING)

    found = problems(EVERYTHING, content, on=TODAY)

    assert all(one.message.endswith(("。", "）。")) for one in found)
    # Reading again changes nothing: what was stored is what is judged.
    assert normalised(content, EVERYTHING) == content
    if not found:
        QuestionnaireResponse.model_validate(content)
        kept = without_disabled(values_of(content, EVERYTHING), EVERYTHING)
        assert problems(EVERYTHING, content_from(kept, EVERYTHING), on=TODAY) == []


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["linkId", "item", "answer", "valueString", "valueCoding", "extension", "url"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(_json, st.sampled_from("sindyfcoxr"))
def test_no_file_however_broken_raises(junk, link_id):
    for node in (junk, {"linkId": link_id, "answer": junk}, {"linkId": link_id, "item": junk}):
        content = {"resourceType": "QuestionnaireResponse", "item": [node], "status": junk}
        found = problems(EVERYTHING, content, on=TODAY)
        kept = normalised(content, EVERYTHING)

        assert all(one.message.endswith(("。", "）。")) for one in found)
        assert normalised(kept, EVERYTHING) == kept


@given(_json)
def test_no_definition_however_broken_raises_anything_else(junk):
    for source in (junk, questionnaire(junk), questionnaire(item("a", "choice", "x", item=junk))):
        read: object
        try:
            read = parse(source)
        except BrokenDefinitionError as error:
            read = error
        assert isinstance(read, Definition | BrokenDefinitionError)
