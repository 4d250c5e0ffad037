"""The catalogue that comes with the product."""

from __future__ import annotations

from typing import Final

from renkei.programme.indicators.shipped.definition import Definition

CATALOGUE: Final[tuple[Definition, ...]] = ()

__all__ = ["CATALOGUE", "Definition"]
