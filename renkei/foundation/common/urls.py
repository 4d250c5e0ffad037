from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from renkei.foundation.common import views

app_name = "common"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.styleguide, name="styleguide"),
]
