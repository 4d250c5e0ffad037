"""Fields for what people read from a card: a day by era, a postcode, a number with its check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.forms.fields import LineField
from renkei.foundation.common import clock
from renkei.foundation.common.codes import check_insured_number, check_insurer_number, require
from renkei.foundation.common.eras import era_of, read_day, require_reachable
from renkei.foundation.common.kana import is_kana, to_half_width_digits, to_katakana
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.postcodes import require_postcode

WESTERN: Final = "西暦"
ERA_NAMES: Final = (WESTERN, "令和", "平成", "昭和", "大正", "明治")
NO_DAY: Final = "年・月・日をすべて入力してください。"


@dataclass(frozen=True)
class EraDay:
    """A day as it was typed: ``written`` keeps what the card says (平成33年3月31日)."""

    day: date
    written: str
    note: str = ""


class EraDayWidget(forms.MultiWidget):
    """年号の一覧・年・月・日, in one fieldset. Birthdays start at the era, events at 西暦."""

    template_name = "patients/widgets/era_day.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, start: str = WESTERN) -> None:
        self.start = start
        number = {"inputmode": "numeric", "autocomplete": "off"}
        widgets = [
            forms.Select(choices=[(name, name) for name in ERA_NAMES]),
            forms.TextInput({**number, "size": 4, "maxlength": 4}),
            forms.TextInput({**number, "size": 2, "maxlength": 2}),
            forms.TextInput({**number, "size": 2, "maxlength": 2}),
        ]
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """The four parts of a stored day."""
        day = value.day if isinstance(value, EraDay) else value
        if not isinstance(day, date):
            return [self.start, "", "", ""]
        era = era_of(day)
        if self.start == WESTERN or era is None:
            return [WESTERN, day.year, day.month, day.day]
        return [era.name, era.year_of(day.year), day.month, day.day]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each part with its own name, read aloud after the legend."""
        context = super().get_context(name, value, attrs)
        described = (attrs or {}).get("aria-describedby")
        for part, label in zip(
            context["widget"]["subwidgets"], ("年号", "年", "月", "日"), strict=True
        ):
            part["attrs"]["aria-label"] = label
            part["label"] = label
            part["attrs"].pop("required", None)
            if described:
                part["attrs"]["aria-describedby"] = described
        return context


class EraDayField(forms.MultiValueField):
    """A day in any era; days of two eras are taken in either (明治45年7月30日 = 大正元年)."""

    widget = EraDayWidget

    def __init__(self, *, start: str = WESTERN, past: bool = False, **kwargs: Any) -> None:
        parts = [forms.CharField(required=False, max_length=10) for _ in range(4)]
        self.past = past
        super().__init__(
            fields=parts,
            require_all_fields=False,
            widget=EraDayWidget(start=start),
            **kwargs,
        )

    def clean(self, value: Any) -> EraDay | None:
        """The day, or None for an empty optional field."""
        parts = [str(part or "").strip() for part in (value or [])] + [""] * 4
        era, numbers = parts[0], [to_half_width_digits(part) for part in parts[1:4]]
        if not any(numbers):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not all(numbers):
            raise ValidationError(NO_DAY, code="day")
        return self._day(era, numbers)

    def _day(self, era: str, numbers: list[str]) -> EraDay:
        year, month, day = numbers
        if era not in ERA_NAMES:
            raise ValidationError("年号を選んでください。", code="day")
        prefix = "" if era == WESTERN else era
        written = f"{prefix}{year}年{month}月{day}日"
        read = read_day(f"{prefix}{year.zfill(4) if not prefix else year}年{month}月{day}日")
        require_reachable(read.day)
        # Asked now, not when the form was made: a form may be open over midnight.
        if self.past and read.day > clock.today():
            raise ValidationError("今日までの日付を入力してください。", code="day")
        return EraDay(read.day, written, read.note)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as days."""
        return bool(self.clean(data) != initial)


class KanaField(LineField):
    """フリガナ: hiragana and half-width kana are taken and kept as katakana."""

    def to_python(self, value: Any) -> Any:
        """Katakana."""
        return to_katakana(super().to_python(value) or "").strip()

    def validate(self, value: str) -> None:
        """Names in Latin letters have a reading as well."""
        super().validate(value)
        if value and not is_kana(value):
            raise ValidationError("フリガナはカタカナで入力してください。", code="kana")


class CheckedField(LineField):
    """A line that a reader of the house brings into its stored form, or refuses."""

    def __init__(self, *, read: Callable[[str], str], **kwargs: Any) -> None:
        self.read = read
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """The stored form; "" where nothing was typed."""
        text = super().clean(value).strip()
        return self.read(text) if text else ""


def phone_field(label: str, **kwargs: Any) -> CheckedField:
    """A telephone or FAX number, in any width, with or without hyphens."""
    return CheckedField(
        read=require_phone,
        label=label,
        max_length=40,
        required=kwargs.pop("required", False),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        **kwargs,
    )


def postcode_field() -> CheckedField:
    """One field: 1234567 or 123-4567, any width."""
    return CheckedField(
        read=require_postcode,
        label="郵便番号",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def read_insurer_number(text: str) -> str:
    """Six digits with a right check digit; the sentence offers the likely right number."""
    return require(check_insurer_number(text, allow_fictional=True))


def read_insured_number(text: str) -> str:
    """Ten digits, or H and nine: text."""
    return require(check_insured_number(text))


def line(label: str, length: int, **kwargs: Any) -> LineField:
    """One line of text about a person: the browser is not to remember it for the next one."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return LineField(label=label, max_length=length, widget=widget, **kwargs)


def choice(label: str, choices: Any, *, empty: str = "", **kwargs: Any) -> forms.ChoiceField:
    """A list to choose from; with ``empty`` the first entry says that nothing is known."""
    first = [("", empty)] if empty else []
    return forms.ChoiceField(
        label=label,
        choices=[*first, *choices],
        required=kwargs.pop("required", not empty),
        **kwargs,
    )
