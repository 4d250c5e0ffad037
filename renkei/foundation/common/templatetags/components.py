"""Components that wrap or draw: the plain ones are includes in ``templates/components/``.

All are shown, with their parameters, at /styleguide/.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Final

from django import forms, template
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from renkei.foundation.common.icons import ICONS
from renkei.foundation.common.templatetags.renkei import phone_link as phone_address

register = template.Library()

# Shapes of the map's marks, drawn around the origin; colour, shape and letter say the same thing.
PIN_SHAPES: dict[str, str] = {
    "circle": '<circle r="14"/>',
    "square": '<rect x="-13" y="-13" width="26" height="26"/>',
    "triangle": '<path d="M0-16L16 13H-16z"/>',
    "diamond": '<path d="M0-17L17 0 0 17-17 0z"/>',
    "hexagon": '<path d="M-8-14H8L16 0 8 14H-8L-16 0z"/>',
}
STATUS_ICONS: dict[str, str] = {
    "done": "check",
    "soon": "hourglass",
    "over": "warning",
    "in": "target",
    "future": "dashed",
    "ask": "question",
}


@register.simple_tag
def main_menu(navigation: Iterable[Hashable]) -> SafeString:
    """``{% main_menu navigation %}``: the same entries are drawn once per process."""
    return _drawn_menu(tuple(navigation))


@lru_cache(maxsize=1024)
def _drawn_menu(navigation: tuple[Hashable, ...]) -> SafeString:
    return render_to_string("components/navigation.html", {"navigation": navigation})


@register.simple_tag
def icon(name: str) -> SafeString:
    """``{% icon "check" %}``: a decorative line icon. An unknown name is a programming error."""
    return mark_safe(  # noqa: S308 - our own constant markup
        f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>'
    )


@register.simple_tag
def pin(shape: str, text: str | int) -> SafeString:
    """``{% pin "circle" 1 %}``: the map's mark, with the list's number or the kind's letter."""
    return format_html(
        '<span class="pin" data-shape="{}" aria-hidden="true"><svg viewBox="-18 -18 36 36">'
        '<g class="pin__shape">{}</g><text y="5.5">{}</text></svg></span>',
        shape,
        mark_safe(PIN_SHAPES.get(shape, PIN_SHAPES["circle"])),  # noqa: S308 - our own constant markup
        text,
    )


@register.simple_tag
def status(kind: str, word: str, icon_name: str = "") -> SafeString:
    """``{% status "done" "確認しました" %}``: word + icon + colour.

    Kinds: done, soon, over, in, future, ask, plain. ``icon_name`` replaces the kind's own icon.
    """
    name = icon_name or STATUS_ICONS.get(kind, "")
    return format_html(
        '<span class="st st--{}">{}{}</span>', kind, icon(name) if name else "", word
    )


@register.simple_tag
def phone_link(number: str, css_class: str = "") -> SafeString:
    """``{% phone_link "0999-00-0110" %}``: a number to dial, never broken over two lines."""
    address = phone_address(number)
    if not address:
        return format_html('<span class="{}">{}</span>', css_class, number)
    return format_html('<a class="nb {}" href="{}">{}</a>', css_class, address, number)


@register.simple_block_tag
def notice(content: SafeString, kind: str = "", title: str = "") -> SafeString:
    """``{% notice kind="soon" title="…" %}…{% endnotice %}``. Kinds: in, soon, over, or none."""
    heading = (
        format_html(
            '<p class="h3 note__title">{} {}</p>', icon("warning" if kind != "in" else "eye"), title
        )
        if title
        else ""
    )
    return format_html(
        '<div class="note{}">{}{}</div>', f" note--{kind}" if kind else "", heading, content
    )


@register.simple_block_tag
def table_region(content: SafeString, label: str) -> SafeString:
    """``{% table_region "変更の一覧" %}<table class="tb">…{% endtable_region %}``.

    Wide tables scroll inside a named region that the keyboard can reach.
    """
    return format_html(
        '<div class="tw" tabindex="0" role="region" aria-label="{}">{}</div>', label, content
    )


@register.filter
def error_texts(field: BoundField) -> list[str]:
    """What is wrong with a field, as sentences that name it: 「氏名を入力してください。」."""
    return [
        _own_words(field, error) or str(text)
        for error, text in zip(field.errors.as_data(), field.errors, strict=True)
    ]


# What the framework says in its own manner, said as everything else here is said.
_SENTENCES: Final = {
    "max_length": "{label}は{limit_value}字以内で入力してください（いま{show_value}字）。",
    "min_length": "{label}は{limit_value}字以上で入力してください（いま{show_value}字）。",
    "min_value": "{label}は{limit_value}以上の数を入力してください。",
    "max_value": "{label}は{limit_value}以下の数を入力してください。",
    "max_digits": "{label}は全部で{max}桁までの数を入力してください。",
    "max_decimal_places": "{label}は小数点以下{max}桁までで入力してください。",
    "max_whole_digits": "{label}は整数の部分を{max}桁までで入力してください。",
    "null_characters_not_allowed": "{label}に使えない文字があります。消して入力し直してください。",
    "invalid_choice": "{label}を選び直してください。",
    "empty": "選んだファイルが空です。中身のあるファイルを選んでください。",
}


def _own_words(field: BoundField, error: ValidationError) -> str:
    """The sentence for what the framework itself complains of; empty for a room's own words."""
    if _is_default_required(error.code, error.message):
        return _required_text(field)
    # Only the framework's messages are lazy translations.
    pattern = _SENTENCES.get(error.code or "") if isinstance(error.message, Promise) else None
    if pattern is None:
        return ""
    try:
        return pattern.format(label=field.label, **(error.params or {}))
    except KeyError:
        # The same code with other facts, as of a file's name: its own words must do.
        return ""


def _is_default_required(code: str | None, message: object) -> bool:
    return code == "required" and message == forms.Field.default_error_messages["required"]


def _required_text(field: BoundField) -> str:
    if isinstance(field.field, forms.BooleanField):
        return f"「{field.label}」に印を付けてください。"
    if isinstance(field.field, forms.ChoiceField):
        return f"{field.label}を選んでください。"
    if isinstance(field.field, forms.FileField):
        return f"{field.label}のファイルを選んでください。"
    return f"{field.label}を入力してください。"


_RUBY = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")


@register.simple_block_tag
def ruby(content: SafeString) -> SafeString:
    """``{% ruby %}{家|いえ}で{% endruby %}``: readings over words, in brackets where not drawn."""
    return mark_safe(  # noqa: S308 - the template's own text, already escaped
        _RUBY.sub(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", content)
    )
