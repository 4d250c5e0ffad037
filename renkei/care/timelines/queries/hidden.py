"""Hidden entries, for the auditor of the municipality the person lives in."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from renkei.care.timelines.models import Entry
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer


def hidden_entry_for(viewer: Viewer, uid: UUID) -> Entry:
    """A hidden entry of a person of the viewer's own municipality.

    Raises:
        Entry.DoesNotExist: unknown, not hidden, or of somewhere else.
    """
    own = Organisation.objects.filter(Q(pk=viewer.organisation_id), area__isnull=False)
    return (
        Entry.objects.filter(
            Q(room__patient__municipality__in=own.values("area"))
            | Q(room__patient__municipality=None, room__patient__host__area__in=own.values("area")),
            hidden_at__isnull=False,
        )
        .select_related("room__patient", "hidden_by__user")
        .get(uid=uid)
    )
