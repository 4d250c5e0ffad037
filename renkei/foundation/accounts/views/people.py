"""Organisations and their people: invite, change the role, end, start the sign-in anew."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts import rules, services
from renkei.foundation.accounts.access import fresh_proof, staff_page
from renkei.foundation.accounts.forms import (
    EndMembershipForm,
    InviteForm,
    OrganisationChangeForm,
    OrganisationForm,
    RoleForm,
)
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.presenters import member_rows
from renkei.foundation.accounts.queries import (
    active_memberships,
    invitations_managed_by,
    members_of,
    memberships_managed_by,
    open_invitations,
    organisations_managed_by,
)
from renkei.foundation.accounts.rules_joining import may_decide_joining
from renkei.foundation.accounts.services import IssuedInvitation
from renkei.foundation.accounts.services.lost_phone import end_sessions, replace_lost_phone
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock

PER_PAGE = 50
# The code is known only when it is made; the session carries it to the page that shows it once.
CODE_SESSION_KEY = "renkei_invitation_code"


@require_safe
@staff_page(rules.may_manage_people)
def organisation_list(request: ViewerRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()
    organisations = organisations_managed_by(request.viewer, words=words)
    page = Paginator(organisations, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": words,
        "may_register": rules.may_manage_organisations(request.viewer),
        "may_decide_joining": may_decide_joining(request.viewer),
    }
    return render(request, "accounts/organisation_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_manage_organisations)
def organisation_add(request: ViewerRequest) -> HttpResponse:
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            organisation = services.register_organisation(
                actor=request.viewer.actor, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"{organisation}を登録しました。つぎは、人を招いてください。")
            return redirect("accounts:organisation_detail", organisation.uid)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/organisation_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_manage_organisations)
def organisation_edit(request: ViewerRequest, organisation_uid: UUID) -> HttpResponse:
    organisation = get_object_or_404(organisations_managed_by(request.viewer), uid=organisation_uid)
    if request.method == "POST":
        form = OrganisationChangeForm(request.POST)
    else:
        form = OrganisationChangeForm(
            initial={
                "name": organisation.name,
                "phone": organisation.phone,
                "hours": organisation.hours,
            }
        )
    if form.is_valid():
        services.change_organisation(
            actor=request.viewer.actor, organisation=organisation, **form.cleaned_data
        )
        messages.success(request, "組織の情報を直しました。")
        return redirect("accounts:organisation_detail", organisation.uid)
    status = 422 if form.is_bound else 200
    context = {"form": form, "organisation": organisation}
    return render(request, "accounts/organisation_form.html", context, status=status)


@require_safe
@staff_page(rules.may_manage_people)
def organisation_detail(request: ViewerRequest, organisation_uid: UUID) -> HttpResponse:
    organisation = get_object_or_404(organisations_managed_by(request.viewer), uid=organisation_uid)
    page = Paginator(members_of(organisation), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": organisation,
        "page": page,
        "members": member_rows(page, request.viewer),
        "invitations": open_invitations().filter(organisation=organisation),
        "may_edit": rules.may_manage_organisations(request.viewer),
    }
    return render(request, "accounts/organisation_detail.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_manage_people)
@fresh_proof
def invitation_add(request: ViewerRequest, organisation_uid: UUID) -> HttpResponse:
    organisation = get_object_or_404(organisations_managed_by(request.viewer), uid=organisation_uid)
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        roles=rules.roles_grantable_by(request.viewer, organisation),
    )
    if form.is_valid():
        try:
            issued = services.invite_member(
                actor=request.viewer.actor, organisation=organisation, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return hand_over(request, issued)
    status = 422 if form.is_bound else 200
    context = {"form": form, "organisation": organisation}
    return render(request, "accounts/invitation_add.html", context, status=status)


def hand_over(request: ViewerRequest, issued: IssuedInvitation) -> HttpResponse:
    """Send the mail where there is an address, and show the sheet to print."""
    invitation = issued.invitation
    if invitation.email:
        path = reverse("accounts:invitation_accept", args=[issued.code])
        if services.mail_invitation(issued, url=request.build_absolute_uri(path)):
            messages.success(request, "案内をメールで送りました。")
        else:
            messages.warning(
                request, "メールを送れませんでした。下の案内を印刷して渡してください。"
            )
    request.session[CODE_SESSION_KEY] = [str(invitation.uid), issued.code]
    return redirect("accounts:invitation_sheet", invitation.uid)


@never_cache
@require_safe
@staff_page(rules.may_manage_people)
def invitation_sheet(request: ViewerRequest, invitation_uid: UUID) -> HttpResponse:
    invitation = get_object_or_404(invitations_managed_by(request.viewer), uid=invitation_uid)
    uid, code = request.session.pop(CODE_SESSION_KEY, ["", ""])
    context = {
        "invitation": invitation,
        "code": code if uid == str(invitation.uid) else "",
        "address": request.build_absolute_uri(reverse("accounts:invitation_enter")),
    }
    return render(request, "accounts/invitation_sheet.html", context)


@require_POST
@staff_page(rules.may_manage_people)
def invitation_revoke(request: ViewerRequest, invitation_uid: UUID) -> HttpResponse:
    invitation = get_object_or_404(invitations_managed_by(request.viewer), uid=invitation_uid)
    services.revoke_invitation(actor=request.viewer.actor, invitation=invitation)
    messages.success(request, "案内を取り消しました。")
    return redirect("accounts:organisation_detail", invitation.organisation.uid)


def _changeable(request: ViewerRequest, membership_uid: UUID) -> Membership:
    membership = get_object_or_404(memberships_managed_by(request.viewer), uid=membership_uid)
    if not rules.may_change_membership(request.viewer, membership):
        raise Http404
    return membership


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_manage_people)
def membership_end(request: ViewerRequest, membership_uid: UUID) -> HttpResponse:
    """The second of two clicks: today and 「夜12時」 are filled in already."""
    membership = _changeable(request, membership_uid)
    initial = {"how": EndMembershipForm.MIDNIGHT, "last_day": clock.today()}
    form = EndMembershipForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actor, last_day = request.viewer.actor, form.cleaned_data["last_day"]
        try:
            if form.cleaned_data["how"] == EndMembershipForm.NOW:
                services.revoke_membership(actor=actor, membership=membership)
            else:
                services.end_membership(actor=actor, membership=membership, last_day=last_day)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"{membership.user}さんの所属の終わりを記録しました。")
            return redirect("accounts:organisation_detail", membership.organisation.uid)
    status = 422 if form.is_bound else 200
    context = {"form": form, "membership": membership}
    return render(request, "accounts/membership_end.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_manage_people)
@fresh_proof
def membership_role(request: ViewerRequest, membership_uid: UUID) -> HttpResponse:
    membership = _changeable(request, membership_uid)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        roles=rules.roles_grantable_by(request.viewer, membership.organisation),
        initial={"role": membership.role, "profession": membership.profession},
    )
    if form.is_valid():
        try:
            services.change_role(
                actor=request.viewer.actor, membership=membership, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"{membership.user}さんの役割を変えました。")
            return redirect("accounts:organisation_detail", membership.organisation.uid)
    status = 422 if form.is_bound else 200
    context = {"form": form, "membership": membership}
    return render(request, "accounts/membership_role.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_manage_people)
@fresh_proof
def membership_lost(request: ViewerRequest, membership_uid: UUID) -> HttpResponse:
    """A lost phone: everything ends at once, and a start code for the next half hour."""
    membership = _changeable(request, membership_uid)
    held = list(active_memberships(membership.user_id))
    may_renew = rules.may_renew_sign_in(request.viewer, held)
    actor = request.viewer.actor
    if request.method == "POST" and may_renew:
        issued = replace_lost_phone(actor=actor, membership=membership)
        request.session[CODE_SESSION_KEY] = [str(issued.invitation.uid), issued.code]
        return redirect("accounts:invitation_sheet", issued.invitation.uid)
    if request.method == "POST":
        end_sessions(actor=actor, membership=membership)
        messages.success(request, f"{membership.user}さんのサインインをすべて終了しました。")
        return redirect("accounts:organisation_detail", membership.organisation.uid)
    context = {"membership": membership, "may_renew": may_renew}
    return render(request, "accounts/membership_lost.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_manage_people)
@fresh_proof
def membership_renew(request: ViewerRequest, membership_uid: UUID) -> HttpResponse:
    membership = _changeable(request, membership_uid)
    held = list(active_memberships(membership.user_id))
    if not rules.may_renew_sign_in(request.viewer, held):
        raise Http404
    if request.method == "POST":
        issued = services.renew_sign_in(actor=request.viewer.actor, membership=membership)
        return hand_over(request, issued)
    return render(request, "accounts/membership_renew.html", {"membership": membership})
