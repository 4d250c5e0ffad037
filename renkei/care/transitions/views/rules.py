"""The rules to be read, printed and compared; and, for those who keep them, who goes by which."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.transitions.documents.announcement import difference_of
from renkei.care.transitions.documents.rule_book import rule_book_pdf
from renkei.care.transitions.forms_rules import AdoptForm, EndForm, ReasonForm
from renkei.care.transitions.models import RuleAdoption, RuleVersion
from renkei.care.transitions.presenters_rules import rule_page_of, rules_for
from renkei.care.transitions.presenters_rulework import adoption_lines
from renkei.care.transitions.queries.announcements import (
    announcement_of,
    announcements_kept_by,
    announcements_to,
    areas_going_by,
)
from renkei.care.transitions.queries.contact_list import offices_of
from renkei.care.transitions.queries.rule_keeping import (
    adoption_kept_by,
    adoptions_seen_by,
    agreements_kept_by,
    areas_kept_by,
    rules_kept_by,
    rules_to_adopt,
    version_before,
    version_kept_by,
    versions_of,
)
from renkei.care.transitions.queries.rules import published_versions, rule_version_of
from renkei.care.transitions.rules_keeping import may_keep_rules, may_read_rules
from renkei.care.transitions.services.drafts import withdraw_version
from renkei.care.transitions.services.rules import adopt_rule, end_adoption
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.downloads import pdf_response
from renkei.foundation.common import clock

BOOK_FILE = "rule.pdf"
NEWEST = 10


@care_page(may_read_rules)
@require_safe
def rule_list(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    keeps = may_keep_rules(viewer)
    told = announcements_kept_by(viewer) if keeps else announcements_to(viewer)
    context = {
        "lines": rules_for(viewer, published_versions()),
        "keeps": keeps,
        "kept": rules_kept_by(viewer) if keeps else (),
        "announcements": told[:NEWEST],
    }
    return render(request, "transitions/rule_list.html", context)


def _version(uid: UUID) -> RuleVersion:
    try:
        return rule_version_of(uid)
    except RuleVersion.DoesNotExist:
        raise Http404 from None


def _is_kept(request: ViewerRequest, version: RuleVersion) -> bool:
    try:
        version_kept_by(request.viewer, version.uid)
    except RuleVersion.DoesNotExist:
        return False
    return True


@care_page(may_read_rules)
@require_safe
def rule_detail(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = _version(version_uid)
    editions = list(versions_of(version.rule))
    keeps = _is_kept(request, version)
    context = {
        "shown": rule_page_of(version),
        "editions": editions,
        "before": version_before(version),
        "keeps": keeps,
        "announcement": announcement_of(version) if keeps else None,
        "is_newest": editions[0].pk == version.pk,
    }
    return render(request, "transitions/rule_detail.html", context)


@care_page(may_read_rules)
@require_safe
def rule_difference(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """An edition against another of its rule: the one before, unless another is named."""
    version = _version(version_uid)
    others = [one for one in versions_of(version.rule) if one.pk != version.pk]
    wanted = request.GET.get("with", "")
    before = version_before(version)
    chosen = next((one for one in others if str(one.uid) == wanted), before)
    context = {
        "version": version,
        "chosen": chosen,
        "others": others,
        "parts": difference_of(chosen, version),
    }
    return render(request, "transitions/rules/difference.html", context)


@care_page(may_read_rules)
@require_safe
def rule_book(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """The book, with the contact list of the viewer's region or the rule's own."""
    version = _version(version_uid)
    areas = areas_going_by(version, clock.today())
    widest = version.rule.owner_area or next(iter(areas), None) or own_area_of(request.viewer)
    book = rule_book_pdf(
        version,
        history=list(versions_of(version.rule)),
        places=[str(area) for area in areas],
        offices=[one for one in offices_of(widest) if one.points],
    )
    return pdf_response(book, BOOK_FILE)


@care_page(may_keep_rules)
@require_http_methods(["GET", "POST"])
def version_withdraw(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """Take an edition back, with the reason."""
    try:
        version = version_kept_by(request.viewer, version_uid)
    except RuleVersion.DoesNotExist:
        raise Http404 from None
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw_version(viewer=request.viewer, version=version, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"第{version.number}版を取り下げました。")
            return redirect("transitions:rule_list")
    context = {
        "form": form,
        "version": version,
        "begins_later": version.period.lower > clock.today(),
        "before": version_before(version),
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/rules/withdraw.html", context, status=status)


@care_page(may_keep_rules)
@require_http_methods(["GET", "POST"])
def adoption_list(request: ViewerRequest) -> HttpResponse:
    """Who goes by which rule; an area or an agreement begins here."""
    viewer = request.viewer
    form = AdoptForm(
        request.POST if request.method == "POST" else None,
        rules=rules_to_adopt(viewer),
        areas=areas_kept_by(viewer),
        agreements=list(agreements_kept_by(viewer)),
    )
    if form.is_valid():
        try:
            adopt_rule(
                actor=viewer.actor,
                rule=form.cleaned_data["rule"],
                first_day=form.cleaned_data["first_day"],
                **form.chosen(),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "ルールを使うことを記録しました。")
            return redirect("transitions:adoption_list")
    lines = adoption_lines(list(adoptions_seen_by(viewer)), clock.today())
    status = 422 if form.is_bound else 200
    context = {"form": form, "lines": lines}
    return render(request, "transitions/rules/adoptions.html", context, status=status)


@care_page(may_keep_rules)
@require_http_methods(["GET", "POST"])
def adoption_end(request: ViewerRequest, adoption_uid: UUID) -> HttpResponse:
    """The last day of going by a rule."""
    try:
        adoption = adoption_kept_by(request.viewer, adoption_uid)
    except RuleAdoption.DoesNotExist:
        raise Http404 from None
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            end_adoption(actor=request.viewer.actor, adoption=adoption, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "使う最後の日を記録しました。")
            return redirect("transitions:adoption_list")
    context = {"form": form, "line": adoption_lines([adoption], clock.today())[0]}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/rules/adoption_end.html", context, status=status)


@care_page(may_keep_rules)
@require_POST
def adoption_undo(request: ViewerRequest, adoption_uid: UUID) -> HttpResponse:
    """Take the last day away again, as long as nothing else began."""
    try:
        adoption = adoption_kept_by(request.viewer, adoption_uid)
    except RuleAdoption.DoesNotExist:
        raise Http404 from None
    try:
        end_adoption(actor=request.viewer.actor, adoption=adoption, last_day=None)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "使う最後の日をなくしました。")
    return redirect("transitions:adoption_list")
