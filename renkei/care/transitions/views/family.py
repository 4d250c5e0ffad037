"""The person and family read whom to call, and say that they know."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from renkei.care.patients.access import person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.timelines.rules import is_person_or_family
from renkei.care.transitions.models import Channel
from renkei.care.transitions.pair_states import Audience
from renkei.care.transitions.presenters_tonight import board_row
from renkei.care.transitions.queries.duties import Watched, night_ends, window_of
from renkei.care.transitions.queries.family import family_contacts
from renkei.care.transitions.services.doctors import confirm_notice
from renkei.care.transitions.services.emergencies import confirm_agreement_notice
from renkei.care.transitions.services.told import Answer
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock

PAGE = "電話する先"
HERE = Answer(Channel.SYSTEM)


@never_cache
@person_page(PAGE, content=ContentClass.TIMELINE, rule=is_person_or_family)
@require_safe
def family_contacts_page(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Whom to call now and tonight, the two doctors, the hospital."""
    now = clock.now()
    night = window_of(patient, since=now, until=night_ends(now))
    context = {
        "patient": patient,
        "row": board_row(Watched(patient, night.spans, in_hospital=False), now),
        "found": family_contacts(request.viewer, patient),
    }
    return render(request, "transitions/family_contacts.html", context)


@person_page(PAGE, content=ContentClass.TIMELINE, rule=is_person_or_family)
@require_POST
def family_contacts_confirm(request: ViewerRequest, patient: Patient, what: str) -> HttpResponse:
    """The person or family knows the doctors, or the hospital."""
    viewer, found = request.viewer, family_contacts(request.viewer, patient)
    told: dict[str, Any] = {"viewer": viewer, "audience": Audience.FAMILY, "answer": HERE}
    try:
        if what == "doctors" and found.pair is not None:
            confirm_notice(pair=found.pair.pair, **told)
        elif what == "hospital" and found.agreement is not None:
            confirm_agreement_notice(agreement=found.agreement.agreement, **told)
        else:
            raise Http404
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "確かめたことをチームに伝えました。")
    return redirect("transitions:family_contacts", patient.uid)
