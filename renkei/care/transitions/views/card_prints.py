"""Printing cards: those of one's office, and the one a person keeps with the insurance card."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renkei.care.patients.access import care_page, person_page
from renkei.care.patients.models import Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.reading import record_read
from renkei.care.transitions.card_prints import manager_cards_pdf, person_cards_pdf
from renkei.care.transitions.forms_cards import ManagerCardsForm, PersonCardForm
from renkei.care.transitions.label_sheets import LABEL_SHEETS
from renkei.care.transitions.queries.card_prints import (
    colleagues_with_cards,
    manager_cards,
    person_card,
)
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import PDF


@never_cache
@care_page()
@require_http_methods(["GET", "POST"])
def manager_card_print(request: ViewerRequest) -> HttpResponse:
    """ケアマネの名刺 of people of one's own office."""
    members = list(colleagues_with_cards(request.viewer))
    form = ManagerCardsForm(
        request.POST if request.method == "POST" else None,
        members=members,
        own=request.viewer.membership_id,
    )
    if form.is_valid():
        cards = manager_cards(form.chosen_members())
        printed = [card for card in cards for _ in range(form.cleaned_data["copies"])]
        content = manager_cards_pdf(printed, form.chosen_sheet(), start=form.cleaned_data["start"])
        return _file(content, "cards.pdf")
    context: dict[str, Any] = {
        "form": form,
        "cards": manager_cards(members[:1]),
        "sheets": LABEL_SHEETS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/cards/managers.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@person_page("医療・介護連携カード")
def person_card_print(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """医療・介護連携カード of one person."""
    form = PersonCardForm(request.POST if request.method == "POST" else None)
    card = person_card(patient)
    if form.is_valid():
        with transaction.atomic():
            content = person_cards_pdf(
                card,
                form.chosen_sheet(),
                copies=form.cleaned_data["copies"],
                start=form.cleaned_data["start"],
            )
            # person_page writes down what is looked at; this is carried away.
            record_read(viewer=request.viewer, patient=patient, what="医療・介護連携カード（印刷）")
        return _file(content, "card.pdf")
    context: dict[str, Any] = {
        "head": person_head(request.viewer, patient, current="transitions"),
        "form": form,
        "card": card,
        "sheets": LABEL_SHEETS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/cards/person.html", context, status=status)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=PDF)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
