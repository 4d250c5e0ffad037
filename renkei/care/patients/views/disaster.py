"""発災の切り替え, the list of those who need help first, and who looked (T-D10)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.documents.read_log import list_pdf
from renkei.care.patients.forms.governance import DisasterForm, DisasterReviewForm
from renkei.care.patients.models import ContentClass, DisasterMode
from renkei.care.patients.queries_disaster import (
    DisasterRow,
    areas_declared_by,
    disaster_list,
    disasters_of,
    is_on,
    lookers,
    present_disasters,
)
from renkei.care.patients.rules_emergency import (
    may_see_disaster_lists,
    may_switch_disaster_mode,
    may_watch_access,
)
from renkei.care.patients.services import disaster as services
from renkei.care.patients.views._shared import pdf_response, xlsx_response
from renkei.foundation.accounts.access import fresh_proof, staff_page
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock, eras
from renkei.foundation.common.spreadsheets.write import CellValue, Column, Kind

TITLE: Final = "災害時の一覧"
COLUMNS: Final = (
    Column("必要なもの"),
    Column("氏名"),
    Column("フリガナ"),
    Column("住所"),
    Column("電話番号", Kind.PHONE),
    Column("連絡先"),
    Column("連絡先の電話番号", Kind.PHONE),
    Column("連携ホスト"),
    Column("連携ホストの電話番号", Kind.PHONE),
)
WIDTHS: Final = ("3", "3", "3", "4", "auto", "3", "auto", "3", "auto")


@never_cache
@require_safe
@staff_page(may_switch_disaster_mode)
def disaster_modes(request: ViewerRequest) -> HttpResponse:
    modes = [_state(mode) for mode in disasters_of(request.viewer)]
    return render(request, "patients/disaster_modes.html", {"modes": modes})


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(may_switch_disaster_mode)
@fresh_proof
def disaster_ask(request: ViewerRequest) -> HttpResponse:
    form = DisasterForm(
        request.POST if request.method == "POST" else None,
        areas=areas_declared_by(request.viewer),
    )
    if form.is_valid():
        try:
            mode = services.ask_for_disaster(viewer=request.viewer, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "申し出ました。別の人が承認すると始まります。")
            return redirect("patients:disaster_detail", mode.uid)
    status = 422 if form.is_bound else 200
    return render(request, "patients/disaster_ask.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(may_switch_disaster_mode)
def disaster_detail(request: ViewerRequest, mode_uid: UUID) -> HttpResponse:
    """One switch: approve, end, and afterwards who looked. No person is named here."""
    mode = get_object_or_404(disasters_of(request.viewer), uid=mode_uid)
    officer = may_watch_access(request.viewer)
    form = DisasterReviewForm(request.POST if request.method == "POST" and officer else None)
    if form.is_valid():
        try:
            services.review_disaster(
                viewer=request.viewer, mode=mode, note=form.cleaned_data["note"]
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "見た人の確認を記録しました。")
            return redirect("patients:disaster_detail", mode.uid)
    context = {
        **_state(mode),
        "form": form,
        "officer": officer,
        "own": mode.requested_by.user_id == request.viewer.user_id,
        "role_labels": [Role(role).label for role in mode.roles],
        "content_labels": [ContentClass(one).label for one in mode.content_classes],
        "lookers": lookers(mode),
    }
    status = 422 if form.is_bound else 200
    return render(request, "patients/disaster_detail.html", context, status=status)


@require_POST
@staff_page(may_switch_disaster_mode)
@fresh_proof
def disaster_approve(request: ViewerRequest, mode_uid: UUID) -> HttpResponse:
    mode = get_object_or_404(disasters_of(request.viewer), uid=mode_uid)
    try:
        services.approve_disaster(viewer=request.viewer, mode=mode)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "切り替えが始まりました。時間が来ると自動で終わります。")
    return redirect("patients:disaster_detail", mode.uid)


@require_POST
@staff_page(may_switch_disaster_mode)
def disaster_end(request: ViewerRequest, mode_uid: UUID) -> HttpResponse:
    mode = get_object_or_404(disasters_of(request.viewer), uid=mode_uid)
    try:
        services.end_disaster(viewer=request.viewer, mode=mode)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "切り替えを終えました。")
    return redirect("patients:disaster_detail", mode.uid)


@never_cache
@require_safe
@staff_page(may_see_disaster_lists)
@transaction.atomic
def disaster_list_page(request: ViewerRequest) -> HttpResponse:
    rows = disaster_list(request.viewer)
    context = {"rows": rows, "present": present_disasters()}
    response = render(request, "patients/disaster_list.html", context)
    services.record_list_reads(viewer=request.viewer, rows=rows)
    return response


@never_cache
@require_safe
@staff_page(may_see_disaster_lists)
@transaction.atomic
def disaster_list_xlsx(request: ViewerRequest) -> HttpResponse:
    rows = disaster_list(request.viewer)
    response = xlsx_response(
        name="disaster-list",
        title=TITLE,
        columns=COLUMNS,
        rows=[_cells(row) for row in rows],
        notes=[("作成日", eras.format_long(clock.today())), ("人数", f"{len(rows)}人")],
    )
    services.record_list_reads(viewer=request.viewer, rows=rows)
    return response


@never_cache
@require_safe
@staff_page(may_see_disaster_lists)
@transaction.atomic
def disaster_list_pdf(request: ViewerRequest) -> HttpResponse:
    rows = disaster_list(request.viewer)
    content = list_pdf(
        title=TITLE,
        town=request.viewer.organisation_name,
        lead=f"{len(rows)}人　必要なものの順。使い終わったら、この紙は細かく裁断してください。",
        columns=[column.name for column in COLUMNS],
        widths=WIDTHS,
        rows=[_cells(row) for row in rows],
    )
    services.record_list_reads(viewer=request.viewer, rows=rows)
    return pdf_response(content, "disaster-list")


def _cells(row: DisasterRow) -> list[CellValue]:
    patient = row.patient
    return [
        "、".join(row.needs),
        patient.name,
        patient.kana,
        " ".join(filter(None, (patient.address, patient.building))),
        patient.phone,
        row.contact,
        row.contact_phone,
        patient.host.name,
        patient.host.phone,
    ]


def _state(mode: DisasterMode) -> dict[str, object]:
    if mode.ended_at is not None or mode.ends_at <= clock.now():
        kind, word = "plain", "終わりました"
    elif is_on(mode):
        kind, word = "over", "始まっています"
    else:
        kind, word = "soon", "承認待ち"
    return {"mode": mode, "kind": kind, "word": word, "on": is_on(mode), "waiting": kind == "soon"}
