"""Who may open which address: every role × every URL, and T-P1.

**Adding a page?** Add one row to the table of its room in ``permissions``: the URL's name and who
may open it, one of

- ``ANYBODY``: residents' pages, without an account;
- ``SIGN_IN``: pages of signing in and of one's own sign-in, guarded by allauth itself;
- ``OWN``: any signed-in account, for itself;
- a set of roles, usually one of ``permissions.audiences``.

A staff page is a view under ``@staff_page(rule)`` (renkei.foundation.accounts.access); the test
asks its rule about every role and tries the address with every role it is closed to. A URL with
groups of a regular expression also needs a line in ``SAMPLES``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.second_factor import requires_second_factor
from renkei.foundation.accounts.tests import factories
from renkei.foundation.accounts.viewers import Viewer
from tests.architecture.permissions import (
    accounts,
    facilities,
    foundation,
    indicators,
    patients,
    planning,
    planning_reports,
    portal,
    regions,
    sheets,
    timelines,
    transitions,
)
from tests.architecture.permissions.audiences import ANYBODY, OWN, Audience

MATRIX: dict[str, Audience] = {
    **accounts.PAGES,
    **facilities.PAGES,
    **foundation.PAGES,
    **indicators.PAGES,
    **patients.PAGES,
    **planning.PAGES,
    **planning_reports.PAGES,
    **portal.PAGES,
    **regions.PAGES,
    **sheets.PAGES,
    **timelines.PAGES,
    **transitions.PAGES,
}
SAMPLES: dict[str, dict[str, str]] = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "openid_connect_login": {"provider_id": "provider"},
    "openid_connect_callback": {"provider_id": "provider"},
}
# Not found while the register is empty, as it is here.
NEED_DATA = {"areas:area_boundaries"}
# A value nobody has: an address with it is not found by those who may, refused to all others.
VALUES = {"uuid": UUID(int=1), "int": 999_999_999, "slug": "x", "string": "x", "path": "x"}


@dataclass(frozen=True)
class Address:
    name: str
    url: str
    view: Any
    has_arguments: bool

    @property
    def rule(self) -> Any:
        return getattr(self.view, "staff_rule", None)


def addresses() -> list[Address]:
    """Every URL of the site, with made-up arguments."""
    return list(_walk(get_resolver(), "", {}))


def _walk(resolver: URLResolver, namespace: str, converters: dict[str, Any]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        found = {**converters, **entry.pattern.converters}
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, found)
        else:
            yield _address(entry, f"{namespace}{entry.name}", found)


def _address(entry: URLPattern, name: str, converters: dict[str, Any]) -> Address:
    arguments: dict[str, Any] = {
        argument: VALUES[type(converter).__name__.removesuffix("Converter").lower()]
        for argument, converter in converters.items()
    }
    arguments |= SAMPLES.get(name, {})
    return Address(name, reverse(name, kwargs=arguments), entry.callback, bool(arguments))


def who_may(address: Address) -> Audience:
    return MATRIX.get(address.name, frozenset())


def ask(client: Client, address: Address) -> Any:
    """GET, or POST where GET is not spoken."""
    response = client.get(address.url)
    return client.post(address.url) if response.status_code == 405 else response


def sent_to(response: Any, *pages: str) -> bool:
    return bool(response.status_code == 302 and response["Location"].startswith(pages))


def test_every_url_has_a_row_and_every_row_a_url():
    names = {address.name for address in addresses()}

    assert sorted(names - set(MATRIX)) == [], "add these to MATRIX (see the top of this file)"
    assert sorted(set(MATRIX) - names) == [], "these rows have no URL any more"


def test_rules_say_what_the_matrix_says():
    wrong = [
        f"{address.name}: {role.label}"
        for address in addresses()
        if address.rule is not None and not isinstance(who_may(address), str)
        for role in Role
        if address.rule(Viewer(user_id=1, role=role)) != (role in who_may(address))
    ]

    assert wrong == []


def test_every_staff_page_is_under_its_rule():
    bare = [
        address.name
        for address in addresses()
        if (who_may(address) == OWN or not isinstance(who_may(address), str)) and not address.rule
    ]

    assert bare == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.RESIDENT])
def test_role_reaches_what_the_matrix_allows_and_nothing_else(role):
    client = factories.sign_in(Client(raise_request_exception=False), factories.member(role))
    wrong = []
    for address in addresses():
        allowed = who_may(address)
        if isinstance(allowed, str) and allowed != ANYBODY:
            continue
        response = ask(client, address)
        if response.status_code >= 500:
            wrong.append(f"{address.name} {response.status_code}")
        elif not isinstance(allowed, str) and role not in allowed:
            if response.status_code != 404:
                wrong.append(f"{address.name} is open: {response.status_code}")
        elif not (address.has_arguments or address.name in NEED_DATA) and (
            response.status_code == 404 or sent_to(response, "/accounts/login/")
        ):
            wrong.append(f"{address.name} is closed: {response.status_code}")

    assert wrong == []


@pytest.mark.django_db
def test_nobody_reaches_residents_pages_alone():
    client = Client(raise_request_exception=False)
    wrong = []
    for address in addresses():
        allowed = who_may(address)
        response = ask(client, address)
        if response.status_code >= 500:
            wrong.append(f"{address.name} {response.status_code}")
        elif (allowed == OWN or not isinstance(allowed, str)) and not (
            sent_to(response, "/accounts/login/") or response.status_code == 401
        ):
            wrong.append(f"{address.name} is open: {response.status_code}")
        elif allowed == ANYBODY and sent_to(response, "/accounts/login/"):
            wrong.append(f"{address.name} asks for a sign-in")

    assert wrong == []


# What a session may open between its password and its second factor.
BETWEEN = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "accounts:second_factor_setup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "healthz",
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if requires_second_factor(role)])
def test_t_p1_no_session_without_second_factor_reaches_a_staff_page(role):
    client = factories.sign_in(Client(), factories.member(role), second_factor=False)
    # Every way of asking once; for the other roles the two that pages are made of.
    every = (client.get, client.post, client.put, client.delete)
    methods = every if role == Role.MUNICIPAL_STAFF else every[:2]
    reached = []
    for address in addresses():
        residents_page = address.name.startswith("portal:") and who_may(address) == ANYBODY
        if address.name in BETWEEN or residents_page:
            continue
        for method in methods:
            response = method(address.url)
            if not (sent_to(response, "/accounts/second-factor/") or response.status_code == 403):
                reached.append(f"{address.name} {response.status_code}")

    assert reached == []
