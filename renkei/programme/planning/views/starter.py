"""はじめの一式: one click, then step by step to the first council paper."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.programme.planning.forms_starter import MembersForm, term_from
from renkei.programme.planning.models import Council, Meeting, StarterKit
from renkei.programme.planning.queries.councils import council_door
from renkei.programme.planning.queries.starter import (
    council_of_kit,
    first_meeting,
    is_untouched,
    kit_of,
    next_step,
    roles_left,
    steps_of,
)
from renkei.programme.planning.rules import may_own_councils
from renkei.programme.planning.services.starter import (
    add_members,
    make_first_paper,
    start_from_kit,
    take_back,
    write_first_agenda,
)
from renkei.programme.planning.starter_kits import ISSUES, ROLES, STARTS, VISION
from renkei.programme.planning.views._shared import form_page

HOME = ("/planning/starter/", "はじめの一式")


def _kit(request: ViewerRequest, uid: UUID) -> StarterKit:
    kit = kit_of(request.viewer)
    if kit is None or kit.uid != uid:
        raise Http404
    return kit


def _council(request: ViewerRequest, uid: UUID) -> Council:
    council = council_of_kit(_kit(request, uid))
    if council is None:
        raise Http404
    return council


def _meeting(request: ViewerRequest, uid: UUID) -> Meeting:
    meeting = first_meeting(_council(request, uid))
    if meeting is None:
        raise Http404
    return meeting


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def starter(request: ViewerRequest) -> HttpResponse:
    """What the kit holds; after it was made, the steps and which one is next."""
    if request.method == "POST":
        return _make(request)
    kit = kit_of(request.viewer)
    if kit is None:
        offer = {"starts": STARTS, "roles": ROLES, "vision": VISION}
        return render(request, "planning/starter/offer.html", offer)
    context: dict[str, object] = {
        "kit": kit,
        "steps": steps_of(kit),
        "next": next_step(kit),
        "issues": ISSUES,
        "is_untouched": is_untouched(kit),
    }
    return render(request, "planning/starter/steps.html", context)


def _make(request: ViewerRequest) -> HttpResponse:
    try:
        start_from_kit(viewer=request.viewer)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "一式を作りました。下の順に進めてください。")
    return redirect("planning:starter")


@staff_page(may_own_councils)
@require_POST
def starter_take_back(request: ViewerRequest, kit_uid: UUID) -> HttpResponse:
    try:
        take_back(viewer=request.viewer, kit=_kit(request, kit_uid))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "一式を取り消しました。")
    return redirect("planning:starter")


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def starter_members(request: ViewerRequest, kit_uid: UUID) -> HttpResponse:
    """The roster at once."""
    council = _council(request, kit_uid)
    form = MembersForm(
        request.POST if request.method == "POST" else None,
        roles=roles_left(council),
        initial=term_from(clock.today()),
    )
    if form.is_valid():
        try:
            count = add_members(
                door=council_door(request.viewer, council.uid),
                people=form.people(),
                first_day=form.cleaned_data["first_day"],
                last_day=form.cleaned_data["last_day"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"委員を{count}名、名簿に入れました。")
            return redirect("planning:starter")
    return form_page(
        request, form, title="委員をまとめて入れる", button="名簿に入れる", back=HOME[0],
        crumbs=[HOME], lead="わかる人だけを入れてください。空けた職種は名簿に入りません。",
    )  # fmt: skip


@staff_page(may_own_councils)
@require_POST
def starter_agenda(request: ViewerRequest, kit_uid: UUID) -> HttpResponse:
    """The three usual items, in the 次第 of the first meeting."""
    try:
        write_first_agenda(viewer=request.viewer, meeting=_meeting(request, kit_uid))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "議題を入れました。会議の画面で直せます。")
    return redirect("planning:starter")


@staff_page(may_own_councils)
@require_POST
def starter_paper(request: ViewerRequest, kit_uid: UUID) -> HttpResponse:
    """The council paper, ready to be downloaded."""
    try:
        pack = make_first_paper(viewer=request.viewer, meeting=_meeting(request, kit_uid))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("planning:starter")
    messages.success(request, "協議会資料を作りました。WordかPDFで保存してください。")
    return redirect("planning:report_detail", pack.uid)
