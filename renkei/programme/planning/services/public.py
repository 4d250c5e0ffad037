"""Showing residents a plan or who sits on a council, and taking it down again."""

from __future__ import annotations

from django.db import transaction

from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.programme.planning.models import MembersOnPortal, PlanOnPortal
from renkei.programme.planning.queries.councils import CouncilDoor
from renkei.programme.planning.queries.plans import PlanDoor


@transaction.atomic
def show_plan(*, door: PlanDoor, show: bool) -> None:
    """Put the summary of a plan on the portal, or take it down."""
    if show:
        PlanOnPortal.objects.get_or_create(plan=door.plan, defaults={"since": clock.now()})
    else:
        PlanOnPortal.objects.filter(plan=door.plan).delete()
    record_event(
        actor=door.viewer.actor, action="plan.shown" if show else "plan.hidden", target=door.plan
    )


@transaction.atomic
def show_members(*, door: CouncilDoor, show: bool) -> None:
    """Put the number of members by profession on the portal, or take it down."""
    if show:
        MembersOnPortal.objects.get_or_create(council=door.council, defaults={"since": clock.now()})
    else:
        MembersOnPortal.objects.filter(council=door.council).delete()
    record_event(
        actor=door.viewer.actor,
        action="council.members_shown" if show else "council.members_hidden",
        target=door.council,
    )
