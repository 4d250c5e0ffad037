"""（ア）～（ク）の実施状況: every municipality's answers, added up as the ministry printed them.

Source: 実施状況調査（平成27年8月1日現在）of the programme, table of 1,741 municipalities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.programme.indicators.models import PeriodKind, Value
from renkei.programme.indicators.numerals import rounded
from renkei.programme.indicators.queries.values import values_for
from renkei.programme.indicators.shipped.programme import DONE, FLAGS, ITEMS, NOT_DONE, PLANNED

CODES = {f"J-{letter}": letter for letter in ITEMS}


@dataclass(frozen=True)
class Share:
    """How many of how many, as printed: 667（38.3％）."""

    count: int
    of: int

    @property
    def percent(self) -> str:
        return f"{rounded(Decimal(self.count * 100) / self.of, 1):f}" if self.of else "－"


@dataclass(frozen=True)
class ItemRow:
    """One item: not done, planned within the year, done; none of these is 無回答."""

    letter: str
    sign: str
    words: str
    not_done: Share
    planned: Share
    done: Share


@dataclass(frozen=True)
class Answers:
    """One municipality: the state of each item by its letter, and its flags."""

    area: Area
    states: Mapping[str, int]
    flags: Mapping[str, int]

    @property
    def done_count(self) -> int:
        return sum(state == DONE for state in self.states.values())

    @property
    def is_planned_only(self) -> bool:
        return self.done_count == 0 and PLANNED in self.states.values()


@dataclass(frozen=True)
class Progress:
    """The survey of one day: sums of everybody, answers of the municipalities that are named."""

    day: str
    total: int
    municipalities: Sequence[Answers]
    items: Sequence[ItemRow]
    # ("0", …), ("予定", …), ("1", …) … ("8", …), as the source prints them.
    distribution: Sequence[tuple[str, Share]]
    # Of the municipalities that do or plan at least one item.
    flags: Sequence[tuple[str, Share]]


def survey_days(viewer: Viewer) -> list[str]:
    """The days municipalities answered for, the newest first."""
    first, *rest = CODES
    # Whoever answers answers the first item; the others are asked where nobody did.
    return _days(viewer, [first]) or _days(viewer, rest)


def _days(viewer: Viewer, codes: Sequence[str]) -> list[str]:
    rows = values_for(viewer).filter(
        indicator__code__in=codes, area__level=AreaLevel.MUNICIPALITY, period_kind=PeriodKind.DAY
    )
    return list(rows.order_by("-period").values_list("period", flat=True).distinct())


def progress_of(
    viewer: Viewer, day: str, *, prefecture_code: str = "", named: str | None = None
) -> Progress:
    """The answers of one day, added up by the database; ``prefecture_code`` for one alone.

    ``named`` is the prefecture whose municipalities are told one by one; without it all are.
    """
    rows = values_for(viewer).filter(
        area__level=AreaLevel.MUNICIPALITY,
        period_kind=PeriodKind.DAY,
        period=day,
        value__isnull=False,
    )
    if prefecture_code:
        rows = rows.filter(area__prefecture_code=prefecture_code)
    items = rows.filter(indicator__code__in=CODES)
    done = _done(items)
    return Progress(
        day,
        len(done),
        _answers(rows, named),
        _items(items),
        _distribution(done),
        _flags(rows, {area for area, state in done.items() if state != "0"}),
    )


def _done(items: QuerySet[Value]) -> dict[int, str]:
    """By municipality how many items are done, or 予定 where only something is planned."""
    counted = items.values_list("area_id").annotate(
        done=Count("pk", filter=Q(value=DONE)), planned=Count("pk", filter=Q(value=PLANNED))
    )
    return {
        area: "予定" if not done and planned else str(done)
        for area, done, planned in counted.order_by()
    }


def _answers(rows: QuerySet[Value], named: str | None) -> list[Answers]:
    told = rows.filter(indicator__code__in=[*CODES, *FLAGS])
    if named:
        told = told.filter(area__prefecture_code=named)
    states: dict[int, dict[str, int]] = {}
    flags: dict[int, dict[str, int]] = {}
    for area_id, code, value in told.values_list("area", "indicator__code", "value"):
        into = states if code in CODES else flags
        into.setdefault(area_id, {})[CODES.get(code, code)] = int(value or 0)
    areas = Area.objects.in_bulk(states.keys())
    return [
        Answers(area, states[area.pk], flags.get(area.pk, {}))
        for area in sorted(areas.values(), key=lambda area: (area.code, area.key))
    ]


def _items(items: QuerySet[Value]) -> list[ItemRow]:
    counts: dict[str, dict[int, int]] = {}
    rows = items.values_list("indicator__code", "value").annotate(count=Count("pk")).order_by()
    for code, value, count in rows:
        counts.setdefault(CODES[code], {})[int(value or 0)] = count
    found = []
    for letter, (sign, words) in ITEMS.items():
        of = counts.get(letter, {})
        total = sum(of.values())
        not_done, planned, done = (
            Share(of.get(state, 0), total) for state in (NOT_DONE, PLANNED, DONE)
        )
        found.append(ItemRow(letter, sign, words, not_done, planned, done))
    return found


def _distribution(done: Mapping[int, str]) -> list[tuple[str, Share]]:
    counts = Counter(done.values())
    labels = ("0", "予定", *(str(number) for number in range(1, len(ITEMS) + 1)))
    return [(label, Share(counts[label], len(done))) for label in labels]


def _flags(rows: QuerySet[Value], base: Collection[int]) -> list[tuple[str, Share]]:
    """Of the municipalities that do or plan at least one item."""
    counts: Counter[str] = Counter()
    flagged = rows.filter(indicator__code__in=FLAGS).exclude(value=0)
    for area, code, value in flagged.values_list("area_id", "indicator__code", "value"):
        counts[code] += int(value or 0) if area in base else 0
    return [(name, Share(counts[code], len(base))) for code, (name, _short) in FLAGS.items()]
