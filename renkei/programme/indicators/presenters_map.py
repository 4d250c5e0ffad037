"""A map: sentence, picture, legend and table of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from renkei.foundation.areas.models import AreaLevel
from renkei.programme.indicators.intervals import Interval, interval_of
from renkei.programme.indicators.map_classes import (
    HIDDEN,
    UNDRAWN,
    WORDS,
    ZERO,
    Band,
    band_at,
    bands_of,
    sign_of_absence,
)
from renkei.programme.indicators.map_points import Points
from renkei.programme.indicators.map_shapes import MapDrawing, Shape
from renkei.programme.indicators.numerals import number_text, rounded, spoken
from renkei.programme.indicators.queries.maps import NOW, AreaMap, Unit

# An interval wider than this share of the value on either side: the number moves by chance.
_WIDE: Final = 0.5
UNSURE: Final = "※"
# How near a mark covers a name, in units of the drawing.
_BESIDE, _ABOVE = 30.0, 15.0


@dataclass(frozen=True)
class MapShape:
    """One shape with its ground, its hatch and, where it fits, its name."""

    path: str
    fill: str
    pattern: str
    x: float
    y: float
    name: str
    tip: str


@dataclass(frozen=True)
class Key:
    """One line of the legend."""

    fill: str
    pattern: str
    words: str
    count: int


@dataclass(frozen=True)
class Row:
    """One area in the table; ``sign`` is the number of its class in the legend."""

    name: str
    sign: str
    text: str
    flag: str
    interval: str
    unsure: bool
    how: str
    is_drawn: bool


@dataclass(frozen=True)
class MapPicture:
    """What the SVG draws."""

    width: float
    height: float
    shapes: Sequence[MapShape]
    points: Points | None
    alt: str
    source: str
    as_of: date | None


@dataclass(frozen=True)
class MapPage:
    """The whole page."""

    title: str
    unit: str
    sentence: str
    picture: MapPicture | None
    keys: Sequence[Key]
    rows: Sequence[Row]
    sources: Sequence[str]
    as_of: date | None
    cautions: Sequence[str]


def map_page(found: AreaMap, drawing: MapDrawing | None, points: Points | None) -> MapPage:
    """Sentence, picture, legend, table."""
    version = found.version
    values = {
        number: rounded(unit.reading.value, version.decimals)
        for number, unit in enumerate(found.units)
        if unit.reading.value is not None
    }
    bands = bands_of(list(values.values()))
    signs = [_sign(unit, values.get(number), bands) for number, unit in enumerate(found.units)]
    rows = [_row(found, number, unit, signs[number], drawing) for number, unit in
            enumerate(found.units)]  # fmt: skip
    picture = _picture(found, drawing, signs, bands, points) if drawing else None
    return MapPage(
        title=version.name,
        unit=version.unit,
        sentence=_sentence(found),
        picture=picture,
        keys=_keys(signs, bands, version.decimals, drawing),
        rows=rows,
        sources=list(
            dict.fromkeys(unit.reading.source for unit in found.units if unit.reading.source)
        ),
        as_of=max((unit.reading.as_of for unit in found.units if unit.reading.as_of), default=None),
        cautions=_cautions(found, rows, drawing),
    )


def _sign(unit: Unit, value: Decimal | None, bands: Sequence[Band]) -> str:
    """The place of its class, or what it is instead."""
    if value is None:
        return sign_of_absence(unit.reading.absence)
    return str(band_at(bands, value)) if value else ZERO


def _row(found: AreaMap, number: int, unit: Unit, sign: str, drawing: MapDrawing | None) -> Row:
    interval = _interval(found, unit)
    text = ""
    if interval:
        low, high = (
            number_text(Decimal(each), found.version.decimals)
            for each in (interval.low, interval.high)
        )
        text = f"{low}～{high}"
    lost = drawing.undrawn | drawing.far if drawing else frozenset()
    return Row(
        name=unit.name,
        sign=str(int(sign) + 1) if sign.isdigit() else "",
        text=unit.reading.figure,
        flag=unit.reading.flag,
        interval=text or "－",
        unsure=_is_unsure(unit, interval),
        how=unit.how,
        is_drawn=number not in lost,
    )


def _interval(found: AreaMap, unit: Unit) -> Interval | None:
    top, bottom = unit.reading.numerator, unit.reading.denominator
    if top is None or not bottom or unit.reading.value is None:
        return None
    return interval_of(float(top), float(bottom), found.version.factor)


def _is_unsure(unit: Unit, interval: Interval | None) -> bool:
    if interval is None or unit.reading.value is None:
        return False
    value = float(unit.reading.value)
    return interval.high - interval.low > 2 * _WIDE * value


def _picture(
    found: AreaMap,
    drawing: MapDrawing,
    signs: Sequence[str],
    bands: Sequence[Band],
    points: Points | None,
) -> MapPicture:
    shapes = []
    for one in drawing.shapes:
        unit, sign = found.units[one.number], signs[one.number]
        shapes.append(
            MapShape(
                one.path,
                bands[int(sign)].shade if sign.isdigit() else "#fff",
                "" if sign.isdigit() else sign,
                one.x,
                _label_y(one, points),
                unit.name if one.holds(unit.name) else "",
                f"{unit.name}　{unit.reading.text}",
            )
        )
    shapes += [MapShape(one.path, "#fff", UNDRAWN, 0, 0, "", WORDS[UNDRAWN]) for one in
               drawing.shared]  # fmt: skip
    alt = f"{found.version.name}の地図。{_sentence(found)}数値は下の表と同じ。"
    return MapPicture(
        drawing.width, drawing.height, shapes, points, alt, drawing.source, drawing.as_of
    )


def _label_y(one: Shape, points: Points | None) -> float:
    """Where the name stands: above the marks that would cover it."""
    marks = points.marks if points else ()
    covering = [
        mark.y for mark in marks if abs(mark.x - one.x) < _BESIDE and abs(mark.y - one.y) < _ABOVE
    ]
    return round(min(covering) - _ABOVE, 1) if covering else one.y


def _keys(
    signs: Sequence[str], bands: Sequence[Band], decimals: int, drawing: MapDrawing | None
) -> list[Key]:
    """Classes from the highest; then what is no class, where there is any."""
    keys = []
    for place, band in reversed(list(enumerate(bands))):
        low, high = (number_text(each, decimals) for each in (band.low, band.high))
        words = f"{place + 1}　{low}" if low == high else f"{place + 1}　{low}～{high}"
        keys.append(Key(band.shade, "", words, signs.count(str(place))))
    keys += [Key("#fff", sign, WORDS[sign], signs.count(sign)) for sign in WORDS if sign in signs]
    if drawing and drawing.shared:
        keys.append(Key("#fff", UNDRAWN, WORDS[UNDRAWN], len(drawing.shared)))
    return keys


def _sentence(found: AreaMap) -> str:
    """How many have a number and from where to where; nobody is named first or last."""
    known = [unit.reading for unit in found.units if unit.reading.value is not None]
    level = AreaLevel(found.frame.level).label
    when = found.frame.period.label
    if not known:
        return f"{when}の値がある{level}はありません。"
    ordered = sorted(known, key=lambda one: one.value or 0)
    low, high = ordered[0], ordered[-1]
    said = spoken(high.figure, high.unit)
    span = f"すべて{said}" if low.figure == high.figure else f"{low.figure}から{said}まで"
    hidden = sum(
        1
        for unit in found.units
        if unit.reading.value is None and sign_of_absence(unit.reading.absence) == HIDDEN
    )
    more = f"{hidden}か所は非公開です。" if hidden else ""
    of = f"{level}{len(found.units)}か所のうち{len(known)}か所"
    return f"{when}の値は、{of}にあり、{span}です。{more}"


def _cautions(found: AreaMap, rows: Sequence[Row], drawing: MapDrawing | None) -> list[str]:
    lines = found.version.caution.splitlines()
    if any(row.unsure for row in rows):
        lines.append(
            f"{UNSURE}の地域は数が少なく、値が偶然で大きく動きます。"
            "色の濃さだけで、高いとも低いともいえません。95%の区間を見てください。"
        )
    if any(row.interval == "－" and row.text for row in rows) and "/" in found.version.unit:
        lines.append("分子と分母が分からない値には、偶然の範囲を付けられません。")
    if drawing and drawing.far:
        names = "・".join(found.units[number].name for number in sorted(drawing.far))
        lines.append(f"{names}は離れているため図に入りません。値は表にあります。")
    if drawing and drawing.undrawn:
        lines.append(
            f"{len(drawing.undrawn)}か所は境界の図が登録されていません。値は表にあります。"
        )
    if found.frame.mode == NOW and any(unit.how for unit in found.units):
        lines.append("合併した市町村の値は、指標の合計のしかたで足しました。推計はしていません。")
    return lines
