"""What a form consists of, as frozen values; ``definition.parse`` makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

EXTENSION = "https://renkei.example/fhir/StructureDefinition/"
FHIR_EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
OPTION_SYSTEM = "https://renkei.example/fhir/CodeSystem/"
# More rows of a repeating group than anybody fills in; a form may name its own number.
MOST_ROWS = 50


class ItemType(StrEnum):
    """The FHIR item types a form may use."""

    GROUP = "group"
    DISPLAY = "display"
    STRING = "string"
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATE_TIME = "dateTime"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    OPEN_CHOICE = "open-choice"
    ATTACHMENT = "attachment"


TYPE_LABELS: dict[ItemType, str] = {
    ItemType.GROUP: "まとまり",
    ItemType.DISPLAY: "説明文",
    ItemType.STRING: "1行の文字",
    ItemType.TEXT: "文章",
    ItemType.INTEGER: "整数",
    ItemType.DECIMAL: "小数",
    ItemType.DATE: "日付",
    ItemType.DATE_TIME: "日時",
    ItemType.BOOLEAN: "はい・いいえ",
    ItemType.CHOICE: "選択",
    ItemType.OPEN_CHOICE: "選択と自由記入",
    ItemType.ATTACHMENT: "ファイル",
}
CHOICES = frozenset({ItemType.CHOICE, ItemType.OPEN_CHOICE})
WITH_LENGTH = frozenset({ItemType.STRING, ItemType.TEXT, ItemType.OPEN_CHOICE})
NO_QUESTION = frozenset({ItemType.GROUP, ItemType.DISPLAY})
ORDERED = frozenset({ItemType.INTEGER, ItemType.DECIMAL, ItemType.DATE, ItemType.DATE_TIME})


class Absence(StrEnum):
    """Why there is no value. Not answered is no member: it is the missing answer (design §3.9)."""

    NONE = "none"
    UNKNOWN = "unknown"
    NOT_DISCLOSED = "not-disclosed"

    @property
    def label(self) -> str:
        return ABSENCE_LABELS[self]


ABSENCE_LABELS = {
    Absence.NONE: "なし",
    Absence.UNKNOWN: "不明",
    Absence.NOT_DISCLOSED: "答えない",
}


@dataclass(frozen=True, slots=True)
class Code:
    """A chosen option."""

    code: str
    label: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a code list, with the days on which it may be chosen (to: not included)."""

    code: str
    label: str
    system: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    # 「なし」 in a list of several answers: it stands alone.
    exclusive: bool = False

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )

    @property
    def value(self) -> Code:
        return Code(self.code, self.label, self.system)


ConditionAnswer = bool | int | Decimal | str | date | datetime | Code


@dataclass(frozen=True, slots=True)
class Condition:
    """``enableWhen``: the item is asked when another answer compares so."""

    question: str
    operator: str
    answer: ConditionAnswer


@dataclass(frozen=True, slots=True)
class Layout:
    """Hints for the page and the paper; they never change what is asked."""

    width: str = "full"
    columns: int = 1
    print: str = ""
    section: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A question, a group of items or a text between them."""

    link_id: str
    text: str
    type: ItemType
    prefix: str = ""
    hint: str = ""
    required: bool = False
    # Required whenever its condition lets it be asked (「あり」の内容).
    required_if: bool = False
    repeats: bool = False
    minimum_count: int = 0
    maximum_count: int = MOST_ROWS
    options: tuple[Option, ...] = ()
    code_list: str = ""
    enable_when: tuple[Condition, ...] = ()
    # True: every condition must hold; False: one is enough.
    enable_all: bool = True
    maximum_length: int | None = None
    minimum: int | Decimal | date | None = None
    maximum: int | Decimal | date | None = None
    unit: str = ""
    era: str = "gregorian"
    absence: tuple[Absence, ...] = ()
    prefill: str = ""
    unconfirmed: str = ""
    read_only: bool = False
    layout: Layout = field(default_factory=Layout)
    items: tuple[Item, ...] = ()

    @property
    def is_group(self) -> bool:
        return self.type is ItemType.GROUP

    @property
    def is_question(self) -> bool:
        return self.type not in NO_QUESTION

    @property
    def is_choice(self) -> bool:
        return self.type in CHOICES

    @property
    def is_required(self) -> bool:
        """Whether an answer must be given when the item is asked at all."""
        return self.required or self.required_if

    @property
    def label(self) -> str:
        """What problems and tables call it."""
        return self.text or self.link_id

    def options_on(self, day: date) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.holds_on(day))

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)

    def walk(self) -> Iterator[Item]:
        """The item itself and everything in it, in the order of the form."""
        yield self
        for item in self.items:
            yield from item.walk()


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole form. ``unconfirmed`` of its items says what the form is not sure about."""

    title: str
    items: tuple[Item, ...]
    url: str = ""
    version: str = ""
    description: str = ""

    def walk(self) -> Iterator[Item]:
        for item in self.items:
            yield from item.walk()

    @property
    def questions(self) -> tuple[Item, ...]:
        return tuple(item for item in self.walk() if item.is_question)

    def find(self, link_id: str) -> Item | None:
        return next((item for item in self.walk() if item.link_id == link_id), None)

    def item(self, link_id: str) -> Item:
        """The item with this linkId.

        Raises:
            KeyError: there is none.
        """
        found = self.find(link_id)
        if found is None:
            raise KeyError(link_id)
        return found
