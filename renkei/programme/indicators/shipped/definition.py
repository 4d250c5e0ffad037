"""One shipped definition, as plain values."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from renkei.foundation.areas.models import AreaLevel
from renkei.programme.indicators.models import Aggregation, Direction, Kind, PeriodKind, Scene

MUNICIPAL = (AreaLevel.MUNICIPALITY, AreaLevel.PREFECTURE, AreaLevel.NATION)
# The receipt indicators of 見える化 come back empty below this level.
RECEIPTS = (AreaLevel.SECONDARY_MEDICAL, AreaLevel.PREFECTURE, AreaLevel.NATION)
ALL = (AreaLevel.MUNICIPALITY, AreaLevel.SECONDARY_MEDICAL, AreaLevel.PREFECTURE, AreaLevel.NATION)


@dataclass(frozen=True)
class Definition:
    """What is needed to read a number; ``IndicatorVersion`` says what each means."""

    code: str
    name: str
    scenes: tuple[Scene, ...]
    kind: Kind
    text: str
    unit: str
    source: str
    numerator: str = ""
    denominator: str = ""
    factor: int = 1
    decimals: int = 0
    direction: Direction = Direction.NEUTRAL
    aggregation: Aggregation = Aggregation.SUM
    levels: tuple[AreaLevel, ...] = MUNICIPAL
    period_kind: PeriodKind = PeriodKind.FISCAL_YEAR
    performer: str = ""
    source_table: str = ""
    cycle: str = ""
    lag: str = ""
    caution: str = ""
    contact: str = ""
    reference: str = ""
    confirmed: bool = False
    counts_persons: bool = False
    expression: str = ""
    counter: str = ""
    aliases: tuple[str, ...] = ()
    number: int = 1

    def fields(self) -> dict[str, Any]:
        """The columns of ``IndicatorVersion``."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        del values["code"]
        lists = ("scenes", "levels", "aliases")
        return values | {name: [str(each) for each in values[name]] for name in lists}
