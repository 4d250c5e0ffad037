from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from renkei.gateways.portal import views

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
]
