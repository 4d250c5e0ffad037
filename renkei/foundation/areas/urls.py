from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from renkei.foundation.areas import views

app_name = "areas"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.area_list, name="area_list"),
    path("boundaries.geojson", views.area_boundaries, name="area_boundaries"),
    path("<int:pk>/", views.area_detail, name="area_detail"),
]
