"""The working group writes a rule: parts, rows, what the clock would do, publishing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.transitions import forms_rules as forms
from renkei.care.transitions.models import Rule, RuleVersion
from renkei.care.transitions.presenters_rulework import (
    ROW_PARTS,
    ExampleStay,
    difference_between,
    draft_page_of,
    draft_url,
    preview_of,
)
from renkei.care.transitions.queries.rule_forms import form_choices
from renkei.care.transitions.queries.rule_keeping import (
    areas_kept_by,
    draft_for,
    rule_kept_by,
    sources_for,
    version_before,
)
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.rule_editing import (
    fingerprint,
    is_part,
    moved,
    part_of,
    with_row,
    without_row,
)
from renkei.care.transitions.rule_texts import PART_LABELS
from renkei.care.transitions.rules_keeping import may_keep_rules
from renkei.care.transitions.services import drafts as services
from renkei.foundation.accounts.access import View
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.areas.queries import all_areas
from renkei.foundation.common import clock

DraftView = Callable[Concatenate[ViewerRequest, RuleVersion, ...], HttpResponse]
UP, DOWN = -1, 1


def draft_page(view: DraftView) -> View:
    """A page of a draft one keeps; not allowed and not found are the same 404."""

    @care_page(may_keep_rules)
    @wraps(view)
    def guarded(
        request: ViewerRequest, draft_uid: UUID, *args: object, **kwargs: object
    ) -> HttpResponse:
        try:
            draft = draft_for(request.viewer, draft_uid)
        except RuleVersion.DoesNotExist:
            raise Http404 from None
        return view(request, draft, *args, **kwargs)

    return guarded


@care_page(may_keep_rules)
@require_http_methods(["GET", "POST"])
def rule_start(request: ViewerRequest) -> HttpResponse:
    """A new rule of one's area, out of an example or another region's."""
    kept = [area.pk for area in areas_kept_by(request.viewer)]
    sources = {str(one.uid): one for one in sources_for(request.viewer)}
    form = forms.StartForm(
        request.POST if request.method == "POST" else None,
        areas=all_areas().filter(pk__in=kept).order_by("level", "name"),
        sources=[(key, str(one)) for key, one in sources.items()],
    )
    if form.is_valid():
        try:
            draft = services.start_rule(
                viewer=request.viewer,
                source=sources[form.cleaned_data["source"]],
                name=form.cleaned_data["name"],
                area=form.cleaned_data["area"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "下書きを作りました。公開するまで、ほかの人には見えません。")
            return redirect(draft_url(draft))
    status = 422 if form.is_bound else 200
    return render(request, "transitions/rules/start.html", {"form": form}, status=status)


@care_page(may_keep_rules)
@require_POST
def revision_start(request: ViewerRequest, rule_uid: UUID) -> HttpResponse:
    """The next edition, out of the newest one."""
    try:
        rule = rule_kept_by(request.viewer, rule_uid)
    except Rule.DoesNotExist:
        raise Http404 from None
    source = rule.versions.all()[0]
    try:
        draft = services.start_revision(viewer=request.viewer, rule=rule, source=source)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("transitions:rule_list")
    messages.success(request, f"第{source.number}版をもとに、次の版の下書きを作りました。")
    return redirect(draft_url(draft))


@draft_page
@require_safe
def draft_detail(request: ViewerRequest, draft: RuleVersion) -> HttpResponse:
    return render(request, "transitions/rules/draft.html", {"shown": draft_page_of(draft)})


@draft_page
@require_http_methods(["GET", "POST"])
def draft_part(request: ViewerRequest, draft: RuleVersion, part: str) -> HttpResponse:
    """A part whose rows are written on one page."""
    if not is_part(part) or part in ROW_PARTS:
        raise Http404
    content = parse(draft.content)
    value, seen = part_of(content, part), fingerprint(content, part)
    data = request.POST if request.method == "POST" else None
    form: Any
    if part == "basics":
        form = forms.BasicsForm(data, initial={**forms.BasicsForm.initial_of(value), "seen": seen})
    else:
        kind = forms.ReasonsForm if part == "leak_reasons" else forms.CriteriaForm
        # A form sent back has the rows it was opened with, whoever added one meanwhile.
        rows = value if data is None else _as_sent(value, data)
        form = kind(data, rows=rows, seen=seen)
    if form.is_valid() and _write(request, draft, part, form, form.value()):
        return redirect(f"{draft_url(draft)}#{part}")
    return _part_page(request, draft, form, part)


def _as_sent(rows: list[Any], data: Any) -> list[Any]:
    count = sum(name.startswith("code_") for name in data) - forms.SPARE_LINES
    blank = {"code": "", "text": "", "source": ""}
    return (rows + [blank] * max(count - len(rows), 0))[: max(count, 0)]


@draft_page
@require_http_methods(["GET", "POST"])
def draft_row(request: ViewerRequest, draft: RuleVersion, part: str, place: int) -> HttpResponse:
    """One step, deadline, form or metric."""
    if part not in ROW_PARTS:
        raise Http404
    content = parse(draft.content)
    rows = part_of(content, part)
    if place > len(rows):
        raise Http404
    seen = fingerprint(content, part)
    initial = {**(rows[place] if place < len(rows) else _new_row(part, rows)), "seen": seen}
    data = request.POST if request.method == "POST" else None
    form = _row_form(part, data, initial, draft)
    if form.is_valid() and _write(
        request, draft, part, form, with_row(rows, place, _whole(part, form.value()))
    ):
        return redirect(f"{draft_url(draft)}#{part}")
    return _part_page(request, draft, form, part, is_new=place == len(rows))


def _new_row(part: str, rows: list[Any]) -> dict[str, Any]:
    if part == "deadlines":
        return {"code": f"T{len(rows) + 1}", "amount": 3, "soon_days": 1, "classes": ["a", "b"]}
    if part == "steps":
        return {"number": str(len(rows) + 1)}
    return {"leaves_out_stays_up_to_days": 0, "counts_support_levels": True}


def _row_form(part: str, data: Any, initial: dict[str, Any], draft: RuleVersion) -> Any:
    if part == "deadlines":
        return forms.DeadlineForm(data, initial=initial)
    if part == "metrics":
        return forms.MetricForm(data, initial=initial)
    choices = form_choices(draft)
    kind = forms.StepForm if part == "steps" else forms.FormUseForm
    return kind(data, initial=initial, form_choices=choices)


def _whole(_part: str, value: dict[str, Any]) -> dict[str, Any]:
    return {name: "" if each is None else each for name, each in value.items()}


def _write(request: ViewerRequest, draft: RuleVersion, part: str, form: Any, value: Any) -> bool:
    try:
        services.write_part(
            viewer=request.viewer,
            draft=draft,
            part=part,
            value=value,
            seen=form.cleaned_data["seen"],
        )
    except ValidationError as error:
        form.add_service_error(error)
        return False
    messages.success(request, f"「{PART_LABELS[part]}」を直しました。元に戻せます。")
    return True


def _part_page(
    request: ViewerRequest, draft: RuleVersion, form: Any, part: str, *, is_new: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft,
        "part": part,
        "label": PART_LABELS[part],
        "is_new": is_new,
        "back": draft_url(draft),
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/rules/part.html", context, status=status)


@draft_page
@require_POST
def draft_row_act(
    request: ViewerRequest, draft: RuleVersion, part: str, place: int
) -> HttpResponse:
    """Take a row out, or move it."""
    content = parse(draft.content)
    if part not in ROW_PARTS or place >= len(part_of(content, part)):
        raise Http404
    rows = part_of(content, part)
    acts = {
        "remove": lambda: without_row(rows, place),
        "up": lambda: moved(rows, place, UP),
        "down": lambda: moved(rows, place, DOWN),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    services.write_part(
        viewer=request.viewer,
        draft=draft,
        part=part,
        value=act(),
        seen=fingerprint(content, part),
    )
    messages.success(request, f"「{PART_LABELS[part]}」を直しました。元に戻せます。")
    return redirect(f"{draft_url(draft)}#{part}")


@draft_page
@require_POST
def draft_undo(request: ViewerRequest, draft: RuleVersion) -> HttpResponse:
    """One step back."""
    part = services.undo_last(viewer=request.viewer, draft=draft)
    if part:
        messages.success(request, f"「{PART_LABELS[part]}」を一つ前に戻しました。")
    else:
        messages.info(request, "戻せる変更はありません。")
    return redirect(draft_url(draft))


@draft_page
@require_POST
def draft_discard(request: ViewerRequest, draft: RuleVersion) -> HttpResponse:
    """Throw the draft away."""
    services.discard_draft(viewer=request.viewer, draft=draft)
    messages.success(request, "下書きを捨てました。公開した版は変わりません。")
    return redirect("transitions:rule_list")


@draft_page
@require_safe
def draft_preview(request: ViewerRequest, draft: RuleVersion) -> HttpResponse:
    """What the clock would do for an example stay; in this draft and in the edition before."""
    usual = forms.ExampleForm.usual(clock.today())
    asked = {name: request.GET.get(name, usual[name]) for name in usual}
    form = forms.ExampleForm(asked)
    before = version_before(draft)
    rows = []
    if form.is_valid():
        stay = ExampleStay(
            patient_class=form.cleaned_data["patient_class"],
            admitted_at=form.admitted_at(),
            screened=form.cleaned_data["screened"],
            planned=form.cleaned_data["planned"],
            discharged=form.cleaned_data["discharged"],
        )
        rows = preview_of(parse(draft.content), parse(before.content) if before else None, stay)
    context = {"form": form, "rows": rows, "before": before, "draft": draft}
    return render(request, "transitions/rules/preview.html", context)


@draft_page
@require_http_methods(["GET", "POST"])
def draft_publish(request: ViewerRequest, draft: RuleVersion) -> HttpResponse:
    """What changes, from when, and why."""
    shown = draft_page_of(draft)
    form = forms.PublishForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            version = services.publish_draft(
                viewer=request.viewer, draft=draft, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "公開しました。つぎに、地域の事業所へ知らせてください。")
            return redirect("transitions:announcement_add", version.uid)
    context = {
        "form": form,
        "shown": shown,
        "parts": difference_between(shown.before, draft),
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/rules/publish.html", context, status=status)
