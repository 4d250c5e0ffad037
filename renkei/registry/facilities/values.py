"""Values of the register as people read and write them: hours, lists of words, degrees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError

from renkei.registry.facilities.catalogue import CAPABILITIES
from renkei.registry.facilities.fields import FIELDS, FieldKind
from renkei.registry.facilities.models import CoordinatesFrom, ListingStatus

NOT_RECORDED = "記録なし"
CLOSED = "休み"
DAYS: dict[str, str] = {
    "mon": "月",
    "tue": "火",
    "wed": "水",
    "thu": "木",
    "fri": "金",
    "sat": "土",
    "sun": "日",
    "holiday": "祝",
}
Spans = list[list[str]]
_SPAN = re.compile(r"(\d{1,2}):?(\d{2})?-(\d{1,2}):?(\d{2})?")
_LAST_MINUTE = 24 * 60 + 360  # 30:00 is how night duty writes 6 in the morning


def value_text(field: str, value: object) -> str:
    """One value in words; 「記録なし」 where nothing is recorded."""
    info = FIELDS.get(field)
    kind = info.kind if info else FieldKind.LINE
    if value is None or value in ("", [], {}):
        return NOT_RECORDED
    if kind is FieldKind.HOURS and isinstance(value, Mapping):
        return "／".join(f"{DAYS[day]} {spans_text(value[day])}" for day in DAYS if day in value)
    if kind is FieldKind.CAPABILITIES and isinstance(value, Sequence):
        return "、".join(CAPABILITIES.get(str(key), str(key)) for key in value)
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    if isinstance(value, Mapping):
        return "、".join(f"{key}：{text}" for key, text in value.items())
    return _word(field, kind, str(value))


def _word(field: str, kind: FieldKind, text: str) -> str:
    if kind is FieldKind.STATUS:
        return str(ListingStatus(text).label)
    if field == "coordinates_from":
        return str(CoordinatesFrom(text).label)
    # The ministry's file writes 平日,土曜日 in one cell.
    return text.replace(",", "、") if field == "days" else text


def spans_text(spans: Sequence[Sequence[str]]) -> str:
    """9:00～12:00、13:00～17:00; 「休み」 for none."""
    return "、".join(f"{_short(a)}～{_short(b)}" for a, b in spans) or CLOSED


def read_spans(text: str) -> Spans | None:
    """Hours of one day as typed: None for nothing recorded, [] for 「休み」.

    Raises:
        ValidationError: no hours in it, or an end before its beginning.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"[~〜―–−ー‐]", "-", plain).replace("時", ":").replace("分", "")
    if not plain:
        return None
    if plain in {CLOSED, "休", "休診", "休業", "定休"}:
        return []
    spans: Spans = []
    for part in filter(None, re.split(r"[、,/／\s]+", plain.replace(": ", ":"))):
        found = _SPAN.fullmatch(part)
        begin, end = (_clock(found[1], found[2]), _clock(found[3], found[4])) if found else (0, 0)
        if not begin < end <= _LAST_MINUTE:
            raise ValidationError(
                "時間は「9:00～12:00、13:00～17:00」のように、休みの日は「休み」と入力してください。"
            )
        spans.append([_padded(begin), _padded(end)])
    return spans


def read_words(text: str) -> list[str]:
    """Words separated by 、 or line breaks, each once."""
    return list(dict.fromkeys(filter(None, (word.strip() for word in re.split(r"[、,\n]", text)))))


def _clock(hour: str, minute: str | None) -> int:
    return int(hour) * 60 + int(minute or 0)


def _padded(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _short(clock: str) -> str:
    return clock.removeprefix("0")
