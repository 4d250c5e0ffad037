"""Small forms and answers; all invented."""

from __future__ import annotations

from typing import Any

from renkei.foundation.sheets.items import EXTENSION, FHIR_EXTENSION

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
