"""What a chart says, in a sentence above it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from renkei.programme.indicators.models import PeriodKind
from renkei.programme.indicators.numerals import number_text, rounded, spoken
from renkei.programme.indicators.queries.values import Reading

_BEFORE = {
    PeriodKind.FISCAL_YEAR: "前年度",
    PeriodKind.CALENDAR_YEAR: "前の年",
    PeriodKind.MONTH: "前の月",
    PeriodKind.PLAN: "前の計画期",
}


def trend_sentence(
    row: Sequence[Reading], others: Sequence[Sequence[Reading]], *, decimals: int
) -> str:
    """The newest number, beside the first other area, and how it moved; from the oldest."""
    known = [one for one in row if one.value is not None]
    if not known:
        if not row:
            return "この地域の値はまだありません。"
        return f"{row[-1].area_name}の値は「{row[-1].text}」です。"
    last = known[-1]
    said = spoken(last.figure, last.unit)
    words = f"{last.area_name}は{last.period_label}に{said}でした。"
    if last.is_doubtful:
        stands = f"{last.figure}（単位は「{last.unit}」）"
        return (
            f"{last.area_name}は{last.period_label}に{stands}でした。"
            f"「{last.flag}」の印があるため、比べる文は付けていません。"
        )
    beside = _beside(last, others)
    if beside:
        words = f"{last.area_name}は{last.period_label}に{said}で、{beside}"
    return words + _moved(known, decimals) + _streak(row, others)


def _beside(last: Reading, others: Sequence[Sequence[Reading]]) -> str:
    for other in others:
        same = next((one for one in other if one.period == last.period), None)
        if same is None or same.value is None or last.value is None or same.is_doubtful:
            continue
        if same.unit != last.unit:
            continue
        if "%" in last.unit:
            # Of the numbers as shown: a reader works it out from those.
            difference = rounded(last.value, 1) - rounded(same.value, 1)
            if not difference:
                return f"{same.area_name}と同じでした。"
            way = "高い" if difference > 0 else "低い"
            theirs = spoken(same.figure, same.unit)
            return f"{same.area_name}（{theirs}）より{abs(difference)}ポイント{way}数でした。"
        if "対" in last.unit and same.value > 0:
            ratio = rounded(last.value / same.value, 1)
            if ratio == 1:
                return f"{same.area_name}（{same.figure}）とほぼ同じでした。"
            return f"{same.area_name}（{same.figure}）の{ratio}倍でした。"
    return ""


def _moved(known: Sequence[Reading], decimals: int) -> str:
    *_, last = known
    before = next((one for one in known if one.period == last.period.before()), None)
    if before is None or before is last or before.value is None or last.value is None:
        return ""
    if before.unit != last.unit or before.is_doubtful:
        return ""
    then = _BEFORE.get(PeriodKind(last.period.kind), "前")
    difference = rounded(last.value, decimals) - rounded(before.value, decimals)
    if not difference:
        return f"{then}と同じです。"
    unit = "ポイント" if "%" in last.unit else last.unit.split("/")[0]
    amount = number_text(abs(difference), decimals)
    return f"{then}より{amount}{unit}{'増えました' if difference > 0 else '減りました'}。"


def _streak(row: Sequence[Reading], others: Sequence[Sequence[Reading]]) -> str:
    """How many periods in a row it has been on one side of the first other area."""
    for other in others:
        pairs = [
            (mine, theirs)
            for mine in row
            for theirs in other
            if mine.period == theirs.period and mine.unit == theirs.unit and "/" in mine.unit
        ]
        sides = [_side(mine.value, theirs.value) for mine, theirs in pairs]
        count = next((n for n, side in enumerate(reversed(sides)) if side != sides[-1]), len(sides))
        if count >= 3 and sides[-1]:  # noqa: PLR2004 - two in a row are no trend
            first = pairs[-count][0].period_label
            way = "上回って" if sides[-1] > 0 else "下回って"
            return f"{first}から{count}回続けて{other[0].area_name}を{way}います。"
    return ""


def _side(mine: Decimal | None, theirs: Decimal | None) -> int:
    if mine is None or theirs is None or mine == theirs:
        return 0
    return 1 if mine > theirs else -1
