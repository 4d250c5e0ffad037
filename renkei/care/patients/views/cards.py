"""Emergency cards of one person: issue, print once, revoke."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.documents.emergency import PrintedCode, card_pdf, kit_pdf
from renkei.care.patients.models import EmergencyCard, Patient
from renkei.care.patients.queries_cards import cards_of, care_office_of
from renkei.care.patients.queries_emergency import emergency_screen
from renkei.care.patients.queries_wishes import shown_paper
from renkei.care.patients.reading import record_read
from renkei.care.patients.rules_emergency import may_keep_emergency_profiles
from renkei.care.patients.services.cards import issue_card, revoke_card
from renkei.care.patients.views._shared import kept_patient, pdf_response, person_frame
from renkei.foundation.accounts.access import fresh_proof
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock

# Code and PIN are known only when they are made; the session carries them to the printer for a
# quarter of an hour, and nowhere else.
CARD_SESSION_KEY = "renkei_emergency_card"
PRINTABLE_SECONDS = 15 * 60


@never_cache
@require_safe
@care_page(may_keep_emergency_profiles)
@transaction.atomic
def card_list(request: ViewerRequest, uid: UUID) -> HttpResponse:
    patient = kept_patient(request.viewer, uid)
    cards = list(cards_of(request.viewer, patient))
    context = {
        "patient": patient,
        "cards": cards,
        "paper": shown_paper(request.viewer, patient),
        "office": care_office_of(patient),
        "written_at": getattr(getattr(patient, "emergency_profile", None), "updated_at", None),
        **person_frame(request.viewer, patient, "cards"),
    }
    response = render(request, "patients/card_list.html", context)
    record_read(viewer=request.viewer, patient=patient, what="cards")
    return response


@require_POST
@care_page(may_keep_emergency_profiles)
@fresh_proof
def card_issue(request: ViewerRequest, uid: UUID) -> HttpResponse:
    patient = kept_patient(request.viewer, uid)
    try:
        issued = issue_card(viewer=request.viewer, patient=patient)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
        return redirect("patients:card_list", patient.uid)
    request.session[CARD_SESSION_KEY] = {
        "card": str(issued.card.uid),
        "code": issued.code,
        "pin": issued.pin,
        "at": clock.now().timestamp(),
    }
    return redirect("patients:card_print", patient.uid, issued.card.uid)


@never_cache
@require_safe
@care_page(may_keep_emergency_profiles)
@transaction.atomic
def card_print(request: ViewerRequest, uid: UUID, card_uid: UUID) -> HttpResponse:
    patient = kept_patient(request.viewer, uid)
    card = get_object_or_404(cards_of(request.viewer, patient), uid=card_uid)
    context = {
        "patient": patient,
        "card": card,
        "printed": _printed(request, card),
        **person_frame(request.viewer, patient, "cards"),
    }
    response = render(request, "patients/card_print.html", context)
    record_read(viewer=request.viewer, patient=patient, what="cards")
    return response


@never_cache
@require_safe
@care_page(may_keep_emergency_profiles)
@transaction.atomic
def card_file(request: ViewerRequest, uid: UUID, card_uid: UUID) -> HttpResponse:
    """医療・介護連携カード on A6 with the slip of the PIN."""
    patient = kept_patient(request.viewer, uid)
    printed = _printed_or_404(request, patient, card_uid)
    screen = emergency_screen(request.viewer, patient.uid)
    content = card_pdf(screen, office=care_office_of(patient), printed=printed)
    record_read(viewer=request.viewer, patient=patient, what="emergency_card")
    return pdf_response(content, "card")


@never_cache
@require_safe
@care_page(may_keep_emergency_profiles)
@transaction.atomic
def card_kit(request: ViewerRequest, uid: UUID, card_uid: UUID) -> HttpResponse:
    """救急医療情報シート with the QR code of this card."""
    patient = kept_patient(request.viewer, uid)
    printed = _printed_or_404(request, patient, card_uid)
    screen = emergency_screen(request.viewer, patient.uid)
    content = kit_pdf(screen, paper=shown_paper(request.viewer, patient), printed=printed)
    record_read(viewer=request.viewer, patient=patient, what="emergency_sheet")
    return pdf_response(content, "emergency-sheet")


@require_POST
@care_page(may_keep_emergency_profiles)
def card_revoke(request: ViewerRequest, uid: UUID, card_uid: UUID) -> HttpResponse:
    patient = kept_patient(request.viewer, uid)
    card = get_object_or_404(cards_of(request.viewer, patient), uid=card_uid)
    revoke_card(viewer=request.viewer, card=card)
    messages.success(request, "カードを取り消しました。このカードではもう開けません。")
    return redirect("patients:card_list", patient.uid)


def _printed_or_404(request: ViewerRequest, patient: Patient, card_uid: UUID) -> PrintedCode:
    card = get_object_or_404(cards_of(request.viewer, patient), uid=card_uid)
    printed = _printed(request, card)
    if printed is None:
        raise Http404
    return printed


def _printed(request: ViewerRequest, card: EmergencyCard) -> PrintedCode | None:
    """Code and PIN of a card this session has just made; None once that is over."""
    kept = request.session.get(CARD_SESSION_KEY) or {}
    if clock.now().timestamp() - kept.get("at", 0) > PRINTABLE_SECONDS:
        request.session.pop(CARD_SESSION_KEY, None)
        return None
    if kept.get("card") != str(card.uid) or card.revoked_at is not None:
        return None
    address = request.build_absolute_uri(reverse("emergency:card", args=[kept["code"]]))
    return PrintedCode(kept["code"], kept["pin"], address, card.issued_at.astimezone(clock.TOKYO))
