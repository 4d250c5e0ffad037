"""What can be measured: units, and the bounds beyond which a value is surely a slip of the finger.

Source: units as nurses' visit reports write them (domain/forms.md §5). The bounds are no medical
judgement: they only ask back what hardly any living person has, and are this house's own choice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from django.core.exceptions import ValidationError

from renkei.care.timelines.models import ObservationCode
from renkei.foundation.common.text import require_storable, with_unit

LONGEST_WORDS: Final = 200


@dataclass(frozen=True)
class Measure:
    """One kind of measurement. ``decimals`` None: it is told in words."""

    code: ObservationCode
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    decimals: int | None = 0
    # Drawn in the composer at once; the others wait behind 「ほかの測定」.
    usual: bool = True

    @property
    def label(self) -> str:
        return str(self.code.label)

    @property
    def is_number(self) -> bool:
        return self.decimals is not None

    @property
    def step(self) -> str:
        """For an input: 1, 0.1; "" for words."""
        return "" if self.decimals is None else str(Decimal(1).scaleb(-self.decimals))


def _number(
    code: ObservationCode,
    unit: str,
    bounds: tuple[int, int],
    decimals: int = 0,
    *,
    usual: bool = True,
) -> Measure:
    return Measure(code, unit, Decimal(bounds[0]), Decimal(bounds[1]), decimals, usual)


_C = ObservationCode
MEASURES: Final[tuple[Measure, ...]] = (
    _number(_C.TEMPERATURE, "℃", (30, 43), 1),
    _number(_C.SYSTOLIC, "mmHg", (50, 280)),
    _number(_C.DIASTOLIC, "mmHg", (20, 180)),
    _number(_C.PULSE, "回/分", (20, 250)),
    _number(_C.SPO2, "%", (50, 100)),
    _number(_C.WEIGHT, "kg", (2, 250), 1),
    _number(_C.MEAL, "割", (0, 10)),
    _number(_C.STOOL, "回", (0, 20)),
    _number(_C.PAIN, "/10", (0, 10)),
    Measure(_C.SKIN, decimals=None),
    _number(_C.RESPIRATION, "回/分", (4, 60), usual=False),
    _number(_C.BLOOD_SUGAR, "mg/dL", (10, 900), usual=False),
    _number(_C.WATER, "mL", (0, 5000), usual=False),
    _number(_C.URINE, "mL", (0, 5000), usual=False),
    _number(_C.SLEEP, "時間", (0, 24), 1, usual=False),
    Measure(_C.CONSCIOUSNESS, decimals=None, usual=False),
)
BY_CODE: Final[Mapping[str, Measure]] = {measure.code.value: measure for measure in MEASURES}


@dataclass(frozen=True)
class Reading:
    """One value as it is to be kept: a number with its unit, or words."""

    code: ObservationCode
    value: Decimal | None
    text: str
    unit: str

    @property
    def shown(self) -> str:
        """体温 36.6 ℃, 皮膚 かかとに発赤."""
        return f"{self.code.label} {self.text or amount(self.value, self.unit)}"


def amount(value: Decimal | None, unit: str) -> str:
    """36.6 ℃, 3/10; "" for nothing."""
    return "" if value is None else with_unit(value, unit)


def read_values(written: Iterable[tuple[str, str]]) -> list[Reading]:
    """What somebody typed, checked; empty fields are left out.

    Raises:
        ValidationError: one sentence for each value that cannot be meant, by the measure's code.
    """
    readings: list[Reading] = []
    problems: dict[str, list[str]] = {}
    for code, text in written:
        plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
        measure = BY_CODE.get(code)
        if not plain or measure is None:
            continue
        try:
            readings.append(_reading(measure, plain))
        except ValidationError as error:
            problems.setdefault(code, []).extend(error.messages)
    _check_pressure(readings, problems)
    if problems:
        raise ValidationError(problems)
    return readings


def _reading(measure: Measure, plain: str) -> Reading:
    if measure.low is None or measure.high is None or measure.decimals is None:
        if len(plain) > LONGEST_WORDS:
            raise ValidationError(f"{measure.label}は{LONGEST_WORDS}字までで入力してください。")
        return Reading(measure.code, None, require_storable(plain), "")
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise ValidationError(f"{measure.label}を数字で入力してください。") from error
    if not value.is_finite() or not measure.low <= value <= measure.high:
        raise ValidationError(
            f"{measure.label}は{measure.low}から{measure.high}{measure.unit}までです。"
            "打ち間違いがないか確かめてください。"
        )
    if value != round(value, measure.decimals):
        places = f"小数第{measure.decimals}位まで" if measure.decimals else "整数"
        raise ValidationError(f"{measure.label}は{places}で入力してください。")
    return Reading(measure.code, value, "", measure.unit)


def _check_pressure(readings: list[Reading], problems: dict[str, list[str]]) -> None:
    found = {reading.code: reading.value for reading in readings}
    upper, lower = found.get(_C.SYSTOLIC), found.get(_C.DIASTOLIC)
    if upper is not None and lower is not None and lower >= upper:
        problems.setdefault(_C.DIASTOLIC.value, []).append(
            "血圧（下）は血圧（上）より小さい値を入力してください。"
        )
