"""周知の記録: whom the municipality told of its items."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.programme.planning.forms_programme import PublicityForm, publicity_initial
from renkei.programme.planning.frames import items_text
from renkei.programme.planning.models import Publicity
from renkei.programme.planning.queries.publicity import publicity_found, publicity_line
from renkei.programme.planning.rules import may_own_councils, reads_programme
from renkei.programme.planning.services.publicity import remove_publicity, write_publicity
from renkei.programme.planning.views._shared import saved_or_form

CRUMBS = [("/planning/plans/", "計画"), ("/planning/programme/", "事業の進み具合")]


@staff_page(reads_programme)
@require_safe
def publicity_list(request: ViewerRequest) -> HttpResponse:
    """The log, and which profession was not told of an item this year."""
    found = publicity_found(request.viewer)
    context = {
        "lines": [(one, items_text(one.items)) for one in found.lines],
        "year": found.year.label,
        "untold": [
            (side.label, items_text([item.value for item in items]))
            for side, items in found.untold.items()
            if items
        ],
        "writes": may_own_councils(request.viewer),
        "crumbs": CRUMBS,
    }
    return render(request, "planning/programme/publicity.html", context)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def publicity_add(request: ViewerRequest) -> HttpResponse:
    return _form(request, None)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def publicity_edit(request: ViewerRequest, line_uid: UUID) -> HttpResponse:
    return _form(request, _line(request, line_uid))


@staff_page(may_own_councils)
@require_POST
def publicity_remove(request: ViewerRequest, line_uid: UUID) -> HttpResponse:
    """A line that was a mistake."""
    remove_publicity(viewer=request.viewer, line=_line(request, line_uid))
    messages.success(request, "周知の記録を1件消しました。")
    return redirect("planning:publicity_list")


def _form(request: ViewerRequest, line: Publicity | None) -> HttpResponse:
    form = PublicityForm(
        request.POST if request.method == "POST" else None,
        initial=publicity_initial(line) if line else {"told_on": clock.today()},
    )
    return saved_or_form(
        request, form,
        lambda: write_publicity(viewer=request.viewer, fields=form.cleaned_data, line=line),
        title="周知を記録する", button="記録する", said="周知を記録しました。",
        crumbs=[*CRUMBS, (reverse("planning:publicity_list"), "周知の記録")],
    )  # fmt: skip


def _line(request: ViewerRequest, uid: UUID) -> Publicity:
    try:
        return publicity_line(request.viewer, uid)
    except Publicity.DoesNotExist:
        raise Http404 from None
