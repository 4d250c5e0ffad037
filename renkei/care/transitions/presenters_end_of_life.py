"""A person's record and an area's conditions in words. Never an order (design §3.14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renkei.care.patients.emergency_notes import EmergencyNote
from renkei.care.patients.models import Patient, Wish
from renkei.care.transitions.models import WishFact, WishFactKind
from renkei.care.transitions.queries.end_of_life import PersonWish, person_wish
from renkei.care.transitions.wish_standing import (
    ITEM_WORDS,
    STATE_WORDS,
    ItemLine,
    StandingState,
    valid_facts,
)
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.eras import format_screen

NO_ORDER: Final = "本人の意思の記録です。指示ではありません。"
VERBS: Final = {
    WishFactKind.CONFIRMED: "確認",
    WishFactKind.TOLD: "伝達",
    WishFactKind.PLACED: "置き場所",
}


@dataclass(frozen=True)
class ShownItem:
    """One item of the conditions as the page shows it."""

    line: ItemLine
    mark: str
    word: str
    verb: str
    about: str
    detail: str


def shown_items(found: PersonWish) -> list[ShownItem]:
    """Every item with how it stands."""
    if found.standing is None:
        return []
    return [_shown(line) for line in found.standing.lines]


def _shown(line: ItemLine) -> ShownItem:
    mark, word = ITEM_WORDS[line.state]
    item = line.item
    rules = [item.by] if item.by else []
    if item.months:
        rules.append(f"{item.months}か月以内")
    if not item.required:
        rules.append("できれば")
        mark = "plain" if mark == "ask" else mark
    return ShownItem(
        line, mark, word, VERBS[item.kind], "、".join(rules), fact_words(line.fact, line)
    )


def fact_words(fact: WishFact | None, line: ItemLine | None = None) -> str:
    """When, who, and until when it speaks."""
    if fact is None:
        return ""
    parts = [format_screen(fact.happened_on), fact.person_name, fact.note]
    if line is not None and line.until is not None:
        parts.append(f"{format_screen(line.until)}まで")
    return "　".join(filter(None, parts))


def state_word(found: PersonWish) -> tuple[str, str]:
    """Mark and word of the whole."""
    if found.standing is None:
        return "plain", "この地域の取り決めはまだありません"
    mark, word = STATE_WORDS[found.standing.state]
    if found.standing.state in {StandingState.MISSING, StandingState.READY}:
        word += f"（{found.standing.done_count}／{found.standing.required_count}）"
    return mark, word


def doctor_phones(found: PersonWish) -> tuple[tuple[str, str], ...]:
    """Numbers that answer at any time, of confirmations about the present talk."""
    if found.wish is None:
        return ()
    rows = [
        (f"{fact.label}：{fact.person_name}", fact.phone)
        for fact in valid_facts(found.facts)
        if fact.phone and fact.wish_uid == found.wish.uid
    ]
    return tuple(dict.fromkeys(rows))


def note_beside_wish(viewer: Viewer, patient: Patient, wish: Wish | None) -> EmergencyNote | None:
    """What a crew reads beside the wish: how far the conditions are met, never what to do."""
    found = person_wish(viewer, patient, wish=wish)
    if found.standing is None or found.conditions is None or wish is None:
        return None
    mark, word = state_word(found)
    lines = [f"足りないもの：{_missing(found)}"] if found.standing.missing else []
    lines += [
        f"{one.line.item.label}：{one.word}　{one.detail}".rstrip("　")
        for one in shown_items(found)
    ]
    if found.conditions.crew_text:
        lines.append(f"この地域の取り決め：{found.conditions.crew_text}")
    return EmergencyNote(mark, word, tuple(lines), doctor_phones(found))


def _missing(found: PersonWish) -> str:
    assert found.standing is not None  # noqa: S101 - asked by the caller
    return "、".join(line.item.label for line in found.standing.missing)
