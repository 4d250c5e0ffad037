"""``/audit/``: the page of a lower room, here because who may look is a matter of accounts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from renkei.foundation.accounts.views import trail

app_name = "audit"
urlpatterns: list[URLPattern | URLResolver] = [path("", trail.event_list, name="event_list")]
