"""Addresses of 協力医療機関."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import homes

HOME = "homes/<int:service_id>/"
COOPERATION = "homes/cooperations/<uuid:cooperation_uid>/"
NOTICE = "homes/notices/<uuid:notice_uid>/"

urlpatterns: list[URLPattern] = [
    path("homes/", homes.home_list, name="home_list"),
    path("homes/table/", homes.home_table, name="home_table"),
    path(HOME, homes.home_detail, name="home_detail"),
    path(f"{HOME}cooperations/add/", homes.cooperation_add, name="cooperation_add"),
    path(
        f"{HOME}contacts/<uuid:contact_uid>/take-back/",
        homes.contact_take_back,
        name="cooperation_contact_take_back",
    ),
    path(f"{HOME}notices/make/", homes.notice_make, name="cooperation_notice_make"),
    path(f"{COOPERATION}edit/", homes.cooperation_edit, name="cooperation_edit"),
    path(f"{COOPERATION}end/", homes.cooperation_end, name="cooperation_end"),
    path(f"{COOPERATION}contacts/add/", homes.cooperation_contact, name="cooperation_contact"),
    path(NOTICE, homes.notice_file, name="cooperation_notice"),
    path(f"{NOTICE}submitted/", homes.notice_submit, name="cooperation_notice_submit"),
]
