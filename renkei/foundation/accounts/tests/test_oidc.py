"""Sign-in by the municipality's own provider, against a real one on loopback."""

import http.client
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from renkei.foundation.accounts import services
from renkei.foundation.accounts.adapters import provider_proved_two_factors
from renkei.foundation.accounts.models import User
from renkei.foundation.accounts.tests import factories
from renkei.foundation.accounts.tests.oidc_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    running_provider,
)

pytestmark = pytest.mark.django_db
START = "/accounts/oidc/provider/login/?process=login"


@pytest.fixture
def provider(settings):
    cache.clear()
    with running_provider() as running:
        running.person = {"sub": "1", "email": "sato@city.example.test", "email_verified": True}
        app = {
            "provider_id": "provider",
            "name": "架空市の認証基盤",
            "client_id": CLIENT_ID,
            "secret": CLIENT_SECRET,
            "settings": {"server_url": running.issuer},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
        }
        settings.OIDC_EMAIL_DOMAINS = ["City.example.test"]
        yield running


def fetch_redirect(url: str) -> str:
    """What the browser would do at the provider."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    location = connection.getresponse().headers["Location"]
    connection.close()
    return str(location)


def sign_in(client, start=START):
    there = client.get(start)["Location"]
    back = urlsplit(fetch_redirect(there))
    return client.get(f"{back.path}?{back.query}")


def test_provider_opens_the_account_with_two_factors(client, provider):
    factories.sato()
    provider.claims = {"amr": ["pwd", "mfa"]}

    response = sign_in(client)
    home = client.get("/accounts/")

    assert response["Location"] == "/accounts/start/"
    assert home.status_code == 200
    assert "佐藤 一郎" in home.content.decode()
    assert User.objects.count() == 1


def test_provider_with_one_factor_leads_to_setting_up_the_second(client, provider):
    factories.sato()
    provider.claims = {"amr": ["pwd"]}

    sign_in(client)

    assert client.get("/accounts/")["Location"].startswith("/accounts/second-factor/")


def test_provider_does_not_replace_the_owners_own_second_factor(client, provider):
    services.enrol_totp(factories.sato(), "JBSWY3DPEHPK3PXP")
    provider.claims = {"amr": ["mfa"]}

    response = sign_in(client)

    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/accounts/").status_code == 302


def test_provider_account_without_registration_is_told(client, provider):
    response = sign_in(client)

    assert "利用登録がありません" in response.content.decode()
    assert not User.objects.exists()
    assert client.get("/accounts/").status_code == 302


def test_provider_account_without_membership_sees_nothing(client, provider):
    user = factories.sato()
    user.memberships.all().delete()
    provider.claims = {"amr": ["mfa"]}

    sign_in(client)

    assert "いまの所属がありません" in client.get("/accounts/").content.decode()
    assert client.get("/accounts/organisations/").status_code == 404


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "2", "email": "suzuki@care.example.test", "email_verified": True},
        {"sub": "3", "email": "sato@city.example.test", "email_verified": False},
        {"sub": "4"},
    ],
)
def test_provider_cannot_open_other_peoples_accounts(client, provider, person):
    """Another organisation's address, an unproved address, and none at all."""
    factories.sato()
    factories.suzuki()
    provider.person = person

    response = sign_in(client)

    assert response.status_code in {200, 302, 403}
    assert "_auth_user_id" not in client.session


def test_provider_cannot_be_connected_to_an_account(provider):
    client = factories.sign_in(Client(), factories.sato())

    response = sign_in(client, "/accounts/oidc/provider/login/?process=connect")

    assert response["Location"] == "/accounts/"


def test_token_of_somebody_else_is_refused(client, provider):
    factories.sato()
    provider.claims = {"aud": "another-client"}

    response = sign_in(client)

    assert "サインインできませんでした" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_sign_in_page_offers_the_provider_only_where_set(client, provider, settings):
    assert "架空市の認証基盤でサインインする" in client.get("/accounts/login/").content.decode()

    settings.SOCIALACCOUNT_PROVIDERS = {}

    assert "でサインインする</a>" not in client.get("/accounts/login/").content.decode()
    assert client.get(START).status_code == 404


@pytest.mark.parametrize("page", ["cancelled", "error"])
def test_pages_of_a_failed_sign_in_lead_back(client, page):
    assert "/accounts/login/" in client.get(f"/accounts/provider/{page}/").content.decode()


@pytest.mark.parametrize(
    ("setting", "claims", "expected"),
    [
        ("amr", {}, False),
        ("amr", {"amr": "mfa"}, False),
        ("amr", {"amr": ["hwk"]}, False),
        ("amr", {"amr": ["pwd", "hwk"]}, True),
        ("amr", {"amr": ["mfa"]}, True),
        ("always", {}, True),
        ("never", {"amr": ["mfa"]}, False),
    ],
)
def test_provider_is_believed_as_set(settings, setting, claims, expected):
    settings.OIDC_SECOND_FACTOR = setting

    assert provider_proved_two_factors(claims) is expected
