"""Every staff page without a uid in its address is found by clicking, from the page one starts at.

Whoever adds a page adds the link that leads to it: from the menu, or from a page already found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from renkei.care.patients.tests.factories import add_family, add_member, family_user
from renkei.care.timelines.tests.factories import team_patient
from renkei.foundation.accounts.models import Role, User
from renkei.foundation.accounts.tests import factories
from renkei.foundation.areas.tests.factories import make_area

pytestmark = pytest.mark.django_db

LINK = re.compile(r'(?:href|hx-get)="(/[^"#?]*)')
# Parts of a page and what a script of a page asks: nobody opens them by themselves.
PARTS = {"facilities:facility_facets", "facilities:map_marks", "timelines:visit_state"}


def argless(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, str]]:
    """Name and path of every staff page that needs no argument."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from argless(pattern.url_patterns, inner)
        elif getattr(pattern.callback, "staff_rule", None) and not pattern.pattern.converters:
            name = f"{space}{pattern.name}"
            yield name, reverse(name)


def people() -> Iterator[User]:
    """Somebody of each role; those who care for somebody have a person."""
    patient = team_patient()
    for role in (
        Role.ORGANISATION_ADMIN,
        Role.MUNICIPAL_STAFF,
        Role.PRIVACY_OFFICER,
        Role.FIRE_DISPATCH,
        Role.COUNCIL_MEMBER,
        Role.OPERATOR,
    ):
        user = factories.member(role)
        if role == Role.ORGANISATION_ADMIN:
            add_member(patient, user)
        if role == Role.MUNICIPAL_STAFF:
            office = user.memberships.get().organisation
            office.area = make_area()
            office.save()
        yield user
    yield factories.takahashi()
    family = family_user()
    add_family(patient, family)
    yield family


def links_of(html: str) -> set[str]:
    """The addresses in a page that take no argument."""
    found = set()
    for path in LINK.findall(html):
        try:
            if not resolve(path).kwargs:
                found.add(path)
        except Resolver404:  # files of the front end
            continue
    return found


def walk(client: Client) -> set[str]:
    """Click through everything from the first page."""
    known: set[str] = set()
    waiting = [client.get("/accounts/start/")["Location"]]
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        new = links_of(response.content.decode()) - known
        known |= new | {path}
        waiting.extend(new)
    return known


def test_every_staff_page_is_found_by_clicking():
    pages = {path: name for name, path in argless(get_resolver().url_patterns)}
    clients = [factories.sign_in(Client(), user) for user in people()]
    known = set().union(*(walk(client) for client in clients))

    hidden = {
        name
        for path, name in pages.items()
        if path not in known
        and name not in PARTS
        and any(client.get(path).status_code == 200 for client in clients)
    }

    assert hidden == set()
