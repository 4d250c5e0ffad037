"""The programme's year of one municipality: moved, dropped, added to, ticked off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.planning.calendar import BY_CODE
from renkei.programme.planning.models import YearlyTask, YearlyTaskDone
from renkei.programme.planning.services.issues import refuse_identifiers
from renkei.programme.planning.services.programme import own_area

LOST = "この予定が見つかりません。年間の予定から選び直してください。"


@transaction.atomic
def write_task(*, viewer: Viewer, fields: Mapping[str, Any], key: str = "") -> YearlyTask:
    """One's own entry, or a shipped one in another month or words.

    Raises:
        ValidationError: nothing of that key, or something is missing.
    """
    area = own_area(viewer)
    one = _row(area, key) if key else YearlyTask(area=area)
    for name, value in fields.items():
        setattr(one, name, value)
    refuse_identifiers(one.text)
    one.full_clean()
    one.save()
    record_event(actor=viewer.actor, action="yearly_task.written", target=one)
    return one


@transaction.atomic
def tick_task(*, viewer: Viewer, key: str, done: bool) -> None:
    """済み for this fiscal year, or not after all; twice is once.

    Raises:
        ValidationError: nothing of that key.
    """
    one = _row(own_area(viewer), key)
    one.save()
    today = clock.today()
    year = fiscal_year(today).year
    if done:
        YearlyTaskDone.objects.get_or_create(
            task=one, fiscal_year=year, defaults={"done_on": today}
        )
    else:
        YearlyTaskDone.objects.filter(task=one, fiscal_year=year).delete()
    record_event(
        actor=viewer.actor,
        action="yearly_task.ticked",
        target=one,
        detail={"done": done, "fiscal_year": year},
    )


def _row(area: Area, key: str) -> YearlyTask:
    """The row of a key; a shipped entry gets its row when it is first touched."""
    Area.objects.select_for_update().get(pk=area.pk)
    shipped = BY_CODE.get(key)
    if shipped is not None:
        known = YearlyTask.objects.filter(area=area, code=key).first()
        return known or YearlyTask(area=area, code=key, month=shipped.month, text=shipped.text)
    try:
        own = YearlyTask.objects.filter(area=area, uid=UUID(key)).first()
    except ValueError:
        own = None
    if own is None:
        raise ValidationError(LOST)
    return own
