"""利用状況 for the council and the municipality, and how long the platform waits for people."""

from __future__ import annotations

import io
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from renkei.care.timelines.forms import TimesForm
from renkei.care.timelines.queries.times import times_row
from renkei.care.timelines.queries.usage import Month, shown_part, shown_persons, usage_in
from renkei.care.timelines.rules import may_see_usage, may_set_times
from renkei.care.timelines.services.printing import note_usage_export
from renkei.care.timelines.services.times import set_times
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import XLSX
from renkei.foundation.common.spreadsheets.write import Column, write_xlsx

MONTHS = 12
HEADINGS = ("月", "登録している人", "書き込みのあった人", "事業所", "参加している人", "書き込み")


def _months() -> list[date]:
    first = clock.today().replace(day=1)
    months = [first]
    for _ in range(MONTHS - 1):
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
        months.append(first)
    return months


def _row(month: Month) -> list[str]:
    # Persons are suppressed; offices, staff and entries are not (design §3b).
    return [
        f"{month.first.year}年{month.first.month}月",
        shown_persons(month.registered),
        shown_part(month.active, month.registered),
        f"{month.offices:,}",
        f"{month.members:,}",
        f"{month.posts:,}",
    ]


@staff_page(may_see_usage)
@require_safe
def usage(request: ViewerRequest) -> HttpResponse:
    months = usage_in(request.viewer, _months())
    context = {
        "headings": HEADINGS,
        "rows": [_row(month) for month in months],
        "now": months[0],
        "now_registered": shown_persons(months[0].registered),
        "may_set_times": may_set_times(request.viewer),
    }
    return render(request, "timelines/usage.html", context)


@staff_page(may_see_usage)
@require_safe
def usage_xlsx(request: ViewerRequest) -> HttpResponse:
    stream = io.BytesIO()
    write_xlsx(
        stream,
        title="利用状況",
        columns=[Column(heading) for heading in HEADINGS],
        rows=[_row(month) for month in usage_in(request.viewer, _months())],
        notes=[
            (
                "人の数",
                "1人から4人は「5人未満」と書きます。0人はそのまま書きます。引き算で分かるときは「非公開」です。",
            )
        ],
    )
    note_usage_export(viewer=request.viewer)
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="usage.xlsx"'
    return response


@staff_page(may_set_times)
@require_http_methods(["GET", "POST"])
def times(request: ViewerRequest) -> HttpResponse:
    """How long to wait before the next person is asked."""
    # None: what the installation as a whole goes by.
    area = own_area_of(request.viewer)
    row = times_row(area)
    form = TimesForm(
        request.POST if request.method == "POST" else None,
        initial={
            "mail_after": row.urgent_mail_after,
            "call_after": row.urgent_call_after,
            "answer_hours": row.answer_within_hours,
        },
    )
    if form.is_valid():
        try:
            set_times(viewer=request.viewer, area=area, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "返事を待つ時間を変えました。")
            return redirect("timelines:times")
    status = 422 if form.is_bound else 200
    return render(request, "timelines/times.html", {"form": form, "area": area}, status=status)
