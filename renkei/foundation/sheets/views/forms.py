"""Forms and their editions: list, page, publish, compare, take back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.areas.models import Area
from renkei.foundation.common import clock
from renkei.foundation.sheets import services
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.differences import definition_changes
from renkei.foundation.sheets.forms import AdoptForm, NewFormForm, PublishForm, ShareForm
from renkei.foundation.sheets.models import FormVersion, VersionState
from renkei.foundation.sheets.outlines import outline_of
from renkei.foundation.sheets.queries import (
    agreements_for_sharing,
    area_of,
    copyable_versions,
    forms_owned_by,
    forms_visible_to,
    listed_forms,
    offered_forms,
    owned_versions,
    shares_of,
    version_before,
    versions_visible_to,
)
from renkei.foundation.sheets.rules import may_edit_forms


def own_area(request: ViewerRequest) -> Area:
    """The area whose forms the viewer writes; without one there is nothing to write."""
    area = area_of(request.viewer)
    if area is None:
        raise Http404
    return area


def visible_version(request: ViewerRequest, version_uid: UUID) -> FormVersion:
    versions = versions_visible_to(area_of(request.viewer), clock.today())
    return get_object_or_404(versions, uid=version_uid)


def own_version(request: ViewerRequest, version_uid: UUID) -> FormVersion:
    return get_object_or_404(owned_versions(own_area(request)), uid=version_uid)


@require_safe
@staff_page(may_edit_forms)
def form_list(request: ViewerRequest) -> HttpResponse:
    area, day = area_of(request.viewer), clock.today()
    context = {
        "area": area,
        "own": listed_forms(forms_owned_by(area), day) if area else [],
        "shipped": listed_forms(forms_owned_by(None), day),
        "offered": offered_forms(area, day),
    }
    return render(request, "sheets/form_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(may_edit_forms)
def form_new(request: ViewerRequest) -> HttpResponse:
    area = area_of(request.viewer)
    if area is None:
        messages.error(request, "この組織には市町村が登録されていないので、様式を作れません。")
        return redirect("sheets:form_list")
    form = NewFormForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        versions=copyable_versions(area, clock.today()),
        initial={"copy": request.GET.get("copy", "")},
    )
    if form.is_valid():
        data = form.cleaned_data
        facts = services.FormFacts(data["code"], data["name"], data["kind"], area)
        try:
            version = services.create_form(
                actor=request.viewer.actor, facts=facts, questionnaire=form.questionnaire
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"「{version.form}」を作りました。項目を加えてください。")
            return redirect("sheets:version_edit", version.uid)
    status = 422 if form.is_bound else 200
    return render(request, "sheets/form_new.html", {"form": form}, status=status)


@require_safe
@staff_page(may_edit_forms)
def form_detail(request: ViewerRequest, form_uid: UUID) -> HttpResponse:
    area, day = area_of(request.viewer), clock.today()
    sheet = get_object_or_404(forms_visible_to(area, day), uid=form_uid)
    is_own = area is not None and sheet.owner_area_id == area.pk
    offers = [one for one in offered_forms(area, day) if one.share.form_id == sheet.pk]
    context = {
        "sheet_form": sheet,
        "versions": versions_visible_to(area, day).filter(form=sheet),
        "is_own": is_own,
        "may_copy": area is not None,
        "shares": shares_of(sheet) if is_own else [],
        "share_form": ShareForm(agreements=agreements_for_sharing(area, day)) if is_own else None,
        "offer": offers[0] if offers else None,
    }
    return render(request, "sheets/form_detail.html", context)


@require_POST
@staff_page(may_edit_forms)
def version_start(request: ViewerRequest, form_uid: UUID) -> HttpResponse:
    sheet = get_object_or_404(forms_owned_by(own_area(request)), uid=form_uid)
    try:
        version = services.start_version(actor=request.viewer.actor, form=sheet)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("sheets:form_detail", sheet.uid)
    messages.success(request, f"第{version.number}版を作り始めました。")
    return redirect("sheets:version_edit", version.uid)


@require_safe
@staff_page(may_edit_forms)
def version_detail(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = visible_version(request, version_uid)
    area = area_of(request.viewer)
    offers = [
        one for one in offered_forms(area, clock.today()) if one.share.form_id == version.form_id
    ]
    adopted = offers[0].adoption if offers else None
    context = {
        "version": version,
        "rows": outline_of(parse(version.questionnaire)),
        "is_own": area is not None and version.form.owner_area_id == area.pk,
        "before": version_before(version),
        "may_adopt": bool(offers) and version.state == VersionState.PUBLISHED,
        "adoption": adopted,
        "is_adopted": adopted is not None and adopted.version_id == version.pk,
        "adopt_form": AdoptForm(),
    }
    return render(request, "sheets/version_detail.html", context)


@require_safe
@staff_page(may_edit_forms)
def version_differences(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """What an edition changed against the one before, or against the adopted one."""
    version = visible_version(request, version_uid)
    other = version_before(version)
    wanted = request.GET.get("with", "")
    if wanted:
        same_form = versions_visible_to(area_of(request.viewer), clock.today()).filter(
            form=version.form
        )
        other = next((one for one in same_form if str(one.uid) == wanted), None)
    if other is None:
        raise Http404
    context = {
        "version": version,
        "other": other,
        "changes": definition_changes(parse(other.questionnaire), parse(version.questionnaire)),
    }
    return render(request, "sheets/version_differences.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(may_edit_forms)
def version_publish(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = own_version(request, version_uid)
    if version.state != VersionState.DRAFT:
        raise Http404
    before = version_before(version)
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        initial={
            "valid_from": clock.today(),
            "issuer": version.issuer or str(version.form.owner_area or ""),
            "source": version.source,
            "unconfirmed": "\n".join(version.unconfirmed),
        },
    )
    if form.is_valid():
        try:
            services.publish_version(
                actor=request.viewer.actor, version=version, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"「{version.form}」第{version.number}版を公開しました。")
            return redirect("sheets:version_detail", version.uid)
    new = parse(version.questionnaire)
    context = {
        "form": form,
        "version": version,
        "before": before,
        "changes": definition_changes(parse(before.questionnaire), new) if before else [],
        "question_count": len(new.questions),
    }
    status = 422 if form.is_bound else 200
    return render(request, "sheets/version_publish.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_page(may_edit_forms)
def version_withdraw(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = own_version(request, version_uid)
    if version.state != VersionState.PUBLISHED:
        raise Http404
    if request.method == "POST":
        instead = services.withdraw_version(actor=request.viewer.actor, version=version)
        then = f"第{instead.number}版に戻しました。" if instead else "使う版はありません。"
        messages.success(request, f"第{version.number}版を取り下げました。{then}")
        return redirect("sheets:form_detail", version.form.uid)
    context = {"version": version, "before": version_before(version)}
    return render(request, "sheets/version_withdraw.html", context)


@require_POST
@staff_page(may_edit_forms)
def version_discard(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = own_version(request, version_uid)
    try:
        services.discard_version(actor=request.viewer.actor, version=version)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("sheets:version_detail", version.uid)
    messages.success(request, f"「{version.form}」の作成中の第{version.number}版を消しました。")
    return redirect("sheets:form_list")
