"""``/notifications/``: pages of a lower room, here because who looks is a matter of accounts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from renkei.foundation.accounts.views import notifications

app_name = "notifications"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", notifications.notification_list, name="notification_list"),
    path("read/", notifications.notification_read_all, name="notification_read_all"),
    path(
        "<uuid:notification_uid>/open/", notifications.notification_open, name="notification_open"
    ),
    path(
        "<uuid:notification_uid>/read/", notifications.notification_read, name="notification_read"
    ),
    path("settings/", notifications.mail_preference, name="mail_preference"),
    path("mail-test/", notifications.mail_test, name="mail_test"),
    path("mail-confirm/<str:token>/", notifications.mail_confirm, name="mail_confirm"),
    path("mail-help/", notifications.mail_help, name="mail_help"),
    path("undelivered/", notifications.undelivered_list, name="undelivered_list"),
]
