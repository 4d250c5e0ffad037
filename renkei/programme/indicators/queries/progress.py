"""（ア）～（ク）の実施状況: every municipality's answers, added up as the ministry printed them.

Source: 実施状況調査（平成27年8月1日現在）of the programme, table of 1,741 municipalities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.programme.indicators.models import PeriodKind
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
    """The survey of one day."""

    day: str
    municipalities: Sequence[Answers]
    items: Sequence[ItemRow]
    # ("0", …), ("予定", …), ("1", …) … ("8", …), as the source prints them.
    distribution: Sequence[tuple[str, Share]]
    # Of the municipalities that do or plan at least one item.
    flags: Sequence[tuple[str, Share]]

    @property
    def total(self) -> int:
        return len(self.municipalities)


def survey_days(viewer: Viewer) -> list[str]:
    """The days municipalities answered for, the newest first."""
    rows = values_for(viewer).filter(
        indicator__code__in=CODES, area__level=AreaLevel.MUNICIPALITY, period_kind=PeriodKind.DAY
    )
    return list(rows.order_by("-period").values_list("period", flat=True).distinct())


def progress_of(viewer: Viewer, day: str, *, prefecture_code: str = "") -> Progress:
    """Everybody's answers of one day, in one query beside the areas."""
    rows = values_for(viewer).filter(
        indicator__code__in=[*CODES, *FLAGS],
        area__level=AreaLevel.MUNICIPALITY,
        period_kind=PeriodKind.DAY,
        period=day,
        value__isnull=False,
    )
    if prefecture_code:
        rows = rows.filter(area__prefecture_code=prefecture_code)
    states: dict[int, dict[str, int]] = {}
    flags: dict[int, dict[str, int]] = {}
    for area_id, code, value in rows.values_list("area", "indicator__code", "value"):
        into = states if code in CODES else flags
        into.setdefault(area_id, {})[CODES.get(code, code)] = int(value or 0)
    areas = Area.objects.in_bulk(states.keys())
    answers = [
        Answers(area, states[area.pk], flags.get(area.pk, {}))
        for area in sorted(areas.values(), key=lambda area: (area.code, area.key))
    ]
    return Progress(day, answers, _items(answers), _distribution(answers), _flags(answers))


def _items(answers: Sequence[Answers]) -> list[ItemRow]:
    found = []
    for letter, (sign, words) in ITEMS.items():
        counts = Counter(one.states[letter] for one in answers if letter in one.states)
        total = sum(counts.values())
        not_done, planned, done = (
            Share(counts[state], total) for state in (NOT_DONE, PLANNED, DONE)
        )
        found.append(ItemRow(letter, sign, words, not_done, planned, done))
    return found


def _distribution(answers: Sequence[Answers]) -> list[tuple[str, Share]]:
    counts = Counter("予定" if one.is_planned_only else str(one.done_count) for one in answers)
    labels = ("0", "予定", *(str(number) for number in range(1, len(ITEMS) + 1)))
    return [(label, Share(counts[label], len(answers))) for label in labels]


def _flags(answers: Sequence[Answers]) -> list[tuple[str, Share]]:
    base = [one for one in answers if one.done_count or one.is_planned_only]
    return [
        (name, Share(sum(one.flags.get(code, 0) for one in base), len(base)))
        for code, (name, _short) in FLAGS.items()
    ]
