"""Agenda, papers, minutes and actions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.papers.files import read_upload
from renkei.foundation.papers.responses import file_response
from renkei.programme.planning.forms_councils import (
    ActionForm,
    ItemForm,
    LineForm,
    MaterialForm,
    item_initial,
    line_initial,
)
from renkei.programme.planning.models import Action, AgendaItem, Material, MinutesLine
from renkei.programme.planning.presenters_meetings import action_groups
from renkei.programme.planning.queries.councils import actions_seen_by, door_of
from renkei.programme.planning.queries.meetings import (
    MeetingDoor,
    agenda_of,
    item_of,
    left_open,
    line_of,
    material_of,
)
from renkei.programme.planning.rules import may_attend_councils, may_clerk, may_own_councils
from renkei.programme.planning.services.minutes import (
    add_material,
    change_action,
    raise_item,
    remove_item,
    remove_line,
    remove_material,
    write_item,
    write_line,
)
from renkei.programme.planning.views._shared import form_page, meeting_of, only
from renkei.programme.planning.views.meetings import back_to, clerked, crumbs_of


def _owned(request: ViewerRequest, uid: UUID) -> MeetingDoor:
    # The agenda stays with the municipality, whoever does the clerical work (F-B-02).
    door = meeting_of(request, uid)
    only(door.council.owns)
    return door


def _item(door: MeetingDoor, uid: UUID) -> AgendaItem:
    try:
        return item_of(door, uid)
    except AgendaItem.DoesNotExist:
        raise Http404 from None


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def item_add(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    door = _owned(request, meeting_uid)
    return _item_form(request, door, None, title="議題を書く", button="次第に加える")


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def item_edit(request: ViewerRequest, meeting_uid: UUID, item_uid: UUID) -> HttpResponse:
    door = _owned(request, meeting_uid)
    return _item_form(request, door, _item(door, item_uid), title="議題を直す", button="直す")


def _item_form(
    request: ViewerRequest,
    door: MeetingDoor,
    item: AgendaItem | None,
    *,
    title: str,
    button: str,
) -> HttpResponse:
    open_lines = left_open(door.council.council, door.meeting, keep=item)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        open_lines=open_lines,
        initial=item_initial(item) if item else {},
    )
    if form.is_valid():
        try:
            write_item(door=door, fields=form.cleaned_data, item=item)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "次第を書きました。")
            return redirect(back_to(door))
    return form_page(
        request, form, title=title, button=button, back=back_to(door), crumbs=crumbs_of(door)
    )


@staff_page(may_own_councils)
@require_POST
def item_raise(request: ViewerRequest, meeting_uid: UUID, item_uid: UUID) -> HttpResponse:
    door = _owned(request, meeting_uid)
    item = _item(door, item_uid)
    try:
        raise_item(door=door, item=item)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(back_to(door))


@staff_page(may_own_councils)
@require_POST
def item_remove(request: ViewerRequest, meeting_uid: UUID, item_uid: UUID) -> HttpResponse:
    door = _owned(request, meeting_uid)
    item = _item(door, item_uid)
    try:
        remove_item(door=door, item=item)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "議題を消しました。")
    return redirect(back_to(door))


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def material_add(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    posted = request.method == "POST"
    form = MaterialForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        items=agenda_of(door.meeting),
    )
    if form.is_valid():
        values = dict(form.cleaned_data)
        upload = values.pop("file")
        try:
            add_material(
                door=door,
                fields=values,
                content=read_upload(upload) if upload else None,
                name=upload.name if upload else "",
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "資料を加えました。")
            return redirect(back_to(door))
    return form_page(
        request, form, title="資料を加える", button="加える", back=back_to(door),
        crumbs=crumbs_of(door), multipart=True,
    )  # fmt: skip


def _material(door: MeetingDoor, uid: UUID) -> Material:
    try:
        return material_of(door, uid)
    except Material.DoesNotExist:
        raise Http404 from None


@staff_page(may_attend_councils)
@require_safe
def material_file(request: ViewerRequest, meeting_uid: UUID, material_uid: UUID) -> HttpResponse:
    """The paper itself, to whoever may read it."""
    material = _material(meeting_of(request, meeting_uid), material_uid)
    if material.file is None:
        raise Http404
    return file_response(material.file, inline=True)


@staff_page(may_clerk)
@require_POST
def material_remove(request: ViewerRequest, meeting_uid: UUID, material_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    material = _material(door, material_uid)
    try:
        remove_material(door=door, material=material)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "資料を消しました。")
    return redirect(back_to(door))


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def line_add(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    """Write line after line: the page comes back for the next, at the same item."""
    door = clerked(request, meeting_uid)
    return _line_form(request, door, None, title="議事録を書く", button="書いて、次へ")


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def line_edit(request: ViewerRequest, meeting_uid: UUID, line_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    return _line_form(request, door, _line(door, line_uid), title="議事録の行を直す", button="直す")


def _line(door: MeetingDoor, uid: UUID) -> MinutesLine:
    try:
        return line_of(door, uid)
    except MinutesLine.DoesNotExist:
        raise Http404 from None


def _line_form(
    request: ViewerRequest,
    door: MeetingDoor,
    line: MinutesLine | None,
    *,
    title: str,
    button: str,
) -> HttpResponse:
    items = agenda_of(door.meeting)
    wanted = next((one for one in items if str(one.uid) == request.GET.get("item")), None)
    form = LineForm(
        request.POST if request.method == "POST" else None,
        items=items,
        initial=line_initial(line) if line else {"item": wanted, "audience": "public"},
    )
    if form.is_valid():
        try:
            written = write_line(door=door, fields=form.cleaned_data, line=line)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "議事録に書きました。")
            if line is not None:
                return redirect(back_to(door))
            same = f"?item={written.item.uid}" if written.item else ""
            return redirect(f"{reverse('planning:line_add', args=[door.meeting.uid])}{same}")
    return form_page(
        request, form, title=title, button=button, back=back_to(door), crumbs=crumbs_of(door),
        cancel="終わる" if line is None else "やめる",
    )  # fmt: skip


@staff_page(may_clerk)
@require_POST
def line_remove(request: ViewerRequest, meeting_uid: UUID, line_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    line = _line(door, line_uid)
    try:
        remove_line(door=door, line=line)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "議事録の行を消しました。")
    return redirect(back_to(door))


@staff_page(may_attend_councils)
@require_safe
def action_list(request: ViewerRequest) -> HttpResponse:
    """すべきこと: what is late first."""
    context = {
        "groups": action_groups(actions_seen_by(request.viewer)),
        "edits": may_clerk(request.viewer),
    }
    return render(request, "planning/councils/actions.html", context)


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def action_edit(request: ViewerRequest, action_uid: UUID) -> HttpResponse:
    try:
        action = actions_seen_by(request.viewer).get(uid=action_uid)
    except Action.DoesNotExist:
        raise Http404 from None
    door = door_of(request.viewer, action.council)
    only(door.clerks)
    names = ("state", "owner", "due_on", "result")
    form = ActionForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(action, name) for name in names},
    )
    back = reverse("planning:action_list")
    if form.is_valid():
        try:
            change_action(door=door, action=action, fields=form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "進み具合を記録しました。")
            return redirect(back)
    return form_page(
        request, form, title="進み具合を書く", button="記録する", back=back,
        crumbs=[(reverse("planning:council_list"), "会議"), (back, "すべきこと")],
        lead=action.text,
    )  # fmt: skip
