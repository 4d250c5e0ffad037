"""Reading a Questionnaire: what is right, and a sentence with its place for what is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from renkei.foundation.sheets.definition import BrokenDefinitionError, parse
from renkei.foundation.sheets.items import Absence, Code, Condition, Layout, Option
from renkei.foundation.sheets.tests.factories import (
    extension,
    fhir_extension,
    item,
    options,
    questionnaire,
)


def mistakes(*items, **fields):
    with pytest.raises(BrokenDefinitionError) as caught:
        parse(questionnaire(*items, **fields))
    return caught.value.messages


def only(*items):
    return parse(questionnaire(*items)).items[0]


def test_parse_reads_every_hint_of_an_item():
    read = only(
        item(
            "pain",
            "choice",
            "痛み",
            prefix="1",
            required=True,
            repeats=True,
            answerOption=options(("1", "あり"), ("2", "なし")),
            extension=[
                extension("width", code="half"),
                extension("absence", code="unknown"),
                extension("absence", code="none"),
                extension("hint", string="今日の様子"),
                extension("prefill", code="patient.name"),
                extension("unconfirmed", string="原典を確かめていません。"),
                extension("required-if-enabled", boolean=True),
                extension("section", boolean=True),
                extension("print", code="break-before"),
            ],
        )
    )

    assert (read.label, read.prefix, read.hint) == ("痛み", "1", "今日の様子")
    assert (read.required, read.required_if, read.repeats) == (True, True, True)
    assert read.options == (Option("1", "あり"), Option("2", "なし"))
    assert read.absence == (Absence.NONE, Absence.UNKNOWN)
    assert read.layout == Layout(width="half", print="break-before", section=True)
    assert (read.prefill, read.unconfirmed) == ("patient.name", "原典を確かめていません。")


def test_parse_reads_bounds_units_and_rows():
    definition = parse(
        questionnaire(
            item(
                "rows",
                "group",
                "家族",
                repeats=True,
                item=[
                    item(
                        "temperature",
                        "decimal",
                        "体温",
                        extension=[
                            fhir_extension("minValue", decimal=30.5),
                            fhir_extension("maxValue", integer=45),
                            fhir_extension(
                                "questionnaire-unit", coding={"code": "Cel", "display": "℃"}
                            ),
                        ],
                    ),
                    item(
                        "day",
                        "date",
                        "日付",
                        extension=[
                            fhir_extension("minValue", date="2020-01-01"),
                            extension("era", code="wareki"),
                        ],
                    ),
                ],
                extension=[
                    extension("columns", integer=3),
                    fhir_extension("questionnaire-minOccurs", integer=1),
                    fhir_extension("questionnaire-maxOccurs", integer=3),
                ],
            )
        )
    )

    rows = definition.items[0]
    assert (rows.minimum_count, rows.maximum_count, rows.layout.columns) == (1, 3, 3)
    temperature, day = rows.items
    assert (temperature.minimum, temperature.maximum) == (Decimal("30.5"), Decimal(45))
    assert temperature.unit == "℃"
    assert (day.minimum, day.era) == (date(2020, 1, 1), "wareki")
    assert [one.link_id for one in definition.walk()] == ["rows", "temperature", "day"]
    assert definition.item("day") is day
    with pytest.raises(KeyError):
        definition.item("nothing")


def test_parse_resolves_a_code_list():
    care_level = only(
        item("level", "choice", "要介護度", extension=[extension("code-list", code="care_level")])
    )

    assert care_level.option("23") == Option(
        "23", "要介護3", "https://renkei.example/fhir/CodeSystem/care_level"
    )


def test_parse_reads_the_days_of_an_option_and_that_it_stands_alone():
    listed = options(("1", "古い"), ("2", "なし"))
    listed[0]["extension"] = [extension("valid-to", date="2026-04-01")]
    listed[1]["extension"] = [
        extension("valid-from", date="2026-04-01"),
        fhir_extension("questionnaire-optionExclusive", boolean=True),
    ]

    read = only(item("a", "choice", "区分", answerOption=listed))

    assert [one.code for one in read.options_on(date(2026, 3, 31))] == ["1"]
    assert [one.code for one in read.options_on(date(2026, 4, 1))] == ["2"]
    assert [one.exclusive for one in read.options] == [False, True]


def test_parse_reads_conditions():
    definition = parse(
        questionnaire(
            item("a", "choice", "有無", answerOption=options(("1", "あり"), ("2", "なし"))),
            item("n", "integer", "回数"),
            item(
                "b",
                "string",
                "内容",
                enableBehavior="any",
                enableWhen=[
                    {"question": "a", "operator": "=", "answerCoding": {"code": "1"}},
                    {"question": "n", "operator": ">", "answerInteger": 3},
                ],
            ),
        )
    )

    assert definition.items[2].enable_when == (
        Condition("a", "=", Code("1")),
        Condition("n", ">", 3),
    )
    assert definition.items[2].enable_all is False


@pytest.mark.parametrize("source", [None, [], "text", {}, {"resourceType": "Patient"}])
def test_parse_refuses_what_is_no_questionnaire(source):
    with pytest.raises(BrokenDefinitionError) as caught:
        parse(source)

    assert caught.value.messages == [
        "FHIRのQuestionnaireではありません。様式の定義のファイルを選んでください。"
    ]


def choice(**fields):
    return item("a", "choice", "区分", answerOption=options(("1", "あり")), **fields)


def when(**condition):
    return item("b", "string", "内容", enableWhen=[condition])


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([{"type": "string"}], "様式の1番目の項目：linkId は半角の英数字"),
        (["text"], "様式の1番目の項目：項目の形が違います。"),
        ([item("a b", "string", "x")], "様式の1番目の項目：linkId は半角の英数字"),
        ([item("a", "number", "回数")], "項目「a」（回数）：種類「number」は使えません。"),
        ([item("a", "string", "")], "項目「a」：text の形が違います。"),
        ([item("a", "string", "外字\ue000")], "項目「a」（外字\ue000）：text の3文字目に外字"),
        ([item("a", "string", "x"), item("a", "text", "y")], "項目「a」：linkId が2つ以上"),
        ([item("a", "choice", "区分")], "項目「a」（区分）：選択肢（answerOption か code-list）"),
        ([item("a", "string", "x", answerOption=[])], ""),
        ([item("a", "string", "x", answerOption=options(("1", "あ")))], "選択肢を付けられるのは"),
        ([choice(extension=[extension("code-list", code="adl")])], "どちらか一方"),
        (
            [item("a", "choice", "x", extension=[extension("code-list", code="zzz")])],
            "コード表「zzz」はありません。",
        ),
        (
            [item("a", "choice", "x", answerOption=options(("1", "あ"), ("1", "い")))],
            "選択肢のコード「1」が2つあります。",
        ),
        ([item("a", "choice", "x", answerOption=["1"])], "1番目の選択肢は valueCoding"),
        ([item("a", "choice", "x", answerOption=[{"valueCoding": {"code": "1"}}])], "display"),
        ([item("a", "integer", "x", maxLength=3)], "maxLength は文字の項目にだけ"),
        ([item("a", "string", "x", maxLength=0)], "maxLength は1以上の整数"),
        ([item("a", "string", "x", maxLength=True)], "maxLength は1以上の整数"),
        ([item("a", "string", "x", required="yes")], "required は true か false"),
        ([item("a", "display", "x", required=True)], "required は種類「display」の項目には"),
        ([item("a", "date", "x", repeats=True)], "repeats は種類「date」の項目には"),
        ([item("a", "string", "x", item=[item("b", "string", "y")])], "group だけです"),
        ([item("a", "string", "x", extension={})], "extension は url のある並び"),
        ([item("a", "string", "x", extension=[extension("width", code="big")])], "width は full"),
        ([item("a", "group", "x", extension=[extension("columns", integer=9)])], "columns は1から"),
        (
            [item("a", "group", "x", extension=[extension("columns", string="2")])],
            "columns は1から",
        ),
        (
            [item("a", "string", "x", extension=[extension("absence", code="no")])],
            "absence は none",
        ),
        (
            [item("a", "group", "x", extension=[extension("absence", code="none")])],
            "absence は答える項目にだけ",
        ),
        ([item("a", "string", "x", extension=[extension("prefill", code="A B")])], "prefill は"),
        (
            [item("a", "integer", "x", extension=[fhir_extension("minValue", string="1")])],
            "minValue は項目の種類に合う値",
        ),
        (
            [item("a", "string", "x", extension=[fhir_extension("maxValue", integer=1)])],
            "maxValue は項目の種類に合う値",
        ),
        (
            [
                item(
                    "a", "integer", "x", extension=[fhir_extension("questionnaire-unit", code="回")]
                )
            ],
            "questionnaire-unit は valueCoding",
        ),
        (
            [
                item(
                    "a",
                    "group",
                    "x",
                    repeats=True,
                    extension=[
                        fhir_extension("questionnaire-minOccurs", integer=4),
                        fhir_extension("questionnaire-maxOccurs", integer=2),
                    ],
                )
            ],
            "minOccurs は maxOccurs 以下",
        ),
        (
            [
                item(
                    "a",
                    "group",
                    "x",
                    extension=[fhir_extension("questionnaire-maxOccurs", integer=-1)],
                )
            ],
            "くり返しの数は0から",
        ),
        ([item("a", "string", "x", enableWhen={})], "enableWhen は条件の並び"),
        ([item("a", "string", "x", enableWhen=["b"])], "1番目の条件の形が違います。"),
        ([choice(), when(question="a", operator="~")], "1番目の条件には、question"),
        ([choice(), when(question="a", operator="exists", answerString="x")], "1番目の条件の答え"),
        ([choice(), when(question="a", operator="=")], "1番目の条件の答え"),
        ([choice(), when(question="a", operator="=", answerBlob="x")], "1番目の条件の答え"),
        (
            [choice(), when(question="c", operator="exists", answerBoolean=True)],
            "条件の項目「c」がありません。",
        ),
        (
            [choice(), when(question="a", operator="=", answerCoding={"code": "9"})],
            "条件の答え「9」は、項目「a」の選択肢にありません。",
        ),
        (
            [choice(), when(question="a", operator=">", answerCoding={"code": "1"})],
            "選択肢は = か != で",
        ),
        ([choice(), when(question="a", operator="=", answerString="1")], "条件の答えの種類が"),
        (
            [item("a", "boolean", "x"), when(question="a", operator="=", answerInteger=1)],
            "条件の答えの種類が",
        ),
        (
            [item("a", "integer", "x"), when(question="a", operator="=", answerBoolean=True)],
            "条件の答えの種類が",
        ),
        (
            [
                item("a", "date", "x"),
                when(question="a", operator="=", answerDateTime="2026-01-01T00:00:00+09:00"),
            ],
            "条件の答えの種類が",
        ),
        (
            [item("a", "string", "x"), when(question="a", operator=">", answerString="1")],
            "大小を比べられるのは",
        ),
        (
            [
                item("g", "group", "x", repeats=True, item=[item("a", "boolean", "y")]),
                when(question="a", operator="=", answerBoolean=True),
            ],
            "くり返しの中にあるので外から使えません",
        ),
        (
            [
                item(
                    "a",
                    "boolean",
                    "x",
                    enableWhen=[{"question": "b", "operator": "exists", "answerBoolean": True}],
                ),
                when(question="a", operator="=", answerBoolean=True),
            ],
            "条件がたがいを待っています（a→b→a）",
        ),
        (
            [
                choice(),
                item(
                    "b",
                    "string",
                    "x",
                    enableWhen=[
                        {"question": "a", "operator": "exists", "answerBoolean": True},
                        {"question": "a", "operator": "exists", "answerBoolean": False},
                    ],
                ),
            ],
            "enableBehavior に all か any を",
        ),
        (
            [item("a", "string", "x", enableBehavior="some")],
            "enableBehavior は all か any",
        ),
    ],
)
def test_parse_names_the_place_of_a_mistake(items, sentence):
    if not sentence:
        parse(questionnaire(*items))
        return

    assert sentence in "\n".join(mistakes(*items))


def test_parse_refuses_a_wrong_day_of_an_option():
    listed = options(("1", "あり"))
    listed[0]["extension"] = [extension("valid-from", date="4月1日")]

    assert mistakes(item("a", "choice", "区分", answerOption=listed)) == [
        "項目「a」（区分）の1番目の選択肢：有効期間は 2026-04-01 の形の日付にしてください。"
    ]


def test_parse_tells_every_mistake_at_once():
    assert len(mistakes(item("a", "string", ""), item("b", "choice", "x"), title="")) == 3


def test_parse_stops_before_a_file_that_never_ends():
    deep = item("g0", "group", "x")
    inner = deep
    for number in range(1, 9):
        inner["item"] = [item(f"g{number}", "group", "x")]
        inner = inner["item"][0]

    assert "入れ子は6段まで" in mistakes(deep)[0]
    assert mistakes(*(item(f"i{number}", "string", "x") for number in range(2100))) == [
        "様式：項目は2000個までにしてください。"
    ]
    assert mistakes(item("g", "group", "x", item="a")) == [
        "項目「g」（x）：item は項目の並びにしてください。"
    ]


def test_parse_refuses_a_group_that_waits_for_what_it_holds():
    assert "条件がたがいを待っています（g→a→g）" in "\n".join(
        mistakes(
            item(
                "g",
                "group",
                "x",
                item=[item("a", "boolean", "y")],
                enableWhen=[{"question": "a", "operator": "=", "answerBoolean": True}],
            )
        )
    )


def test_parse_refuses_conditions_in_an_endless_chain():
    first = item("i0", "boolean", "x")
    rest = [
        item(
            f"i{number}",
            "boolean",
            "x",
            enableWhen=[{"question": f"i{number - 1}", "operator": "=", "answerBoolean": True}],
        )
        for number in range(1, 100)
    ]

    assert mistakes(first, *rest) == ["項目「i60」：条件のつながりは60段までにしてください。"]
    assert "条件のつながりは60段まで" in mistakes(*reversed([first, *rest]))[0]
    parse(questionnaire(first, *rest[:59]))
