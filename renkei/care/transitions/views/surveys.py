"""調査票: the yearly survey's tallies from the stays, on screen, as a workbook and on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.care.transitions.exports_surveys import survey_document, survey_workbook
from renkei.care.transitions.presenters_surveys import (
    SurveyPage,
    month_asked,
    months_offered,
    survey_page,
)
from renkei.care.transitions.queries.surveys import surveys_for
from renkei.care.transitions.rules_numbers import may_see_numbers
from renkei.care.transitions.services.numbers import note_export
from renkei.care.transitions.views.numbers import attachment
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import PDF, XLSX


@staff_page(may_see_numbers)
@require_safe
def survey(request: ViewerRequest) -> HttpResponse:
    context = {
        "pages": _pages(request),
        "months": months_offered(),
        "month": f"{month_asked(request.GET.get('month', '')).first:%Y-%m}",
    }
    return render(request, "transitions/numbers/survey.html", context)


@staff_page(may_see_numbers)
@require_safe
def survey_xlsx(request: ViewerRequest) -> HttpResponse:
    content = survey_workbook(_pages(request))
    note_export(viewer=request.viewer, what="survey")
    return attachment(content, XLSX, "transitions-survey.xlsx")


@staff_page(may_see_numbers)
@require_safe
def survey_pdf(request: ViewerRequest) -> HttpResponse:
    content = survey_document(_pages(request), town=request.viewer.organisation_name)
    note_export(viewer=request.viewer, what="survey")
    return attachment(content, PDF, "transitions-survey.pdf")


def _pages(request: ViewerRequest) -> list[SurveyPage]:
    month = month_asked(request.GET.get("month", ""))
    return [survey_page(one) for one in surveys_for(request.viewer, month)]
