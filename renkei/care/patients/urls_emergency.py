"""Addresses of emergencies, wishes, cards, the read log, the end of care and what towns decide."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.patients.views import (
    break_glass,
    cards,
    disaster,
    disclosure,
    emergency,
    end_of_care,
    read_log,
    wishes,
)

urlpatterns: list[URLPattern] = [
    path("<uuid:uid>/emergency/", emergency.emergency_page, name="emergency_screen"),
    path("<uuid:uid>/emergency/edit/", emergency.emergency_edit, name="emergency_edit"),
    path("<uuid:uid>/emergency/sheet.pdf", emergency.emergency_sheet, name="emergency_sheet"),
    path("<uuid:uid>/wishes/", wishes.wish_list, name="wish_list"),
    path("<uuid:uid>/wishes/add/", wishes.wish_add, name="wish_add"),
    path("<uuid:uid>/wishes/<uuid:wish_uid>/share/", wishes.wish_share, name="wish_share"),
    path(
        "<uuid:uid>/wishes/<uuid:wish_uid>/keep-private/",
        wishes.wish_keep_private,
        name="wish_keep_private",
    ),
    path("<uuid:uid>/wishes/<uuid:wish_uid>/withdraw/", wishes.wish_withdraw, name="wish_withdraw"),
    path("<uuid:uid>/wishes/<uuid:wish_uid>/confirm/", wishes.wish_confirm, name="wish_confirm"),
    path("<uuid:uid>/cards/", cards.card_list, name="card_list"),
    path("<uuid:uid>/cards/issue/", cards.card_issue, name="card_issue"),
    path("<uuid:uid>/cards/<uuid:card_uid>/print/", cards.card_print, name="card_print"),
    path("<uuid:uid>/cards/<uuid:card_uid>/card.pdf", cards.card_file, name="card_file"),
    path("<uuid:uid>/cards/<uuid:card_uid>/kit.pdf", cards.card_kit, name="card_kit"),
    path("<uuid:uid>/cards/<uuid:card_uid>/revoke/", cards.card_revoke, name="card_revoke"),
    path("<uuid:uid>/read-log/", read_log.read_log, name="read_log"),
    path("<uuid:uid>/read-log/log.xlsx", read_log.read_log_xlsx, name="read_log_xlsx"),
    path("<uuid:uid>/read-log/log.pdf", read_log.read_log_pdf, name="read_log_pdf"),
    path("read-log/choice/", read_log.read_log_choice, name="read_log_choice"),
    path("break-glass/", break_glass.break_glass, name="break_glass"),
    path("break-glass/reviews/", break_glass.break_glass_reviews, name="break_glass_reviews"),
    path(
        "break-glass/reviews/<uuid:use_uid>/",
        break_glass.break_glass_review,
        name="break_glass_review",
    ),
    path("<uuid:uid>/end/", end_of_care.patient_end, name="patient_end"),
    path("<uuid:uid>/reopen/", end_of_care.patient_reopen, name="patient_reopen"),
    path("retention/", end_of_care.retention_edit, name="retention_edit"),
    path("disposals/", end_of_care.disposal_list, name="disposal_list"),
    path("disposals/<uuid:disposal_uid>/", end_of_care.disposal_decide, name="disposal_decide"),
    path(
        "disposals/<uuid:record_uid>/certificate.pdf",
        end_of_care.disposal_certificate,
        name="disposal_certificate",
    ),
    path("disasters/", disaster.disaster_modes, name="disaster_modes"),
    path("disasters/ask/", disaster.disaster_ask, name="disaster_ask"),
    path("disasters/<uuid:mode_uid>/", disaster.disaster_detail, name="disaster_detail"),
    path("disasters/<uuid:mode_uid>/approve/", disaster.disaster_approve, name="disaster_approve"),
    path("disasters/<uuid:mode_uid>/end/", disaster.disaster_end, name="disaster_end"),
    path("disaster-list/", disaster.disaster_list_page, name="disaster_list"),
    path("disaster-list/list.xlsx", disaster.disaster_list_xlsx, name="disaster_list_xlsx"),
    path("disaster-list/list.pdf", disaster.disaster_list_pdf, name="disaster_list_pdf"),
    path("disclosure/", disclosure.disclosure_table, name="disclosure_table"),
    path("disclosure/propose/", disclosure.disclosure_propose, name="disclosure_propose"),
    path("disclosure/<uuid:table_uid>/", disclosure.disclosure_version, name="disclosure_version"),
    path(
        "disclosure/<uuid:table_uid>/approve/",
        disclosure.disclosure_approve,
        name="disclosure_approve",
    ),
    path(
        "disclosure/<uuid:table_uid>/refuse/",
        disclosure.disclosure_refuse,
        name="disclosure_refuse",
    ),
]
