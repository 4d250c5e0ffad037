"""Writing down whom a municipality told of an item, and taking a line away again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.programme.planning.models import Publicity
from renkei.programme.planning.services.issues import refuse_identifiers
from renkei.programme.planning.services.programme import own_area


@transaction.atomic
def write_publicity(
    *, viewer: Viewer, fields: Mapping[str, Any], line: Publicity | None = None
) -> Publicity:
    """One time somebody was told.

    Raises:
        ValidationError: a day to come, more reached than told, or words that name a person.
    """
    one = line or Publicity(area=own_area(viewer))
    for name, value in fields.items():
        setattr(one, name, value)
    refuse_identifiers(one.what)
    if one.told_on > clock.today():
        raise ValidationError({"told_on": "知らせた日は、今日までの日付を入力してください。"})
    one.full_clean()
    one.save()
    record_event(actor=viewer.actor, action="publicity.written", target=one)
    return one


@transaction.atomic
def remove_publicity(*, viewer: Viewer, line: Publicity) -> None:
    """Take a line away; the audit trail keeps that there was one."""
    record_event(actor=viewer.actor, action="publicity.removed", target=line)
    line.delete()
