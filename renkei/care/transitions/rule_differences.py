"""What changes from one edition to the next, sentence by sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from renkei.care.transitions.rule_content import RuleContent
from renkei.care.transitions.rule_texts import PART_LABELS, Entry, entries_of


class PieceKind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """One sentence and what became of it."""

    kind: PieceKind
    text: str


@dataclass(frozen=True)
class Difference:
    """One thing that was added, taken out or said otherwise."""

    word: str
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class PartDifference:
    """What changed in one part."""

    label: str
    differences: tuple[Difference, ...]


def differences(old: RuleContent | None, new: RuleContent) -> tuple[PartDifference, ...]:
    """The parts that changed, in the order of the rule book; everything where nothing was before.

    Sources of values are not compared: they are no part of what people agree to do.
    """
    found = []
    for part, label in PART_LABELS.items():
        before = entries_of(old, part) if old else []
        rows = _compared(before, entries_of(new, part))
        if rows:
            found.append(PartDifference(label, rows))
    return tuple(found)


def _compared(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[Difference, ...]:
    old = {entry.key: entry for entry in before}
    new = {entry.key: entry for entry in after}
    rows = []
    for key in [*new, *(key for key in old if key not in new)]:
        then, now = old.get(key), new.get(key)
        if then is None and now is not None and now.sentences:
            rows.append(Difference("加わる", now.label, _all(PieceKind.NEW, now)))
        elif now is None and then is not None and then.sentences:
            rows.append(Difference("なくなる", then.label, _all(PieceKind.GONE, then)))
        elif then is not None and now is not None and then.sentences != now.sentences:
            rows.append(Difference("変わる", now.label, _pieces(then.sentences, now.sentences)))
        elif then is not None and now is not None and then.label != now.label:
            pieces = (Piece(PieceKind.GONE, then.label), Piece(PieceKind.NEW, now.label))
            rows.append(Difference("変わる", now.label, pieces))
    return tuple(rows)


def _all(kind: PieceKind, entry: Entry) -> tuple[Piece, ...]:
    return tuple(Piece(kind, sentence) for sentence in entry.sentences)


def _pieces(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for _, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if old[from_old:to_old] == new[from_new:to_new]:
            pieces += [Piece(PieceKind.SAME, text) for text in new[from_new:to_new]]
            continue
        pieces += [Piece(PieceKind.GONE, text) for text in old[from_old:to_old]]
        pieces += [Piece(PieceKind.NEW, text) for text in new[from_new:to_new]]
    return tuple(pieces)
