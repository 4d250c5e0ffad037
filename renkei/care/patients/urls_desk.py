"""``/emergency-desk/`` and ``/e/<code>/``: short addresses for a desk and for a QR code."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.patients.views import desk

app_name = "emergency"
urlpatterns: list[URLPattern] = [
    path("emergency-desk/", desk.desk, name="desk"),
    path("e/<str:code>/", desk.card, name="card"),
]
