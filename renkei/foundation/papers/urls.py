"""Addresses of 紙とファイル."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.foundation.papers import views

app_name = "papers"
urlpatterns: list[URLPattern] = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:uid>/", views.scan_detail, name="scan_detail"),
    path("inbox/<uuid:uid>/progress/", views.scan_progress, name="scan_progress"),
    path("inbox/pages/<uuid:uid>/", views.page_detail, name="page_detail"),
    path("inbox/pages/<uuid:uid>/picture/", views.page_picture, name="page_picture"),
    path("inbox/pages/<uuid:uid>/discard/", views.page_discard, name="page_discard"),
    path("inbox/pages/<uuid:uid>/restore/", views.page_restore, name="page_restore"),
    path("sent/", views.sent_list, name="sent_list"),
    path("sent/<uuid:uid>/confirm/", views.fax_confirm, name="fax_confirm"),
]
