"""What a municipality chooses about its records."""

from __future__ import annotations

from django.db import transaction

from renkei.care.patients.models import MunicipalityChoice
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock


@transaction.atomic
def choose_family_sees_read_log(*, viewer: Viewer, shown: bool) -> None:
    """Let family see who looked, or not."""
    area = own_area_of(viewer)
    choice = MunicipalityChoice.objects.select_for_update().filter(area=area).first()
    choice = choice or MunicipalityChoice(area=area)
    choice.family_sees_read_log, choice.changed_at = shown, clock.now()
    choice.save()
    record_event(
        actor=viewer.actor,
        action="patients.municipality_chose",
        target=choice,
        detail={"family_sees_read_log": shown},
    )
