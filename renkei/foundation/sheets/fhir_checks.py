"""Does a Questionnaire or its answer hold to FHIR R4? Asked before an edition is published."""

from __future__ import annotations

from typing import Any

from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from pydantic import ValidationError as PydanticError

_MOST_TOLD = 10


def questionnaire_mistakes(content: dict[str, Any]) -> list[str]:
    """What keeps it from being a FHIR R4 Questionnaire, each with its place in the file."""
    return _mistakes(Questionnaire, content)


def response_mistakes(content: dict[str, Any]) -> list[str]:
    """What keeps it from being a FHIR R4 QuestionnaireResponse, each with its place."""
    return _mistakes(QuestionnaireResponse, content)


def _mistakes(
    model: type[Questionnaire | QuestionnaireResponse], content: dict[str, Any]
) -> list[str]:
    try:
        model.model_validate(content)
    except PydanticError as error:
        return [
            f"{'.'.join(str(part) for part in one['loc']) or model.__name__}："
            f"FHIRの形に合いません（{one['msg']}）。直してください。"
            for one in error.errors()[:_MOST_TOLD]
        ]
    return []
