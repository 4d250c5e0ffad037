"""Free groups and conversations of two."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.reading import record_read, record_reads
from renkei.care.timelines import live
from renkei.care.timelines.forms import GroupForm, GroupMemberForm
from renkei.care.timelines.models import EntryKind, RoomKind
from renkei.care.timelines.presenters import by_day, cards
from renkei.care.timelines.presenters_rooms import head_of
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.entries import page_of
from renkei.care.timelines.queries.groups import (
    directs_of,
    groups_of,
    looks_after,
    member_by_address,
    open_move,
)
from renkei.care.timelines.queries.people import members_of_room, team_of
from renkei.care.timelines.rules import may_work_in_groups, may_work_in_teams
from renkei.care.timelines.services.groups import (
    add_to_group,
    answer_move,
    ask_to_move,
    leave_group,
    make_group,
    open_direct,
    reader_on_team,
)
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.reading import mark_seen
from renkei.care.timelines.views.rooms import (
    door_or_404,
    doors_or_404,
    number_in,
    number_of,
)
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest


@staff_page(may_work_in_groups)
@require_http_methods(["GET", "POST"])
def group_list(request: ViewerRequest) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            room = make_group(viewer=request.viewer, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return redirect("timelines:group_detail", room.uid)
    context = {"groups": groups_of(request.viewer), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "timelines/group_list.html", context, status=status)


@staff_page(may_work_in_groups)
@require_http_methods(["GET", "POST"])
def group_detail(request: ViewerRequest, room_uid: UUID) -> HttpResponse:
    door = _door(request, room_uid, RoomKind.GROUP)
    return _conversation(request, door, "timelines/group_detail.html")


@staff_page(may_work_in_groups)
@require_POST
def group_members(request: ViewerRequest, room_uid: UUID) -> HttpResponse:
    """Invite by the address somebody signs in with, or take somebody out."""
    door = _door(request, room_uid, RoomKind.GROUP)
    form = GroupMemberForm(request.POST)
    try:
        if request.POST.get("leave"):
            leave_group(door=door, membership=_member(door, request.POST["leave"]))
            messages.success(request, "グループから外しました。")
        elif form.is_valid() and (found := member_by_address(form.cleaned_data["address"])):
            add_to_group(door=door, membership=found)
            messages.success(request, "グループに入れました。")
        else:
            messages.error(
                request, "このアドレスの人は見つかりません。登録されているか確かめてください。"
            )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    if request.POST.get("leave") and not groups_of(request.viewer).filter(pk=door.room.pk).exists():
        return redirect("timelines:group_list")
    return redirect("timelines:group_detail", room_uid)


@care_page(may_work_in_teams)
@require_safe
def direct_list(request: ViewerRequest) -> HttpResponse:
    """One's conversations, each with whom it is about: seeing that is a read of the person."""
    with transaction.atomic():
        directs = list(directs_of(request.viewer))
        response = render(request, "timelines/direct_list.html", {"directs": directs})
        seen = {room.patient.pk: room.patient for room in directs if room.patient}
        record_reads(viewer=request.viewer, patients=list(seen.values()), what="一対一の一覧")
    return response


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def direct_start(request: ViewerRequest, patient_uid: UUID) -> HttpResponse:
    """Choose with whom of the person's team to talk."""
    doors = doors_or_404(request, patient_uid)
    door = doors["staff"]
    if request.method == "POST":
        number = number_of(request.POST.get("membership", ""))
        other = reader_on_team(door, number) if number is not None else None
        if other is not None and other.membership_id != request.viewer.membership_id:
            return redirect("timelines:direct_detail", open_direct(door=door, other=other).uid)
        messages.error(request, "話す相手を選んでください。")
    assert door.patient is not None  # noqa: S101 - a room of a person
    with transaction.atomic():
        readers = [
            one
            for one in team_of(door.patient).readers
            if one.membership_id != request.viewer.membership_id
        ]
        context = {"door": door, "head": head_of(door), "readers": readers}
        response = render(request, "timelines/direct_start.html", context)
        record_read(viewer=request.viewer, patient=door.patient, what="一対一の相手", via=door.via)
    return response


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def direct_detail(request: ViewerRequest, room_uid: UUID) -> HttpResponse:
    door = _door(request, room_uid, RoomKind.DIRECT)
    return _conversation(request, door, "timelines/direct_detail.html")


@care_page(may_work_in_teams)
@require_POST
def direct_move(request: ViewerRequest, room_uid: UUID) -> HttpResponse:
    """Ask to move the conversation into the team, or answer the other's asking (T-MCS5)."""
    door = _door(request, room_uid, RoomKind.DIRECT)
    try:
        if request.POST.get("answer") in {"yes", "no"}:
            agreed = request.POST["answer"] == "yes"
            moved = answer_move(door=door, agreed=agreed)
            messages.success(
                request,
                f"{moved}件をチームの部屋に移しました。" if agreed else "移さないと答えました。",
            )
        else:
            ask_to_move(door=door)
            messages.success(request, "申し出ました。相手が同意すると、チームの部屋に移ります。")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("timelines:direct_detail", room_uid)


def _door(request: ViewerRequest, room_uid: UUID, kind: RoomKind) -> Door:
    door = door_or_404(request, room_uid)
    if door.room.kind != kind:
        raise Http404
    return door


def _member(door: Door, uid: str) -> Any:
    found = [one for one in members_of_room(door.room) if str(one.uid) == uid]
    if not found:
        raise ValidationError("この人はグループにいません。")
    return found[0]


def _conversation(request: ViewerRequest, door: Door, template: str) -> HttpResponse:
    error, named = "", False
    if request.method == "POST":
        try:
            _post(request, door)
        except ValidationError as problem:
            error = " ".join(problem.messages)
            named = (
                any(getattr(one, "code", "") == "person" for one in problem.error_list)
                if (hasattr(problem, "error_list"))
                else False
            )
        else:
            return redirect(request.path)
    with transaction.atomic():
        page = page_of(door, before=number_in(request, "before"))
        mark_seen(door=door, up_to=page.newest)
        context = {
            "door": door,
            "head": {},
            "page": page,
            "days": by_day(cards(door, page.entries, seen=None)),
            "members": members_of_room(door.room),
            "live": live.config_for(door),
            "text": request.POST.get("text", ""),
            "client_uid": request.POST.get("client_uid") or uuid4(),
            "error": error,
            "named": named,
            "looks_after": looks_after(door),
            "move": open_move(door),
            "member_form": GroupMemberForm(),
        }
        response = render(request, template, context, status=422 if error else 200)
        if door.patient is not None:
            record_read(viewer=door.viewer, patient=door.patient, what="一対一", via=door.via)
    return response


def _post(request: ViewerRequest, door: Door) -> None:
    try:
        client_uid = UUID(request.POST.get("client_uid", ""))
    except ValueError:
        client_uid = uuid4()
    post_entry(
        viewer=request.viewer,
        room=door.room,
        kind=EntryKind.NOTICE,
        text=request.POST.get("text", ""),
        client_uid=client_uid,
        person_confirmed=request.POST.get("person_confirmed") == "1",
    )
