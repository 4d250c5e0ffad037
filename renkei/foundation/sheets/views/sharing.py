"""Forms along agreements: offer, take back, adopt, stop using."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.sheets import services
from renkei.foundation.sheets.forms import AdoptForm, ShareForm
from renkei.foundation.sheets.queries import (
    adoptions_by,
    agreements_for_sharing,
    forms_owned_by,
    shares_of,
)
from renkei.foundation.sheets.rules import may_edit_forms
from renkei.foundation.sheets.views.forms import own_area, visible_version


@require_POST
@staff_page(may_edit_forms)
def form_share(request: ViewerRequest, form_uid: UUID) -> HttpResponse:
    area = own_area(request)
    sheet = get_object_or_404(forms_owned_by(area), uid=form_uid)
    form = ShareForm(request.POST, agreements=agreements_for_sharing(area, clock.today()))
    if not form.is_valid():
        messages.error(request, "共有する協定を選んでください。")
        return redirect("sheets:form_detail", sheet.uid)
    agreement = form.cleaned_data["agreement"]
    try:
        services.share_form(actor=request.viewer.actor, form=sheet, agreement=agreement)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"「{agreement}」の市町村と共有しました。")
    return redirect("sheets:form_detail", sheet.uid)


@require_POST
@staff_page(may_edit_forms)
def form_unshare(request: ViewerRequest, form_uid: UUID, agreement_uid: UUID) -> HttpResponse:
    sheet = get_object_or_404(forms_owned_by(own_area(request)), uid=form_uid)
    share = get_object_or_404(shares_of(sheet), agreement__uid=agreement_uid)
    services.stop_sharing(actor=request.viewer.actor, share=share)
    messages.success(request, f"「{share.agreement}」での共有をやめました。")
    return redirect("sheets:form_detail", sheet.uid)


@require_POST
@staff_page(may_edit_forms)
def version_adopt(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    area = own_area(request)
    version = visible_version(request, version_uid)
    form = AdoptForm(request.POST)
    if not form.is_valid():
        messages.error(request, "周知の記録を入力してください。")
        return redirect("sheets:version_detail", version.uid)
    try:
        services.adopt_version(
            actor=request.viewer.actor, version=version, area=area, **form.cleaned_data
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"「{version.form}」第{version.number}版を採用しました。")
    return redirect("sheets:version_detail", version.uid)


@require_POST
@staff_page(may_edit_forms)
def version_drop(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    adoption = get_object_or_404(adoptions_by(own_area(request)), version__uid=version_uid)
    services.end_adoption(actor=request.viewer.actor, adoption=adoption)
    messages.success(request, f"「{adoption.version.form}」の採用をやめました。")
    return redirect("sheets:form_list")
