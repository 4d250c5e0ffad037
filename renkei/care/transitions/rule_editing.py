"""Writing parts of a rule anew: pure, from one valid content to another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from renkei.care.transitions.rule_content import PARTS, RuleContent, parse

BASICS: Final = (
    "title",
    "summary",
    "counting",
    "notes",
    "closes_after_days",
    "contact_stale_after_months",
)


def part_of(content: RuleContent, part: str) -> Any:
    """A part as JSON holds it."""
    if part == "basics":
        return _stored({name: getattr(content, name) for name in BASICS})
    return _stored([asdict(row) for row in getattr(content, part)])


def with_part(content: RuleContent, part: str, value: Any) -> RuleContent:
    """The content with one part written anew.

    Raises:
        ValidationError: the part cannot be so; each complaint with its place.
    """
    raw = _stored(content.as_json())
    raw |= value if part == "basics" else {part: list(value)}
    return parse(raw)


def fingerprint(content: RuleContent, part: str) -> str:
    """What a form saw when it was opened: two people may write the same part at once."""
    text = json.dumps(part_of(content, part), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def with_row(rows: Sequence[Mapping[str, Any]], place: int, row: Mapping[str, Any]) -> list[Any]:
    """The rows with one written anew, or added behind the last."""
    changed = [dict(each) for each in rows]
    if place < len(changed):
        changed[place] = dict(row)
    else:
        changed.append(dict(row))
    return changed


def without_row(rows: Sequence[Mapping[str, Any]], place: int) -> list[Any]:
    """The rows without one."""
    return [dict(row) for number, row in enumerate(rows) if number != place]


def moved(rows: Sequence[Mapping[str, Any]], place: int, by: int) -> list[Any]:
    """The rows with one moved up or down; at the end it stays."""
    changed = [dict(each) for each in rows]
    target = place + by
    if 0 <= place < len(changed) and 0 <= target < len(changed):
        changed[place], changed[target] = changed[target], changed[place]
    return changed


def started_from(content: RuleContent, title: str) -> RuleContent:
    """A new rule made out of another one: its words, under its own title."""
    return replace(content, title=title)


def is_part(part: str) -> bool:
    """Whether it can be written."""
    return part == "basics" or part in PARTS


def _stored(raw: Any) -> Any:
    """As JSON gives it back: lists, not tuples."""
    return json.loads(json.dumps(raw))
