"""From compact tables to FHIR R4 Questionnaires: what the shipped forms are written with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

BASE: Final = "https://renkei.example/fhir/"
EXTENSION: Final = BASE + "StructureDefinition/"
# Options that belong to one form only; the shared ones have a code list of their own.
OPTIONS: Final = BASE + "CodeSystem/sheet-options"
FACTORS: Final = BASE + "CodeSystem/discharge_difficulty"
# Codes of the list ``discharge_difficulty``.
FACTOR_CODES: Final = {
    "acute": "01",
    "abuse": "03",
    "adl_decline": "05",
    "toilet_help": "06",
    "no_carer": "07",
    "home_treatment": "08",
    "readmission": "09",
}
UNIT: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
MOST: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs"

Item: TypeAlias = dict[str, Any]
Value: TypeAlias = str | bool | int
# Absences an item may be answered with, beside "not answered", which is always possible.
TICKED: Final = (True,)
NONE: Final = ("none",)
UNKNOWN: Final = ("unknown",)
NONE_OR_UNKNOWN: Final = ("none", "unknown")
PRIVATE: Final = ("unknown", "not-disclosed")

LINE: Final = 200
PROSE: Final = 2000
# A whole letter: on paper it gets a third of the page.
LETTER: Final = 4000
NOT_COMPARED: Final = "公式の様式と照合していません（実務の知識による項目です）。"
NEW_EDITION: Final = (
    "令和6年改定の様式にあるとされる項目です。公式の様式を入手して確かめるまで未確認です。"
)


@dataclass(frozen=True, slots=True)
class ShippedForm:
    """A form as we ship it: its Questionnaire and what is known about where it comes from."""

    code: str
    name: str
    edition: str
    number: int
    issuer: str
    source: str
    valid_from: date
    unconfirmed: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def questionnaire(self) -> dict[str, Any]:
        return {
            "resourceType": "Questionnaire",
            "url": f"{BASE}Questionnaire/{self.code}",
            "version": str(self.number),
            "name": self.code,
            "title": self.name,
            "status": "active",
            "subjectType": ["Patient"],
            "publisher": self.issuer,
            "description": f"{self.edition}。出典：{self.source}",
            "effectivePeriod": {"start": self.valid_from.isoformat()},
            **_extensions([("unconfirmed", "valueString", note) for note in self.unconfirmed]),
            "item": [_section(each) for each in self.items],
        }


def _section(made: Item) -> Item:
    """Outermost groups are the sections: steps on the screen, bold lines on paper."""
    if made["type"] != "group":
        return made
    mark = {"url": EXTENSION + "section", "valueBoolean": True}
    return {**made, "extension": [*made.get("extension", ()), mark]}


def choices(table: str) -> list[tuple[str, str]]:
    """Codes and labels from a line like "good=良 poor=不良"."""
    return [(code, label) for code, _, label in (each.partition("=") for each in table.split())]


def when(link: str, *answers: Value, code_list: str = "") -> list[Item]:
    """Conditions of which any one is enough: the item was answered with one of these."""
    system = f"{BASE}CodeSystem/{code_list}" if code_list else OPTIONS
    return [{"question": link, "operator": "=", **_answer(each, system)} for each in answers]


def _answer(answer: Value, system: str) -> Item:
    if isinstance(answer, bool):
        return {"answerBoolean": answer}
    if isinstance(answer, int):
        return {"answerInteger": answer}
    return {"answerCoding": {"system": system, "code": answer}}


def item(  # noqa: PLR0913 - one keyword per property of a Questionnaire's item
    kind: str,
    link: str,
    label: str,
    *,
    width: str = "",
    absence: Sequence[str] = (),
    prefill: str = "",
    unconfirmed: str = "",
    enabled: Sequence[Item] = (),
    demanded: bool = False,
    required: bool = False,
    repeats: bool = False,
    limit: int = 0,
    unit: str = "",
    era: str = "",
    code_list: str = "",
    paper: str = "",
    factor: str = "",
) -> Item:
    """One item; ``demanded`` makes it required as soon as it is enabled.

    ``factor`` names the 退院困難な要因 the answer speaks of; its label carries the form's ＊.
    """
    made: Item = {"linkId": link, "text": label + ("＊" if factor else ""), "type": kind}
    if factor:
        made["code"] = [{"system": FACTORS, "code": FACTOR_CODES[factor]}]
    if enabled:
        made["enableWhen"] = list(enabled)
        if len(enabled) > 1:
            made["enableBehavior"] = "any"
    if required:
        made["required"] = True
    if repeats:
        made["repeats"] = True
    if limit:
        made["maxLength"] = limit
    hints: list[tuple[str, str, Any]] = [
        (name, "valueCode", value)
        for name, value in (
            ("width", width),
            ("code-list", code_list),
            ("era", era),
            ("prefill", prefill),
            ("print", paper),
        )
        if value
    ]
    hints += [("absence", "valueCode", each) for each in absence]
    if demanded:
        hints.append(("required-if-enabled", "valueBoolean", True))
    if unconfirmed:
        hints.append(("unconfirmed", "valueString", unconfirmed))
    made.update(_extensions(hints))
    if unit:
        made.setdefault("extension", []).append(
            {"url": UNIT, "valueCoding": {"code": unit, "display": unit}}
        )
    return made


def _extensions(hints: Iterable[tuple[str, str, Any]]) -> Item:
    made = [{"url": EXTENSION + name, kind: value} for name, kind, value in hints]
    return {"extension": made} if made else {}


def group(
    link: str,
    label: str,
    *items: Item | Sequence[Item],
    columns: int = 0,
    most: int = 0,
    **rest: Any,
) -> Item:
    """A section; ``most`` lets it be filled in several times."""
    made = item("group", link, label, repeats=bool(most), **rest)
    if columns:
        made.setdefault("extension", []).append(
            {"url": EXTENSION + "columns", "valueInteger": columns}
        )
    if most:
        made.setdefault("extension", []).append({"url": MOST, "valueInteger": most})
    made["item"] = flat(items)
    return made


def flat(items: Iterable[Item | Sequence[Item]]) -> list[Item]:
    return [each for one in items for each in ([one] if isinstance(one, dict) else one)]


def note(link: str, text: str, **rest: Any) -> Item:
    return item("display", link, text, **rest)


def line(link: str, label: str, *, width: str = "half", limit: int = LINE, **rest: Any) -> Item:
    return item("string", link, label, width=width, limit=limit, **rest)


def prose(link: str, label: str, *, width: str = "full", limit: int = PROSE, **rest: Any) -> Item:
    return item("text", link, label, width=width, limit=limit, **rest)


def number(link: str, label: str, unit: str = "", *, width: str = "quarter", **rest: Any) -> Item:
    return item("integer", link, label, width=width, unit=unit, **rest)


def measure(link: str, label: str, unit: str = "", *, width: str = "quarter", **rest: Any) -> Item:
    return item("decimal", link, label, width=width, unit=unit, **rest)


def day(link: str, label: str, *, width: str = "third", era: str = "wareki", **rest: Any) -> Item:
    return item("date", link, label, width=width, era=era, **rest)


def moment(link: str, label: str, *, width: str = "half", era: str = "wareki", **rest: Any) -> Item:
    return item("dateTime", link, label, width=width, era=era, **rest)


def tick(link: str, label: str, *, width: str = "half", **rest: Any) -> Item:
    return item("boolean", link, label, width=width, **rest)


def choice(link: str, label: str, table: str = "", *, width: str = "half", **rest: Any) -> Item:
    """One of the options of the table, or of ``code_list``."""
    made = item("choice", link, label, width=width, **rest)
    if table:
        made["answerOption"] = [
            {"valueCoding": {"system": OPTIONS, "code": code, "display": text}}
            for code, text in choices(table)
        ]
    return made


def several(link: str, label: str, table: str = "", *, width: str = "full", **rest: Any) -> Item:
    return choice(link, label, table, width=width, repeats=True, **rest)


def with_text(question: Item, answers: str, detail: str, *, width: str = "half") -> list[Item]:
    """A question of which some answers (codes, separated by spaces) demand a word: あり（　　）."""
    lists = [each["valueCode"] for each in question.get("extension", ()) if _is_list(each)]
    enabled = when(question["linkId"], *answers.split(), code_list="".join(lists))
    inherited = [
        each["valueString"]
        for each in question.get("extension", ())
        if each["url"] == EXTENSION + "unconfirmed"
    ]
    return [
        question,
        line(
            question["linkId"] + ".detail",
            detail,
            width=width,
            enabled=enabled,
            demanded=True,
            limit=500,
            unconfirmed=inherited[0] if inherited else "",
        ),
    ]


def _is_list(extension: Item) -> bool:
    return bool(extension["url"] == EXTENSION + "code-list")


def presence(
    link: str,
    label: str,
    detail: str = "内容",
    *,
    unknown: bool = False,
    width: str = "half",
    word: str = "あり",
    **rest: Any,
) -> list[Item]:
    """なし・あり（　　）, with 不明 where the form has it; なし and 不明 are absences."""
    absence = NONE_OR_UNKNOWN if unknown else NONE
    question = choice(link, label, f"present={word}", width=width, absence=absence, **rest)
    return with_text(question, "present", detail, width=width)


def listed(link: str, label: str, name: str, *, width: str = "half", **rest: Any) -> Item:
    return choice(link, label, width=width, code_list=name, **rest)


def several_listed(link: str, label: str, name: str, *, width: str = "full", **rest: Any) -> Item:
    return several(link, label, width=width, code_list=name, **rest)
