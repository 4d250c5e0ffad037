from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "facilities"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("renkei.registry.facilities.urls_find")),
    path("", include("renkei.registry.facilities.urls_staff")),
    path("", include("renkei.registry.facilities.urls_print")),
]
