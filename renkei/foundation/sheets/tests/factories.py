"""Small forms and answers; all invented."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from renkei.foundation.areas.models import Area
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.sheets import services
from renkei.foundation.sheets.answers import content_from
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.items import EXTENSION, FHIR_EXTENSION
from renkei.foundation.sheets.models import Answer, FormVersion

_KINDS = {
    "code": "valueCode",
    "string": "valueString",
    "integer": "valueInteger",
    "boolean": "valueBoolean",
    "decimal": "valueDecimal",
    "date": "valueDate",
    "coding": "valueCoding",
}


def extension(name: str, **value: Any) -> dict[str, Any]:
    """``extension("width", code="half")`` of our own."""
    return {"url": EXTENSION + name} | {_KINDS[kind]: one for kind, one in value.items()}


def fhir_extension(name: str, **value: Any) -> dict[str, Any]:
    return {"url": FHIR_EXTENSION + name} | {_KINDS[kind]: one for kind, one in value.items()}


def options(*rows: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"valueCoding": {"code": code, "display": label}} for code, label in rows]


def item(link_id: str, kind: str, text: str, **fields: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": kind, "text": text, **fields}


def questionnaire(*items: Any, **fields: Any) -> dict[str, Any]:
    return {
        "resourceType": "Questionnaire",
        "status": "active",
        "title": "架空の様式",
        "item": list(items),
    } | fields


def make_version(
    *items: Any,
    code: str = "test_form",
    name: str = "架空の様式",
    area: Area | None = None,
    valid_from: date = date(2020, 4, 1),
    publish: bool = True,
) -> FormVersion:
    """A form with one edition; without items it asks a name and a weight."""
    asked = items or (
        item("name", "string", "氏名", required=True),
        item("weight", "decimal", "体重"),
    )
    version = services.create_form(
        actor=SYSTEM,
        facts=services.FormFacts(code=code, name=name, area=area),
        questionnaire=questionnaire(*asked),
    )
    if publish:
        services.publish_version(actor=SYSTEM, version=version, valid_from=valid_from)
        version.refresh_from_db()
    return version


def content(version: FormVersion, **values: Any) -> dict[str, Any]:
    """A response with one value per item; linkIds with dots as ``**{"a.b": 1}``."""
    listed = {key: value if isinstance(value, list) else [value] for key, value in values.items()}
    return content_from(listed, parse(version.questionnaire))


def make_answer(version: FormVersion, subject_uid: UUID, **values: Any) -> Answer:
    return services.record_answer(
        actor=SYSTEM,
        version=version,
        subject_uid=subject_uid,
        content=content(version, **values),
        source="web",
        organisation_id=None,
    )
