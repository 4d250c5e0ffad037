"""T-P1 for pages that do not exist yet: whatever a view forgets, the middleware does not."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from renkei.foundation.accounts import sign_in_urls
from renkei.foundation.accounts import urls as own_urls
from renkei.foundation.accounts.tests import factories


def careless(request):
    return HttpResponse("氏名、住所、病名")


urlpatterns = [
    path("accounts/", include(own_urls)),
    path("accounts/", include(sign_in_urls)),
    path("api/persons/", careless),
    path("admin/persons/", careless),
    path("portal/", include(([path("", careless, name="home")], "portal"))),
]


@pytest.fixture(autouse=True)
def careless_site(settings, db):
    settings.ROOT_URLCONF = __name__


def test_t_p1_api_and_admin_wait_for_the_second_factor():
    half = factories.sign_in(Client(), factories.suzuki(), second_factor=False)
    full = factories.sign_in(Client(), factories.suzuki())

    assert half.get("/api/persons/").status_code == 403
    assert half.get("/admin/persons/")["Location"].startswith("/accounts/second-factor/")
    assert full.get("/api/persons/").status_code == 200


def test_residents_pages_stay_open_meanwhile():
    half = factories.sign_in(Client(), factories.suzuki(), second_factor=False)

    assert half.get("/portal/").status_code == 200
    assert half.get("/nothing/").status_code == 404
