from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from renkei.gateways.portal.views import pages, places, search, site, wayfinding

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/counts/", search.search_facets, name="search_facets"),
    path("search/map.json", search.map_marks, name="map_marks"),
    path("map/", search.map_page, name="map_page"),
    path("facilities/<int:facility_id>/", places.facility, name="facility"),
    path(
        "facilities/<int:facility_id>/correction/",
        places.correction_request,
        name="correction_request",
    ),
    path("about/", pages.about, name="about"),
    path("contact/", pages.contact, name="contact"),
    path("accessibility/", pages.accessibility_statement, name="accessibility"),
    path("accessibility/result/", pages.accessibility_result, name="accessibility_result"),
    path("sources/", pages.sources, name="sources"),
    path("easy/", pages.easy_home, name="easy_home"),
    path("easy/<slug:slug>/", pages.easy_page, name="easy_page"),
    path("robots.txt", wayfinding.robots, name="robots"),
    path(".well-known/security.txt", wayfinding.security_txt, name="security_txt"),
    path("sitemap.xml", wayfinding.sitemap, name="sitemap"),
    path("sitemap-pages.xml", wayfinding.sitemap_pages, name="sitemap_pages"),
    path("sitemap-places-<int:part>.xml", wayfinding.sitemap_places, name="sitemap_places"),
    path("site/", site.site_edit, name="site_edit"),
    path("", include("renkei.gateways.portal.urls_print")),
    path("", include("renkei.gateways.portal.urls_programme")),
]
