"""連携の拠点: the list, one base with its checklist, consultations and evidence."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.papers.responses import file_response
from renkei.programme.planning.forms_bases import BaseForm, ConsultationForm, base_initial
from renkei.programme.planning.forms_proofs import ProofForm
from renkei.programme.planning.models import Base, BaseEvidence, Duty
from renkei.programme.planning.presenters_bases import base_line, base_page
from renkei.programme.planning.queries.bases import (
    BaseDoor,
    base_door,
    bases_seen_by,
    evidence_called,
    municipalities_of,
)
from renkei.programme.planning.rules import may_designate, may_see_bases
from renkei.programme.planning.services import bases as services
from renkei.programme.planning.views._shared import only, saved_or_form

LIST = ("/planning/bases/", "連携の拠点")


def _door(request: ViewerRequest, uid: UUID) -> BaseDoor:
    try:
        return base_door(request.viewer, uid)
    except Base.DoesNotExist:
        raise Http404 from None


def _crumbs(door: BaseDoor) -> list[tuple[str, str]]:
    return [
        LIST,
        (reverse("planning:base_detail", args=[door.base.uid]), str(door.base.organisation)),
    ]


@staff_page(may_see_bases)
@require_safe
def base_list(request: ViewerRequest) -> HttpResponse:
    context = {
        "lines": [base_line(one) for one in bases_seen_by(request.viewer)],
        "designates": may_designate(request.viewer),
    }
    return render(request, "planning/bases/list.html", context)


@staff_page(may_see_bases)
@require_safe
def base_detail(request: ViewerRequest, base_uid: UUID) -> HttpResponse:
    door = _door(request, base_uid)
    context = {"door": door, "base": door.base, "shown": base_page(door)}
    return render(request, "planning/bases/detail.html", context)


@staff_page(may_designate)
@require_http_methods(["GET", "POST"])
def base_add(request: ViewerRequest) -> HttpResponse:
    form = BaseForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    return saved_or_form(
        request, form, lambda: services.designate_base(viewer=request.viewer, **form.base()),
        title="連携の拠点を位置付ける", button="登録する",
        said="連携の拠点を登録しました。市町村との協議を記録してください。", crumbs=[LIST],
    )  # fmt: skip


@staff_page(may_designate)
@require_http_methods(["GET", "POST"])
def base_edit(request: ViewerRequest, base_uid: UUID) -> HttpResponse:
    door = _door(request, base_uid)
    form = BaseForm(
        request.POST if request.method == "POST" else None,
        viewer=request.viewer, initial=base_initial(door.base),
    )  # fmt: skip
    return saved_or_form(
        request, form,
        lambda: services.designate_base(viewer=request.viewer, base=door.base, **form.base()),
        title="連携の拠点を直す", button="直す", said="連携の拠点を直しました。",
        crumbs=_crumbs(door),
    )  # fmt: skip


@staff_page(may_see_bases)
@require_http_methods(["GET", "POST"])
def consultation_add(request: ViewerRequest, base_uid: UUID) -> HttpResponse:
    """By the prefecture for any municipality of the area, by a municipality for itself."""
    door = _door(request, base_uid)
    only(door.designates or door.consults)
    own = own_area_of(request.viewer)
    areas = municipalities_of(door.base)
    if not door.designates:
        areas = [one for one in areas if one == own]
    form = ConsultationForm(request.POST if request.method == "POST" else None, areas=areas)
    return saved_or_form(
        request, form,
        lambda: services.record_consultation(door=door, **form.consultation()),
        title="市町村との協議を記録する", button="記録する", said="協議を記録しました。",
        crumbs=_crumbs(door),
    )  # fmt: skip


@staff_page(may_see_bases)
@require_http_methods(["GET", "POST"])
def evidence_add(request: ViewerRequest, base_uid: UUID, duty: str) -> HttpResponse:
    door = _door(request, base_uid)
    only(door.keeps and duty in Duty.values)
    posted = request.method == "POST"
    form = ProofForm(
        request.POST if posted else None, request.FILES if posted else None, viewer=request.viewer
    )
    return saved_or_form(
        request, form, lambda: services.add_evidence(door=door, duty=duty, **form.proof()),
        title="根拠を付ける", button="付ける", said="根拠を付けました。", crumbs=_crumbs(door),
        lead=str(Duty(duty).label), multipart=True,
    )  # fmt: skip


def _evidence(door: BaseDoor, uid: UUID) -> BaseEvidence:
    try:
        return evidence_called(door, uid)
    except BaseEvidence.DoesNotExist:
        raise Http404 from None


@staff_page(may_see_bases)
@require_safe
def evidence_file(request: ViewerRequest, base_uid: UUID, evidence_uid: UUID) -> HttpResponse:
    evidence = _evidence(_door(request, base_uid), evidence_uid)
    if evidence.file is None:
        raise Http404
    return file_response(evidence.file, inline=True)


@staff_page(may_see_bases)
@require_POST
def evidence_remove(request: ViewerRequest, base_uid: UUID, evidence_uid: UUID) -> HttpResponse:
    door = _door(request, base_uid)
    only(door.keeps)
    services.remove_evidence(door=door, evidence=_evidence(door, evidence_uid))
    messages.success(request, "根拠を外しました。")
    return redirect("planning:base_detail", door.base.uid)
