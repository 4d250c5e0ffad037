"""What readers report, and what was done about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries import names_of
from renkei.foundation.accounts.rules import may_edit_register
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.registry.facilities.forms_requests import AnswerForm
from renkei.registry.facilities.queries_requests import closed_requests, open_requests
from renkei.registry.facilities.services.requests import close_request

PAGE_SIZE = 20


@staff_page(may_edit_register)
@require_safe
def request_list(request: ViewerRequest) -> HttpResponse:
    closed = request.GET.get("state") == "closed"
    rows = closed_requests() if closed else open_requests()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "closed": closed,
        "open_count": open_requests().count(),
        "people": names_of({row.closed_by_id for row in page if row.closed_by_id}),
    }
    return render(request, "facilities/request_list.html", context)


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
def request_answer(request: ViewerRequest, request_id: int) -> HttpResponse:
    row = get_object_or_404(open_requests(), pk=request_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            close_request(actor=request.viewer.actor, request_id=row.pk, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "依頼を「対応済み」にしました。")
            return redirect("facilities:request_list")
    status = 422 if form.is_bound else 200
    return render(
        request, "facilities/request_answer.html", {"form": form, "row": row}, status=status
    )
