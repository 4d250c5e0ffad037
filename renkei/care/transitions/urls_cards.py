"""Addresses of cards to print."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import card_prints

urlpatterns: list[URLPattern] = [
    path("cards/", card_prints.manager_card_print, name="manager_card_print"),
    path(
        "patients/<uuid:patient_uid>/card/", card_prints.person_card_print, name="person_card_print"
    ),
]
