"""「冊子をつくる」: asking for a booklet, waiting for it, taking it, releasing it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries import names_of
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.common.audience import Audience
from renkei.foundation.common.prefectures import PREFECTURES
from renkei.registry.facilities.forms_booklets import BookletForm
from renkei.registry.facilities.models import BookletOrder, BookletState
from renkei.registry.facilities.queries_booklets import (
    booklet_order,
    booklet_orders,
    home_prefecture,
    printable_areas,
)
from renkei.registry.facilities.queries_scope import own_municipality
from renkei.registry.facilities.rules import may_make_booklets, may_publish
from renkei.registry.facilities.services.booklets import (
    order_booklet,
    release_booklet,
    withdraw_booklet,
)

PAGE_SIZE = 20
WORKING = frozenset({BookletState.WAITING, BookletState.WORKING})


@staff_page(may_make_booklets)
@require_safe
def booklet_list(request: ViewerRequest) -> HttpResponse:
    page = Paginator(booklet_orders(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "people": names_of({order.asked_by_id for order in page}),
        "may_publish": may_publish(request.viewer),
    }
    return render(request, "facilities/booklet_list.html", context)


@staff_page(may_make_booklets)
@require_http_methods(["GET", "POST"])
def booklet_new(request: ViewerRequest) -> HttpResponse:
    own = own_municipality(request.viewer)
    prefecture = request.GET.get("prefecture", "")
    if prefecture not in PREFECTURES:
        prefecture = own.prefecture_code if own else home_prefecture()
    form = BookletForm(
        request.POST if request.method == "POST" else None,
        areas=printable_areas(prefecture),
        initial={"area": own.pk if own else ""},
    )
    if form.is_valid():
        site_url = request.build_absolute_uri("/")
        try:
            order = order_booklet(viewer=request.viewer, site_url=site_url, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return redirect("facilities:booklet_detail", order.uid)
    status = 422 if form.is_bound else 200
    context = {"form": form, "prefectures": PREFECTURES, "prefecture": prefecture}
    return render(request, "facilities/booklet_new.html", context, status=status)


@staff_page(may_make_booklets)
@require_safe
def booklet_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    order = _order(request.viewer, uid)
    ids = {order.asked_by_id} | ({order.released_by_id} if order.released_by_id else set())
    context = {
        "order": order,
        "working": order.state in WORKING,
        "people": names_of(ids),
        "may_publish": may_publish(request.viewer),
    }
    return render(request, "facilities/booklet_detail.html", context)


@staff_page(may_make_booklets)
@require_safe
def booklet_progress(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The moving part of the page, asked for every second."""
    order = _order(request.viewer, uid)
    if order.state not in WORKING:
        url = reverse("facilities:booklet_detail", args=[order.uid])
        return HttpResponse(headers={"HX-Redirect": url})
    return render(request, "facilities/booklet_progress_part.html", {"order": order})


@staff_page(may_make_booklets)
@require_safe
def booklet_file(request: ViewerRequest, uid: UUID) -> FileResponse:
    return booklet_response(_order(request.viewer, uid))


@staff_page(may_publish)
@require_POST
def booklet_release(request: ViewerRequest, uid: UUID) -> HttpResponse:
    order = _order(request.viewer, uid)
    said = "公開しました。「冊子」のページから、だれでも受け取れます。"
    _act(request, lambda: release_booklet(actor=request.viewer.actor, order=order), said)
    return redirect("facilities:booklet_detail", order.uid)


@staff_page(may_publish)
@require_POST
def booklet_withdraw(request: ViewerRequest, uid: UUID) -> HttpResponse:
    order = _order(request.viewer, uid)
    said = "公開をやめました。"
    _act(request, lambda: withdraw_booklet(actor=request.viewer.actor, order=order), said)
    return redirect("facilities:booklet_detail", order.uid)


def booklet_response(order: BookletOrder) -> FileResponse:
    """The file of a booklet, named by its title and area.

    Raises:
        Http404: it is not ready, no longer kept, or gone from the storage.
    """
    if order.state != BookletState.READY or not order.file:
        raise Http404
    try:
        content = order.file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    ending = order.file.name.rpartition(".")[2]
    name = f"{order.title}（{order.area.name}）.{ending}"
    return FileResponse(content, as_attachment=True, filename=name)


def _order(viewer: Viewer, uid: UUID) -> BookletOrder:
    order = booklet_order(uid)
    if order is None or not viewer.audience.includes(Audience(order.edition)):
        raise Http404
    return order


def _act(request: ViewerRequest, act: Callable[[], object], said: str) -> None:
    try:
        act()
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, said)
