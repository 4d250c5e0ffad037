"""Addresses of the staff pages of the register, under /register/."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.registry.facilities.views import corrections, publication, requests

urlpatterns: list[URLPattern] = [
    path("publication/", publication.publication_list, name="publication_list"),
    path("publication/<str:field>/", publication.publication_edit, name="publication_edit"),
    path(
        "facilities/<int:facility_id>/publication/<str:field>/",
        publication.publication_exception_edit,
        name="publication_exception_edit",
    ),
    path("facilities/<int:facility_id>/edit/", corrections.facility_edit, name="facility_edit"),
    path("services/<int:service_id>/edit/", corrections.service_edit, name="service_edit"),
    path(
        "services/<int:service_id>/corrections/<str:field>/withdraw/",
        corrections.correction_withdraw,
        name="correction_withdraw",
    ),
    path("requests/", requests.request_list, name="request_list"),
    path("requests/<int:request_id>/", requests.request_answer, name="request_answer"),
]
