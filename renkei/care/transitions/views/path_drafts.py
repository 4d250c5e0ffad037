"""地域連携パス of a region: begun, written and published by its municipal staff."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from renkei.care.patients.access import care_page
from renkei.care.transitions.forms_path_drafts import PathDraftForm, PathReasonForm
from renkei.care.transitions.forms_rules import StartForm
from renkei.care.transitions.models import PathDefinition, PathVersion
from renkei.care.transitions.path_content import parse
from renkei.care.transitions.queries.path_keeping import path_draft_for, paths_kept_by
from renkei.care.transitions.queries.paths import versions_to_start
from renkei.care.transitions.queries.rule_keeping import areas_kept_by
from renkei.care.transitions.rules_keeping import may_keep_rules
from renkei.care.transitions.services import path_drafts as services
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.areas.queries import all_areas

KEPT, DRAFT = "transitions:path_kept_list", "transitions:path_draft"


@care_page(may_keep_rules)
@require_http_methods(["GET", "POST"])
def path_kept_list(request: ViewerRequest) -> HttpResponse:
    """The region's paths, and a new one out of an edition there is."""
    kept = [area.pk for area in areas_kept_by(request.viewer)]
    sources = {str(one.uid): one for one in versions_to_start()}
    form = StartForm(
        request.POST if request.method == "POST" else None,
        areas=all_areas().filter(pk__in=kept).order_by("level", "name"),
        sources=[(key, str(one)) for key, one in sources.items()],
    )
    for name, words in (("name", "パスの名称"), ("source", "もとにする版")):
        form.fields[name].label = words
    form.fields["name"].help_text = "たとえば 架空広域 脳卒中の地域連携パス。"
    if form.is_valid():
        data = form.cleaned_data
        try:
            draft = services.start_path_draft(
                viewer=request.viewer,
                source=sources[data["source"]],
                name=data["name"],
                area=data["area"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "下書きを作りました。公開するまで、ほかの人には見えません。")
            return redirect(DRAFT, draft.uid)
    context = {"form": form, "kept": paths_kept_by(request.viewer)}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/paths/kept.html", context, status=status)


@care_page(may_keep_rules)
@require_POST
def path_revision_start(request: ViewerRequest, definition_uid: UUID) -> HttpResponse:
    """The next edition."""
    try:
        definition = paths_kept_by(request.viewer).get(uid=definition_uid)
    except PathDefinition.DoesNotExist:
        raise Http404 from None
    try:
        draft = services.start_path_revision(viewer=request.viewer, definition=definition)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(KEPT)
    return redirect(DRAFT, draft.uid)


@care_page(may_keep_rules)
@require_http_methods(["GET", "POST"])
def path_draft(request: ViewerRequest, draft_uid: UUID) -> HttpResponse:
    """The whole path on one page."""
    draft = _draft(request, draft_uid)
    form = PathDraftForm(
        request.POST if request.method == "POST" else None, content=parse(draft.content)
    )
    if form.is_valid():
        try:
            services.write_path_draft(viewer=request.viewer, draft=draft, content=form.path())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "下書きに残しました。段階は、1つずつ加えられます。")
            return redirect(DRAFT, draft.uid)
    context = {"form": form, "draft": draft, "reason": PathReasonForm()}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/paths/draft.html", context, status=status)


@care_page(may_keep_rules)
@require_POST
def path_draft_publish(request: ViewerRequest, draft_uid: UUID) -> HttpResponse:
    """From now on new persons are put on this edition."""
    draft = _draft(request, draft_uid)
    form = PathReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "改訂の理由を入力してください。")
        return redirect(DRAFT, draft.uid)
    try:
        services.publish_path_draft(
            viewer=request.viewer, draft=draft, reason=form.cleaned_data["reason"]
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "公開しました。途中の人は、始めたときの版のままです。")
    return redirect(KEPT)


@care_page(may_keep_rules)
@require_POST
def path_draft_discard(request: ViewerRequest, draft_uid: UUID) -> HttpResponse:
    """Throw it away."""
    services.discard_path_draft(viewer=request.viewer, draft=_draft(request, draft_uid))
    messages.success(request, "下書きを捨てました。")
    return redirect(KEPT)


def _draft(request: ViewerRequest, uid: UUID) -> PathVersion:
    try:
        return path_draft_for(request.viewer, uid)
    except PathVersion.DoesNotExist:
        raise Http404 from None
