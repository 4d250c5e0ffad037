"""Values to a QuestionnaireResponse and back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from renkei.foundation.common.clock import TOKYO
from renkei.foundation.sheets.answers import (
    Attachment,
    Values,
    content_from,
    empty_content,
    values_of,
)
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.items import Absence, Code
from renkei.foundation.sheets.tests.factories import item, options, questionnaire

FORM = parse(
    questionnaire(
        item(
            "about",
            "group",
            "基本",
            item=[
                item("name", "string", "氏名"),
                item("note", "display", "説明"),
                item("count", "integer", "回数"),
                item("heat", "decimal", "体温"),
                item("day", "date", "日付"),
                item("at", "dateTime", "日時"),
                item("yes", "boolean", "同意"),
                item("photo", "attachment", "写真"),
                item(
                    "care",
                    "open-choice",
                    "医療処置",
                    repeats=True,
                    answerOption=options(("1", "点滴"), ("2", "酸素療法")),
                ),
            ],
        ),
        item(
            "family",
            "group",
            "家族",
            repeats=True,
            item=[item("who", "string", "氏名"), item("tie", "string", "続柄")],
        ),
        url="https://renkei.example/fhir/Questionnaire/test",
        version="2",
    )
)
VALUES: Values = {
    "name": ["架空 花子"],
    "count": [3],
    "heat": [Decimal("36.5")],
    "day": [date(2026, 4, 1)],
    "at": [datetime(2026, 4, 1, 9, 30, tzinfo=TOKYO)],
    "yes": [False],
    "photo": [Attachment("0b0e6f5c-2a1f-4a0e-9f0e-2d8f1f6b7a10", "写真")],
    "care": [Code("1", "点滴"), "吸入"],
    "family": [{"who": ["架空 一郎"], "tie": ["長男"]}, {"who": [Absence.NOT_DISCLOSED]}],
}


def test_values_survive_the_way_to_fhir_and_back():
    content = content_from(VALUES, FORM)

    assert values_of(content, FORM) == VALUES
    assert content["questionnaire"] == "https://renkei.example/fhir/Questionnaire/test|2"
    QuestionnaireResponse.model_validate(content)


def test_an_absence_is_an_item_without_answer():
    content = content_from({"name": [Absence.UNKNOWN]}, FORM)

    assert content["item"][0]["item"] == [
        {
            "linkId": "name",
            "extension": [
                {
                    "url": "https://renkei.example/fhir/StructureDefinition/absence",
                    "valueCode": "unknown",
                }
            ],
        }
    ]


def test_nothing_answered_is_nothing():
    assert values_of(empty_content(FORM), FORM) == {}
    assert values_of(content_from({"name": [""], "count": []}, FORM), FORM) == {}


def test_an_opened_row_keeps_its_place():
    assert values_of(content_from({"family": [{}, {"tie": ["母"]}]}, FORM), FORM) == {
        "family": [{}, {"tie": ["母"]}]
    }


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"valueDate": "2026-13-45"}, "2026-13-45"),
        ({"valueDate": "2026-04"}, "2026-04"),
        ({"valueDateTime": "2026-04-01T09:30:00"}, "2026-04-01T09:30:00"),
        ({"valueInteger": "3"}, "3"),
        ({"valueInteger": True}, "True"),
        ({"valueDecimal": "x"}, "x"),
        ({"valueDecimal": float("inf")}, "inf"),
        ({"valueCoding": {"display": "x"}}, "{'display': 'x'}"),
        ({"valueAttachment": 3}, "3"),
        ({"valueAttachment": {"url": "urn:uuid:1", "title": 3}}, Attachment("1")),
    ],
)
def test_what_cannot_be_read_stays_as_text(answer, value):
    content = {"item": [{"linkId": "name", "answer": [answer]}]}
    form = parse(questionnaire(item("name", "string", "氏名")))

    assert values_of(content, form) == {"name": [value]}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"item": 3},
        {"item": [3]},
        {"item": [{"linkId": "other", "answer": [{"valueString": "x"}]}]},
        {"item": [{"linkId": "name", "answer": 3}]},
        {"item": [{"linkId": "name", "answer": [3, {"valueUri": "x"}], "extension": 3}]},
        {"item": [{"linkId": "name", "extension": [3, {"url": "other"}]}]},
    ],
)
def test_what_no_form_asked_is_left_out(content):
    form = parse(questionnaire(item("name", "string", "氏名")))

    assert values_of(content, form) == {}
