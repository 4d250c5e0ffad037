"""One meeting: its day, its people, its papers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.calendar_files import CalendarEvent, calendar_file
from renkei.foundation.common.media_types import DOCX, PDF, XLSX
from renkei.foundation.notifications.services import mark_read
from renkei.foundation.papers.responses import file_response
from renkei.programme.planning.access_papers import may_read_paper
from renkei.programme.planning.documents.councils import name_of, paper_called, paper_file
from renkei.programme.planning.exports_councils import fees_xlsx
from renkei.programme.planning.forms_councils import (
    AnswerForm,
    AttendanceForm,
    CallForm,
    FeeForm,
    MeetingForm,
    ReasonForm,
    meeting_initial,
)
from renkei.programme.planning.models import (
    CAME,
    Answer,
    AnswerWay,
    MeetingState,
    Seat,
)
from renkei.programme.planning.presenters_meetings import meeting_page_of
from renkei.programme.planning.queries.meetings import (
    MeetingDoor,
    own_seat,
    seat_of,
    seats_of,
)
from renkei.programme.planning.rules import may_attend_councils, may_clerk
from renkei.programme.planning.services.fees import decide_fees
from renkei.programme.planning.services.meetings import (
    answer_seat,
    call_meeting,
    cancel_meeting,
    change_meeting,
    move_back,
    move_on,
    plan_meeting,
    record_attendance,
    remind_members,
)
from renkei.programme.planning.views._shared import (
    council_of,
    download,
    form_page,
    meeting_of,
    only,
)

MEDIA = {"pdf": PDF, "docx": DOCX}


def back_to(door: MeetingDoor) -> str:
    """The meeting's page."""
    return reverse("planning:meeting_detail", args=[door.meeting.uid])


def crumbs_of(door: MeetingDoor) -> list[tuple[str, str]]:
    """The way to a page about a meeting."""
    council = door.council.council
    return [
        (reverse("planning:council_list"), "会議"),
        (reverse("planning:council_detail", args=[council.uid]), council.name),
        (back_to(door), f"第{door.meeting.number}回"),
    ]


def clerked(request: ViewerRequest, uid: UUID) -> MeetingDoor:
    """A meeting whose clerical work the viewer does.

    Raises:
        Http404: everybody else.
    """
    door = meeting_of(request, uid)
    only(door.council.clerks)
    return door


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def meeting_add(request: ViewerRequest, council_uid: UUID) -> HttpResponse:
    door = council_of(request, council_uid)
    only(door.clerks)
    form = MeetingForm(request.POST if request.method == "POST" else None)
    council = door.council
    back = reverse("planning:council_detail", args=[council.uid])
    if form.is_valid():
        try:
            meeting = plan_meeting(door=door, fields=form.values())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "会議の予定を立てました。次に、議題を書いてください。")
            return redirect("planning:meeting_detail", meeting.uid)
    return form_page(
        request, form, title="会議の予定を立てる", button="予定を立てる", back=back,
        crumbs=[(reverse("planning:council_list"), "会議"), (back, council.name)],
    )  # fmt: skip


@staff_page(may_attend_councils)
@require_safe
def meeting_detail(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    """Everything about one meeting, the next step on top."""
    door = meeting_of(request, meeting_uid)
    context = {"door": door, "meeting": door.meeting, "shown": meeting_page_of(door)}
    response = render(request, "planning/councils/meeting.html", context)
    mark_read(user_id=request.viewer.user_id or 0, path_prefix=request.path)
    return response


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def meeting_edit(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    form = MeetingForm(
        request.POST if request.method == "POST" else None, initial=meeting_initial(door.meeting)
    )
    if form.is_valid():
        try:
            change_meeting(door=door, fields=form.values())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "会議の予定を変えました。")
            return redirect(back_to(door))
    return form_page(
        request, form, title="会議の予定を変える", button="変える", back=back_to(door),
        crumbs=crumbs_of(door),
    )  # fmt: skip


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def meeting_call(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    """開催通知: what the letter says, and whom it asks."""
    door = clerked(request, meeting_uid)
    meeting = door.meeting
    names = ("document_number", "call_on", "reply_by", "call_note")
    initial = {name: getattr(meeting, name) for name in names}
    form = CallForm(
        request.POST if request.method == "POST" else None,
        initial=initial | {"call_on": meeting.call_on or clock.today()},
    )
    if form.is_valid():
        try:
            asked = call_meeting(door=door, fields=form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(
                request, f"{asked}名に案内しました。開催通知を印刷するか、FAXで送ってください。"
            )
            return redirect(back_to(door))
    return form_page(
        request, form, title="開催を知らせる", button="案内を出す", back=back_to(door),
        crumbs=crumbs_of(door), shown=meeting_page_of(door), template_part="call",
    )  # fmt: skip


@staff_page(may_clerk)
@require_POST
def meeting_remind(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    count = remind_members(door=door)
    messages.success(
        request,
        f"返事のない利用者{count}名に知らせました。"
        if count
        else "返事のない利用者はいません。紙・電話の人には、電話で確かめてください。",
    )
    return redirect(back_to(door))


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def meeting_cancel(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            cancel_meeting(door=door, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "会議を中止にしました。")
            return redirect(back_to(door))
    return form_page(
        request, form, title="会議を中止にする", button="中止にする", back=back_to(door),
        crumbs=crumbs_of(door),
    )  # fmt: skip


@staff_page(may_clerk)
@require_POST
def meeting_step(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    """On to the next step."""
    door = clerked(request, meeting_uid)
    to = request.POST.get("to", "")
    # Anything that is no step is refused by the service like a step that is not the next.
    step = MeetingState(to) if to in MeetingState.values else MeetingState.PLANNED
    try:
        meeting = move_on(door=door, to=step)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"「{meeting.get_state_display()}」にしました。")
    return redirect(back_to(door))


@staff_page(may_clerk)
@require_POST
def meeting_back(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    """One step back."""
    door = clerked(request, meeting_uid)
    try:
        meeting = move_back(door=door)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"「{meeting.get_state_display()}」に戻しました。")
    return redirect(back_to(door))


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def meeting_attendance(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    form = AttendanceForm(
        request.POST if request.method == "POST" else None,
        seats=seats_of(door.meeting),
        initial={"guest_count": door.meeting.guest_count},
    )
    if form.is_valid():
        try:
            record_attendance(
                door=door,
                came=form.came(),
                proxies=form.proxies(),
                guest_count=form.cleaned_data["guest_count"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "出席を記録しました。")
            return redirect(back_to(door))
    return form_page(
        request, form, title="出席を記録する", button="記録する", back=back_to(door),
        crumbs=crumbs_of(door),
    )  # fmt: skip


@staff_page(may_clerk)
@require_http_methods(["GET", "POST"])
def meeting_fees(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    seats = [one for one in seats_of(door.meeting) if one.attendance in CAME and one.member.is_paid]
    form = FeeForm(
        request.POST if request.method == "POST" else None,
        seats=seats,
        default=door.council.council.fee_yen,
    )
    if form.is_valid():
        try:
            decide_fees(door=door, pays=form.pays())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "報償費を決めました。支給調書を確かめてください。")
            return redirect(back_to(door))
    return form_page(
        request, form, title="報償費を決める", button="決める", back=back_to(door),
        crumbs=crumbs_of(door), lead=_fee_lead(seats),
    )  # fmt: skip


def _fee_lead(seats: list[Seat]) -> str:
    if seats:
        return "源泉徴収額は、会議の日の率で、1円未満を切り捨てて計算します。"
    return "出席した、報償費を払う委員がいません。先に出席を記録してください。"


@staff_page(may_clerk)
@require_safe
def meeting_fees_xlsx(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    door = clerked(request, meeting_uid)
    return download(fees_xlsx(door.meeting), XLSX, "fees.xlsx")


@staff_page(may_attend_councils)
@require_safe
def meeting_calendar(request: ViewerRequest, meeting_uid: UUID) -> HttpResponse:
    """One entry for a calendar; it names nobody."""
    door = meeting_of(request, meeting_uid)
    meeting = door.meeting
    event = CalendarEvent(
        uid=meeting.uid,
        begins_at=meeting.begins_at,
        ends_at=meeting.ends_at,
        title=name_of(meeting),
        place=meeting.place,
        url=request.build_absolute_uri(back_to(door)),
        edition=meeting.edition,
        cancelled=meeting.state == MeetingState.CANCELLED,
    )
    return download(calendar_file(event), "text/calendar; charset=utf-8", "meeting.ics")


@staff_page(may_attend_councils)
@require_safe
def meeting_paper(request: ViewerRequest, meeting_uid: UUID, code: str, form: str) -> HttpResponse:
    """One of the papers as PDF or Word."""
    door = meeting_of(request, meeting_uid)
    paper = paper_called(code)
    if paper is None or form not in MEDIA or not may_read_paper(door, paper):
        raise Http404
    content = paper_file(door.meeting, paper, form)
    return download(content, MEDIA[form], f"{paper.code}.{form}")


@staff_page(may_attend_councils)
@require_http_methods(["GET", "POST"])
def seat_answer(request: ViewerRequest, meeting_uid: UUID, seat_uid: UUID) -> HttpResponse:
    """My own answer, or a member's that the office heard."""
    door, seat = _seat(request, meeting_uid, seat_uid)
    mine = own_seat(door)
    own = mine is not None and mine.pk == seat.pk
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        seat=seat,
        own=own,
        mode=door.meeting.mode,
        initial=_answer_initial(seat),
    )
    if form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            answer_seat(
                door=door,
                seat=seat,
                answer=Answer(values["answer"]),
                way=AnswerWay(values.get("way") or AnswerWay.ACCOUNT),
                proxy_name=values["proxy_name"],
                remark=values["remark"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "出欠を記録しました。")
            return redirect(back_to(door))
    who = "あなた" if own else f"{seat.name}さん（{seat.organisation_name}）"
    return form_page(
        request, form, title="出欠を答える", button="答える", back=back_to(door),
        crumbs=crumbs_of(door), lead=f"{who}の返事",
    )  # fmt: skip


def _answer_initial(seat: Seat) -> dict[str, Any]:
    answer = "" if seat.answer == Answer.WAITING else seat.answer
    return {"answer": answer, "proxy_name": seat.proxy_name, "remark": seat.remark}


@staff_page(may_clerk)
@require_safe
def seat_reply(request: ViewerRequest, meeting_uid: UUID, seat_uid: UUID) -> HttpResponse:
    """The slip that came back on paper."""
    door, seat = _seat(request, meeting_uid, seat_uid)
    only(door.council.clerks)
    if seat.reply_file is None:
        raise Http404
    return file_response(seat.reply_file, inline=True)


def _seat(request: ViewerRequest, meeting_uid: UUID, seat_uid: UUID) -> tuple[MeetingDoor, Seat]:
    door = meeting_of(request, meeting_uid)
    try:
        return door, seat_of(door, seat_uid)
    except Seat.DoesNotExist:
        raise Http404 from None
