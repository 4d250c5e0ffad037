"""Municipalities with staff who is signed in, and an agreement between them. All invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.services import agreements as services
from renkei.foundation.accounts.tests import factories
from renkei.foundation.areas.models import Agreement
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM

LIST = "/accounts/agreements/"
TODAY = date(2026, 6, 1)


class Town:
    """A municipality with one of its staff, signed in."""

    def __init__(self, name: str) -> None:
        self.area = areas.make_area(name=name)
        office = factories.make_organisation(
            f"{name}役所 介護保険課", OrganisationKind.MUNICIPAL_SECTION
        )
        office.area = self.area
        office.save()
        self.user = factories.make_user(name=f"{name} 担当")
        factories.make_membership(user=self.user, organisation=office, role=Role.MUNICIPAL_STAFF)
        self.sign_in()

    def sign_in(self) -> None:
        """Sessions end with the days tests travel over."""
        self.client = factories.sign_in(Client(), self.user)

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, **data: Any) -> Any:
        return self.client.post(path, data)


def propose(town: Town, *others: Town, first_day: date = TODAY) -> Agreement:
    return services.propose(
        actor=SYSTEM,
        area=town.area,
        others=[one.area for one in others],
        name="架空協定",
        purpose="様式をそろえる",
        first_day=first_day,
    )


def page(agreement: Agreement, act: str = "") -> str:
    return f"{LIST}{agreement.uid}/{act}"
