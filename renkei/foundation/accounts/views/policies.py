"""The region's policies: written by the city, signed by everybody who meets a person's record."""

from __future__ import annotations

import io
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts import exports, rules
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.documents.oath import oath_pdf
from renkei.foundation.accounts.forms.policies import (
    AcceptanceForm,
    PolicyForm,
    PolicyVersionForm,
)
from renkei.foundation.accounts.queries import (
    account_of,
    membership_of,
    organisation_of,
    organisations_managed_by,
)
from renkei.foundation.accounts.queries_policies import (
    acceptances_of,
    draft_of,
    draft_versions,
    policies,
    policy_to_accept,
    unsigned_memberships,
    versions_in_force,
    versions_of,
)
from renkei.foundation.accounts.services import policies as services
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.downloads import pdf_response, workbook_response
from renkei.foundation.common import clock

PER_PAGE = 50
OATH_FILE = "seiyakusho.pdf"


@require_safe
@staff_page(rules.may_write_policies)
def policy_list(request: ViewerRequest) -> HttpResponse:
    in_force = {one.policy_id: one for one in versions_in_force(clock.today())}
    rows = [(policy, in_force.get(policy.pk)) for policy in policies()]
    return render(request, "accounts/policy_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_write_policies)
def policy_add(request: ViewerRequest) -> HttpResponse:
    form = PolicyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            policy = services.write_policy(
                actor=request.viewer.actor,
                organisation=organisation_of(request.viewer),
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return redirect("accounts:policy_version_edit", policy.uid)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/policy_add.html", {"form": form}, status=status)


@require_safe
@staff_page(rules.may_write_policies)
def policy_detail(request: ViewerRequest, policy_uid: UUID) -> HttpResponse:
    policy = get_object_or_404(policies(), uid=policy_uid)
    context = {
        "policy": policy,
        "versions": versions_of(policy),
        "in_force": versions_in_force(clock.today()).filter(policy=policy).first(),
    }
    return render(request, "accounts/policy_detail.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(rules.may_write_policies)
def policy_version_edit(request: ViewerRequest, policy_uid: UUID) -> HttpResponse:
    policy = get_object_or_404(policies(), uid=policy_uid)
    start = draft_of(policy) or versions_of(policy).first()
    initial = {"text": start.text, "valid_from": start.valid_from} if start else {}
    form = PolicyVersionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.write_policy_version(
                actor=request.viewer.actor, policy=policy, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "下書きを残しました。読みなおしてから公開してください。")
            return redirect("accounts:policy_detail", policy.uid)
    status = 422 if form.is_bound else 200
    context = {"form": form, "policy": policy}
    return render(request, "accounts/policy_version_edit.html", context, status=status)


@require_POST
@staff_page(rules.may_write_policies)
def policy_version_publish(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = get_object_or_404(draft_versions(), uid=version_uid)
    try:
        services.publish_policy_version(actor=request.viewer.actor, version=version)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "公開しました。効力の始まる日から、対象の人に誓約を求めます。")
    return redirect("accounts:policy_detail", version.policy.uid)


@require_POST
@staff_page(rules.may_write_policies)
def policy_withdraw(request: ViewerRequest, policy_uid: UUID) -> HttpResponse:
    policy = get_object_or_404(policies(), uid=policy_uid)
    services.withdraw_policy(actor=request.viewer.actor, policy=policy)
    messages.success(request, "取り下げました。これからは誓約を求めません。")
    return redirect("accounts:policy_detail", policy.uid)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(rules.is_signed_in)
def policy_accept(request: ViewerRequest) -> HttpResponse:
    """What is to be signed, one after the other; then back to where the person was going."""
    then = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(then, allowed_hosts=None):
        then = ""
    version = policy_to_accept(request.viewer)
    if version is None:
        if then:
            return redirect(then)
        signed = {"acceptances": acceptances_of(request.viewer)}
        return render(request, "accounts/policy_signed.html", signed)
    form = AcceptanceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.accept_policy(
                actor=request.viewer.actor,
                user=account_of(request.viewer),
                membership=membership_of(request.viewer),
                version=version,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"{version}に誓約しました。")
            # Another one may wait; the page itself goes on to ``then`` when none does.
            return redirect(f"{request.path}?{urlencode({'next': then})}")
    status = 422 if form.is_bound else 200
    context = {"form": form, "version": version, "then": then}
    return render(request, "accounts/policy_accept.html", context, status=status)


@require_safe
@staff_page(rules.is_signed_in)
def oath_file(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """The viewer's own 誓約書: signed, or to be signed by hand."""
    acceptance = acceptances_of(request.viewer).filter(version__uid=version_uid).first()
    if acceptance is not None:
        return pdf_response(oath_pdf(acceptance.version, acceptance), OATH_FILE)
    version = get_object_or_404(versions_in_force(clock.today()), uid=version_uid)
    return pdf_response(oath_pdf(version), OATH_FILE)


@require_safe
@staff_page(rules.may_manage_people)
def policy_unsigned(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """Who has not signed yet, among the people the viewer looks after; as a page or a workbook."""
    version = get_object_or_404(versions_in_force(clock.today()), uid=version_uid)
    missing = unsigned_memberships(version, organisations_managed_by(request.viewer))
    if request.GET.get("format") == "xlsx":
        stream = io.BytesIO()
        exports.unsigned_xlsx(stream, version, missing)
        return workbook_response(stream, "mi-seiyaku.xlsx")
    page = Paginator(missing, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/policy_unsigned.html", {"version": version, "page": page})


@require_safe
@staff_page(rules.may_manage_people)
def policy_in_force_list(request: ViewerRequest) -> HttpResponse:
    """The policies in force, and how many of the viewer's people have not signed each."""
    organisations = organisations_managed_by(request.viewer)
    rows = [
        (version, unsigned_memberships(version, organisations).count())
        for version in versions_in_force(clock.today())
    ]
    return render(request, "accounts/policy_in_force_list.html", {"rows": rows})
