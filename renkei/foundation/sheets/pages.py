"""Filling in a form on a page; rooms that know the subject mount it under their own addresses.

``fill`` is a whole view: it draws the form, saves drafts while typing, shows both versions of a
conflict, checks, and sends. ``render_form`` and ``read_post`` are its parts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render

from renkei.foundation.accounts.queries import names_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.sheets import services
from renkei.foundation.sheets.answers import Values, content_from, empty_content, values_of
from renkei.foundation.sheets.conditions import Conditions
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.differences import changes
from renkei.foundation.sheets.items import Absence, Code, Definition, Item
from renkei.foundation.sheets.models import Answer, Draft, FormVersion
from renkei.foundation.sheets.posting import post_values
from renkei.foundation.sheets.prefills import OF_THE_MOMENT
from renkei.foundation.sheets.presenters import Marks, problem_links, read_sections, sections_of
from renkei.foundation.sheets.queries import draft_for, latest_answer, previous_answer
from renkei.foundation.sheets.reading import read_value, typed, typed_values
from renkei.foundation.sheets.rows import place_values, values_at
from renkei.foundation.sheets.validation import Problem, problems
from renkei.foundation.sheets.words import shown_values

FILLING = "sheets/filling.html"
CHECKING = "sheets/checking.html"


@dataclass(frozen=True)
class Prefilled:
    """A value the person's record knows, as text, and where it stands: 「基本情報」.

    ``values`` in the place of the text: what another sheet holds, as it holds it.
    """

    text: str = ""
    source: str = "登録されている情報"
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Filling:
    """Who fills in which form about whom, and where the page stands."""

    version: FormVersion
    subject_uid: UUID
    viewer: Viewer
    # Where the page is, where a sent answer is shown, where to go without sending.
    action_url: str
    done_url: Callable[[Answer], str]
    cancel_url: str
    # By the item's prefill code, or by ``#`` and its link id, which goes first.
    prefill: Mapping[str, Prefilled] = field(default_factory=dict)
    # Link ids whose answers belong to another occasion: a new answer does not begin with them.
    anew: Collection[str] = frozenset()
    # Prefill codes of which the record knows better than the answer before.
    fresh: Collection[str] = frozenset()
    context: Mapping[str, Any] = field(default_factory=dict)
    template: str = FILLING
    check_template: str = CHECKING
    # What the room does with a sent answer, in the answer's own transaction.
    when_sent: Callable[[Answer], object] | None = None
    # Tried out in the editor: nothing is kept.
    is_trial: bool = False
    # For somebody who is shown this one sheet and nothing else: no draft, no earlier answer. Takes
    # the checked content; None when the page that checks has to be shown again.
    take: Callable[[dict[str, Any]], HttpResponse | None] | None = None

    @property
    def keeps(self) -> bool:
        """Whether drafts are kept and earlier answers shown."""
        return not self.is_trial and self.take is None


def fill(request: HttpRequest, filling: Filling) -> HttpResponse:
    """The whole of filling in one form: GET shows it, POST acts by the button pressed.

    Acts: autosave (answers JSON), refresh, add:path, remove:path[n], check, edit, send, discard.
    The caller has checked that the viewer may, and logs the reading.
    """
    return _Sheet(request, filling).respond()


def begin(request: HttpRequest, filling: Filling) -> HttpResponse:
    """The form as it is first shown, whatever the method of the request that leads to it."""
    sheet = _Sheet(request, filling)
    return sheet.form(sheet.start())


def read_post(definition: Definition, post: QueryDict) -> dict[str, Any]:
    """What the page's fields say, right or not, as a QuestionnaireResponse."""
    return content_from(post_values(definition, post), definition)


def prefilled_values(
    definition: Definition, values: Values, prefill: Mapping[str, Prefilled]
) -> Values:
    """The values with what the record knows in every item that is still empty."""
    filled = json_copy(definition, values)
    for item in definition.questions:
        known = _known(item, prefill)
        if (
            known is not None
            and not values_at(filled, item.link_id)
            and _is_outside_rows(definition, item)
        ):
            place_values(filled, item.link_id, known)
    return filled


def json_copy(definition: Definition, values: Values) -> Values:
    """A copy that shares no list with the original."""
    return values_of(content_from(values, definition), definition)


def _is_outside_rows(definition: Definition, item: Item) -> bool:
    return not any(
        group.repeats and item in group.walk() for group in definition.walk() if group.is_group
    )


def _prefilled(item: Item, prefill: Mapping[str, Prefilled]) -> Prefilled:
    return prefill.get(f"#{item.link_id}") or prefill.get(item.prefill) or Prefilled()


def _known(item: Item, prefill: Mapping[str, Prefilled]) -> list[Any] | None:
    known = _prefilled(item, prefill)
    if known.values:
        return _fitting(item, known.values)
    try:
        return [read_value(item, known.text)] if known.text else None
    except ValidationError:
        # What the record says does not fit the field: better empty than wrong.
        return None


def _fitting(item: Item, values: Sequence[Any]) -> list[Any] | None:
    """Another sheet's values where this item could have been answered with every one of them."""
    found = [typed(item, value) for value in values]
    for value in found:
        if isinstance(value, Absence):
            fits = value in item.absence
        elif isinstance(value, Code):
            fits = item.option(value.code) is not None
        else:
            fits = True
        if not fits:
            return None
    return found


def marks_for(
    definition: Definition,
    values: Values,
    *,
    prefill: Mapping[str, Prefilled],
    before: Mapping[str, Any] | None,
    found: Sequence[Problem] = (),
    new_row: str = "",
) -> Marks:
    """What stands beside the values: errors, where they come from, what they were before."""
    sources: dict[str, str] = {}
    was: dict[str, str] = {}
    for item in definition.questions:
        known = _known(item, prefill)
        given = values.get(item.link_id)
        if known is None or given is None:
            continue
        if given == known:
            sources[item.link_id] = _prefilled(item, prefill).source
        else:
            was[item.link_id] = shown_values(item, known)
    if before is not None:
        was = {
            change.path: change.before or "未記入"
            for change in changes(before, content_from(values, definition), definition)
        }
    return Marks(tuple(found), was, sources, new_row)


def render_form(  # noqa: PLR0913 - one keyword per part of the page
    request: HttpRequest,
    *,
    version: FormVersion,
    content: Mapping[str, Any],
    action_url: str,
    autosave_url: str = "",
    cancel_url: str = "",
    marks: Marks | None = None,
    context: Mapping[str, Any] | None = None,
    template: str = FILLING,
    on: date | None = None,
) -> HttpResponse:
    """The form as a page; 422 where ``marks`` holds problems."""
    definition = parse(version.questionnaire)
    values = typed_values(values_of(content, definition), definition)
    marks = marks or Marks()
    sections = sections_of(definition, values, on=on or clock.today(), marks=marks)
    page = {
        "version": version,
        "sheet": definition,
        "sections": sections,
        "problems": problem_links(sections, marks.problems),
        # The frame puts 「エラー：」 in front of the title.
        "form": SimpleNamespace(errors=marks.problems),
        "action_url": action_url,
        "autosave_url": autosave_url,
        "cancel_url": cancel_url,
        "base": json.dumps(content_from(values, definition), ensure_ascii=False),
    }
    status = 422 if marks.problems else 200
    return render(request, template, page | dict(context or {}), status=status)


class _Sheet:
    """One request to a form that is being filled in."""

    def __init__(self, request: HttpRequest, filling: Filling) -> None:
        self.request, self.filling = request, filling
        self.version = filling.version
        self.definition = parse(filling.version.questionnaire)
        self.office = filling.viewer.organisation_id
        self.latest: Answer | None = None
        self.draft: Draft | None = None
        if filling.keeps:
            self.draft = draft_for(self.version, filling.subject_uid, organisation_id=self.office)
            self.latest = latest_answer(self.version.form, filling.subject_uid)

    def respond(self) -> HttpResponse:  # noqa: PLR0911 - one line per act
        if self.request.method != "POST":
            return self.form(self.start())
        act, _, path = self.request.POST.get("act", "check").partition(":")
        if act == "discard":
            return self.discard()
        content = self.posted(act, path)
        try:
            self.keep(content)
        except ValidationError as error:
            messages.error(self.request, error.messages[0])
            return self.form(content)
        if act == "autosave":
            return self.saved()
        kept = self.draft.content if self.draft else content
        if act == "send":
            return self.send(kept, checked=content)
        if act in {"add", "remove", "refresh", "edit"}:
            new_row = f"{path}[{self.row_count(kept, path) - 1}]" if act == "add" else ""
            return self.form(kept, new_row=new_row)
        return self.check(kept)

    # What the page starts with and what it posted ------------------------------------------

    def start(self) -> dict[str, Any]:
        if self.draft:
            content: dict[str, Any] = self.draft.content
            return content
        before = self.latest.content if self.latest else empty_content(self.definition)
        values = typed_values(values_of(before, self.definition), self.definition)
        for link_id in self.filling.anew:
            values.pop(link_id, None)
        for item in self.definition.questions:
            known = _known(item, self.filling.prefill)
            if known is not None and item.prefill in OF_THE_MOMENT | set(self.filling.fresh):
                values.pop(item.link_id, None)
        filled = prefilled_values(self.definition, values, self.filling.prefill)
        return content_from(filled, self.definition)

    def posted(self, act: str, path: str) -> dict[str, Any]:
        post = self.request.POST
        if "content" in post:
            # From the page that checks: the whole form in one field.
            whole = _json(post["content"])
            if whole is not None:
                return content_from(values_of(whole, self.definition), self.definition)
        values = post_values(self.definition, post)
        if act == "add":
            self.add_row(values, path)
        elif act == "remove":
            self.remove_row(values, path)
        return content_from(values, self.definition)

    def add_row(self, values: Values, path: str) -> None:
        rows = values_at(values, path)
        group = self.definition.find(path.rpartition("/")[2])
        if group is None or not group.repeats or len(rows) >= group.maximum_count:
            return
        # A page always shows one row, even where none is kept yet.
        rows = rows or [{}]
        place_values(values, path, [*rows, {}])

    def remove_row(self, values: Values, path: str) -> None:
        group, _, number = path.rpartition("[")
        index = number.rstrip("]")
        rows = values_at(values, group)
        if index.isdecimal() and len(index) < len("1" * 9) and int(index) < len(rows):
            place_values(values, group, [*rows[: int(index)], *rows[int(index) + 1 :]])

    def row_count(self, content: Mapping[str, Any], path: str) -> int:
        return len(values_at(values_of(content, self.definition), path))

    # Acts ---------------------------------------------------------------------------------

    def keep(self, content: dict[str, Any]) -> None:
        """Save the draft, join it with what a colleague saved, take chosen sides."""
        if not self.filling.keeps:
            return
        post = self.request.POST
        self.draft = services.save_draft(
            actor=self.filling.viewer.actor,
            version=self.version,
            subject_uid=self.filling.subject_uid,
            content=content,
            organisation_id=self.office,
            base=_json(post.get("base", "")),
            base_answer=self.latest,
        )
        choices = {
            name.removeprefix("conflict:"): value
            for name, value in post.items()
            if name.startswith("conflict:") and isinstance(value, str)
        }
        if choices:
            self.draft = services.resolve_conflicts(
                actor=self.filling.viewer.actor, draft=self.draft, choices=choices
            )

    def saved(self) -> HttpResponse:
        """Tell the page what is kept now, and which fields the server does not ask."""
        content = read_post(self.definition, self.request.POST)
        values = typed_values(values_of(content, self.definition), self.definition)
        hidden = [
            placed.path
            for placed in Conditions(self.definition).placed(values)
            if not placed.enabled
        ]
        body = {
            "saved": f"{clock.now():%H:%M}に保存しました",
            "base": json.dumps(content, ensure_ascii=False),
            "hidden": hidden,
            "conflicts": len(self.draft.conflicts) if self.draft else 0,
        }
        return JsonResponse(body, headers={"Cache-Control": "no-store"})

    def discard(self) -> HttpResponse:
        if self.draft:
            services.discard_draft(actor=self.filling.viewer.actor, draft=self.draft)
            messages.success(self.request, "書きかけを消しました。")
        return HttpResponseRedirect(self.filling.cancel_url)

    def check(self, content: dict[str, Any]) -> HttpResponse:
        found = problems(self.definition, content, on=clock.today())
        if found or (self.draft and self.draft.conflicts):
            return self.form(content, found=found)
        return self.summary(content)

    def send(self, content: dict[str, Any], *, checked: dict[str, Any]) -> HttpResponse:
        if self.filling.take is not None:
            return self.hand_over(content)
        if self.draft is None:
            messages.success(self.request, "試し書きを終えました。何も保存していません。")
            return HttpResponseRedirect(self.filling.cancel_url)
        if content != checked:
            messages.warning(
                self.request, "ほかの人が書き足しました。もう一度、内容を確かめてください。"
            )
            return self.check(content)
        return self._send_draft(self.draft, content)

    def _send_draft(self, draft: Draft, content: dict[str, Any]) -> HttpResponse:
        try:
            answer = services.send_draft(
                actor=self.filling.viewer.actor,
                draft=draft,
                when_sent=self.filling.when_sent,
            )
        except services.ConflictsError as error:
            self.draft = error.draft
            return self.form(self.draft.content)
        except services.AnswerRefusedError as error:
            return self.form(content, found=error.problems)
        except ValidationError as error:
            # The room refused to take it: nothing is sent, the draft stays.
            messages.error(self.request, " ".join(error.messages))
            return self.form(content)
        messages.success(self.request, f"{self.version.form.name}を保存しました。")
        return HttpResponseRedirect(self.filling.done_url(answer))

    def hand_over(self, content: dict[str, Any]) -> HttpResponse:
        """Give the content to whoever mounted the form."""
        assert self.filling.take is not None  # noqa: S101 - the caller looked
        try:
            taken = self.filling.take(content)
        except services.AnswerRefusedError as error:
            return self.form(content, found=error.problems)
        return taken or self.summary(content, status=422)

    # Pages --------------------------------------------------------------------------------

    def before(self) -> dict[str, Any] | None:
        """The answer the new one is compared with."""
        base = self.draft.base_answer if self.draft else None
        answer = base or self.latest
        return answer.content if answer else None

    def form(
        self, content: dict[str, Any], *, found: Sequence[Problem] = (), new_row: str = ""
    ) -> HttpResponse:
        values = typed_values(values_of(content, self.definition), self.definition)
        marks = marks_for(
            self.definition,
            values,
            prefill=self.filling.prefill,
            before=self.before(),
            found=found,
            new_row=new_row,
        )
        return render_form(
            self.request,
            version=self.version,
            content=content,
            action_url=self.filling.action_url,
            autosave_url=self.filling.action_url if self.filling.keeps else "",
            cancel_url=self.filling.cancel_url,
            marks=marks,
            context={**self.filling.context, **self.drafted()},
            template=self.filling.template,
        )

    def drafted(self) -> dict[str, Any]:
        if self.draft is None:
            return {"is_trial": self.filling.is_trial}
        conflicts: list[dict[str, Any]] = self.draft.conflicts
        people = {one[side] for one in conflicts for side in ("mine_by", "theirs_by") if one[side]}
        names = names_of(people)
        return {
            "draft": self.draft,
            "saved_at": clock.now() if self.request.method == "POST" else self.draft.saved_at,
            "conflicts": [
                {
                    **one,
                    "mine_name": names.get(one["mine_by"], "記録なし"),
                    "theirs_name": names.get(one["theirs_by"], "記録なし"),
                }
                for one in conflicts
            ],
        }

    def summary(self, content: dict[str, Any], *, status: int = 200) -> HttpResponse:
        values = typed_values(values_of(content, self.definition), self.definition)
        before = self.before()
        changed = changes(before, content, self.definition) if before else []
        page = {
            "version": self.version,
            "sheet": self.definition,
            "sections": read_sections(
                self.definition,
                values,
                was={one.path: one.before for one in changed},
            ),
            "changes": changed,
            "has_before": before is not None,
            "content": json.dumps(content, ensure_ascii=False),
            "action_url": self.filling.action_url,
            "cancel_url": self.filling.cancel_url,
            **self.filling.context,
            **self.drafted(),
        }
        return render(self.request, self.filling.check_template, page, status=status)


def _json(text: str) -> dict[str, Any] | None:
    """An object from a hidden field; None for anything else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


# Reading answers --------------------------------------------------------------------------


def answer_context(answer: Answer, *, before: Answer | None = None) -> dict[str, Any]:
    """What ``sheets/_answer.html`` and ``sheets/_changes.html`` show of an answer.

    ``before``: the answer to compare with; without one, what it replaced or followed.
    """
    definition = parse(answer.version.questionnaire)
    before = before or previous_answer(answer)
    changed = []
    if before:
        old = None
        if before.version_id != answer.version_id:
            old = parse(before.version.questionnaire)
        changed = changes(before.content, answer.content, definition, old_definition=old)
    values = values_of(answer.content, definition)
    return {
        "answer": answer,
        "version": answer.version,
        "sheet": definition,
        "before": before,
        "changes": changed,
        "sections": read_sections(
            definition, values, was={one.path: one.before for one in changed}
        ),
    }
