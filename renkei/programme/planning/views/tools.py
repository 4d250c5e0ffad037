"""共有ツール: the inventory, and one tool with its checklist."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.papers.responses import file_response
from renkei.programme.planning.forms_proofs import ProofForm, ToolProofForm
from renkei.programme.planning.forms_tools import ToolForm, tool_initial
from renkei.programme.planning.models import SharingTool, ToolEvidence, ToolKind, ToolStep
from renkei.programme.planning.queries.tools import (
    ToolDoor,
    evidence_called,
    has_renkei,
    life_of,
    tool_door,
    tools_seen_by,
)
from renkei.programme.planning.rules import may_keep_tools, may_see_tools
from renkei.programme.planning.services import tools as services
from renkei.programme.planning.views._shared import only, saved_or_form

LIST = ("/planning/tools/", "共有ツール")


def _door(request: ViewerRequest, uid: UUID) -> ToolDoor:
    try:
        return tool_door(request.viewer, uid)
    except SharingTool.DoesNotExist:
        raise Http404 from None


def _writing(request: ViewerRequest, uid: UUID) -> ToolDoor:
    door = _door(request, uid)
    only(door.may_write)
    return door


def _crumbs(door: ToolDoor) -> list[tuple[str, str]]:
    return [LIST, (reverse("planning:tool_detail", args=[door.tool.uid]), door.tool.name)]


@staff_page(may_see_tools)
@require_safe
def tool_list(request: ViewerRequest) -> HttpResponse:
    keeps = may_keep_tools(request.viewer)
    context = {
        "lines": [(one, life_of(one)) for one in tools_seen_by(request.viewer)],
        "keeps": keeps,
        "offer_renkei": keeps and not has_renkei(request.viewer),
    }
    return render(request, "planning/tools/list.html", context)


@staff_page(may_keep_tools)
@require_http_methods(["GET", "POST"])
def tool_add(request: ViewerRequest) -> HttpResponse:
    """A tool of the inventory; this system itself is offered filled in."""
    renkei = {"name": "連携（このシステム）", "kind": ToolKind.ICT, "is_renkei": True}
    form = ToolForm(
        request.POST if request.method == "POST" else None,
        viewer=request.viewer, initial=renkei if "renkei" in request.GET else {},
    )  # fmt: skip
    return saved_or_form(
        request, form,
        lambda: services.write_tool(viewer=request.viewer, fields=form.cleaned_data),
        title="共有ツールを登録する", button="登録する", said="共有ツールを登録しました。",
        crumbs=[LIST],
    )  # fmt: skip


@staff_page(may_see_tools)
@require_safe
def tool_detail(request: ViewerRequest, tool_uid: UUID) -> HttpResponse:
    door = _door(request, tool_uid)
    context = {"door": door, "tool": door.tool, "life": life_of(door.tool)}
    return render(request, "planning/tools/detail.html", context)


@staff_page(may_keep_tools)
@require_http_methods(["GET", "POST"])
def tool_edit(request: ViewerRequest, tool_uid: UUID) -> HttpResponse:
    door = _writing(request, tool_uid)
    form = ToolForm(
        request.POST if request.method == "POST" else None,
        viewer=request.viewer, initial=tool_initial(door.tool),
    )  # fmt: skip
    return saved_or_form(
        request, form,
        lambda: services.write_tool(
            viewer=request.viewer, fields=form.cleaned_data, tool=door.tool
        ),
        title="共有ツールを直す", button="直す", said="共有ツールを直しました。",
        crumbs=_crumbs(door),
    )  # fmt: skip


@staff_page(may_keep_tools)
@require_http_methods(["GET", "POST"])
def evidence_add(request: ViewerRequest, tool_uid: UUID, step: str) -> HttpResponse:
    door = _writing(request, tool_uid)
    only(step in ToolStep.values)
    posted = request.method == "POST"
    kind = ToolProofForm if step == ToolStep.HANDBOOK else ProofForm
    form = kind(
        request.POST if posted else None, request.FILES if posted else None, viewer=request.viewer
    )
    return saved_or_form(
        request, form, lambda: services.add_evidence(door=door, step=step, **form.proof()),
        title="根拠を付ける", button="付ける", said="根拠を付けました。", crumbs=_crumbs(door),
        lead=str(ToolStep(step).label), multipart=True,
    )  # fmt: skip


@staff_page(may_keep_tools)
@require_POST
def step_tick(request: ViewerRequest, tool_uid: UUID, step: str) -> HttpResponse:
    door = _writing(request, tool_uid)
    only(step in ToolStep.values)
    try:
        services.tick_step(door=door, step=step)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "済みにしました。")
    return redirect("planning:tool_detail", door.tool.uid)


@staff_page(may_keep_tools)
@require_POST
def step_untick(request: ViewerRequest, tool_uid: UUID, step: str) -> HttpResponse:
    door = _writing(request, tool_uid)
    only(step in ToolStep.values)
    services.untick_step(door=door, step=step)
    messages.success(request, "済みから戻しました。")
    return redirect("planning:tool_detail", door.tool.uid)


def _evidence(door: ToolDoor, uid: UUID) -> ToolEvidence:
    try:
        return evidence_called(door, uid)
    except ToolEvidence.DoesNotExist:
        raise Http404 from None


@staff_page(may_see_tools)
@require_safe
def evidence_file(request: ViewerRequest, tool_uid: UUID, evidence_uid: UUID) -> HttpResponse:
    evidence = _evidence(_door(request, tool_uid), evidence_uid)
    if evidence.file is None:
        raise Http404
    return file_response(evidence.file, inline=True)


@staff_page(may_keep_tools)
@require_POST
def evidence_remove(request: ViewerRequest, tool_uid: UUID, evidence_uid: UUID) -> HttpResponse:
    door = _writing(request, tool_uid)
    try:
        services.remove_evidence(door=door, evidence=_evidence(door, evidence_uid))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "根拠を外しました。")
    return redirect("planning:tool_detail", door.tool.uid)
