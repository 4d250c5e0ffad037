"""Pages of the contact list."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import contacts

urlpatterns: list[URLPattern] = [
    path("contacts/", contacts.contact_list, name="contact_list"),
    path("contacts/list.<slug:suffix>", contacts.contact_list_file, name="contact_list_file"),
    path("contacts/remind/", contacts.contact_remind, name="contact_remind"),
    path("contacts/own/", contacts.contact_own, name="contact_own"),
    path("contacts/own/add/", contacts.contact_add, name="contact_add"),
    path("contacts/own/confirm/", contacts.contact_confirm, name="contact_confirm"),
    path("contacts/own/<uuid:point_uid>/", contacts.contact_edit, name="contact_edit"),
    path("contacts/own/<uuid:point_uid>/remove/", contacts.contact_remove, name="contact_remove"),
    path("contacts/changes/<uuid:change_uid>/undo/", contacts.contact_undo, name="contact_undo"),
]
