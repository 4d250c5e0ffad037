"""An answer into the cells of an office's own workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from renkei.foundation.sheets.answers import Values
from renkei.foundation.sheets.conditions import without_disabled
from renkei.foundation.sheets.items import Absence, Code, Definition
from renkei.foundation.sheets.office.mapping import (
    BOXES,
    Mapped,
    Target,
    targets_of,
    values_by_path,
)
from renkei.foundation.sheets.office.package import CellValue, Package, Place, place_of
from renkei.foundation.sheets.words import shown_values
from renkei.foundation.sheets.workbook_rows import TICK

# In every Japanese font and every FAX.
TICKED: Final = "■"


def fill(package: Package, definition: Definition, values: Values, mapped: Mapped) -> bytes:
    """The workbook with the answers in their cells; what was not answered leaves its cell alone."""
    given = values_by_path(definition, without_disabled(values, definition))
    return place_answers(package, definition, given, mapped)


def place_answers(
    package: Package, definition: Definition, given: Mapping[str, list[Any]], mapped: Mapped
) -> bytes:
    """The workbook with answers that are given by their paths."""
    cells: dict[str, dict[Place, CellValue]] = {}
    for target in targets_of(definition):
        cell = mapped.get(target.key)
        sheet = package.sheets.get(cell.sheet) if cell else None
        answers = given.get(target.key.partition("=")[0], [])
        if cell is None or sheet is None or not answers:
            continue
        place = sheet.upper_left(place_of(cell.cell))
        written = cells.setdefault(cell.sheet, {})
        present = written.get(place, sheet.shown(place).text)
        value = _value(target, answers, present if isinstance(present, str) else "")
        if value is not None:
            written[place] = value
    return package.filled(cells)


def _value(target: Target, answers: list[Any], present: str) -> CellValue | None:
    if target.option is not None:
        chosen = {each.code for each in answers if isinstance(each, Code)}
        if target.option.code not in chosen:
            return None
        return _with_first_box_ticked(present) or TICK
    if target.item.is_choice or isinstance(answers[0], bool | Absence):
        labels = [shown_values(target.item, [each]) for each in answers]
        return _ticked(present, labels) or "、".join(labels)
    if len(answers) == 1 and isinstance(answers[0], int | Decimal | date):
        return answers[0]
    return shown_values(target.item, answers)


def _with_first_box_ticked(text: str) -> str:
    at = next((index for index, sign in enumerate(text) if sign in BOXES), None)
    return "" if at is None else text[:at] + TICKED + text[at + 1 :]


def _ticked(text: str, labels: list[str]) -> str:
    """The present text with the boxes before these labels ticked; "" where one has no box."""
    for label in labels:
        found = next(
            (
                index
                for index, sign in enumerate(text)
                if sign in BOXES and _follows(text, index + 1, label)
            ),
            None,
        )
        if found is None:
            return ""
        text = text[:found] + TICKED + text[found + 1 :]
    return text


def _follows(text: str, at: int, label: str) -> bool:
    """Whether the label, and not a longer word, stands here: 「□要介護1」 is not 「□要介護10」."""
    rest = text[at:].lstrip()
    end = rest[len(label) : len(label) + 1]
    return rest.startswith(label) and not (end and (end.isdigit() or _continues(end)))


def _continues(sign: str) -> bool:
    return sign.isalpha() and sign not in BOXES
