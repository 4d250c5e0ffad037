"""What the editor asks about one item."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.common.eras import format_western, parse_day
from renkei.foundation.sheets.code_lists import CODE_LISTS
from renkei.foundation.sheets.editing import ItemFacts
from renkei.foundation.sheets.forms import WrittenField
from renkei.foundation.sheets.items import (
    ABSENCE_LABELS,
    CHOICES,
    ORDERED,
    TYPE_LABELS,
    WITH_LENGTH,
    Absence,
    Code,
    Condition,
    Definition,
    Item,
    ItemType,
    Option,
)
from renkei.foundation.sheets.prefills import PREFILLS
from renkei.foundation.sheets.reading import read_value
from renkei.foundation.sheets.words import WIDTH_LABELS

OPERATOR_LABELS = {
    "=": "が次の答えのとき",
    "!=": "が次の答え以外のとき",
    ">": "が次の値より大きいとき",
    "<": "が次の値より小さいとき",
    ">=": "が次の値以上のとき",
    "<=": "が次の値以下のとき",
    "exists": "に答えがあるとき",
}


class NewItemForm(ServiceForm):
    """The first facts of an item; the rest is asked on its own page."""

    text = WrittenField(label="文言", max_length=500)
    type = forms.ChoiceField(
        label="種類", choices=[(kind.value, label) for kind, label in TYPE_LABELS.items()]
    )
    place = forms.ChoiceField(label="加える場所", required=False)

    def __init__(self, *arguments: Any, definition: Definition, **options: Any) -> None:
        super().__init__(*arguments, **options)
        cast("forms.ChoiceField", self.fields["place"]).choices = group_choices(definition)

    @property
    def facts(self) -> ItemFacts:
        kind = ItemType(self.cleaned_data["type"])
        # A choice needs one before it can be kept; the next page asks for the others.
        extra = (
            {"answerOption": [{"valueCoding": {"code": "1", "display": "あり"}}]}
            if kind in CHOICES
            else {}
        )
        return ItemFacts(
            text=self.cleaned_data["text"],
            type=kind,
            parent=self.cleaned_data["place"],
            extra=extra,
        )


def group_choices(definition: Definition, *, without: Item | None = None) -> list[tuple[str, str]]:
    """Where an item may stand: on the outermost level or in a group that is not inside of it."""
    inside = {one.link_id for one in without.walk()} if without else set()
    groups = [
        (item.link_id, item.label)
        for item in definition.walk()
        if item.is_group and item.link_id not in inside
    ]
    return [("", "いちばん外（節）"), *groups]


class ItemForm(ServiceForm):
    """Everything about one item."""

    text = WrittenField(label="文言", multiline=True, max_length=2000, required=False)
    type = forms.ChoiceField(
        label="種類", choices=[(kind.value, label) for kind, label in TYPE_LABELS.items()]
    )
    parent = forms.ChoiceField(label="置く場所", required=False)
    hint = WrittenField(
        label="説明", required=False, max_length=300, help_text="文言の下に出ます。"
    )
    required = forms.BooleanField(label="必須にする", required=False)
    absence = forms.MultipleChoiceField(
        label="答えのほかに選べるもの",
        required=False,
        choices=[(kind.value, label) for kind, label in ABSENCE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    code_list = forms.ChoiceField(
        label="共通のコード表",
        required=False,
        choices=[("", "使わない"), *((one.name, one.label) for one in CODE_LISTS.values())],
    )
    options = WrittenField(
        label="選択肢",
        required=False,
        multiline=True,
        help_text="1行に1つ、「コード=ことば」。終わる日があれば「コード=ことば（2026年3月31日まで）」、"
        "始まる日は「（2026年4月1日から）」。ほかと一緒に選べないものは行のはじめに「!」。",
    )
    repeats = forms.BooleanField(
        label="くり返す（選択は複数選べる、まとまりは何件も書ける）", required=False
    )
    maximum_count = forms.IntegerField(
        label="くり返しは何件まで", required=False, min_value=1, max_value=50
    )
    maximum_length = forms.IntegerField(
        label="文字数は何文字まで", required=False, min_value=1, max_value=20000
    )
    minimum = WrittenField(label="いちばん小さい値・早い日", required=False, max_length=30)
    maximum = WrittenField(label="いちばん大きい値・遅い日", required=False, max_length=30)
    unit = WrittenField(label="単位", required=False, max_length=20)
    wareki = forms.BooleanField(label="日付を和暦で聞く", required=False)
    prefill = forms.ChoiceField(
        label="はじめから入れておく値",
        required=False,
        choices=[("", "入れない"), *PREFILLS.items()],
    )
    width = forms.ChoiceField(label="幅", choices=list(WIDTH_LABELS.items()))
    columns = forms.TypedChoiceField(
        label="紙での列の数", choices=[(n, n) for n in range(1, 7)], coerce=int
    )
    unconfirmed = WrittenField(label="未確認の注記", required=False, max_length=300)
    joined = forms.ChoiceField(
        label="条件が2つ以上あるとき",
        choices=[("all", "すべて合うとき"), ("any", "どれか1つでも合うとき")],
        required=False,
    )

    def __init__(
        self, data: Any = None, *, definition: Definition, item: Item, parent: str
    ) -> None:
        self.definition, self.item = definition, item
        self.rows = len(item.enable_when) + 1
        super().__init__(data, initial=_initial(item, parent))
        cast("forms.ChoiceField", self.fields["parent"]).choices = group_choices(
            definition, without=item
        )
        inside = {one.link_id for one in item.walk()}
        questions = [
            (one.link_id, one.label) for one in definition.questions if one.link_id not in inside
        ]
        for number in range(1, self.rows + 1):
            self.fields |= {
                f"when{number}_question": forms.ChoiceField(
                    label=f"条件{number}の項目",
                    required=False,
                    choices=[("", "条件なし"), *questions],
                ),
                f"when{number}_operator": forms.ChoiceField(
                    label=f"条件{number}の比べ方",
                    required=False,
                    choices=list(OPERATOR_LABELS.items()),
                ),
                f"when{number}_answer": WrittenField(
                    label=f"条件{number}の答え",
                    required=False,
                    max_length=200,
                    help_text="選択肢はことばで。「はい」「いいえ」、数、日付も書けます。",
                ),
            }

    def clean(self) -> dict[str, Any]:
        data = cast("dict[str, Any]", super().clean())
        kind = ItemType(data["type"]) if "type" in data else self.item.type
        asked = Item("", "", kind)
        for name in ("minimum", "maximum"):
            if data.get(name):
                data[name] = self._read(name, asked, data[name])
        if kind in CHOICES and not data.get("code_list"):
            data["option_list"] = self._options(data.get("options", ""))
        data["conditions"] = [
            condition
            for number in range(1, self.rows + 1)
            if (condition := self._condition(number, data))
        ]
        return data

    def _read(self, name: str, asked: Item, text: str) -> Any:
        try:
            return read_value(asked, text)
        except ValidationError as error:
            self.add_error(name, error)
            return None

    def _options(self, text: str) -> list[Option]:
        try:
            return parse_options(text, known=self.item.options)
        except ValidationError as error:
            self.add_error("options", error)
            return []

    def _condition(self, number: int, data: dict[str, Any]) -> Condition | None:
        question = self.definition.find(data.get(f"when{number}_question") or "")
        if question is None:
            return None
        operator = data.get(f"when{number}_operator") or "="
        text = data.get(f"when{number}_answer") or ""
        if operator == "exists":
            return Condition(question.link_id, operator, text not in {"いいえ", "ない", "なし"})
        if not text:
            self.add_error(f"when{number}_answer", f"条件{number}の答えを入力してください。")
            return None
        answer = self._read(f"when{number}_answer", question, text)
        return None if answer is None else Condition(question.link_id, operator, answer)

    @property
    def facts(self) -> ItemFacts:
        data = self.cleaned_data
        kind = ItemType(data["type"])
        ordered = kind in ORDERED
        return ItemFacts(
            text=data["text"],
            type=kind,
            hint=data["hint"],
            required=data["required"],
            repeats=data["repeats"],
            maximum_count=data["maximum_count"],
            options=data.get("option_list", ()),
            code_list=data["code_list"],
            conditions=data["conditions"],
            all_conditions=data["joined"] != "any",
            maximum_length=data["maximum_length"] if kind in WITH_LENGTH else None,
            minimum=(data["minimum"] or None) if ordered else None,
            maximum=(data["maximum"] or None) if ordered else None,
            unit=data["unit"],
            wareki=data["wareki"],
            absence=[Absence(value) for value in data["absence"]],
            prefill=data["prefill"],
            width=data["width"],
            columns=data["columns"],
            unconfirmed=data["unconfirmed"],
            parent=data["parent"],
        )

    @property
    def condition_rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each condition, for the template."""
        return [
            (
                self[f"when{number}_question"],
                self[f"when{number}_operator"],
                self[f"when{number}_answer"],
            )
            for number in range(1, self.rows + 1)
        ]


def _initial(item: Item, parent: str) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "text": item.text,
        "type": item.type.value,
        "parent": parent,
        "hint": item.hint,
        "required": item.is_required,
        "absence": [kind.value for kind in item.absence],
        "code_list": item.code_list,
        "options": "" if item.code_list else "\n".join(map(option_line, item.options)),
        "repeats": item.repeats,
        "maximum_count": item.maximum_count if item.repeats else None,
        "maximum_length": item.maximum_length,
        "minimum": "" if item.minimum is None else str(item.minimum),
        "maximum": "" if item.maximum is None else str(item.maximum),
        "unit": item.unit,
        "wareki": item.era == "wareki",
        "prefill": item.prefill,
        "width": item.layout.width,
        "columns": item.layout.columns,
        "unconfirmed": item.unconfirmed,
        "joined": "all" if item.enable_all else "any",
    }
    for number, condition in enumerate(item.enable_when, start=1):
        initial |= {
            f"when{number}_question": condition.question,
            f"when{number}_operator": condition.operator,
            f"when{number}_answer": _answer_text(condition),
        }
    return initial


def _answer_text(condition: Condition) -> str:
    answer = condition.answer
    if isinstance(answer, bool):
        return "はい" if answer else "いいえ"
    if isinstance(answer, Code):
        return answer.label or answer.code
    return str(answer)


def option_line(option: Option) -> str:
    """An option as one line of the editor."""
    days = ""
    if option.valid_from:
        days += f"（{format_western(option.valid_from)}から）"
    if option.valid_to:
        last = date.fromordinal(option.valid_to.toordinal() - 1)
        days += f"（{format_western(last)}まで）"
    return f"{'!' if option.exclusive else ''}{option.code}={option.label}{days}"


def parse_options(text: str, *, known: tuple[Option, ...] = ()) -> list[Option]:
    """The lines of the editor as options; a line without a code gets the next number.

    Raises:
        ValidationError: a line cannot be read; with its number.
    """
    systems = {option.code: option.system for option in known}
    options: list[Option] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            options.append(_option(line.strip(), len(options) + 1, systems))
        except ValidationError as error:
            raise ValidationError(f"{number}行目：{error.messages[0]}") from None
    return options


def _option(line: str, number: int, systems: dict[str, str]) -> Option:
    exclusive = line.startswith(("!", "！"))
    code, equals, label = line.lstrip("!！").replace("＝", "=").partition("=")
    if not equals:
        code, label = str(number), code
    valid_from = valid_to = None
    while label.endswith(("から）", "まで）")):
        label, _, days = label.rpartition("（")
        day = parse_day(days.removesuffix("から）").removesuffix("まで）"))
        if days.endswith("から）"):
            valid_from = day
        else:
            valid_to = date.fromordinal(day.toordinal() + 1)
    code, label = code.strip(), label.strip()
    if not code or not label:
        raise ValidationError("「コード=ことば」の形で入力してください。")
    return Option(code, label, systems.get(code, ""), valid_from, valid_to, exclusive)
