"""What the views around emergencies, logs and the end of care share."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries_emergency import patients_kept_by
from renkei.care.patients.visibility import TEAM_ROLES, patients_visible_to
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.media_types import PDF, XLSX
from renkei.foundation.common.spreadsheets.write import CellValue, Column, Note, write_xlsx


def kept_patient(
    viewer: Viewer, uid: UUID, content: ContentClass = ContentClass.EMERGENCY
) -> Patient:
    """One person whose ``content`` this viewer writes; anything else is not found."""
    found = (
        patients_kept_by(viewer, content)
        .select_related("host", "municipality", "emergency_profile")
        .filter(uid=uid)
        .first()
    )
    if found is None:
        raise Http404
    return found


def person_frame(viewer: Viewer, patient: Patient, current: str) -> dict[str, Any]:
    """The head and tabs of the person for the team; a plain page for whoever sees no basics."""
    if viewer.role in TEAM_ROLES and patients_visible_to(viewer).filter(pk=patient.pk).exists():
        head = person_head(viewer, patient, current=current)
        return {"frame": "patients/base_person.html", "head": head}
    return {"frame": "base_staff.html"}


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF that no cache keeps; ``name`` is ASCII and says nothing about a person."""
    return _download(content, PDF, f"{name}.pdf", "inline")


def xlsx_response(
    *,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[CellValue]],
    notes: Sequence[Note] = (),
) -> HttpResponse:
    """One table as a workbook that no cache keeps."""
    stream = io.BytesIO()
    write_xlsx(stream, title=title, columns=columns, rows=rows, notes=notes)
    return _download(stream.getvalue(), XLSX, f"{name}.xlsx", "attachment")


def _download(content: bytes, media_type: str, name: str, how: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'{how}; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
