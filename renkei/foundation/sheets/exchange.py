"""Answers as JSON: a FHIR R4 QuestionnaireResponse out, and back in with the same validation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError

from renkei.foundation.common import clock
from renkei.foundation.sheets.answers import content_from, values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.fhir_checks import response_mistakes
from renkei.foundation.sheets.models import FormVersion
from renkei.foundation.sheets.reading import typed_values
from renkei.foundation.sheets.validation import Problem, problems

LARGEST: Final = 5 * 1024 * 1024


class JsonRefusedError(ValidationError):
    """The file is no answer to this form; each sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class ReadJson:
    content: dict[str, Any]
    problems: list[Problem]


def to_json(content: Mapping[str, Any]) -> bytes:
    """The answer as a file, in UTF-8."""
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def from_json(version: FormVersion, data: bytes, *, on: date | None = None) -> ReadJson:
    """An answer from another system, and what is wrong with its values.

    Raises:
        JsonRefusedError: no JSON, no FHIR QuestionnaireResponse, or one of another form.
    """
    found = _parsed(data)
    mistakes = response_mistakes(found)
    if mistakes:
        raise JsonRefusedError(mistakes)
    definition = parse(version.questionnaire)
    named = str(found.get("questionnaire", ""))
    expected = f"{definition.url}|{definition.version}"
    if definition.url and named not in {"", definition.url, expected}:
        raise JsonRefusedError(
            f"「{version}」の回答ではありません（questionnaire が {named[:100]} です）。"
            f"{expected} の回答を選んでください。"
        )
    wrong = problems(definition, found, on=on or clock.today())
    # Only what the form knows is kept: names and notes of the sending system stay outside.
    values = typed_values(values_of(found, definition), definition)
    return ReadJson(content_from(values, definition, status="completed"), wrong)


def _parsed(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise JsonRefusedError("ファイルが大きすぎます（上限 5MB）。1件の回答だけにしてください。")
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise JsonRefusedError(
            "JSONとして読めません。UTF-8で書かれたFHIRの回答を選んでください。"
        ) from error
    if not isinstance(found, dict) or found.get("resourceType") != "QuestionnaireResponse":
        raise JsonRefusedError(
            "FHIRのQuestionnaireResponseではありません。様式の回答のファイルを選んでください。"
        )
    return found
