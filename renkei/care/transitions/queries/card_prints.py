"""What is printed on cards: colleagues of an office, and whom a person's hospital should call."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from renkei.care.patients.models import Patient, ProviderRole
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions.card_values import ManagerCard, PersonCard
from renkei.care.transitions.presenters_sides import hours_text, manager_contact
from renkei.care.transitions.queries.contacts import contact_of
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

CARE_MANAGER = "介護支援専門員"


def colleagues_with_cards(viewer: Viewer) -> QuerySet[Membership]:
    """The people of the viewer's office, the viewer among them."""
    return (
        present_memberships()
        .filter(organisation=viewer.organisation_id or 0)
        .order_by("user__kana", "user__name", "pk")
    )


def manager_cards(members: Sequence[Membership]) -> list[ManagerCard]:
    """The cards of people of one office."""
    if not members:
        return []
    office = members[0].organisation
    point = contact_of(office.pk)
    return [
        ManagerCard(
            name=one.user.name,
            profession=one.profession,
            office=office.name,
            phone=(point.phone if point else "") or office.phone,
            fax=point.fax if point else "",
            hours=hours_text(point) or office.hours,
            night_phone=point.night_phone if point else "",
        )
        for one in members
    ]


def person_card(patient: Patient) -> PersonCard:
    """What the card of a person the caller may read says."""
    contact = manager_contact(patient)
    manager = None
    if contact is not None:
        manager = ManagerCard(
            name=contact.person,
            profession=CARE_MANAGER,
            office=contact.name,
            phone=contact.phone,
            fax=contact.fax,
            hours=contact.hours,
        )
    rows = patient.providers.filter(period__contains=clock.today()).order_by("-pk")
    # Of several the one written down first, as everywhere.
    found = {row.role: (row.name, row.phone) for row in rows}
    return PersonCard(
        name=patient.name,
        manager=manager,
        doctor=found.get(ProviderRole.MAIN_DOCTOR, ("", "")),
        station=found.get(ProviderRole.STATION, ("", "")),
        pharmacy=found.get(ProviderRole.PHARMACY, ("", "")),
    )
