"""What other parts of the room add to the page of a person: parts of the composer, boxes beside it.

Registered from ``AppConfig.ready``; nothing is shown of what nobody registered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from renkei.care.patients.models import Patient
from renkei.care.timelines.queries.doors import Door
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest


@dataclass(frozen=True)
class ComposerPart:
    """A part of the composer, such as 測定 or 写真・ファイル.

    ``make`` gives its form for a request (bound on POST), or None where it does not belong.
    ``template`` draws it (context: ``part_form``). ``values`` turns the valid form into keyword
    arguments of ``post_entry`` (``observations`` or ``files``); it stores nothing.
    """

    name: str
    template: str
    make: Callable[[ViewerRequest, Door], forms.Form | None]
    values: Callable[[forms.Form, Door], Mapping[str, Any]]
    # Empty, it looks the same to everybody: drawn once per process.
    alike: bool = False


@dataclass(frozen=True)
class SideBox:
    """A box in the right column. ``context`` answers None where there is nothing to show."""

    name: str
    template: str
    context: Callable[[Door], Mapping[str, Any] | None]


_PARTS: dict[str, ComposerPart] = {}
_EMPTY: dict[str, SafeString] = {}
_BOXES: dict[str, SideBox] = {}


def register_part(part: ComposerPart) -> None:
    """Add a part to every composer."""
    _PARTS[part.name] = part


def register_box(box: SideBox) -> None:
    """Add a box beside every staff room."""
    _BOXES[box.name] = box


@dataclass(frozen=True)
class ShownPart:
    """A part with its form, as the template draws it."""

    part: ComposerPart
    form: forms.Form

    @property
    def html(self) -> SafeString:
        """The part as it stands in the composer."""
        name = self.part.name
        if not self.part.alike or self.form.is_bound:
            return render_to_string(self.part.template, {"part_form": self.form})
        if name not in _EMPTY:
            _EMPTY[name] = render_to_string(self.part.template, {"part_form": self.form})
        return _EMPTY[name]


def parts_of(request: ViewerRequest, door: Door) -> list[ShownPart]:
    """The composer's parts for this request."""
    made = [(part, part.make(request, door)) for part in _PARTS.values()]
    return [ShownPart(part, form) for part, form in made if form is not None]


def boxes_of(door: Door) -> list[dict[str, Any]]:
    """The boxes with their contexts, each with its template."""
    shown = []
    for box in _BOXES.values():
        context = box.context(door)
        if context is not None:
            shown.append({"template": box.template, **context})
    return shown


@dataclass(frozen=True)
class TodayPart:
    """A section of 今日やること, such as きょうの訪問. ``context`` answers None for nothing.

    Under ``patients`` the context names the persons it shows: seeing them is a read of each.
    ``aside`` puts it into the right column.
    """

    name: str
    template: str
    context: Callable[[Viewer], Mapping[str, Any] | None]
    aside: bool = False


_TODAY: dict[str, TodayPart] = {}


def register_today(part: TodayPart) -> None:
    """Add a section to every member's page of the day."""
    _TODAY[part.name] = part


def today_parts_of(viewer: Viewer) -> list[dict[str, Any]]:
    """The sections with their contexts, each with its template and place."""
    shown = []
    for part in _TODAY.values():
        context = part.context(viewer)
        if context is not None:
            shown.append({"template": part.template, "aside": part.aside, **context})
    return shown


def patients_in(parts: Iterable[Mapping[str, Any]]) -> list[Patient]:
    """The persons whom these sections show."""
    return [patient for part in parts for patient in part.get("patients", ())]
