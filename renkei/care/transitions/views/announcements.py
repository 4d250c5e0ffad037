"""改訂のお知らせ: telling, reading, reminding; the differences and the book for everybody."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.transitions.documents.announcement import announcement_pdf, difference_of
from renkei.care.transitions.forms_announcements import WAYS, AnnouncementForm, NoteForm
from renkei.care.transitions.models import (
    Announcement,
    AnnouncementOffice,
    ReadWay,
    RuleVersion,
)
from renkei.care.transitions.queries.announcements import (
    announcement_for,
    announcement_kept_by,
    announcement_of,
    areas_going_by,
    office_of,
    office_told,
    offices_of,
    organisations_nowhere,
    organisations_told,
    places_told,
    rates_of,
    to_fax,
    to_post,
)
from renkei.care.transitions.queries.rule_keeping import version_before, version_kept_by
from renkei.care.transitions.rules_keeping import may_keep_rules, may_read_rules
from renkei.care.transitions.services import announcement_papers
from renkei.care.transitions.services import announcements as services
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.downloads import pdf_response
from renkei.foundation.common import clock
from renkei.foundation.papers.responses import file_response

LETTER_FILE, FAX_FILE, POST_FILE = "oshirase.pdf", "oshirase-fax.pdf", "oshirase-yuso.pdf"
TABS: Final = {"unread": "まだ", "read": "読んだ"}


@care_page(may_keep_rules)
@require_http_methods(["GET", "POST"])
def announcement_add(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """Whom an edition will be told, and the words of one's own."""
    try:
        version = version_kept_by(request.viewer, version_uid)
    except RuleVersion.DoesNotExist:
        raise Http404 from None
    told = announcement_of(version)
    if told is not None:
        return redirect("transitions:announcement_detail", told.uid)
    form = AnnouncementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = services.announce(viewer=request.viewer, version=version, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "知らせました。FAXで送る事業所は、下からPDFを受け取ります。")
            return redirect("transitions:announcement_detail", made.uid)
    areas = areas_going_by(version, version.period.lower)
    offices = organisations_told(areas, clock.today())
    places = places_told(areas, clock.today(), offices)
    before = version_before(version)
    context = {
        "form": form,
        "version": version,
        "areas": areas,
        "office_count": len(offices),
        "place_count": len(places),
        "fax_count": sum(bool(place.fax) for place in places),
        "nowhere": organisations_nowhere(request.viewer),
        "before": before,
        "parts": difference_of(before, version),
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/rules/announce.html", context, status=status)


def _found(request: ViewerRequest, uid: UUID) -> Announcement:
    try:
        return announcement_for(request.viewer, uid)
    except Announcement.DoesNotExist:
        raise Http404 from None


def _kept(request: ViewerRequest, uid: UUID) -> Announcement:
    try:
        return announcement_kept_by(request.viewer, uid)
    except Announcement.DoesNotExist:
        raise Http404 from None


def _keeps(request: ViewerRequest, uid: UUID) -> bool:
    try:
        announcement_kept_by(request.viewer, uid)
    except Announcement.DoesNotExist:
        return False
    return True


@care_page(may_read_rules)
@require_safe
def announcement_detail(request: ViewerRequest, announcement_uid: UUID) -> HttpResponse:
    """To read; opening it counts. Whoever keeps the rule sees who read it."""
    found = _found(request, announcement_uid)
    own = office_of(found, request.viewer)
    if own is not None:
        services.record_reading(viewer=request.viewer, office=own)
    keeps = _keeps(request, announcement_uid)
    offices = offices_of(found) if keeps else []
    groups = {
        "unread": [one for one in offices if one.read_at is None],
        "read": [one for one in offices if one.read_at is not None],
    }
    shown = "read" if request.GET.get("show") == "read" else "unread"
    context = {
        "announcement": found,
        "version": found.version,
        "parts": difference_of(found.compared_with, found.version),
        "keeps": keeps,
        "shown": shown,
        "listed": groups[shown],
        "tabs": [
            {"key": key, "label": TABS[key], "count": len(rows)} for key, rows in groups.items()
        ],
        "rates": rates_of(offices) if keeps else [],
        "unread_count": sum(one.read_at is None and bool(one.organisation_id) for one in offices),
        "fax_count": sum(one.read_at is None and bool(one.fax) for one in offices),
        "post_count": sum(
            one.read_at is None and not one.fax and not one.people_count for one in offices
        ),
        "ways": WAYS,
        "most_at_once": announcement_papers.MOST_AT_ONCE,
    }
    return render(request, "transitions/rules/announcement.html", context)


@care_page(may_read_rules)
@require_safe
def announcement_letter(request: ViewerRequest, announcement_uid: UUID) -> HttpResponse:
    """The letter to print."""
    return pdf_response(announcement_pdf(_found(request, announcement_uid)), LETTER_FILE)


@care_page(may_keep_rules)
@require_POST
def announcement_fax(request: ViewerRequest, announcement_uid: UUID) -> HttpResponse:
    """The next faxes, or one office's, as one PDF."""
    found = _kept(request, announcement_uid)
    waiting = to_fax(found)
    wanted = request.POST.get("office", "")
    if wanted:
        waiting = [one for one in waiting if str(one.uid) == wanted]
    else:
        waiting = [one for one in waiting if one.faxed_at is None] or waiting
    try:
        made = announcement_papers.fax_announcement(
            viewer=request.viewer, announcement=found, offices=waiting
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("transitions:announcement_detail", found.uid)
    return pdf_response(made, FAX_FILE)


@care_page(may_keep_rules)
@require_POST
def announcement_post(request: ViewerRequest, announcement_uid: UUID) -> HttpResponse:
    """The next letters for envelopes as one PDF."""
    found = _kept(request, announcement_uid)
    waiting = to_post(found)
    waiting = [one for one in waiting if one.posted_at is None] or waiting
    try:
        made = announcement_papers.post_announcement(
            viewer=request.viewer, announcement=found, offices=waiting
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("transitions:announcement_detail", found.uid)
    return pdf_response(made, POST_FILE)


@care_page(may_keep_rules)
@require_safe
def announcement_reply(
    request: ViewerRequest, announcement_uid: UUID, office_uid: UUID
) -> HttpResponse:
    """The slip that came back."""
    found = _kept(request, announcement_uid)
    try:
        office = office_told(found, office_uid)
    except AnnouncementOffice.DoesNotExist:
        raise Http404 from None
    if office.reply_file is None:
        raise Http404
    return file_response(office.reply_file, inline=True)


@care_page(may_keep_rules)
@require_POST
def announcement_remind(request: ViewerRequest, announcement_uid: UUID) -> HttpResponse:
    """Ask those who did not read once more."""
    count = services.remind(viewer=request.viewer, announcement=_kept(request, announcement_uid))
    if count:
        messages.success(request, f"まだ読んでいない{count}か所に催促しました。")
    else:
        messages.info(request, "画面で知らせた事業所は、すべて読んでいます。")
    return redirect("transitions:announcement_detail", announcement_uid)


@care_page(may_keep_rules)
@require_POST
def announcement_note(
    request: ViewerRequest, announcement_uid: UUID, office_uid: UUID
) -> HttpResponse:
    """An office told that it read it."""
    found = _kept(request, announcement_uid)
    form = NoteForm(request.POST)
    try:
        office = office_told(found, office_uid)
    except AnnouncementOffice.DoesNotExist:
        raise Http404 from None
    if not form.is_valid():
        messages.error(request, "確かめ方を選んでください。")
    else:
        services.note_reading(
            viewer=request.viewer, office=office, way=ReadWay(form.cleaned_data["way"])
        )
        messages.success(request, "読んだことを書きとめました。")
    return redirect("transitions:announcement_detail", found.uid)
