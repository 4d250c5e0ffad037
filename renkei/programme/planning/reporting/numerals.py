"""Which digits in a text are numbers that need a footnote. Pure."""

from __future__ import annotations

import re
from typing import Final

MARK: Final = re.compile(r"［(\d+)］")
# Days, years, and numbers that name something: 令和8年度, 第2回, 資料1, 14時30分, A-P1, 人口10万対.
_NAMES: Final = re.compile(
    r"(?:明治|大正|昭和|平成|令和)(?:元|\d{1,2})年度?"
    r"|\d{4}年度?|\d{4}-\d{2}-\d{2}|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}時(?:\d{1,2}分)?"
    r"|第\d+[回版期条項号](?:の\d+)*|資料\d+(?:-\d+)?|[A-Z]+-[A-Z]*\d+"
    r"|(?:人口)?\d+万人?(?:対|あたり)|\d+歳|〒\d{3}-\d{4}"
)


def mark(number: int) -> str:
    """［3］, behind the number it belongs to."""
    return f"［{number}］"


def marks_in(text: str) -> list[int]:
    """The footnotes a text names."""
    return [int(one) for one in MARK.findall(text)]


def has_loose_numbers(text: str) -> bool:
    """Whether a number stands without a footnote behind it."""
    plain = _NAMES.sub("", text)
    return any(one.isdigit() for one in MARK.split(plain)[-1])
