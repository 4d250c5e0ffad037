"""Links to one document: those the team sends, and what whoever got one sees."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.timelines.link_forms import CodeForm, GiverForm, SendLinkForm
from renkei.care.timelines.link_presenters import about_person, link_lines, shown_document
from renkei.care.timelines.link_queries import OpenDocument, link_of, links_of
from renkei.care.timelines.link_services import (
    Sending,
    answer_link,
    make_link,
    open_link,
    pass_for,
    revoke_link,
    still_open,
)
from renkei.care.timelines.models import Entry, LinkKind, OutsideLink
from renkei.care.timelines.observation_views import staff_door
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.entries import entry_of
from renkei.care.timelines.sheet_queries import answer_through, open_form
from renkei.foundation.accounts.viewers import ANYBODY, Viewer, ViewerRequest
from renkei.foundation.sheets.models import Answer, FormVersion
from renkei.foundation.sheets.pages import Filling, begin, fill

CARRIED: Final = "outside_link"


@require_safe
@person_page("リンクの一覧", content=ContentClass.TIMELINE)
def link_list(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """What left this person's room by link, and how each stands."""
    door = staff_door(request.viewer, patient)
    context = {
        "head": person_head(request.viewer, patient),
        "lines": link_lines(links_of(door)),
        "may_write": door.may_write,
    }
    return render(request, "timelines/link_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@person_page("リンクで送る", content=ContentClass.TIMELINE)
def link_new(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Send ``?entry=``, ``?answer=`` or an empty sheet to be filled in, ``?form=``."""
    door = staff_door(request.viewer, patient)
    if not door.may_write:
        raise Http404
    chosen = _chosen(request, door)
    form = SendLinkForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "head": person_head(request.viewer, patient),
        "form": form,
        "what": _what(chosen),
        "asks": "version" in chosen,
        "tries": settings.OUTSIDE_LINK_TRIES,
        "openings": settings.OUTSIDE_LINK_OPENINGS,
    }
    if form.is_valid():
        try:
            made = make_link(door=door, sending=Sending(**form.cleaned_data, **chosen))
        except ValidationError as error:
            form.add_service_error(error)
        else:
            address = reverse("timelines:outside_link", args=[made.token])
            context |= {
                "link": made.link,
                "url": request.build_absolute_uri(address),
                "code": f"{made.code[:3]}-{made.code[3:]}",
            }
            return render(request, "timelines/link_made.html", context)
    status = 422 if form.is_bound else 200
    return render(request, "timelines/link_new.html", context, status=status)


def _chosen(request: ViewerRequest, door: Door) -> dict[str, Any]:
    """The one document the address names, found as its page finds it."""
    query = request.GET
    try:
        if "entry" in query:
            entry = entry_of(door, UUID(query["entry"]))
            if entry.hidden_at is None:
                return {"entry": entry}
        elif "answer" in query:
            return {"answer": answer_through(request.viewer, door, UUID(query["answer"]))}
        elif "form" in query:
            return {"version": open_form(request.viewer, door, query["form"])}
    except (ValueError, Entry.DoesNotExist, Answer.DoesNotExist, FormVersion.DoesNotExist):
        raise Http404 from None
    raise Http404


def _what(chosen: dict[str, Any]) -> str:
    if "entry" in chosen:
        return f"{chosen['entry'].get_kind_display()}の書き込み"
    version = chosen.get("version") or chosen["answer"].version
    return str(version.form.name)


@require_POST
@person_page("リンクを取り消す", content=ContentClass.TIMELINE)
def link_revoke(request: ViewerRequest, patient: Patient, link_uid: UUID) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    try:
        link = link_of(door, link_uid)
    except OutsideLink.DoesNotExist:
        raise Http404 from None
    if not door.may_write:
        raise Http404
    revoke_link(door=door, link=link)
    messages.success(request, "リンクを取り消しました。もう開けません。")
    return redirect("timelines:link_list", patient.uid)


# For whoever got the link ------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def outside_link(request: ViewerRequest, token: str) -> HttpResponse:
    """The same page for every address; what lies behind one shows only with its code."""
    return _kept_private(_outside(request, token))


def _outside(request: ViewerRequest, token: str) -> HttpResponse:
    if CARRIED in request.POST:
        document = still_open(token=token, carried=request.POST[CARRIED])
        return _closed(request) if document is None else _fill(request, document, token)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "timelines/outside_code.html", {"form": form}, status=status)
    if not ratelimit.consume(request, action="outside_link"):
        return _closed(request)
    document = open_link(token=token, code=form.cleaned_data["code"])
    if document is None:
        return _closed(request)
    if document.link.kind == LinkKind.ASK:
        return begin(request, _filling(request, document, token, GiverForm()))
    return render(request, "timelines/outside_read.html", shown_document(document))


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "timelines/outside_closed.html", status=404)


def _kept_private(response: HttpResponse) -> HttpResponse:
    """Nothing of it leaves with a referrer, stays in a cache or is found by a search engine."""
    # Not "no-referrer": with it browsers post the code with "Origin: null", which CSRF refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store, private"
    return response


def _fill(request: ViewerRequest, document: OpenDocument, token: str) -> HttpResponse:
    sends = request.POST.get("act") == "send"
    return fill(
        request,
        _filling(request, document, token, _giver(request, sends=sends)),
    )


def _giver(request: ViewerRequest, *, sends: bool) -> GiverForm:
    """What was typed of oneself stays, also while the sheet is written anew."""
    if sends:
        return GiverForm(request.POST)
    return GiverForm(initial=_typed(request))


def _typed(request: ViewerRequest) -> dict[str, str]:
    """Hidden on the sheet's own page, so that checking again does not ask for it again."""
    typed = {name: request.POST.get(name, "") for name in GiverForm.base_fields}
    return {name: value for name, value in typed.items() if value}


def _filling(
    request: ViewerRequest, document: OpenDocument, token: str, giver: GiverForm
) -> Filling:
    """The asked sheet, empty: nothing of the record fills it in, no draft is kept."""
    assert document.version is not None  # noqa: S101 - a link that asks

    def take(content: dict[str, Any]) -> HttpResponse | None:
        if not giver.is_valid():
            return None
        answer = answer_link(document=document, content=content, given_by=giver.words)
        if answer is None:
            return _closed(request)
        return render(request, "timelines/outside_thanks.html", {"sender": sender})

    sender = document.door.viewer
    return Filling(
        version=document.version,
        subject_uid=document.patient.uid,
        viewer=_nobody(),
        action_url=reverse("timelines:outside_link", args=[token]),
        done_url=lambda _answer: "",
        cancel_url="",
        context={
            "about": about_person(document),
            "sender": sender,
            "carried": {CARRIED: pass_for(document.link), **_typed(request)},
            "giver": giver,
        },
        template="timelines/outside_fill.html",
        check_template="timelines/outside_check.html",
        take=take,
    )


def _nobody() -> Viewer:
    """Whoever fills it in acts as nobody, also where a member of staff is signed in here."""
    return ANYBODY
