"""課題: the list, one issue, and its evidence."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
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
from renkei.programme.indicators.queries.catalogue import indicators_for
from renkei.programme.planning.evidence import offers_for
from renkei.programme.planning.forms_issues import (
    EvidenceForm,
    Groups,
    IssueContentForm,
    IssueForm,
    StepForm,
    issue_initial,
)
from renkei.programme.planning.models import Issue, IssueEvidence
from renkei.programme.planning.presenters_issues import issue_groups, issue_page_of
from renkei.programme.planning.queries.issues import (
    IssueDoor,
    care_meetings_of,
    evidence_called,
    issue_door,
    issues_listed,
)
from renkei.programme.planning.rules import may_attend_councils, may_keep_plans, may_own_councils
from renkei.programme.planning.services.issues import (
    add_evidence,
    change_issue,
    move_issue,
    raise_issue,
    remove_evidence,
)
from renkei.programme.planning.views._shared import form_page, only

LIST = ("/planning/issues/", "課題")


def _door(request: ViewerRequest, uid: UUID) -> IssueDoor:
    try:
        return issue_door(request.viewer, uid)
    except Issue.DoesNotExist:
        raise Http404 from None


def _writing(request: ViewerRequest, uid: UUID) -> IssueDoor:
    door = _door(request, uid)
    only(door.may_write)
    return door


def _back(door: IssueDoor) -> str:
    return reverse("planning:issue_detail", args=[door.issue.uid])


def _crumbs(door: IssueDoor) -> list[tuple[str, str]]:
    return [LIST, (_back(door), door.issue.title)]


def _offered(request: ViewerRequest) -> Groups:
    area = own_area_of(request.viewer)
    return offers_for(request.viewer, area) if area else []


def _indicators(request: ViewerRequest) -> list[tuple[str, str]]:
    return [(one.code, str(one.latest)) for one in indicators_for(request.viewer)]


@staff_page(may_attend_councils)
@require_safe
def issue_list(request: ViewerRequest) -> HttpResponse:
    area = own_area_of(request.viewer)
    # 地域ケア会議 are the municipality's.
    counted = may_own_councils(request.viewer) and area is not None
    context = {
        "groups": issue_groups(issues_listed(request.viewer)),
        "owns": may_keep_plans(request.viewer),
        "care": care_meetings_of(area, fiscal_year(clock.today())) if counted and area else None,
    }
    return render(request, "planning/issues/list.html", context)


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def issue_add(request: ViewerRequest) -> HttpResponse:
    """A new issue; a line of minutes may have led here and is chosen already."""
    posted = request.method == "POST"
    line = request.GET.get("line", "")
    form = IssueForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        viewer=request.viewer,
        indicators=_indicators(request),
        offered=_offered(request),
        initial={
            "cited": [f"minutes:{line}"] if line else [],
            "raised_from": request.GET.get("from", "meeting" if line else "indicator"),
            # A form of words of the starter kit.
            "title": request.GET.get("title", ""),
            "scenes": request.GET.getlist("scene"),
            "items": request.GET.getlist("item"),
        },
    )
    if form.is_valid():
        try:
            issue = raise_issue(viewer=request.viewer, fields=form.content(), **form.evidence())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "課題を根拠とともに登録しました。")
            return redirect("planning:issue_detail", issue.uid)
    return form_page(
        request, form, title="課題を登録する", button="登録する", back=LIST[0], crumbs=[LIST],
        multipart=True,
    )  # fmt: skip


@staff_page(may_attend_councils)
@require_safe
def issue_detail(request: ViewerRequest, issue_uid: UUID) -> HttpResponse:
    door = _door(request, issue_uid)
    context = {"door": door, "issue": door.issue, "shown": issue_page_of(door)}
    return render(request, "planning/issues/detail.html", context)


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def issue_edit(request: ViewerRequest, issue_uid: UUID) -> HttpResponse:
    door = _writing(request, issue_uid)
    form = IssueContentForm(
        request.POST if request.method == "POST" else None,
        viewer=request.viewer,
        indicators=_indicators(request),
        initial=issue_initial(door.issue),
    )
    if form.is_valid():
        try:
            change_issue(door=door, fields=form.content())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "課題の内容を直しました。")
            return redirect(_back(door))
    return form_page(
        request, form, title="課題の内容を直す", button="直す", back=_back(door),
        crumbs=_crumbs(door),
    )  # fmt: skip


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def issue_step(request: ViewerRequest, issue_uid: UUID) -> HttpResponse:
    door = _writing(request, issue_uid)
    issue = door.issue
    names = ("owner", "due_on", "look_again_on")
    form = StepForm(
        request.POST if request.method == "POST" else None,
        issue=issue,
        initial={name: getattr(issue, name) for name in names},
    )
    if form.is_valid():
        try:
            moved = move_issue(door=door, **form.step())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"課題を「{moved.get_state_display()}」にしました。")
            return redirect(_back(door))
    return form_page(
        request, form, title="課題の状態を進める", button="進める", back=_back(door),
        crumbs=_crumbs(door), lead=f"いまの状態：{issue.get_state_display()}",
    )  # fmt: skip


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def evidence_add(request: ViewerRequest, issue_uid: UUID) -> HttpResponse:
    door = _writing(request, issue_uid)
    posted = request.method == "POST"
    form = EvidenceForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        offered=_offered(request),
    )
    if form.is_valid():
        try:
            add_evidence(door=door, **form.evidence())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "根拠を付けました。")
            return redirect(_back(door))
    return form_page(
        request, form, title="根拠を付ける", button="付ける", back=_back(door),
        crumbs=_crumbs(door), multipart=True,
    )  # fmt: skip


def _evidence(door: IssueDoor, uid: UUID) -> IssueEvidence:
    try:
        return evidence_called(door, uid)
    except IssueEvidence.DoesNotExist:
        raise Http404 from None


@staff_page(may_keep_plans)
@require_POST
def evidence_remove(request: ViewerRequest, issue_uid: UUID, evidence_uid: UUID) -> HttpResponse:
    door = _writing(request, issue_uid)
    evidence = _evidence(door, evidence_uid)
    try:
        remove_evidence(door=door, evidence=evidence)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "根拠を外しました。")
    return redirect(_back(door))


@staff_page(may_attend_councils)
@require_safe
def evidence_file(request: ViewerRequest, issue_uid: UUID, evidence_uid: UUID) -> HttpResponse:
    evidence = _evidence(_door(request, issue_uid), evidence_uid)
    if evidence.file is None:
        raise Http404
    return file_response(evidence.file, inline=True)
