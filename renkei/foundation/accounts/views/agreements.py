"""Agreements (協定) of the viewer's own municipality: seen, proposed, answered, left, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts import rules_agreements as rules
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.agreed import shared_along
from renkei.foundation.accounts.forms.agreements import AgreementForm, InviteForm, LastDayForm
from renkei.foundation.accounts.presenters_agreements import agreement_groups, member_rows
from renkei.foundation.accounts.queries_agreements import (
    agreements_visible_to,
    areas_to_agree_with,
    areas_to_invite,
    own_area_of,
)
from renkei.foundation.accounts.services import agreements as services
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.areas.models import Agreement, Area
from renkei.foundation.common import clock


@require_safe
@staff_page(rules.may_keep_agreements)
def agreement_list(request: ViewerRequest) -> HttpResponse:
    area = own_area_of(request.viewer)
    groups = agreement_groups(agreements_visible_to(area), area, clock.today()) if area else []
    return render(request, "accounts/agreement_list.html", {"area": area, "groups": groups})


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_keep_agreements)
def agreement_add(request: ViewerRequest) -> HttpResponse:
    area = own_area_of(request.viewer)
    if area is None:
        # The list says what is missing and what to do.
        return redirect("accounts:agreement_list")
    initial = {"first_day": clock.today()}
    form = AgreementForm(
        request.POST if request.method == "POST" else None, area=area, initial=initial
    )
    if form.is_valid():
        try:
            agreement = services.propose(actor=request.viewer.actor, area=area, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(
                request, "協定を提案しました。相手の市町村の担当者に確認を頼みました。"
            )
            return redirect("accounts:agreement_detail", agreement.uid)
    context = {"form": form, "area": area, "has_others": areas_to_agree_with(area).exists()}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/agreement_add.html", context, status=status)


@require_safe
@staff_page(rules.may_keep_agreements)
def agreement_detail(request: ViewerRequest, agreement_uid: UUID) -> HttpResponse:
    agreement, area = _own_agreement(request, agreement_uid)
    return _detail(request, agreement, area)


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_keep_agreements)
def agreement_invite(request: ViewerRequest, agreement_uid: UUID) -> HttpResponse:
    """Ask a further municipality into an agreement there is."""
    agreement, area = _own_agreement(request, agreement_uid)
    if not rules.may_invite(agreement, area, clock.today()):
        raise Http404
    form = InviteForm(
        request.POST if request.method == "POST" else None, agreement=agreement, area=area
    )
    if form.is_valid():
        try:
            services.invite(
                actor=request.viewer.actor, agreement=agreement, area=area, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "市町村を招きました。その市町村の担当者に確認を頼みました。")
            return redirect("accounts:agreement_detail", agreement.uid)
    context = {
        "form": form,
        "agreement": agreement,
        "has_others": areas_to_invite(agreement, area).exists(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/agreement_invite.html", context, status=status)


@require_POST
@staff_page(rules.may_keep_agreements)
def agreement_confirm(request: ViewerRequest, agreement_uid: UUID) -> HttpResponse:
    agreement, area = _own_agreement(request, agreement_uid)
    return _answer(
        request,
        agreement,
        lambda: services.confirm(actor=request.viewer.actor, agreement=agreement, area=area),
        said="協定に加わりました。",
    )


@require_POST
@staff_page(rules.may_keep_agreements)
def agreement_refuse(request: ViewerRequest, agreement_uid: UUID) -> HttpResponse:
    agreement, area = _own_agreement(request, agreement_uid)
    return _answer(
        request,
        agreement,
        lambda: services.refuse(actor=request.viewer.actor, agreement=agreement, area=area),
        said="提案を断りました。相手の市町村に知らせました。",
    )


@require_POST
@staff_page(rules.may_keep_agreements)
def agreement_leave(request: ViewerRequest, agreement_uid: UUID) -> HttpResponse:
    agreement, area = _own_agreement(request, agreement_uid)
    form = LastDayForm(request.POST, prefix="leave")
    if not rules.may_leave(agreement, area, clock.today()):
        raise Http404
    if form.is_valid():
        try:
            services.leave(
                actor=request.viewer.actor, agreement=agreement, area=area, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "抜ける日を決めました。ほかの市町村に知らせました。")
            return redirect("accounts:agreement_detail", agreement.uid)
    return _detail(request, agreement, area, leave_form=form)


@require_POST
@staff_page(rules.may_keep_agreements)
def agreement_end(request: ViewerRequest, agreement_uid: UUID) -> HttpResponse:
    agreement, area = _own_agreement(request, agreement_uid)
    form = LastDayForm(request.POST, prefix="end")
    if not rules.may_end(agreement, area, clock.today()):
        raise Http404
    if form.is_valid():
        try:
            services.end(
                actor=request.viewer.actor, agreement=agreement, area=area, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "協定の終わる日を決めました。ほかの市町村に知らせました。")
            return redirect("accounts:agreement_detail", agreement.uid)
    return _detail(request, agreement, area, end_form=form)


def _own_agreement(request: ViewerRequest, uid: UUID) -> tuple[Agreement, Area]:
    """Not one's own and not there look the same."""
    area = own_area_of(request.viewer)
    agreement = get_object_or_404(agreements_visible_to(area), uid=uid)
    if area is None:  # sees none
        raise Http404
    return agreement, area


def _answer(
    request: ViewerRequest, agreement: Agreement, act: Callable[[], Any], *, said: str
) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("accounts:agreement_detail", agreement.uid)


def _detail(
    request: ViewerRequest,
    agreement: Agreement,
    area: Area,
    *,
    leave_form: LastDayForm | None = None,
    end_form: LastDayForm | None = None,
) -> HttpResponse:
    day = clock.today()
    context = {
        "agreement": agreement,
        "standing": rules.standing_of(agreement, area, day),
        "members": member_rows(agreement, day),
        "shared": shared_along(agreement, area, day),
        "may_answer": rules.may_answer(agreement, area, day),
        "may_invite": rules.may_invite(agreement, area, day),
        "leave_form": (leave_form or LastDayForm(prefix="leave"))
        if rules.may_leave(agreement, area, day)
        else None,
        "end_form": (end_form or LastDayForm(prefix="end"))
        if rules.may_end(agreement, area, day)
        else None,
    }
    status = 422 if leave_form or end_form else 200
    return render(request, "accounts/agreement_detail.html", context, status=status)
