"""What a path holds, as checked data: phases over institutions, goals with criteria, variances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError


@dataclass(frozen=True)
class Goal:
    """達成目標. ``by_day``: expected by this day of its phase (the day of entering is 1)."""

    code: str
    text: str
    criterion: str
    by_day: int | None = None


@dataclass(frozen=True)
class Phase:
    """One stage in one kind of institution; ``expected_days`` None: as long as it takes."""

    code: str
    name: str
    institution_kind: str
    goals: tuple[Goal, ...]
    expected_days: int | None = None
    hand_on: str = ""


@dataclass(frozen=True)
class Variance:
    """バリアンス: one kind of difference from the plan."""

    code: str
    text: str
    group: str


@dataclass(frozen=True)
class PathContent:
    """One edition as the rest of the room reads it."""

    title: str
    counts_from: str
    phases: tuple[Phase, ...]
    variances: tuple[Variance, ...]
    source: str
    unconfirmed: tuple[str, ...] = ()

    def phase(self, code: str) -> Phase | None:
        """One phase."""
        return next((one for one in self.phases if one.code == code), None)

    def after(self, code: str) -> Phase | None:
        """The phase that follows."""
        codes = [one.code for one in self.phases]
        place = codes.index(code) + 1 if code in codes else 0
        return self.phases[place] if place < len(codes) else None

    def goal(self, code: str) -> Goal | None:
        """One goal of any phase; codes are unique over the path."""
        return next((goal for one in self.phases for goal in one.goals if goal.code == code), None)


def parse(content: Mapping[str, Any]) -> PathContent:
    """A path from its JSON.

    Raises:
        ValidationError: a part is missing or a code stands twice, with the place and the remedy.
    """
    try:
        phases = tuple(_phase(row) for row in content["phases"])
        found = PathContent(
            title=str(content["title"]),
            counts_from=str(content["counts_from"]),
            phases=phases,
            variances=tuple(
                Variance(str(row["code"]), str(row["text"]), str(row["group"]))
                for row in content["variances"]
            ),
            source=str(content["source"]),
            unconfirmed=tuple(str(each) for each in content.get("unconfirmed", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValidationError(
            f"パスの内容に足りない所があります：{error}。書き足してください。"
        ) from None
    if not found.phases:
        raise ValidationError("段階を1つ以上書いてください。")
    _unique("段階", (one.code for one in phases))
    _unique("達成目標", (goal.code for one in phases for goal in one.goals))
    _unique("バリアンス", (one.code for one in found.variances))
    return found


def _phase(row: Mapping[str, Any]) -> Phase:
    return Phase(
        code=str(row["code"]),
        name=str(row["name"]),
        institution_kind=str(row["institution_kind"]),
        expected_days=_days(row.get("expected_days"), "標準の日数"),
        hand_on=str(row.get("hand_on", "")),
        goals=tuple(
            Goal(
                code=str(goal["code"]),
                text=str(goal["text"]),
                criterion=str(goal["criterion"]),
                by_day=_days(goal.get("by_day"), "達成の目安の日"),
            )
            for goal in row["goals"]
        ),
    )


def _days(value: object, label: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 3660:  # noqa: PLR2004 - ten years
        raise ValidationError(f"{label}は1から3660までの整数で書いてください。")
    return value


def _unique(label: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if not code or code in seen:
            raise ValidationError(
                f"{label}の符号「{code}」が重なっているか、空です。直してください。"
            )
        seen.add(code)
