"""What the columns of a file mean, as a person confirmed it. Pure; travels as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.db import models

from renkei.programme.indicators.models import Absence, Sharing


class Role(models.TextChoices):
    """What a column holds. A value may be told by its row, its column, or for the whole file."""

    IGNORE = "ignore", "使わない"
    AREA_CODE = "area_code", "地域のコード"
    AREA_NAME = "area_name", "地域の名前"
    PREFECTURE = "prefecture", "都道府県の名前"
    PERIOD = "period", "年・年度・月"
    INDICATOR = "indicator", "指標の名前か番号"
    LABEL = "label", "指標と地域の名前が混ざった見出し"
    UNIT = "unit", "単位"
    VALUE = "value", "値"
    NUMERATOR = "numerator", "分子"
    DENOMINATOR = "denominator", "分母"
    N = "n", "対象の数"
    VALUE_OF_PERIOD = "value_period", "この年・年度の値"
    VALUE_OF_INDICATOR = "value_indicator", "この指標の値"
    VALUE_OF_AREA = "value_area", "この地域の値"
    VALUE_OF_NEW = "value_new", "新しい指標の値（見出しが名前）"


VALUES: Final = frozenset(
    {
        Role.VALUE,
        Role.VALUE_OF_PERIOD,
        Role.VALUE_OF_INDICATOR,
        Role.VALUE_OF_AREA,
        Role.VALUE_OF_NEW,
    }
)
# What 「-」 means differs from source to source.
DASHES: Final = {
    Absence.NOT_APPLICABLE.value: "対象なし",
    Absence.NOT_RECORDED.value: "記録なし",
    "zero": "0",
}


@dataclass(frozen=True)
class Column:
    """One column: heading, role, and the indicator its values are of where the role says so."""

    heading: str
    role: str = Role.IGNORE.value
    target: str = ""


@dataclass(frozen=True)
class Mapping:
    """How a file is read."""

    sheet: str = ""
    header_row: int = 1
    columns: tuple[Column, ...] = ()
    # For the whole file, where neither row nor column says it.
    indicator: str = ""
    period: str = ""
    area_id: int | None = None
    as_of: str = ""
    source: str = ""
    new_unit: str = ""
    dash: str = Absence.NOT_APPLICABLE.value
    sharing: str = Sharing.OPEN.value
    titles: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Mapping:
        known = dict(data)
        known["columns"] = tuple(Column(**column) for column in data.get("columns", ()))
        known["titles"] = tuple(data.get("titles", ()))
        return cls(**known)

    @property
    def as_of_day(self) -> date | None:
        return date.fromisoformat(self.as_of) if self.as_of else None

    def has(self, *roles: Role) -> bool:
        return any(column.role in roles for column in self.columns)

    def with_columns(self, columns: tuple[Column, ...]) -> Mapping:
        return replace(self, columns=columns)


def problems_of(mapping: Mapping) -> list[str]:
    """What is still missing before rows can be read, each with its remedy."""
    found = []
    if not mapping.has(*VALUES):
        found.append("値の列がありません。1つ以上の列の行き先を「値」にしてください。")
    if not (
        mapping.area_id
        or mapping.has(Role.AREA_CODE, Role.AREA_NAME, Role.LABEL, Role.VALUE_OF_AREA)
    ):
        found.append("地域が分かりません。地域の列を選ぶか、「全部の行の地域」を選んでください。")
    if not (mapping.period or mapping.has(Role.PERIOD, Role.VALUE_OF_PERIOD)):
        found.append("期間が分かりません。年の列を選ぶか、「全部の行の期間」を入力してください。")
    if not (
        mapping.indicator
        or mapping.has(Role.INDICATOR, Role.LABEL, Role.VALUE_OF_INDICATOR, Role.VALUE_OF_NEW)
    ):
        found.append("指標が分かりません。指標の列を選ぶか、「全部の行の指標」を選んでください。")
    if mapping.has(Role.VALUE_OF_NEW) and not mapping.new_unit:
        found.append("新しい指標の単位を入力してください。")
    if not mapping.as_of:
        found.append("いつの時点の数かを入力してください。")
    if not mapping.source:
        found.append("出典を入力してください。")
    return found
