"""What the papers of a network consist of: blocks of text, rows to fill in, boxes to tick."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date


class BlockKind(enum.Enum):
    HEADING = "heading"
    TEXT = "text"
    ARTICLES = "articles"  # numbered 第1条, 第2条 …
    POINTS = "points"
    ROWS = "rows"
    TICKS = "ticks"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Row:
    """A line to fill in; ``key`` is the field whose value is printed there."""

    key: str
    label: str
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One block. ``key`` names it for whoever puts a text of their own in its place.

    ``lines`` are the paragraphs, articles, points or boxes; in them ``{name}`` stands for a field.
    """

    key: str
    kind: BlockKind
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    code: str
    name: str
    number: int
    valid_from: date
    blocks: tuple[Block, ...]
    # Whether a signed sheet is expected back: it then carries a ticket.
    returns: bool = True


def heading(key: str, text: str) -> Block:
    return Block(key, BlockKind.HEADING, (text,))


def text(key: str, *lines: str) -> Block:
    return Block(key, BlockKind.TEXT, lines)


def points(key: str, *lines: str) -> Block:
    return Block(key, BlockKind.POINTS, lines)


def articles(key: str, *lines: str) -> Block:
    return Block(key, BlockKind.ARTICLES, lines)


def ticks(key: str, *lines: str) -> Block:
    return Block(key, BlockKind.TICKS, lines)


def notice(key: str, *lines: str) -> Block:
    return Block(key, BlockKind.NOTICE, lines)


def rows(key: str, *pairs: tuple[str, str] | tuple[str, str, bool]) -> Block:
    return Block(key, BlockKind.ROWS, rows=tuple(Row(*pair) for pair in pairs))
