"""Proposals for the columns of a list: by headings, by the edition of last time, by words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from renkei.foundation.common.spreadsheets.columns import fold_heading
from renkei.registry.facilities.importers.list_columns import OWN, SKIP, guess_target
from renkei.registry.facilities.importers.local import JOINABLE, Column, LocalMapping, fold_kind

# A list is taken for the one of last time when this share of its headings is the same.
SAME_LIST = 0.7


def guess_columns(headings: Sequence[str]) -> tuple[Column, ...]:
    """A proposal for a list nobody has seen: each field once, the unknown as own columns."""
    taken: set[str] = set()
    columns = []
    for heading in headings:
        target = guess_target(heading)
        if target is None or heading.startswith("（"):
            target = SKIP if heading.startswith("（") else OWN
        elif target in taken and target not in JOINABLE | {OWN, SKIP}:
            target = OWN
        taken.add(target)
        columns.append(Column(heading, target, heading if target == OWN else ""))
    if "name" not in taken:
        columns = _take_as_name(columns)
    return tuple(columns)


def _take_as_name(columns: list[Column]) -> list[Column]:
    """Without a column of names, the corporation's name is the place's (NPO, 自治会)."""
    for index, column in enumerate(columns):
        if column.target == "corporate_name":
            columns[index] = replace(column, target="name")
            break
    return columns


def follow(remembered: LocalMapping, headings: Sequence[str]) -> tuple[Column, ...]:
    """The columns of last time on this time's headings, found by name wherever they moved."""
    known = {fold_heading(column.heading): column for column in remembered.columns}
    return tuple(
        replace(known[fold_heading(guessed.heading)], heading=guessed.heading)
        if fold_heading(guessed.heading) in known
        else guessed
        for guessed in guess_columns(headings)
    )


def likeness(remembered: LocalMapping, headings: Sequence[str]) -> float:
    """Share of headings two editions have in common, 0 to 1."""
    before = {fold_heading(column.heading) for column in remembered.columns}
    now = {fold_heading(heading) for heading in headings}
    return len(before & now) / max(len(before), len(now), 1)


def new_headings(remembered: LocalMapping, headings: Sequence[str]) -> list[str]:
    """Headings the edition of last time did not have."""
    before = {fold_heading(column.heading) for column in remembered.columns}
    return [heading for heading in headings if fold_heading(heading) not in before]


def lost_headings(remembered: LocalMapping, headings: Sequence[str]) -> list[str]:
    """Headings of last time that are missing now, with a meaning (skipped columns may go)."""
    now = {fold_heading(heading) for heading in headings}
    return [
        column.heading
        for column in remembered.columns
        if column.target != SKIP and fold_heading(column.heading) not in now
    ]


def guess_kind(words: str, services: Mapping[str, str]) -> str:
    """The code of the service whose label says the same, or one contains the other."""
    folded = fold_kind(words)
    if not folded:
        return ""
    labels = {code: fold_kind(label) for code, label in services.items()}
    exact = [code for code, label in labels.items() if label == folded]
    if exact:
        return exact[0]
    inside = [code for code, label in labels.items() if label in folded or folded in label]
    return inside[0] if len(inside) == 1 else ""
