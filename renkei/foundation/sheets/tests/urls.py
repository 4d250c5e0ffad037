"""The site with a page that fills in a form about some subject, as the rooms of care have one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from renkei import urls as site
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.sheets.pages import Filling, Prefilled, answer_context, fill
from renkei.foundation.sheets.queries import answers_of, version_in_force

PREFILL = {
    "patient.name": Prefilled("架空 花子", "基本情報"),
    "patient.birth_date": Prefilled("昭和15年3月3日", "基本情報"),
    "patient.sex": Prefilled("女", "基本情報"),
    "today": Prefilled("2026-11-22", "今日の日付"),
    "patient.phone": Prefilled("", "基本情報"),
    "author.phone": Prefilled("きのう", "自分の登録"),
}


def signed_in(viewer: Viewer) -> bool:
    return viewer.user_id is not None


@staff_page(signed_in)
def sheet(request: ViewerRequest, subject: UUID, code: str) -> HttpResponse:
    here = reverse("test_sheet", args=[subject, code])
    return fill(
        request,
        Filling(
            version=version_in_force(code),
            subject_uid=subject,
            viewer=request.viewer,
            action_url=here,
            done_url=lambda answer: reverse("test_answer", args=[subject, answer.uid]),
            cancel_url="/accounts/",
            prefill=PREFILL,
            context={"about": "架空 花子さん", "breadcrumb_trail": [("今日", "/accounts/")]},
        ),
    )


@staff_page(signed_in)
def answer(request: ViewerRequest, subject: UUID, uid: UUID) -> HttpResponse:
    found = get_object_or_404(answers_of(subject), uid=uid)
    here = reverse("test_answer", args=[subject, uid])
    context = {
        **answer_context(found),
        "only_changes": "changes" in request.GET,
        "whole_url": here,
        "changes_url": f"{here}?changes",
    }
    return render(request, "sheets/answer.html", context)


urlpatterns = [
    path("test-sheets/<uuid:subject>/<slug:code>/", sheet, name="test_sheet"),
    path("test-answers/<uuid:subject>/<uuid:uid>/", answer, name="test_answer"),
    *site.urlpatterns,
]
