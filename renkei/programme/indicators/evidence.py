"""A reading as evidence: frozen as it was, and told when the present value differs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.common import clock
from renkei.programme.indicators.models import Indicator
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.queries.catalogue import indicator_for
from renkei.programme.indicators.queries.values import Reading, reading

CITED = ("value", "absence", "unit", "definition_number")


def frozen(reading: Reading) -> dict[str, Any]:
    """JSON to be kept with what cites the reading: the value, its definition, source and days."""
    return {
        "code": reading.code,
        "name": reading.name,
        "definition_number": reading.definition_number,
        "definition_text": reading.definition_text,
        "area_key": reading.area_key,
        "area_code": reading.area_code,
        "area_name": reading.area_name,
        "period_kind": reading.period.kind,
        "period": reading.period.key,
        "period_label": reading.period_label,
        "value": None if reading.value is None else str(reading.value),
        "absence": reading.absence,
        "unit": reading.unit,
        "text": reading.text,
        "source": reading.source,
        "as_of": reading.as_of.isoformat() if reading.as_of else None,
        "flag": reading.flag,
        "frozen_on": clock.today().isoformat(),
    }


def drift(frozen: dict[str, Any], viewer: Viewer) -> str | None:
    """How the present value differs from the frozen one, as a sentence; None where it does not."""
    try:
        indicator = indicator_for(viewer, frozen["code"])
    except Indicator.DoesNotExist:
        return "この指標は、いまは見られません。"
    area = Area.objects.filter(key=frozen["area_key"]).order_by("-period").first()
    if area is None:
        return "この圏域は、いまは登録されていません。"
    now = reading(viewer, indicator, area, Period(frozen["period_kind"], frozen["period"]))
    if now.definition_number != frozen["definition_number"]:
        return (
            f"定義が第{frozen['definition_number']}版から第{now.definition_number}版に"
            "変わっています。"
        )
    if _same(now, frozen):
        return None
    return f"付けた時は{frozen['text']}、いまは{now.text}です。"


def _same(now: Reading, frozen: dict[str, Any]) -> bool:
    value = None if frozen["value"] is None else Decimal(frozen["value"])
    return now.value == value and now.absence == frozen["absence"] and now.unit == frozen["unit"]
