"""Answers as FHIR JSON, out and in."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from renkei.foundation.sheets import exchange
from renkei.foundation.sheets.answers import content_from, values_of
from renkei.foundation.sheets.conditions import without_disabled
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import Form, FormVersion
from renkei.foundation.sheets.shipped import FORMS
from renkei.foundation.sheets.tests.filling import absent_content, maximal_values

DAY = dt.date(2026, 11, 22)
BY_CODE = {form.code: form for form in FORMS}


def version_of(code):
    form = BY_CODE[code]
    return FormVersion(
        form=Form(code=form.code, name=form.name),
        number=form.number,
        questionnaire=form.questionnaire,
    )


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_a_full_answer_is_valid_fhir_and_comes_back(code):
    version = version_of(code)
    definition = parse(version.questionnaire)
    values = without_disabled(maximal_values(definition.items), definition)
    content = content_from(values, definition, status="completed")

    data = exchange.to_json(content)
    back = exchange.from_json(version, data, on=DAY)

    QuestionnaireResponse.model_validate_json(data)
    assert back.problems == []
    assert back.content == content


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_absences_come_back(code):
    version = version_of(code)
    content = absent_content(parse(version.questionnaire))

    back = exchange.from_json(version, exchange.to_json(content), on=DAY)

    definition = parse(version.questionnaire)
    assert values_of(back.content, definition) == values_of(content, definition)


def test_a_wrong_value_is_named_by_its_item():
    version = version_of("care_card")
    content = content_from({"card.written_on": [DAY]}, parse(version.questionnaire))

    back = exchange.from_json(version, exchange.to_json(content), on=DAY)

    assert [problem.link_id for problem in back.problems] == ["card.name"]


def test_what_the_form_does_not_know_is_told_and_left_out():
    version = version_of("care_card")
    content = content_from(
        {"card.name": ["架空"], "card.written_on": [DAY]}, parse(version.questionnaire)
    )
    content["item"].append({"linkId": "tail", "answer": [{"valueString": "x"}]})

    back = exchange.from_json(version, exchange.to_json(content), on=DAY)

    assert "tail" in back.problems[0].message
    assert "tail" not in json.dumps(back.content)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe", "JSONとして読めません"),
        (b"[" * 100_000, "JSONとして読めません"),
        (b"[]", "QuestionnaireResponseではありません"),
        (b'{"resourceType": "Patient"}', "QuestionnaireResponseではありません"),
        (b'{"resourceType": "QuestionnaireResponse"}', "FHIRの形に合いません"),
        (
            b'{"resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "x"}',
            "の回答ではありません",
        ),
    ],
)
def test_what_is_no_answer_to_the_form_is_refused(data, words):
    with pytest.raises(exchange.JsonRefusedError, match=words):
        exchange.from_json(version_of("care_card"), data, on=DAY)


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(exchange.JsonRefusedError, match="大きすぎます"):
        exchange.from_json(version_of("care_card"), b" " * (exchange.LARGEST + 1), on=DAY)
