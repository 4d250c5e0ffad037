"""Telling a home that a year is nearly over, or over, since it last confirmed."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from renkei.care.patients.visibility import TEAM_ROLES
from renkei.care.transitions import notices_homes
from renkei.care.transitions.home_duties import HomeState, Standing, duty_of, standing
from renkei.care.transitions.models import (
    CareHome,
    Cooperation,
    CooperationContact,
    CooperationReminder,
)
from renkei.foundation.accounts.models import Membership
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify
from renkei.registry.facilities.models import Service

Step = CooperationReminder.Step
STEPS: Final = {HomeState.SOON: Step.SOON, HomeState.OVER: Step.OVER}


def homes_to_look_at() -> list[int]:
    """Homes with an institution."""
    return list(
        CareHome.objects.filter(cooperations__isnull=False)
        .distinct()
        .order_by("pk")
        .values_list("pk", flat=True)
    )


@transaction.atomic
def remind_home(home_id: int) -> int:
    """Tell the home's people of what is due since the last look; each step once.

    Called as often as anybody likes: what is due stands in the rows.
    """
    home = CareHome.objects.select_for_update().get(pk=home_id)
    today = clock.today()
    found = _standing(home, today)
    service = _service(home)
    if found is None or service is None:
        return 0
    taken = sum(
        _take(home, service, STEPS[one.state], one.due_on)
        for one in found.held
        if one.state in STEPS and one.due_on is not None
    )
    if taken:
        record_event(
            actor=SYSTEM, action="cooperation.reminded", target=home, detail={"steps": taken}
        )
    return taken


def _take(home: CareHome, service: Service, step: Step, due_on: date) -> int:
    _, made = CooperationReminder.objects.get_or_create(
        home=home, step=step, due_on=due_on, defaults={"told_at": clock.now()}
    )
    if not made:
        return 0
    kind = notices_homes.CONFIRM_OVER if step == Step.OVER else notices_homes.CONFIRM_SOON
    notify(
        user_ids=_people_of(service),
        kind=kind,
        path=reverse("transitions:home_detail", args=[service.pk]),
        dedupe_key=f"{kind}:{home.uid}",
    )
    return 1


def _people_of(service: Service) -> set[int]:
    """Everybody who works at the home's own organisation; none where it has no account."""
    office = Q(organisation__facilities=service.facility_id)
    if service.office_number:
        office |= Q(organisation__office_code=service.office_number)
    return set(
        Membership.objects.filter(
            office,
            period__contains=clock.today(),
            revoked_at=None,
            user__is_active=True,
            role__in=TEAM_ROLES,
        ).values_list("user_id", flat=True)
    )


def _standing(home: CareHome, today: date) -> Standing | None:
    duty = duty_of(home.service_code, today)
    if duty is None:
        return None
    cooperations = list(Cooperation.objects.filter(home=home))
    contacts: dict[int, list[CooperationContact]] = {}
    for one in CooperationContact.objects.filter(cooperation__home=home).order_by("pk"):
        contacts.setdefault(one.cooperation_id, []).append(one)
    return standing(duty, cooperations, contacts, (), today)


def _service(home: CareHome) -> Service | None:
    return Service.objects.filter(
        source=home.source, source_key=home.source_key, service_code=home.service_code
    ).first()
