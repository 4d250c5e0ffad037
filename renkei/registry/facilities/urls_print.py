"""Addresses of printing and publishing, under /register/."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.registry.facilities.views import open_data, printing

urlpatterns: list[URLPattern] = [
    path("booklets/", printing.booklet_list, name="booklet_list"),
    path("booklets/new/", printing.booklet_new, name="booklet_new"),
    path("booklets/<uuid:uid>/", printing.booklet_detail, name="booklet_detail"),
    path("booklets/<uuid:uid>/progress/", printing.booklet_progress, name="booklet_progress"),
    path("booklets/<uuid:uid>/file/", printing.booklet_file, name="booklet_file"),
    path("booklets/<uuid:uid>/release/", printing.booklet_release, name="booklet_release"),
    path("booklets/<uuid:uid>/withdraw/", printing.booklet_withdraw, name="booklet_withdraw"),
    path("open-data/", open_data.open_data_list, name="open_data_list"),
    path(
        "open-data/<int:area_id>/<slug:dataset>/",
        open_data.open_data_draft,
        name="open_data_draft",
    ),
    path(
        "open-data/<int:area_id>/<slug:dataset>/publish/",
        open_data.open_data_publish,
        name="open_data_publish",
    ),
]
