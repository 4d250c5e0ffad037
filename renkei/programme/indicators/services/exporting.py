"""Taking numbers out of the house is written down."""

from __future__ import annotations

from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.programme.indicators.models import Indicator


@transaction.atomic
def note_export(*, viewer: Viewer, indicator: Indicator, kind: str) -> None:
    """One event a file."""
    record_event(
        actor=viewer.actor, action="indicators.exported", target=indicator, detail={"kind": kind}
    )
