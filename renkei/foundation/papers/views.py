"""The papers of the own organisation: bring scans, see what became of them, decide what waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.papers import deciding, fax, queries
from renkei.foundation.papers.deciding import Destination
from renkei.foundation.papers.files import FileGone, FileRefused
from renkei.foundation.papers.forms import DiscardForm, FilePageForm, UploadForm, quarter
from renkei.foundation.papers.models import PageState, Scan, ScanPage, ScanProgress
from renkei.foundation.papers.presenters import discarded_until, page_rows, scan_rows, tabs
from renkei.foundation.papers.responses import picture_response
from renkei.foundation.papers.rules import may_sort_papers
from renkei.foundation.papers.uploading import upload_scan

WORKING: Final = frozenset({ScanProgress.WAITING, ScanProgress.READING})
# What the inbox shows the picture of: what was filed is seen where it was filed to.
SHOWN: Final = frozenset({PageState.QUEUED, PageState.REJECTED})
PER_PAGE: Final = 20
WAITING_SHOWN: Final = 50


@staff_page(may_sort_papers)
@require_http_methods(["GET", "POST"])
def inbox(request: ViewerRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            scan = upload_scan(viewer=request.viewer, uploads=form.cleaned_data["scans"])
        except ValidationError as error:
            form.add_error("scans", error)
        else:
            return redirect("papers:scan_detail", scan.uid)
    scans = Paginator(queries.scans_visible_to(request.viewer), PER_PAGE)
    waiting = queries.waiting_pages(request.viewer)
    page = scans.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "tabs": tabs("papers:inbox"),
        "page": page,
        "rows": scan_rows(page),
        "waiting": waiting[:WAITING_SHOWN],
        "waiting_count": waiting.count(),
    }
    return render(request, "papers/inbox.html", context, status=422 if form.is_bound else 200)


@staff_page(may_sort_papers)
@require_safe
def scan_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """One upload: how far it is, or what became of each page."""
    scan = get_object_or_404(queries.scans_visible_to(request.viewer), uid=uid)
    context: dict[str, object] = {"scan": scan}
    if scan.state in WORKING:
        return render(request, "papers/scan_progress.html", context)
    context |= {
        "rows": page_rows(queries.scan_pages(scan.uid, request.viewer)),
        "refused": queries.refused_files(scan),
    }
    return render(request, "papers/scan_detail.html", context)


@staff_page(may_sort_papers)
@require_safe
def scan_progress(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The moving part of the progress page, asked for every second."""
    scan = get_object_or_404(queries.scans_visible_to(request.viewer), uid=uid)
    if scan.state not in WORKING:
        url = reverse("papers:scan_detail", args=[scan.uid])
        return HttpResponse(headers={"HX-Redirect": url})
    return render(request, "papers/scan_progress_part.html", {"scan": scan})


@staff_page(may_sort_papers)
@require_http_methods(["GET", "POST"])
def page_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """A page that waits: look at it, type its number, see where it leads, file it."""
    page = _page(request, uid)
    turn = _turn(request)
    if page.state != PageState.QUEUED:
        return _settled(request, page)
    form = FilePageForm(request.POST) if request.method == "POST" else FilePageForm()
    form.initial["turn"] = turn
    destination: Destination | None = None
    if form.is_valid():
        turn = form.cleaned_data["turn"]
        try:
            destination = deciding.destination_of(
                viewer=request.viewer,
                typed=form.cleaned_data["number"],
                page=form.cleaned_data["page"],
            )
            if form.cleaned_data["sure"] == _sure(destination, form.cleaned_data["page"]):
                return _file(request, page, destination, form)
        except ValidationError as error:
            destination = None
            form.add_service_error(error)
    context = {
        "page": page,
        "form": form,
        "discard_form": DiscardForm(auto_id="discard_%s"),
        "destination": destination,
        "ticket_page": form.cleaned_data.get("page") if destination else None,
        "sure": _sure(destination, form.cleaned_data["page"]) if destination else "",
        **_picture_context(page, turn),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "papers/page_detail.html", context, status=status)


def _sure(destination: Destination, page: int) -> str:
    return f"{destination.ticket.code}/{page}"


def _file(
    request: ViewerRequest, page: ScanPage, destination: Destination, form: FilePageForm
) -> HttpResponse:
    """File the page and go on to the next that waits."""
    deciding.file_page(
        viewer=request.viewer,
        page=page,
        destination=destination,
        ticket_page=form.cleaned_data["page"],
        turn=(page.turn + form.cleaned_data["turn"]) % 360,
    )
    messages.success(request, f"{destination.label}として届けました。")
    return _next(request, page.scan)


def _next(request: ViewerRequest, scan: Scan) -> HttpResponse:
    following = queries.waiting_pages(request.viewer).filter(scan=scan).first()
    if following is not None:
        return redirect("papers:page_detail", following.uid)
    return redirect("papers:scan_detail", scan.uid)


def _settled(request: ViewerRequest, page: ScanPage) -> HttpResponse:
    context = {
        "page": page,
        "row": page_rows([page])[0],
        "until": discarded_until(page),
        **(_picture_context(page, _turn(request)) if page.state in SHOWN else {}),
    }
    return render(request, "papers/page_settled.html", context)


def _picture_context(page: ScanPage, turn: int) -> dict[str, object]:
    url = reverse("papers:page_picture", args=[page.uid])
    return {
        "picture": f"{url}?turn={turn}",
        "turn": turn,
        "turn_left": (turn + 270) % 360,
        "turn_right": (turn + 90) % 360,
    }


@staff_page(may_sort_papers)
@require_safe
def page_picture(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The page as a picture; each look is recorded."""
    page = _page(request, uid)
    if page.state not in SHOWN:
        raise Http404
    try:
        content = deciding.look_at_page(viewer=request.viewer, page=page, turn=_turn(request))
    except (FileGone, FileRefused) as error:
        raise Http404 from error
    return picture_response(content)


@staff_page(may_sort_papers)
@require_POST
def page_discard(request: ViewerRequest, uid: UUID) -> HttpResponse:
    page = _page(request, uid)
    form = DiscardForm(request.POST)
    if not form.is_valid():
        messages.error(request, "捨てる理由を選んでください。")
        return redirect("papers:page_detail", page.uid)
    reason = form.cleaned_data["reason"]
    if _act(
        request,
        lambda: deciding.discard_page(viewer=request.viewer, page=page, reason=reason),
    ):
        messages.success(request, "紙を捨てました。30日のあいだは元に戻せます。")
    return _next(request, page.scan)


@staff_page(may_sort_papers)
@require_POST
def page_restore(request: ViewerRequest, uid: UUID) -> HttpResponse:
    page = _page(request, uid)
    if _act(request, lambda: deciding.restore_page(viewer=request.viewer, page=page)):
        messages.success(request, "確認待ちに戻しました。")
    return redirect("papers:page_detail", page.uid)


@staff_page(may_sort_papers)
@require_safe
def sent_list(request: ViewerRequest) -> HttpResponse:
    """送信簿."""
    faxes = Paginator(queries.sent_faxes_visible_to(request.viewer), PER_PAGE)
    context = {
        "page": faxes.get_page(request.GET.get("page")),
        "tabs": tabs("papers:sent_list"),
    }
    return render(request, "papers/sent_list.html", context)


@staff_page(may_sort_papers)
@require_POST
def fax_confirm(request: ViewerRequest, uid: UUID) -> HttpResponse:
    sent = get_object_or_404(queries.sent_faxes_visible_to(request.viewer), uid=uid)
    fax.confirm_fax(actor=request.viewer.actor, fax=sent)
    messages.success(request, "送信した日時を送信簿に書きました。")
    return redirect("papers:sent_list")


def _page(request: ViewerRequest, uid: UUID) -> ScanPage:
    return get_object_or_404(queries.pages_visible_to(request.viewer), uid=uid)


def _turn(request: ViewerRequest) -> int:
    return quarter(request.POST.get("turn") or request.GET.get("turn") or "")


def _act(request: ViewerRequest, act: Callable[[], object]) -> bool:
    """Do one thing; a refusal becomes a message on the page that follows."""
    try:
        act()
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return False
    return True
