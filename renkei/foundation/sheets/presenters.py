"""A form as the fields of a page: what templates need to draw each item, and nothing more."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import ERAS, era_of
from renkei.foundation.sheets.answers import Attachment, Values
from renkei.foundation.sheets.conditions import Conditions, Scope, row_prefix
from renkei.foundation.sheets.items import (
    Absence,
    Code,
    Condition,
    Definition,
    Item,
    ItemType,
    Option,
)
from renkei.foundation.sheets.rows import values_at
from renkei.foundation.sheets.validation import Problem
from renkei.foundation.sheets.words import shown_values

# Parts of one field's name on the page.
ABSENCE, ERA, YEAR, MONTH, DAY, TIME, OTHER, ROWS = (
    "~absence",
    "~era",
    "~y",
    "~m",
    "~d",
    "~t",
    "~other",
    "~rows",
)
WESTERN = "西暦"
ERA_NAMES = (WESTERN, *(era.name for era in reversed(ERAS)))
# More options than these are a list to open.
MOST_RADIOS = 6
_TYPED_DAY = re.compile(r"(\D{2})?([^年]*)年([^月]*)月([^日]*)日 ?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio, check box or entry of a list."""

    value: str
    label: str
    id: str
    chosen: bool = False
    # Stands alone among check boxes.
    alone: bool = False


@dataclass(frozen=True, slots=True)
class DayParts:
    """年・月・日 as typed, with the era before them; a time beside them for instants."""

    era: str = ""
    year: str = ""
    month: str = ""
    day: str = ""
    time: str = ""


@dataclass(slots=True)
class Field:
    """One item on the page."""

    item: Item
    name: str
    id: str
    kind: str
    label: str
    need: str = ""
    enabled: bool = True
    # The conditions as JSON for the browser; "" where the item is always asked.
    when: str = ""
    text: str = ""
    other: str = ""
    parts: DayParts = field(default_factory=DayParts)
    choices: list[Choice] = field(default_factory=list)
    absences: list[Choice] = field(default_factory=list)
    eras: tuple[str, ...] = ERA_NAMES
    errors: list[str] = field(default_factory=list)
    # What the field said in the answer before, where it says something else now.
    was: str = ""
    # Where a prefilled value comes from.
    source: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    decides: bool = False

    @property
    def described_by(self) -> str:
        """Ids of what explains the control, error first."""
        ids = [
            f"{self.id}:error" if self.errors else "",
            f"{self.id}:hint" if self.item.hint else "",
            f"{self.id}:note" if self.was or self.source else "",
        ]
        return " ".join(one for one in ids if one)

    @property
    def first_id(self) -> str:
        """What a link to the field focuses."""
        if self.kind in {"radios", "checks"}:
            return self.choices[0].id if self.choices else self.id
        return f"{self.id}:y" if self.kind in {"day", "instant"} else self.id

    @property
    def is_changed(self) -> bool:
        return bool(self.was)

    @property
    def may_add(self) -> bool:
        return len(self.rows) < self.item.maximum_count


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeating group."""

    number: int
    path: str
    fields: list[Field]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form with its place in the side index."""

    id: str
    title: str
    fields: list[Field]
    when: str = ""
    enabled: bool = True
    columns: int = 1
    hint: str = ""
    unconfirmed: str = ""
    # How many of its fields are wrong or missing, after a refusal.
    problem_count: int = 0
    row_field: Field | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What a page says beside the values."""

    problems: tuple[Problem, ...] = ()
    # path → words of the answer before
    was: Mapping[str, str] = field(default_factory=dict)
    # path → where the value was taken from
    sources: Mapping[str, str] = field(default_factory=dict)
    new_row: str = ""


def html_id(path: str) -> str:
    """An id for a path: "family[0]/who" → "i-family:0:who"."""
    return "i-" + path.replace("[", ":").replace("]/", ":")


def sections_of(
    definition: Definition, values: Values, *, on: date, marks: Marks | None = None
) -> list[Section]:
    """The whole form in sections; items outside of groups gather in a section of their own."""
    return _Page(definition, values, on, marks or Marks()).sections()


def problem_links(sections: list[Section], problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    """Each sentence with the id of the control it is about, "" where the page has none."""
    ids: dict[str, str] = {}

    def note(fields: list[Field]) -> None:
        for drawn in fields:
            ids[drawn.name] = drawn.first_id
            note(drawn.fields)
            for row in drawn.rows:
                note(row.fields)

    for section in sections:
        note(section.fields)
        if section.row_field:
            note([section.row_field])
    return [(problem.message, ids.get(problem.path, "")) for problem in problems]


class _Page:
    def __init__(self, definition: Definition, values: Values, on: date, marks: Marks) -> None:
        self.definition, self.values, self.on, self.marks = definition, values, on, marks
        self.conditions = Conditions(definition)
        self.scope = Scope(values)
        self.errors: dict[str, list[str]] = {}
        for problem in marks.problems:
            self.errors.setdefault(problem.path, []).append(problem.message)
        self.deciding = {
            condition.question for item in definition.walk() for condition in item.enable_when
        }

    def sections(self) -> list[Section]:
        found: list[Section] = []
        loose: list[Item] = []
        for item in self.definition.items:
            if not item.is_group:
                loose.append(item)
                continue
            if loose:
                found.append(self.loose(loose, len(found)))
                loose = []
            found.append(self.section(item))
        if loose:
            found.append(self.loose(loose, len(found)))
        return found

    def loose(self, items: list[Item], number: int) -> Section:
        fields = [self.field(item, self.scope, "") for item in items]
        title = self.definition.title if not number else "そのほか"
        return Section(
            f"s-{number}", title, fields, problem_count=sum(_problem_count(one) for one in fields)
        )

    def section(self, item: Item) -> Section:
        drawn = self.field(item, self.scope, "")
        return Section(
            id=f"s-{item.link_id}",
            title=item.label,
            fields=drawn.fields,
            when=drawn.when,
            enabled=drawn.enabled,
            columns=item.layout.columns,
            hint=item.hint,
            unconfirmed=item.unconfirmed,
            problem_count=_problem_count(drawn),
            row_field=drawn if item.repeats else None,
        )

    def field(self, item: Item, scope: Scope, prefix: str) -> Field:
        path = prefix + item.link_id
        given = scope.values.get(item.link_id, [])
        drawn = Field(
            item=item,
            name=path,
            id=html_id(path),
            kind=_kind(item, self.on),
            label=item.label,
            need=_need(item),
            enabled=self.conditions.enabled(item, scope),
            when=self.when(item, prefix),
            errors=self.errors.get(path, []),
            was=self.marks.was.get(path, ""),
            source=self.marks.sources.get(path, ""),
            decides=item.link_id in self.deciding,
        )
        if item.is_group:
            self.fill_group(drawn, scope, prefix)
        elif item.is_question:
            _fill_question(drawn, given, self.on)
        return drawn

    def fill_group(self, drawn: Field, scope: Scope, prefix: str) -> None:
        item = drawn.item
        if not item.repeats:
            drawn.fields = [self.field(child, scope, prefix) for child in item.items]
            return
        rows: list[Values] = list(scope.values.get(item.link_id, []))
        while len(rows) < max(item.minimum_count, 1):
            rows.append({})
        for index, row in enumerate(rows):
            inside, start = Scope(row, scope), row_prefix(drawn.name, index)
            fields = [self.field(child, inside, start) for child in item.items]
            path = f"{drawn.name}[{index}]"
            drawn.rows.append(Row(index + 1, path, fields, is_new=path == self.marks.new_row))

    def when(self, item: Item, prefix: str) -> str:
        """The item's own conditions for the browser, each with the name of the field it asks."""
        if not item.enable_when:
            return ""
        conditions = [self.browser_condition(one, prefix) for one in item.enable_when]
        return json.dumps({"all": item.enable_all, "on": conditions}, ensure_ascii=False)

    def browser_condition(self, condition: Condition, prefix: str) -> dict[str, Any]:
        asked = self.conditions.items[condition.question]
        row = self.row_of(asked)
        name = (prefix if row else "") + asked.link_id
        answer = condition.answer
        if isinstance(answer, Code):
            shown: object = answer.code
        elif isinstance(answer, Decimal):
            shown = float(answer)
        elif isinstance(answer, date):
            # Days are compared by the server; the next saving tells the page.
            shown = None
        else:
            shown = answer
        return {"q": name, "op": condition.operator, "v": shown}

    def row_of(self, item: Item) -> bool:
        parent = self.conditions.parents.get(item.link_id)
        while parent is not None:
            if parent.repeats:
                return True
            parent = self.conditions.parents.get(parent.link_id)
        return False


def _kind(item: Item, on: date) -> str:  # noqa: PLR0911 - one line per type
    match item.type:
        case ItemType.CHOICE | ItemType.OPEN_CHOICE:
            if item.repeats:
                return "checks"
            return "radios" if len(item.options_on(on)) <= MOST_RADIOS else "list"
        case ItemType.BOOLEAN:
            return "radios"
        case ItemType.DATE:
            return "day"
        case ItemType.DATE_TIME:
            return "instant"
        case ItemType.INTEGER | ItemType.DECIMAL:
            return "number"
        case ItemType.GROUP if item.repeats:
            return "rows"
    return item.type.value


def _need(item: Item) -> str:
    if not item.is_question:
        return ""
    return "required" if item.is_required else "optional"


def _problem_count(drawn: Field) -> int:
    inside = [*drawn.fields, *(one for row in drawn.rows for one in row.fields)]
    return bool(drawn.errors) + sum(_problem_count(one) for one in inside)


# The values of one question ---------------------------------------------------------------


def _fill_question(drawn: Field, given: list[Any], on: date) -> None:
    item = drawn.item
    absent = next((value for value in given if isinstance(value, Absence)), None)
    if drawn.kind in {"radios", "checks", "list"}:
        _fill_choices(drawn, given, absent, on)
        return
    drawn.absences = [
        Choice(kind.value, kind.label, f"{drawn.id}:{kind.value}", chosen=kind is absent)
        for kind in item.absence
    ]
    value = given[0] if given and absent is None else None
    if drawn.kind in {"day", "instant"}:
        drawn.parts = day_parts(item, value)
    elif drawn.kind == "attachment":
        drawn.attachments = [one for one in given if isinstance(one, Attachment)]
    elif value is not None:
        drawn.text = str(value)


def _fill_choices(drawn: Field, given: list[Any], absent: Absence | None, on: date) -> None:
    item = drawn.item
    if item.type is ItemType.BOOLEAN:
        offered = [("true", "はい", given[:1] == [True]), ("false", "いいえ", given[:1] == [False])]
        drawn.choices = [
            Choice(value, label, f"{drawn.id}:{value}", chosen=chosen)
            for value, label, chosen in offered
        ]
    else:
        codes = {value.code for value in given if isinstance(value, Code)}
        drawn.choices = [
            Choice(
                option.code,
                option.label,
                f"{drawn.id}:{number}",
                chosen=option.code in codes,
                alone=option.exclusive,
            )
            for number, option in enumerate(_offered(item, codes, on))
        ]
        drawn.other = next((value for value in given if isinstance(value, str)), "")
    drawn.choices += [
        Choice(
            f"~{kind.value}",
            kind.label,
            f"{drawn.id}:{kind.value}",
            chosen=kind is absent,
            alone=True,
        )
        for kind in item.absence
    ]


def _offered(item: Item, chosen: set[str], on: date) -> list[Option]:
    """Today's options; one that was chosen and has ended since is shown, so that it is seen."""
    return [option for option in item.options if option.holds_on(on) or option.code in chosen]


def day_parts(item: Item, value: object) -> DayParts:
    """A day, or what somebody typed for one, in the parts of the page."""
    first_era = ERAS[-1].name if item.era == "wareki" else WESTERN
    if isinstance(value, datetime):
        local = value.astimezone(TOKYO)
        parts = day_parts(item, local.date())
        return DayParts(parts.era, parts.year, parts.month, parts.day, f"{local:%H:%M}")
    if isinstance(value, date):
        era = era_of(value) if item.era == "wareki" else None
        year = era.year_of(value.year) if era else value.year
        name = era.name if era else WESTERN
        return DayParts(name, str(year), str(value.month), str(value.day))
    if not value:
        return DayParts(first_era)
    match = _TYPED_DAY.fullmatch(str(value))
    if not match or (match[1] and match[1] not in ERA_NAMES):
        return DayParts(first_era, str(value))
    return DayParts(match[1] or WESTERN, match[2], match[3], match[4], match[5])


# Reading an answer -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One item of an answer as words."""

    label: str
    value: str
    path: str
    depth: int = 0
    is_heading: bool = False
    was: str | None = None
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section of an answer to read."""

    title: str
    lines: list[Line]


def read_sections(
    definition: Definition, values: Values, *, was: Mapping[str, str] | None = None
) -> list[ReadSection]:
    """An answer to read: only what was asked, "" where nothing was answered."""
    sections: list[ReadSection] = []
    current: ReadSection | None = None
    depths: dict[str, int] = {}
    for placed in Conditions(definition).placed(values):
        item = placed.item
        depth = _depth(definition, item, depths)
        if depth == 0 and item.is_group:
            current = ReadSection(item.label, [])
            sections.append(current)
            continue
        if not placed.enabled or item.type is ItemType.DISPLAY:
            continue
        if current is None or depth == 0:
            current = ReadSection(definition.title if not sections else "そのほか", [])
            sections.append(current)
        row = placed.path.rpartition("/")[0]
        if item.is_group:
            current.lines.append(Line(item.label, "", placed.path, depth, is_heading=True))
            continue
        given = values_at(values, placed.path)
        label = f"{row[row.rindex('[') + 1 : -1]}" if row else ""
        current.lines.append(
            Line(
                label=f"{int(label) + 1}件目 {item.label}" if label else item.label,
                value=shown_values(item, given),
                path=placed.path,
                depth=depth,
                was=(was or {}).get(placed.path),
                is_long=item.type is ItemType.TEXT,
            )
        )
    return [section for section in sections if section.lines]


def _depth(definition: Definition, item: Item, known: dict[str, int]) -> int:
    if not known:

        def walk(items: tuple[Item, ...], depth: int) -> None:
            for one in items:
                known[one.link_id] = depth
                walk(one.items, depth + 1)

        walk(definition.items, 0)
    return known[item.link_id]
