"""For whom each field of the register is (T-A11)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries import names_of
from renkei.foundation.accounts.rules import may_edit_register
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.fields import FIELDS, is_attribute
from renkei.registry.facilities.forms_publication import AudienceForm
from renkei.registry.facilities.models import Facility
from renkei.registry.facilities.queries_local_lists import own_columns
from renkei.registry.facilities.queries_publication import (
    audiences_of_facility,
    field_audiences,
    field_releases,
    publication_history,
)
from renkei.registry.facilities.queries_staff import staff_facility
from renkei.registry.facilities.services.publication import set_field_audience


@staff_page(may_edit_register)
@require_safe
def publication_list(request: ViewerRequest) -> HttpResponse:
    releases = field_releases(own_columns())
    history = publication_history()[:50]
    people = names_of({policy.checked_by_id for policy in history})
    people |= names_of({item.last.checked_by_id for item in releases if item.last})
    context = {
        "releases": releases,
        "history": history,
        "people": people,
        "audiences": list(Audience),
    }
    return render(request, "facilities/publication_list.html", context)


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
def publication_edit(request: ViewerRequest, field: str) -> HttpResponse:
    return _edit(request, field, facility=None)


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
def publication_exception_edit(
    request: ViewerRequest, facility_id: int, field: str
) -> HttpResponse:
    return _edit(request, field, facility=staff_facility(facility_id))


def _edit(request: ViewerRequest, field: str, *, facility: Facility | None) -> HttpResponse:
    labels = {key: info.label for key, info in FIELDS.items()} | own_columns()
    if field not in labels and not is_attribute(field):
        raise Http404
    held = audiences_of_facility(facility.pk) if facility else field_audiences()
    form = AudienceForm(
        request.POST if request.method == "POST" else None, initial={"audience": held[field]}
    )
    if form.is_valid():
        try:
            set_field_audience(
                actor=request.viewer.actor,
                field=field,
                audience=Audience(form.cleaned_data["audience"]),
                facility=facility,
                checked=form.cleaned_data["checked"],
                note=form.cleaned_data["note"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "見せる相手を決めました。だれがいつ決めたかを残しました。")
            if facility:
                return redirect("facilities:facility_edit", facility.pk)
            return redirect("facilities:publication_list")
    history = [
        policy
        for policy in publication_history(field)
        if facility is None or policy.facility_id in {None, facility.pk}
    ]
    context = {
        "form": form,
        "label": labels.get(field, field),
        "facility": facility,
        "held": held[field],
        "history": history,
        "people": names_of({policy.checked_by_id for policy in history}),
    }
    status = 422 if form.is_bound else 200
    return render(request, "facilities/publication_edit.html", context, status=status)
