from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from renkei.foundation.accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("second-factor/", views.second_factor_setup, name="second_factor_setup"),
]
