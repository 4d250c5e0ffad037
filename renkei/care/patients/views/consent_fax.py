"""「同意書をFAXで送る」: the form to sign, or the proof that exists, behind a cover."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from renkei.care.patients.access import host_only, person_page
from renkei.care.patients.fax_covers import known_recipients
from renkei.care.patients.forms.consent_fax import ConsentFaxForm
from renkei.care.patients.models import Patient, Relative
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries import present_consent, relatives_of
from renkei.care.patients.queries_consent import scanned_papers
from renkei.care.patients.services.consent_fax import fax_consent
from renkei.care.patients.views.details import found_places
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import PDF


@require_http_methods(["GET", "POST"])
@person_page("同意書（FAX）")
def consent_fax(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """The person's papers, or with ``?relative=`` a relative's."""
    host_only(request, patient)
    relative = _relative(request, patient)
    places = found_places(request)
    form = ConsentFaxForm(
        request.POST if request.method == "POST" else None,
        known=known_recipients(request.viewer, patient),
        scans=scanned_papers(patient, relative),
        has_record=present_consent(patient, relative) is not None,
        initial=_typed(places["chosen"]),
    )
    if form.is_valid():
        try:
            with transaction.atomic():
                content = fax_consent(
                    viewer=request.viewer,
                    patient=patient,
                    papers=form.chosen(relative),
                    letter=form.letter(),
                )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return HttpResponse(
                content,
                content_type=PDF,
                headers={
                    "Content-Disposition": 'attachment; filename="fax.pdf"',
                    "Cache-Control": "private, no-store",
                },
            )
    context = {
        "head": person_head(request.viewer, patient, current="consent"),
        "form": form,
        "relative": relative,
        **places,
    }
    status = 422 if form.is_bound else 200
    return render(request, "patients/consent_fax.html", context, status=status)


def _relative(request: ViewerRequest, patient: Patient) -> Relative | None:
    text = request.GET.get("relative", "")
    if not text:
        return None
    # The same list as on the page of consent: nobody who was taken out of it.
    found = next((one for one in relatives_of(patient) if str(one.uid) == text), None)
    if found is None:
        raise Http404
    return found


def _typed(chosen: Any) -> dict[str, Any]:
    return {"organisation": chosen.name, "fax": chosen.first("fax")} if chosen else {}
