"""Writing organisations."""

from __future__ import annotations

from django.db import transaction

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event


@transaction.atomic
def register_organisation(
    *,
    actor: Actor,
    name: str,
    kind: str,
    area: Area | None = None,
    phone: str = "",
    hours: str = "",
) -> Organisation:
    """Add an organisation whose people may then be invited.

    Raises:
        ValidationError: a value is missing or too long.
    """
    organisation = Organisation(name=name, kind=kind, area=area, phone=phone, hours=hours)
    organisation.full_clean()
    organisation.save()
    record_event(actor=actor, action="organisation.registered", target=organisation)
    return organisation


@transaction.atomic
def change_organisation(
    *, actor: Actor, organisation: Organisation, name: str, phone: str, hours: str
) -> Organisation:
    """Correct name, phone and hours; the kind stays, because roles depend on it.

    Raises:
        ValidationError: a value is missing or too long.
    """
    new = {"name": name, "phone": phone, "hours": hours}
    changed = [field for field, value in new.items() if getattr(organisation, field) != value]
    for field in changed:
        setattr(organisation, field, new[field])
    organisation.full_clean()
    organisation.save(update_fields=changed)
    record_event(
        actor=actor,
        action="organisation.changed",
        target=organisation,
        detail={"fields": changed},
    )
    return organisation
