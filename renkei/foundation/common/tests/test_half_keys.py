"""What is half a key stands in an address and in no log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import StringConverter

from renkei.foundation.common.half_keys import without_half_keys

SECRET = "Zx81-secret"


def secret_routes(entries: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """Every address with a free text called token, code or key."""
    for entry in entries:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from secret_routes(entry.url_patterns, route)
            continue
        for name, converter in entry.pattern.converters.items():
            if name in {"token", "code", "key"} and type(converter) is StringConverter:
                yield route.replace(f"<str:{name}>", SECRET)


def test_every_address_with_a_secret_is_known():
    routes = list(secret_routes(get_resolver().url_patterns))

    assert len(routes) >= 4
    assert [route for route in routes if SECRET in without_half_keys(route)] == []


@pytest.mark.parametrize(
    "address",
    ["/patients/new/", "/transitions/cases/", "/easy/rules/", "/accounts/invitation/"],
)
def test_other_addresses_stay_as_they_are(address):
    assert without_half_keys(address) == address


@pytest.mark.django_db
def test_a_refused_request_leaves_no_secret_in_the_log(caplog):
    Client().post(f"/e/{SECRET}/", {"pin": "1"})
    Client().put(f"/l/{SECRET}/")
    Client(enforce_csrf_checks=True).post(f"/l/{SECRET}/", {"code": "000000"})

    assert SECRET not in caplog.text
    assert caplog.text.count("***") == 3
