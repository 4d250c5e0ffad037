"""robots.txt, security.txt, sitemap.xml."""

from __future__ import annotations

from datetime import date

import pytest

from renkei.gateways.portal.queries import demo_site
from renkei.registry.facilities.models import Facility
from renkei.registry.facilities.models.search import SearchEntry

pytestmark = pytest.mark.django_db


def make_place(name: str, audience: int) -> Facility:
    facility = Facility.objects.create(name=name, sort_key=name, fresh_on=date(2026, 6, 30))
    SearchEntry.objects.create(
        facility=facility,
        name_order=b"",
        fresh_on=date(2026, 6, 30),
        audience=audience,
        facets=0,
        document="",
    )
    return facility


def test_robots_keeps_out_of_staff_pages_and_endless_lists(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /register/" in lines
    assert "Disallow: /search/" in lines
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_security_txt_names_the_contact_and_ends(client, time_machine):
    time_machine.move_to("2026-11-20 10:00+09:00")
    demo_site().save()

    lines = client.get("/.well-known/security.txt").content.decode().splitlines()

    assert lines == [
        "Contact: mailto:security@city.kakuu.example",
        "Expires: 2027-05-19T10:00:00+09:00",
        "Preferred-Languages: ja, en",
    ]


def test_security_txt_without_an_address_points_to_the_desk(client):
    text = client.get("/.well-known/security.txt").content.decode()

    assert text.startswith("Contact: http://testserver/contact/\n")


def test_t_a3_sitemap_holds_public_places_only(client):
    public = make_place("架空診療所", 0)
    hidden = make_place("行政だけの施設", 2)

    index = client.get("/sitemap.xml").content.decode()
    part = b"".join(client.get("/sitemap-places-1.xml").streaming_content).decode()

    assert "http://testserver/sitemap-places-1.xml" in index
    assert f"<loc>http://testserver/facilities/{public.pk}/</loc><lastmod>2026-06-30" in part
    assert f"/facilities/{hidden.pk}/" not in part


def test_sitemap_of_an_empty_register_has_the_fixed_pages(client):
    assert "sitemap-places" not in client.get("/sitemap.xml").content.decode()
    assert client.get("/sitemap-places-1.xml").status_code == 404
    assert (
        "<loc>http://testserver/about/</loc>" in client.get("/sitemap-pages.xml").content.decode()
    )
