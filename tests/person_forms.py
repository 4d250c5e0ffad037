"""The forms of a page, filled in the way somebody might: for posting what a page would post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from renkei.foundation.common import clock

# Not typed by anybody: buttons, and what a test has no file for.
UNTYPED: Final = frozenset({"button", "reset", "image", "file"})


@dataclass
class Form:
    """Where a form is sent, and its fields."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def put(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms = url, list[Form]()
        self.form: Form | None = None
        self.select = self.area = ""
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = {key: value or "" for key, value in attrs}
        if "hx-post" in given:
            self.forms.append(Form(given["hx-post"] or self.url))
        if tag == "form" and given.get("method", "get").lower() == "post":
            self.form = Form(given.get("action") or self.url)
            self.forms.append(self.form)
        name = given.get("name", "")
        if self.form is None or not name or name == "csrfmiddlewaretoken":
            if tag == "option" and self.select:
                self._option(given)
            return
        if tag == "select":
            self.select, self.options = name, []
        elif tag == "textarea":
            self.area = name
            self.form.put(name, "架空の文です。")
        elif tag in {"input", "button"}:
            self._input(tag, name, given)

    def _option(self, given: Mapping[str, str]) -> None:
        self.options.append((given.get("value", ""), "selected" in given))

    def _input(self, tag: str, name: str, given: Mapping[str, str]) -> None:
        assert self.form is not None
        kind = given.get("type", "submit" if tag == "button" else "text")
        if kind in UNTYPED:
            return
        if kind in {"radio", "checkbox", "submit"}:
            # The first of a group: pressed, chosen, ticked.
            if name not in self.form.fields:
                self.form.put(name, given.get("value", "on"))
        else:
            self.form.put(name, given.get("value") or _typed(kind, given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select and self.form is not None:
            chosen = [value for value, selected in self.options if selected and value]
            others = [value for value, _ in self.options if value]
            for value in (chosen or others)[:1]:
                self.form.put(self.select, value)
            self.select = ""
        elif tag == "form":
            self.form = None


def _typed(kind: str, given: Mapping[str, str]) -> str:
    if kind == "date":
        return clock.today().isoformat()
    if kind == "number" or given.get("inputmode") in {"numeric", "decimal"}:
        return given.get("min") or "1"
    return {"email": "kakuu@example.test", "tel": "0999-00-1234"}.get(kind, "架空")


def forms_of(url: str, html: str) -> Iterable[Form]:
    """What a page could post, and where."""
    reader = _Reader(url)
    reader.feed(html)
    return reader.forms
