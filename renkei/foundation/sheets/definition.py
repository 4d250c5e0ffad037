"""From a FHIR R4 Questionnaire to the items of a form, or to every mistake found in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from renkei.foundation.common.text import text_problem
from renkei.foundation.sheets.code_lists import CODE_LISTS
from renkei.foundation.sheets.fhir_values import read_answer
from renkei.foundation.sheets.items import (
    CHOICES,
    EXTENSION,
    FHIR_EXTENSION,
    MOST_ROWS,
    NO_QUESTION,
    ORDERED,
    TYPE_LABELS,
    WITH_LENGTH,
    Absence,
    Code,
    Condition,
    ConditionAnswer,
    Definition,
    Item,
    ItemType,
    Layout,
    Option,
)
from renkei.foundation.sheets.references import wrong_references

__all__ = [
    "Absence",
    "BrokenDefinitionError",
    "Code",
    "Condition",
    "Definition",
    "Item",
    "ItemType",
    "Layout",
    "Option",
    "parse",
]

WIDTHS = ("full", "half", "third", "quarter")
PRINTS = ("hide", "break-before")
OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")
LINK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PREFILL = re.compile(r"[a-z_]+(\.[a-z_]+)?")
MOST_ITEMS = 2000
DEEPEST = 6
MOST_COLUMNS = 6
_COUNTED = frozenset({ItemType.GROUP, ItemType.ATTACHMENT, *CHOICES})


class BrokenDefinitionError(ValidationError):
    """The Questionnaire is not a form; ``messages`` names every place and what to do there."""


def parse(questionnaire: object) -> Definition:
    """Read a Questionnaire that may come from anywhere.

    Raises:
        BrokenDefinitionError: with one sentence per mistake, each with the place of the item.
    """
    return _Parser().definition(questionnaire)


def _kind(value: object) -> str:
    return "がありません" if value is None else "の形が違います"


class _Parser:
    """One pass over the file; it collects mistakes instead of stopping at the first."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self.count = 0

    def tell(self, place: str, sentence: str) -> None:
        self.mistakes.append(f"{place}：{sentence}")

    def definition(self, source: object) -> Definition:
        if not isinstance(source, Mapping) or source.get("resourceType") != "Questionnaire":
            raise BrokenDefinitionError(
                ["FHIRのQuestionnaireではありません。様式の定義のファイルを選んでください。"]
            )
        title = self.text(source, "title", "様式", required=True)
        result = Definition(
            title=title,
            items=self.items(source.get("item", []), "様式", depth=1),
            url=self.text(source, "url", "様式"),
            version=self.text(source, "version", "様式"),
            description=self.text(source, "description", "様式", multiline=True),
        )
        if not self.mistakes:
            self.mistakes += wrong_references(result)
        if self.mistakes:
            raise BrokenDefinitionError(self.mistakes)
        return result

    def items(self, source: object, place: str, *, depth: int) -> tuple[Item, ...]:
        if not isinstance(source, list):
            self.tell(place, "item は項目の並びにしてください。")
            return ()
        if depth > DEEPEST:
            self.tell(place, f"まとまりの入れ子は{DEEPEST}段までにしてください。")
            return ()
        result = []
        for number, entry in enumerate(source, start=1):
            self.count += 1
            if self.count == MOST_ITEMS + 1:
                self.tell(place, f"項目は{MOST_ITEMS}個までにしてください。")
            if self.count > MOST_ITEMS:
                break
            item = self.item(entry, f"{place}の{number}番目の項目", depth=depth)
            if item:
                result.append(item)
        return tuple(result)

    def item(self, source: object, place: str, *, depth: int) -> Item | None:
        if not isinstance(source, Mapping):
            self.tell(place, "項目の形が違います。linkId と type のある項目にしてください。")
            return None
        link_id = source.get("linkId")
        if not isinstance(link_id, str) or not LINK_ID.fullmatch(link_id):
            self.tell(
                place,
                "linkId は半角の英数字と「.」「_」「-」の64文字までで、英数字から始めてください。",
            )
            return None
        text = source.get("text")
        words = f"（{text[:30]}）" if isinstance(text, str) and text else ""
        place = f"項目「{link_id}」{words}"
        try:
            kind = ItemType(str(source.get("type")))
        except ValueError:
            self.tell(
                place,
                f"種類「{str(source.get('type'))[:30]}」は使えません。"
                f"{'・'.join(TYPE_LABELS)} のどれかにしてください。",
            )
            return None
        return _ItemParser(self, source, place, link_id, kind).item(depth)

    def text(
        self,
        source: Mapping[str, Any],
        key: str,
        place: str,
        *,
        required: bool = False,
        multiline: bool = False,
    ) -> str:
        value = source.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            self.tell(place, f"{key} {_kind(value)}。文字を入れてください。")
            return ""
        problem = text_problem(value, multiline=multiline)
        if problem:
            self.tell(place, f"{key} の{problem}")
        return value.strip()


class _ItemParser:
    """One item of the file."""

    def __init__(
        self, parser: _Parser, source: Mapping[str, Any], place: str, link_id: str, kind: ItemType
    ) -> None:
        self.parser, self.source, self.place = parser, source, place
        self.link_id, self.kind = link_id, kind
        self.extensions = self.read_extensions(source)

    def tell(self, sentence: str) -> None:
        self.parser.tell(self.place, sentence)

    def item(self, depth: int) -> Item:
        kind = self.kind
        children = self.source.get("item", [])
        if kind is not ItemType.GROUP and children:
            self.tell("項目の中に項目を入れられるのは group だけです。group に移してください。")
            children = []
        code_list = self.extension("code-list", "valueCode")
        result = Item(
            link_id=self.link_id,
            text=self.parser.text(
                self.source, "text", self.place, required=kind is not ItemType.GROUP, multiline=True
            ),
            type=kind,
            prefix=self.parser.text(self.source, "prefix", self.place),
            hint=self.extension("hint", "valueString"),
            required=self.flag("required", allowed=kind not in NO_QUESTION),
            required_if=bool(self.extensions.get("required-if-enabled", {}).get("valueBoolean")),
            repeats=self.flag("repeats", allowed=kind in _COUNTED),
            minimum_count=self.whole(self.count("minOccurs"), default=0),
            maximum_count=self.whole(self.count("maxOccurs"), default=MOST_ROWS),
            options=self.options(code_list),
            code_list=code_list,
            enable_when=self.conditions(),
            enable_all=self.behaviour(),
            maximum_length=self.maximum_length(),
            minimum=self.bound("minValue"),
            maximum=self.bound("maxValue"),
            unit=self.unit(),
            era=self.one_of("era", ("wareki", "gregorian")) or "gregorian",
            absence=self.absence(),
            prefill=self.prefill(),
            unconfirmed=self.extension("unconfirmed", "valueString"),
            read_only=self.flag("readOnly", allowed=True),
            layout=self.layout(),
            items=self.parser.items(children, self.place, depth=depth + 1),
        )
        if result.minimum_count > result.maximum_count:
            self.tell("minOccurs は maxOccurs 以下の数にしてください。")
        return result

    # Extensions ---------------------------------------------------------------------------

    def read_extensions(self, source: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        listed = source.get("extension", [])
        if not isinstance(listed, list) or not all(
            isinstance(entry, Mapping) and isinstance(entry.get("url"), str) for entry in listed
        ):
            self.tell("extension は url のある並びにしてください。")
            return {}
        found: dict[str, Mapping[str, Any]] = {}
        for entry in listed:
            found[entry["url"].removeprefix(EXTENSION).removeprefix(FHIR_EXTENSION)] = entry
        return found

    def extension(self, name: str, key: str) -> str:
        entry = self.extensions.get(name)
        return self.parser.text(entry, key, f"{self.place}の {name}") if entry else ""

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.extension(name, "valueCode")
        if value and value not in allowed:
            self.tell(f"{name} は {'・'.join(allowed)} のどれかにしてください。")
            return ""
        return value

    def count(self, name: str) -> object:
        return self.extensions.get(f"questionnaire-{name}", {}).get("valueInteger")

    def whole(self, value: object, *, default: int) -> int:
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_ROWS:
            self.tell(f"くり返しの数は0から{MOST_ROWS}までの整数にしてください。")
            return default
        return value

    def layout(self) -> Layout:
        columns = self.extensions.get("columns", {"valueInteger": 1}).get("valueInteger")
        if isinstance(columns, bool) or not isinstance(columns, int):
            columns = 0
        if not 1 <= columns <= MOST_COLUMNS:
            self.tell(f"columns は1から{MOST_COLUMNS}までの整数にしてください。")
            columns = 1
        return Layout(
            width=self.one_of("width", WIDTHS) or "full",
            columns=columns,
            print=self.one_of("print", PRINTS),
            section="section" in self.extensions,
        )

    def absence(self) -> tuple[Absence, ...]:
        url = EXTENSION + "absence"
        values = [
            entry.get("valueCode")
            for entry in self.source.get("extension", [])
            if isinstance(entry, Mapping) and entry.get("url") == url
        ]
        known = set(Absence)
        if any(value not in known for value in values):
            self.tell(f"absence は {'・'.join(Absence)} のどれかにしてください。")
            return ()
        if values and self.kind in NO_QUESTION:
            self.tell("absence は答える項目にだけ付けてください。")
        return tuple(kind for kind in Absence if kind in values)

    def prefill(self) -> str:
        code = self.extension("prefill", "valueCode")
        if code and not PREFILL.fullmatch(code):
            self.tell("prefill は patient.name のような記号にしてください。")
            return ""
        return code

    def unit(self) -> str:
        entry = self.extensions.get("questionnaire-unit")
        if entry is None:
            return ""
        coding = entry.get("valueCoding")
        if not isinstance(coding, Mapping):
            self.tell("questionnaire-unit は valueCoding で書いてください。")
            return ""
        return self.parser.text(coding, "display", self.place) or self.parser.text(
            coding, "code", self.place
        )

    # Plain members ------------------------------------------------------------------------

    def flag(self, key: str, *, allowed: bool) -> bool:
        value = self.source.get(key, False)
        if not isinstance(value, bool):
            self.tell(f"{key} は true か false にしてください。")
            return False
        if value and not allowed:
            self.tell(f"{key} は種類「{self.kind}」の項目には付けられません。外してください。")
            return False
        return value

    def maximum_length(self) -> int | None:
        value: object = self.source.get("maxLength")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.tell("maxLength は1以上の整数にしてください。")
            return None
        if self.kind not in WITH_LENGTH:
            self.tell("maxLength は文字の項目にだけ付けてください。")
            return None
        return value

    def bound(self, name: str) -> int | Decimal | date | None:
        entry = self.extensions.get(name)
        if entry is None:
            return None
        value: object = next(
            (entry[key] for key in ("valueInteger", "valueDecimal", "valueDate") if key in entry),
            None,
        )
        # A day bounds the days of instants as well.
        kind = ItemType.DATE if self.kind is ItemType.DATE_TIME else self.kind
        fits = read_answer(value, kind) if kind in ORDERED else None
        if fits is None or isinstance(fits, str | bool | Code):
            self.tell(f"{name} は項目の種類に合う値にしてください。")
            return None
        return fits

    def options(self, code_list: str) -> tuple[Option, ...]:
        listed = self.source.get("answerOption", [])
        if self.kind not in CHOICES:
            if listed or code_list:
                self.tell("選択肢を付けられるのは choice と open-choice だけです。")
            return ()
        if code_list:
            if listed:
                self.tell("code-list と answerOption は、どちらか一方にしてください。")
            if code_list not in CODE_LISTS:
                self.tell(
                    f"コード表「{code_list}」はありません。あるコード表の名前にしてください。"
                )
                return ()
            return CODE_LISTS[code_list].options
        if not isinstance(listed, list) or (not listed and self.kind is ItemType.CHOICE):
            self.tell("選択肢（answerOption か code-list）を1つ以上入れてください。")
            return ()
        options = [self.option(entry, number) for number, entry in enumerate(listed, start=1)]
        found = tuple(option for option in options if option)
        codes = [option.code for option in found]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.tell(f"選択肢のコード「{code}」が2つあります。別のコードにしてください。")
        return found

    def option(self, entry: object, number: int) -> Option | None:
        coding = entry.get("valueCoding") if isinstance(entry, Mapping) else None
        if not isinstance(coding, Mapping) or not isinstance(entry, Mapping):
            self.tell(f"{number}番目の選択肢は valueCoding（code と display）で書いてください。")
            return None
        place = f"{self.place}の{number}番目の選択肢"
        code = self.parser.text(coding, "code", place, required=True)
        label = self.parser.text(coding, "display", place, required=True)
        extensions = self.read_extensions(entry)
        exclusive = extensions.get("questionnaire-optionExclusive", {}).get("valueBoolean")
        return Option(
            code=code,
            label=label,
            system=self.parser.text(coding, "system", place),
            valid_from=self.day(extensions.get("valid-from"), place),
            valid_to=self.day(extensions.get("valid-to"), place),
            exclusive=exclusive is True,
        )

    def day(self, entry: Mapping[str, Any] | None, place: str) -> date | None:
        if entry is None:
            return None
        day = read_answer(entry.get("valueDate"), ItemType.DATE)
        if not isinstance(day, date):
            self.parser.tell(place, "有効期間は 2026-04-01 の形の日付にしてください。")
            return None
        return day

    # Conditions ---------------------------------------------------------------------------

    def behaviour(self) -> bool:
        value = self.source.get("enableBehavior")
        if value not in (None, "all", "any"):
            self.tell("enableBehavior は all か any にしてください。")
        listed = self.source.get("enableWhen")
        if value is None and isinstance(listed, list) and len(listed) > 1:
            self.tell("条件が2つ以上あるので、enableBehavior に all か any を入れてください。")
        return value != "any"

    def conditions(self) -> tuple[Condition, ...]:
        listed = self.source.get("enableWhen", [])
        if not isinstance(listed, list):
            self.tell("enableWhen は条件の並びにしてください。")
            return ()
        found = [self.condition(entry, number) for number, entry in enumerate(listed, start=1)]
        return tuple(condition for condition in found if condition)

    def condition(self, entry: object, number: int) -> Condition | None:
        if not isinstance(entry, Mapping):
            self.tell(f"{number}番目の条件の形が違います。")
            return None
        question, operator = entry.get("question"), entry.get("operator")
        if not isinstance(question, str) or operator not in OPERATORS:
            self.tell(
                f"{number}番目の条件には、question（項目の linkId）と "
                f"operator（{' '.join(OPERATORS)}）を入れてください。"
            )
            return None
        answers = [key for key in entry if key.startswith("answer")]
        answer = _condition_answer(answers[0], entry[answers[0]]) if len(answers) == 1 else None
        if answer is None or (operator == "exists" and not isinstance(answer, bool)):
            self.tell(f"{number}番目の条件の答えを、1つだけ、正しい形で入れてください。")
            return None
        return Condition(question, operator, answer)


_ANSWER_TYPES = {
    "answerBoolean": ItemType.BOOLEAN,
    "answerInteger": ItemType.INTEGER,
    "answerDecimal": ItemType.DECIMAL,
    "answerDate": ItemType.DATE,
    "answerDateTime": ItemType.DATE_TIME,
    "answerString": ItemType.STRING,
    "answerCoding": ItemType.CHOICE,
}


def _condition_answer(key: str, value: object) -> ConditionAnswer | None:
    kind = _ANSWER_TYPES.get(key)
    return read_answer(value, kind) if kind else None
