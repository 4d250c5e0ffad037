"""Keeping a set of assumptions, a version each time."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.programme.indicators.models import Scenario, ScenarioVersion
from renkei.programme.indicators.projecting import ASSUMPTIONS
from renkei.programme.indicators.queries.scenarios import Given


@transaction.atomic
def save_scenario(
    *,
    viewer: Viewer,
    area: Area,
    name: str,
    sheet: Mapping[str, Given],
    note: str = "",
    scenario: Scenario | None = None,
) -> ScenarioVersion:
    """A new set, or the next version of one; an old version stays as it was.

    Raises:
        ValidationError: another set of the area has the name; nobody is signed in.
    """
    if viewer.user_id is None:
        raise ValidationError("保存できません。もう一度サインインしてください。")
    # Two people may save the same set at once.
    if scenario:
        found = Scenario.objects.select_for_update().get(pk=scenario.pk)
    else:
        found = Scenario(area=area)
    found.name = name
    found.full_clean()
    found.save()
    number = (found.versions.aggregate(Max("number"))["number__max"] or 0) + 1
    version = ScenarioVersion.objects.create(
        scenario=found,
        number=number,
        assumptions={
            one.key: {
                "value": "" if (value := sheet[one.key].value) is None else f"{value:f}",
                "source": sheet[one.key].source,
            }
            for one in ASSUMPTIONS
        },
        note=note,
        saved_by_id=viewer.user_id,
        saved_at=clock.now(),
    )
    record_event(
        actor=viewer.actor,
        action="indicators.scenario_saved",
        target=found,
        detail={"version": number},
    )
    return version


@transaction.atomic
def note_workbook(*, viewer: Viewer, version: ScenarioVersion) -> None:
    """A projection left the house."""
    record_event(
        actor=viewer.actor,
        action="indicators.exported",
        target=version.scenario,
        detail={"kind": "projection.xlsx", "version": version.number},
    )
