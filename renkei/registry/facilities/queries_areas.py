"""The areas a search can be narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import areas_on
from renkei.foundation.common import clock
from renkei.foundation.common.prefectures import PREFECTURES, prefecture_name
from renkei.registry.facilities.models import Dataset

_LEVELS = (
    AreaLevel.MUNICIPALITY,
    AreaLevel.WARD,
    AreaLevel.DAILY_LIVING,
    AreaLevel.SECONDARY_MEDICAL,
    AreaLevel.HOME_CARE,
    AreaLevel.HEALTH_CENTRE,
    AreaLevel.MEDICAL_ASSOCIATION,
    AreaLevel.WIDE_AREA_UNION,
)


class AreaChoice(NamedTuple):
    """One area to choose; ``value`` as ``SearchTerms.areas`` has it."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class AreaChoices:
    """Lists of areas by kind, with what is chosen now."""

    chosen: Sequence[str]
    lists: Sequence[tuple[str, Sequence[AreaChoice]]]


def area_choices(chosen: Sequence[str]) -> AreaChoices:
    """The areas of the register's only prefecture, of the chosen one, or all prefectures.

    One to three queries.
    """
    prefectures = sorted(
        set(Dataset.objects.values_list("prefecture_code", flat=True).distinct()) - {""}
    )
    wanted = _prefecture_of(chosen) or (prefectures[0] if len(prefectures) == 1 else "")
    lists: list[tuple[str, Sequence[AreaChoice]]] = []
    if wanted:
        lists += _areas_of(wanted)
    if len(prefectures) != 1:
        codes = prefectures or list(PREFECTURES)
        areas = areas_on(clock.today()).filter(
            level=AreaLevel.PREFECTURE, prefecture_code__in=codes
        )
        rows = [AreaChoice(area.code, area.name) for area in areas.order_by("code")]
        lists.append(("都道府県", rows))
    return AreaChoices(chosen, [(label, rows) for label, rows in lists if rows])


def prefecture_area_id(prefecture_code: str) -> int | None:
    """The area of a prefecture today, by its two digits."""
    areas = areas_on(clock.today()).filter(
        level=AreaLevel.PREFECTURE, prefecture_code=prefecture_code
    )
    return areas.values_list("pk", flat=True).order_by("pk").first()


def _prefecture_of(chosen: Sequence[str]) -> str:
    for value in chosen:
        if not value.startswith("a"):
            return value[:2]
    numbers = [int(value[1:]) for value in chosen]
    area = Area.objects.filter(pk__in=numbers).exclude(prefecture_code="").first()
    return area.prefecture_code if area else ""


def _areas_of(prefecture_code: str) -> list[tuple[str, Sequence[AreaChoice]]]:
    areas = areas_on(clock.today()).filter(prefecture_code=prefecture_code, level__in=_LEVELS)
    by_level: dict[str, list[AreaChoice]] = {level: [] for level in _LEVELS}
    for area in areas.order_by("code", "kana", "name"):
        by_level[area.level].append(AreaChoice(area.code or f"a{area.pk}", area.name))
    name = prefecture_name(prefecture_code)
    return [(f"{name}の{AreaLevel(level).label}", rows) for level, rows in by_level.items() if rows]
