"""An edition in every form it leaves in: tried on the page, paper, workbook, JSON."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import PDF, XLSX
from renkei.foundation.sheets import workbooks
from renkei.foundation.sheets.documents import empty_pdf
from renkei.foundation.sheets.models import FormVersion
from renkei.foundation.sheets.pages import Filling, fill
from renkei.foundation.sheets.rules import may_edit_forms
from renkei.foundation.sheets.views.forms import visible_version


def _file(version: FormVersion, content: bytes, *, media_type: str, ending: str) -> HttpResponse:
    name = f"{version.form.code}-{version.number}.{ending}"
    kind = "inline" if ending == "pdf" else "attachment"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'{kind}; filename="{name}"'},
    )


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(may_edit_forms)
def version_try(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """The page people will fill in; nothing is kept."""
    version = visible_version(request, version_uid)
    back = reverse("sheets:version_detail", args=[version.uid])
    filling = Filling(
        version=version,
        subject_uid=version.uid,
        viewer=request.viewer,
        action_url=request.path,
        done_url=lambda _: back,
        cancel_url=back,
        context={"breadcrumb_trail": [("様式", reverse("sheets:form_list")), (str(version), back)]},
        is_trial=True,
    )
    return fill(request, filling)


@require_safe
@staff_page(may_edit_forms)
def version_pdf(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = visible_version(request, version_uid)
    return _file(version, empty_pdf(version), media_type=PDF, ending="pdf")


@require_safe
@staff_page(may_edit_forms)
def version_workbook(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = visible_version(request, version_uid)
    return _file(version, workbooks.write(version), media_type=XLSX, ending="xlsx")


@require_safe
@staff_page(may_edit_forms)
def version_json(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    version = visible_version(request, version_uid)
    name = f"{version.form.code}-{version.number}.json"
    return JsonResponse(
        version.questionnaire,
        content_type="application/fhir+json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
