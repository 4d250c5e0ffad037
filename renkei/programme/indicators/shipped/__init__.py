"""The catalogue that comes with the product."""

from __future__ import annotations

from typing import Final

from renkei.programme.indicators.shipped.daily import DAILY
from renkei.programme.indicators.shipped.definition import Definition
from renkei.programme.indicators.shipped.discharge import DISCHARGE
from renkei.programme.indicators.shipped.emergency import EMERGENCY
from renkei.programme.indicators.shipped.end_of_life import END_OF_LIFE
from renkei.programme.indicators.shipped.programme import PROGRAMME
from renkei.programme.indicators.shipped.region import REGION

CATALOGUE: Final[tuple[Definition, ...]] = (
    *REGION,
    *DAILY,
    *DISCHARGE,
    *EMERGENCY,
    *END_OF_LIFE,
    *PROGRAMME,
)

__all__ = ["CATALOGUE", "Definition"]
