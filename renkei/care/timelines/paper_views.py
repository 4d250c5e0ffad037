"""「FAXで送る」 for an entry and for a sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from renkei.care.patients.access import person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.timelines.models import Entry
from renkei.care.timelines.observation_views import staff_door
from renkei.care.timelines.paper_services import Letter, fax_answer, fax_entry
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.entries import entry_of
from renkei.care.timelines.sheet_queries import answer_through
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import PDF
from renkei.foundation.common.phones import require_phone
from renkei.foundation.sheets.models import Answer


class FaxForm(ServiceForm):
    """Where a FAX goes. The cover never names the person."""

    organisation = LineField(label="送り先の名称", max_length=100)
    recipient = LineField(label="送り先の人・部署", max_length=100, required=False)
    fax = LineField(label="送り先のFAX番号", max_length=40)
    own_fax = LineField(label="自分の事業所のFAX番号", max_length=40, required=False)
    notes = forms.CharField(
        label="送付状に書くこと",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="療養者の氏名は書かないでください。氏名は2枚目から出ます。",
    )
    wants_reply = forms.BooleanField(
        label="返信を待つ（QRコードを付ける）", required=False, initial=True
    )

    def clean_fax(self) -> str:
        """A number that can be dialled: a wrong digit sends a person's story to a stranger."""
        return require_phone(self.cleaned_data["fax"])

    def letter(self) -> Letter:
        """The valid values."""
        return Letter(**self.cleaned_data)


@require_http_methods(["GET", "POST"])
@person_page("書き込み（FAX）", content=ContentClass.TIMELINE)
def entry_fax(request: ViewerRequest, patient: Patient, entry_uid: UUID) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    try:
        entry = entry_of(door, entry_uid)
    except Entry.DoesNotExist:
        raise Http404 from None
    if entry.hidden_at is not None:
        raise Http404

    def make(letter: Letter) -> bytes:
        return fax_entry(viewer=request.viewer, door=door, entry=entry, letter=letter)

    back = reverse("timelines:entry_detail", args=[door.room.uid, entry.uid])
    return _fax_page(request, door, make, title=f"{entry.get_kind_display()}の書き込み", back=back)


@require_http_methods(["GET", "POST"])
@person_page("様式（FAX）", content=ContentClass.TIMELINE)
def answer_fax(request: ViewerRequest, patient: Patient, answer_uid: UUID) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    try:
        answer = answer_through(request.viewer, door, answer_uid)
    except Answer.DoesNotExist:
        raise Http404 from None

    def make(letter: Letter) -> bytes:
        return fax_answer(viewer=request.viewer, door=door, answer=answer, letter=letter)

    back = reverse("timelines:answer_detail", args=[patient.uid, answer.uid])
    return _fax_page(request, door, make, title=answer.version.form.name, back=back)


def _fax_page(
    request: ViewerRequest, door: Door, make: Callable[[Letter], bytes], *, title: str, back: str
) -> HttpResponse:
    if not door.may_write or door.patient is None:
        raise Http404
    form = FaxForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with transaction.atomic():
                content = make(form.letter())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            response = HttpResponse(content, content_type=PDF)
            response["Content-Disposition"] = 'attachment; filename="fax.pdf"'
            response["Cache-Control"] = "private, no-store"
            return response
    context: dict[str, Any] = {
        "head": person_head(request.viewer, door.patient),
        "form": form,
        "title": title,
        "back": back,
    }
    status = 422 if form.is_bound else 200
    return render(request, "timelines/fax.html", context, status=status)
