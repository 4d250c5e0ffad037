"""Numbers worth a second look."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.programme.indicators.presenters_lists import finding_lines
from renkei.programme.indicators.queries.quality import checked_values, value_for
from renkei.programme.indicators.rules import may_bring_in_values, may_read_indicators
from renkei.programme.indicators.services.quality import confirm_value, keep_tables

# More nobody works through at once; the next follow as these are settled.
SHOWN = 100


@staff_page(may_read_indicators)
@require_safe
def quality(request: ViewerRequest) -> HttpResponse:
    checked = checked_values(request.viewer)
    keep_tables(checked.fresh)
    context = {
        "count": checked.count,
        "found": len(checked.open),
        "lines": finding_lines(checked.open[:SHOWN]),
        "reviewed": [
            (line, review)
            for line, (_one, review) in zip(
                finding_lines([one for one, _ in checked.reviewed]), checked.reviewed, strict=True
            )
        ],
        "may_confirm": may_bring_in_values(request.viewer),
    }
    return render(request, "indicators/quality.html", context)


@staff_page(may_bring_in_values)
@require_POST
def value_confirm(request: ViewerRequest, pk: int) -> HttpResponse:
    value = value_for(request.viewer, pk)
    if value is None:
        raise Http404
    try:
        confirm_value(
            viewer=request.viewer,
            value=value,
            rule=request.POST.get("rule", ""),
            reason=request.POST.get("reason", ""),
        )
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "正しい数として記録しました。数が変わると、また点検に出ます。")
    return redirect("indicators:quality")
