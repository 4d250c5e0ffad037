"""Councils, their rosters and the rates they pay by."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import XLSX
from renkei.programme.planning.exports_councils import public_xlsx
from renkei.programme.planning.forms_councils import (
    CouncilForm,
    MemberForm,
    RateForm,
    council_initial,
    member_initial,
)
from renkei.programme.planning.models import CouncilMember
from renkei.programme.planning.presenters_councils import (
    council_lines,
    council_page_of,
    group_rows,
)
from renkei.programme.planning.queries.councils import (
    councils_listed,
    groups_of,
    member_of,
    rates_for,
)
from renkei.programme.planning.queries.meetings import (
    OPEN_TO_ALL,
    meetings_of,
    meetings_waiting_for,
)
from renkei.programme.planning.rules import may_attend_councils, may_own_councils
from renkei.programme.planning.services.councils import (
    add_member,
    change_council,
    change_member,
    make_council,
    set_rate,
)
from renkei.programme.planning.views._shared import council_of, download, form_page, only

LIST = ("/planning/councils/", "会議")


@staff_page(may_attend_councils)
@require_safe
def council_list(request: ViewerRequest) -> HttpResponse:
    """Every council in reach; what waits for the viewer comes first."""
    viewer = request.viewer
    councils = councils_listed(viewer)
    context = {
        "lines": council_lines(councils),
        "waiting": meetings_waiting_for(viewer),
        "owns": may_own_councils(viewer),
    }
    return render(request, "planning/councils/list.html", context)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def council_add(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    form = CouncilForm(
        request.POST if request.method == "POST" else None,
        viewer=viewer,
        rates=rates_for(own_area_of(viewer), clock.today()),
        initial={"parent": None, "kind": "plenary"},
    )
    if form.is_valid():
        try:
            council = make_council(viewer=viewer, fields=form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "会議体を作りました。次に、委員を名簿に加えてください。")
            return redirect("planning:council_detail", council.uid)
    return form_page(
        request, form, title="会議体を作る", button="作る", back=LIST[0], crumbs=[LIST]
    )


@staff_page(may_attend_councils)
@require_safe
def council_detail(request: ViewerRequest, council_uid: UUID) -> HttpResponse:
    door = council_of(request, council_uid)
    context = {"door": door, "council": door.council, "shown": council_page_of(door)}
    return render(request, "planning/councils/detail.html", context)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def council_edit(request: ViewerRequest, council_uid: UUID) -> HttpResponse:
    door = council_of(request, council_uid)
    only(door.owns)
    council = door.council
    form = CouncilForm(
        request.POST if request.method == "POST" else None,
        viewer=request.viewer,
        rates=rates_for(council.area, clock.today()),
        initial=council_initial(council),
    )
    back = reverse("planning:council_detail", args=[council.uid])
    if form.is_valid():
        try:
            change_council(door=door, fields=form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "会議体の内容を直しました。")
            return redirect(back)
    return form_page(
        request, form, title="会議体の内容を直す", button="直す", back=back,
        crumbs=[LIST, (back, council.name)],
    )  # fmt: skip


@staff_page(may_attend_councils)
@require_safe
def group_table(request: ViewerRequest, council_uid: UUID) -> HttpResponse:
    """部会ごとの 実施内容・状況・関連, as a council's report prints it (T-BUK1)."""
    door = council_of(request, council_uid)
    context = {
        "door": door,
        "council": door.council,
        "rows": group_rows(groups_of(door.council), inside=door.inside),
    }
    return render(request, "planning/councils/groups.html", context)


@staff_page(may_attend_councils)
@require_safe
def council_public_xlsx(request: ViewerRequest, council_uid: UUID) -> HttpResponse:
    """What the public may know of a council's meetings, as a workbook."""
    door = council_of(request, council_uid)
    meetings = list(meetings_of(door).filter(state__in=OPEN_TO_ALL))
    return download(public_xlsx(door.council, meetings), XLSX, "meetings.xlsx")


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def member_add(request: ViewerRequest, council_uid: UUID) -> HttpResponse:
    door = council_of(request, council_uid)
    only(door.owns)
    form = MemberForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    back = reverse("planning:council_detail", args=[door.council.uid])
    if form.is_valid():
        try:
            add_member(door=door, **form.split())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "委員を名簿に加えました。")
            return redirect(back)
    return form_page(
        request, form, title="委員を加える", button="加える", back=back,
        crumbs=[LIST, (back, door.council.name)],
    )  # fmt: skip


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def member_edit(request: ViewerRequest, council_uid: UUID, member_uid: UUID) -> HttpResponse:
    door = council_of(request, council_uid)
    only(door.owns)
    try:
        member = member_of(door, member_uid)
    except CouncilMember.DoesNotExist:
        raise Http404 from None
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        viewer=request.viewer,
        initial=member_initial(member),
    )
    back = reverse("planning:council_detail", args=[door.council.uid])
    if form.is_valid():
        try:
            change_member(door=door, member=member, **form.split())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "委員の内容を直しました。")
            return redirect(back)
    return form_page(
        request, form, title="委員の内容を直す", button="直す", back=back,
        crumbs=[LIST, (back, door.council.name)],
    )  # fmt: skip


@staff_page(may_own_councils)
@require_safe
def rate_list(request: ViewerRequest) -> HttpResponse:
    """The rates fees are paid by today, and whether anybody compared them with the law."""
    rates = rates_for(own_area_of(request.viewer), clock.today())
    return render(request, "planning/councils/rates.html", {"rates": rates})


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def rate_edit(request: ViewerRequest, code: str) -> HttpResponse:
    area = own_area_of(request.viewer)
    rate = next((one for one in rates_for(area, clock.today()) if one.code == code), None)
    if rate is None or area is None:
        raise Http404
    form = RateForm(
        request.POST if request.method == "POST" else None,
        initial={"percent": rate.percent, "from_day": clock.today()},
    )
    back = reverse("planning:rate_list")
    if form.is_valid():
        try:
            set_rate(viewer=request.viewer, area=area, rate=rate, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "源泉徴収の率を決めました。")
            return redirect(back)
    return form_page(
        request, form, title=f"{rate.name}の率を決める", button="この率にする", back=back,
        crumbs=[LIST, (back, "源泉徴収の率")],
    )  # fmt: skip
