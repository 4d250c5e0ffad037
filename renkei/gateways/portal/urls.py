from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from renkei.gateways.portal import views

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("contact/", views.contact, name="contact"),
    path("accessibility/", views.accessibility_statement, name="accessibility"),
    path("accessibility/result/", views.accessibility_result, name="accessibility_result"),
    path("sources/", views.sources, name="sources"),
    path("easy/", views.easy_home, name="easy_home"),
    path("easy/<slug:slug>/", views.easy_page, name="easy_page"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-pages.xml", views.sitemap_pages, name="sitemap_pages"),
    path("sitemap-places-<int:part>.xml", views.sitemap_places, name="sitemap_places"),
    path("site/", views.site_edit, name="site_edit"),
]
