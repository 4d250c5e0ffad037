"""How far a person's record is with an area's conditions. Pure; it never makes an order of a wish.

Source: domain/forms.md §9.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from renkei.care.patients.models import Wish
from renkei.care.transitions.models import WishFact, WishFactKind
from renkei.care.transitions.wish_conditions import Conditions, Item


class StandingState(StrEnum):
    NO_WISH = "no_wish"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"
    READY = "ready"


STATE_WORDS: Final = {
    StandingState.NO_WISH: ("plain", "意思の記録なし"),
    StandingState.WITHDRAWN: ("over", "本人が取りやめました"),
    StandingState.MISSING: ("ask", "地域の取り決めの確認が足りません"),
    StandingState.READY: ("done", "地域の取り決めの確認がそろっています"),
}


class ItemState(StrEnum):
    DONE = "done"
    MISSING = "missing"
    EXPIRED = "expired"
    OLD = "old"


ITEM_WORDS: Final = {
    ItemState.DONE: ("done", "済み"),
    ItemState.MISSING: ("ask", "まだ"),
    ItemState.EXPIRED: ("over", "期限切れ"),
    ItemState.OLD: ("over", "話し合いの前の確認"),
}


@dataclass(frozen=True)
class ItemLine:
    """One item of the conditions with the fact that speaks for it; until when it does."""

    item: Item
    state: ItemState
    fact: WishFact | None
    until: date | None


@dataclass(frozen=True)
class WishStanding:
    """A person's record on one day."""

    state: StandingState
    lines: tuple[ItemLine, ...]

    @property
    def missing(self) -> tuple[ItemLine, ...]:
        """Required items that do not hold."""
        return tuple(
            line for line in self.lines if line.item.required and line.state != ItemState.DONE
        )

    @property
    def done_count(self) -> int:
        return sum(line.state == ItemState.DONE for line in self.lines if line.item.required)

    @property
    def required_count(self) -> int:
        return sum(line.item.required for line in self.lines)


def valid_facts(facts: Iterable[WishFact]) -> list[WishFact]:
    """Without what was taken back, the oldest first."""
    rows = sorted(facts, key=lambda fact: (fact.happened_on, fact.pk))
    gone = {fact.corrects_id for fact in rows if fact.kind == WishFactKind.TAKEN_BACK}
    return [fact for fact in rows if fact.pk not in gone and fact.kind != WishFactKind.TAKEN_BACK]


def standing_of(
    conditions: Conditions, wish: Wish | None, facts: Iterable[WishFact], today: date
) -> WishStanding:
    """Confirmations speak for the talk they were about: a new talk asks for new ones."""
    rows = valid_facts(facts)
    lines = tuple(_line(item, wish, rows, today) for item in conditions.items)
    if wish is None:
        return WishStanding(StandingState.NO_WISH, lines)
    if any(fact.kind == WishFactKind.WITHDRAWN and fact.wish_uid == wish.uid for fact in rows):
        return WishStanding(StandingState.WITHDRAWN, lines)
    ready = all(line.state == ItemState.DONE for line in lines if line.item.required)
    return WishStanding(StandingState.READY if ready else StandingState.MISSING, lines)


def _line(item: Item, wish: Wish | None, facts: Sequence[WishFact], today: date) -> ItemLine:
    own = [fact for fact in facts if fact.code == item.code and fact.kind == item.kind]
    if not own:
        return ItemLine(item, ItemState.MISSING, None, None)
    about = [fact for fact in own if wish is not None and fact.wish_uid == wish.uid]
    if not about:
        return ItemLine(item, ItemState.OLD, own[-1], None)
    fact = about[-1]
    until = months_after(fact.happened_on, item.months) if item.months else None
    expired = until is not None and until < today
    return ItemLine(item, ItemState.EXPIRED if expired else ItemState.DONE, fact, until)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError
