"""Writing an edition item by item, by plain forms: every act is a button with an address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.sheets import editing, services
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.editing import UnknownItemError
from renkei.foundation.sheets.forms import UploadForm
from renkei.foundation.sheets.item_forms import ItemForm, NewItemForm
from renkei.foundation.sheets.models import FormVersion
from renkei.foundation.sheets.outlines import outline_of
from renkei.foundation.sheets.queries import draft_versions
from renkei.foundation.sheets.rules import may_edit_forms
from renkei.foundation.sheets.views.forms import own_area

ACTS = {
    "up": "上へ移しました。",
    "down": "下へ移しました。",
    "duplicate": "写しを下に作りました。",
    "remove": "消しました。",
}


def _draft(request: ViewerRequest, version_uid: UUID) -> FormVersion:
    return get_object_or_404(draft_versions(own_area(request)), uid=version_uid)


def _revision(request: ViewerRequest, version: FormVersion) -> int:
    """The revision the page showed; without one the present one."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < len("1" * 9) else version.revision


def _save(
    request: ViewerRequest, version: FormVersion, questionnaire: dict[str, Any], what: str
) -> None:
    services.save_definition(
        actor=request.viewer.actor,
        version=version,
        questionnaire=questionnaire,
        revision=_revision(request, version),
        what=what,
    )


@require_http_methods(["GET"])
@staff_page(may_edit_forms)
def version_edit(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = _draft(request, version_uid)
    return _outline(request, version)


def _outline(
    request: ViewerRequest,
    version: FormVersion,
    *,
    add_form: NewItemForm | None = None,
    upload_form: UploadForm | None = None,
) -> HttpResponse:
    definition = parse(version.questionnaire)
    refused = next((form for form in (add_form, upload_form) if form is not None), None)
    context = {
        "version": version,
        "rows": outline_of(definition),
        "form": refused,
        "add_form": add_form or NewItemForm(definition=definition),
        "upload_form": upload_form or UploadForm(),
    }
    status = 422 if refused else 200
    return render(request, "sheets/version_edit.html", context, status=status)


@require_POST
@staff_page(may_edit_forms)
def version_upload(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """Take a whole Questionnaire in place of what was written so far."""
    version = _draft(request, version_uid)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["file"]
        try:
            # Before it takes our own name and address: what is it really?
            parse(content)
            _save(request, version, content, "upload")
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "ファイルの内容に入れ替えました。")
            return redirect("sheets:version_edit", version.uid)
    return _outline(request, version, upload_form=form)


@require_POST
@staff_page(may_edit_forms)
def item_add(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = _draft(request, version_uid)
    form = NewItemForm(request.POST, definition=parse(version.questionnaire))
    if form.is_valid():
        changed, link_id = editing.with_item(version.questionnaire, form.facts)
        try:
            _save(request, version, changed, "add")
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"「{form.facts.text}」を加えました。")
            return redirect("sheets:item_edit", version.uid, link_id)
    return _outline(request, version, add_form=form)


@require_http_methods(["GET", "POST"])
@staff_page(may_edit_forms)
def item_edit(request: ViewerRequest, version_uid: UUID, link_id: str) -> HttpResponse:
    version = _draft(request, version_uid)
    definition = parse(version.questionnaire)
    item = definition.find(link_id)
    if item is None:
        raise Http404
    parent = str(editing.parent_of(version.questionnaire, link_id).get("linkId", ""))
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        definition=definition,
        item=item,
        parent=parent,
    )
    if form.is_valid():
        changed = editing.with_changes(version.questionnaire, link_id, form.facts)
        try:
            _save(request, version, changed, "change")
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"「{form.facts.text or link_id}」を直しました。")
            return redirect(_place(version, link_id))
    context = {"form": form, "version": version, "item": item}
    status = 422 if form.is_bound else 200
    return render(request, "sheets/item_edit.html", context, status=status)


@require_POST
@staff_page(may_edit_forms)
def item_act(request: ViewerRequest, version_uid: UUID, link_id: str) -> HttpResponse:
    """Move, copy or remove one item."""
    version = _draft(request, version_uid)
    act = request.POST.get("act", "")
    try:
        changed, shown = _acted(version, link_id, act)
    except UnknownItemError:
        raise Http404 from None
    try:
        _save(request, version, changed, act)
    except ValidationError as error:
        messages.error(request, "　".join(error.messages))
        return redirect(_place(version, link_id))
    messages.success(request, ACTS[act])
    return redirect(_place(version, shown))


def _acted(version: FormVersion, link_id: str, act: str) -> tuple[dict[str, Any], str]:
    questionnaire = version.questionnaire
    match act:
        case "up" | "down":
            return editing.moved(questionnaire, link_id, -1 if act == "up" else 1), link_id
        case "duplicate":
            return editing.duplicated(questionnaire, link_id)
        case "remove":
            return editing.without_item(questionnaire, link_id), ""
    raise UnknownItemError(act)


def _place(version: FormVersion, link_id: str) -> str:
    """Back to the outline, at the item."""
    anchor = f"#row-{link_id}" if link_id else ""
    return reverse("sheets:version_edit", args=[version.uid]) + anchor
