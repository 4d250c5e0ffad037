"""都道府県・保健所の支援: the board, requests, the log, materials, good cases."""

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
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.foundation.papers.responses import file_response
from renkei.programme.planning.forms_support import (
    CaseForm,
    CloseForm,
    EntryForm,
    LogForm,
    MaterialForm,
    RequestForm,
    case_initial,
    material_initial,
)
from renkei.programme.planning.frames import items_text, scenes_text
from renkei.programme.planning.models import GoodCase, SharedMaterial, SupportRequest
from renkei.programme.planning.presenters_support import board_page, request_line, support_table
from renkei.programme.planning.queries.support import (
    CaseDoor,
    RequestDoor,
    board_of,
    case_door,
    cases_seen_by,
    entries_seen_by,
    hidden_rule,
    material_called,
    materials_seen_by,
    request_door,
    requests_seen_by,
    watched_municipalities,
)
from renkei.programme.planning.rules import asks_for_support, gives_support, may_use_support
from renkei.programme.planning.services import support as services
from renkei.programme.planning.views._shared import only, saved_or_form

HOME = ("/planning/support/", "都道府県・保健所の支援")
MATERIALS = ("/planning/support/materials/", "提供された資料")
CASES = ("/planning/support/cases/", "好事例")
# Of a long log; the rest is counted in the table above it.
MOST_ENTRIES = 100


@staff_page(may_use_support)
@require_safe
def support_home(request: ViewerRequest) -> HttpResponse:
    """For the prefecture its municipalities side by side; for a municipality its own desk."""
    viewer = request.viewer
    context: dict[str, object] = {
        "area": own_area_of(viewer),
        "gives": gives_support(viewer),
        "requests": [request_line(one) for one in requests_seen_by(viewer)],
        "entries": entries_seen_by(viewer)[:10],
    }
    if gives_support(viewer):
        context |= {"shown": board_page(board_of(viewer)), "hidden_rule": hidden_rule()}
    return render(request, "planning/support/home.html", context)


@staff_page(gives_support)
@require_safe
def support_log(request: ViewerRequest) -> HttpResponse:
    """What was done, by the six items and municipality."""
    year = fiscal_year(clock.today())
    context = {
        "table": support_table(request.viewer, year),
        "year": year.label,
        "entries": entries_seen_by(request.viewer)[:MOST_ENTRIES],
        "most": MOST_ENTRIES,
    }
    return render(request, "planning/support/log.html", context)


@staff_page(gives_support)
@require_http_methods(["GET", "POST"])
def support_log_add(request: ViewerRequest) -> HttpResponse:
    form = LogForm(
        request.POST if request.method == "POST" else None,
        towns=watched_municipalities(request.viewer),
    )
    return saved_or_form(
        request, form, lambda: services.log_support(viewer=request.viewer, **form.entry()),
        title="支援を記録する", button="記録する", said="支援を記録しました。",
        crumbs=[HOME, ("/planning/support/log/", "支援の記録")],
    )  # fmt: skip


@staff_page(asks_for_support)
@require_http_methods(["GET", "POST"])
def request_add(request: ViewerRequest) -> HttpResponse:
    form = RequestForm(request.POST if request.method == "POST" else None)
    return saved_or_form(
        request, form,
        lambda: services.ask_for_support(viewer=request.viewer, fields=form.cleaned_data),
        title="支援を依頼する", button="依頼する",
        said="支援を依頼しました。都道府県・保健所の画面に出ています。", crumbs=[HOME],
    )  # fmt: skip


def _request(request: ViewerRequest, uid: UUID) -> RequestDoor:
    try:
        return request_door(request.viewer, uid)
    except SupportRequest.DoesNotExist:
        raise Http404 from None


def _request_crumbs(door: RequestDoor) -> list[tuple[str, str]]:
    return [HOME, (reverse("planning:support_request", args=[door.request.uid]), str(door.request))]


@staff_page(may_use_support)
@require_safe
def request_detail(request: ViewerRequest, request_uid: UUID) -> HttpResponse:
    door = _request(request, request_uid)
    context = {
        "door": door,
        "line": request_line(door.request),
        "entries": entries_seen_by(request.viewer).filter(request=door.request),
    }
    return render(request, "planning/support/request.html", context)


@staff_page(gives_support)
@require_http_methods(["GET", "POST"])
def request_answer(request: ViewerRequest, request_uid: UUID) -> HttpResponse:
    door = _request(request, request_uid)
    only(door.may_answer)
    form = EntryForm(request.POST if request.method == "POST" else None)
    return saved_or_form(
        request, form, lambda: services.answer_request(door=door, fields=form.cleaned_data),
        title="回答・訪問を記録する", button="記録する", said="記録しました。",
        crumbs=_request_crumbs(door), lead=door.request.title,
    )  # fmt: skip


@staff_page(may_use_support)
@require_http_methods(["GET", "POST"])
def request_close(request: ViewerRequest, request_uid: UUID) -> HttpResponse:
    door = _request(request, request_uid)
    only(door.may_close)
    form = CloseForm(request.POST if request.method == "POST" else None)
    return saved_or_form(
        request, form, lambda: services.close_request(door=door, **form.cleaned_data),
        title="依頼を終える", button="終える", said="依頼を終えました。",
        crumbs=_request_crumbs(door), lead=door.request.title,
    )  # fmt: skip


# Materials ----------------------------------------------------------------------------------------


def _material(request: ViewerRequest, uid: UUID) -> SharedMaterial:
    try:
        return material_called(request.viewer, uid)
    except SharedMaterial.DoesNotExist:
        raise Http404 from None


@staff_page(may_use_support)
@require_safe
def material_list(request: ViewerRequest) -> HttpResponse:
    context = {
        "materials": materials_seen_by(request.viewer),
        "gives": gives_support(request.viewer),
    }
    return render(request, "planning/support/materials.html", context)


@staff_page(gives_support)
@require_http_methods(["GET", "POST"])
def material_share(request: ViewerRequest) -> HttpResponse:
    return _material_form(request, None)


@staff_page(gives_support)
@require_http_methods(["GET", "POST"])
def material_edit(request: ViewerRequest, material_uid: UUID) -> HttpResponse:
    return _material_form(request, _material(request, material_uid))


def _material_form(request: ViewerRequest, material: SharedMaterial | None) -> HttpResponse:
    posted = request.method == "POST"
    form = MaterialForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial=material_initial(material) if material else {},
    )
    return saved_or_form(
        request, form,
        lambda: services.share_material(
            viewer=request.viewer, material=material, **form.material()
        ),
        title="資料を直す" if material else "資料を提供する", button="提供する",
        said="資料を市町村に提供しました。", crumbs=[HOME, MATERIALS], multipart=True,
    )  # fmt: skip


@staff_page(may_use_support)
@require_safe
def shared_material_file(request: ViewerRequest, material_uid: UUID) -> HttpResponse:
    material = _material(request, material_uid)
    if material.file is None:
        raise Http404
    return file_response(material.file, inline=True)


@staff_page(gives_support)
@require_POST
def material_withdraw(request: ViewerRequest, material_uid: UUID) -> HttpResponse:
    material = _material(request, material_uid)
    services.withdraw_material(viewer=request.viewer, material=material)
    said = "資料を取り下げました。" if material.withdrawn_on else "資料をまた提供しました。"
    messages.success(request, said)
    return redirect(MATERIALS[0])


# Good cases ---------------------------------------------------------------------------------------


def _case(request: ViewerRequest, uid: UUID) -> CaseDoor:
    try:
        return case_door(request.viewer, uid)
    except GoodCase.DoesNotExist:
        raise Http404 from None


def _writing(request: ViewerRequest, uid: UUID) -> CaseDoor:
    door = _case(request, uid)
    only(door.may_write)
    return door


@staff_page(may_use_support)
@require_safe
def case_list(request: ViewerRequest) -> HttpResponse:
    context = {"cases": cases_seen_by(request.viewer), "writes": asks_for_support(request.viewer)}
    return render(request, "planning/support/cases.html", context)


@staff_page(may_use_support)
@require_safe
def case_detail(request: ViewerRequest, case_uid: UUID) -> HttpResponse:
    door = _case(request, case_uid)
    context = {
        "door": door,
        "case": door.case,
        "items": items_text(door.case.items),
        "scenes": scenes_text(door.case.scenes),
    }
    return render(request, "planning/support/case.html", context)


@staff_page(asks_for_support)
@require_http_methods(["GET", "POST"])
def case_add(request: ViewerRequest) -> HttpResponse:
    return _case_form(request, None)


@staff_page(asks_for_support)
@require_http_methods(["GET", "POST"])
def case_edit(request: ViewerRequest, case_uid: UUID) -> HttpResponse:
    return _case_form(request, _writing(request, case_uid).case)


def _case_form(request: ViewerRequest, case: GoodCase | None) -> HttpResponse:
    form = CaseForm(
        request.POST if request.method == "POST" else None,
        initial=case_initial(case) if case else {},
    )
    return saved_or_form(
        request, form,
        lambda: services.write_case(viewer=request.viewer, fields=form.cleaned_data, case=case),
        title="好事例を直す" if case else "好事例を書く", button="書く",
        said="好事例を書きました。公開すると、県内の市町村が読めます。", crumbs=[HOME, CASES],
    )  # fmt: skip


@staff_page(asks_for_support)
@require_POST
def case_publish(request: ViewerRequest, case_uid: UUID) -> HttpResponse:
    case = services.publish_case(door=_writing(request, case_uid))
    said = "好事例を県内の市町村に公開しました。" if case.published_on else "公開を取り下げました。"
    messages.success(request, said)
    return redirect("planning:good_case", case.uid)
