"""Writing what every page shows."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.gateways.portal.models import Site


@transaction.atomic
def save_site(*, actor: Actor, site: Site) -> Site:
    """Keep the region's name, desk and office; they are on every page at once.

    Raises:
        ValidationError: a value does not fit.
    """
    site.pk = 1
    site.full_clean(validate_unique=False)
    changed = _changed_fields(site)
    site.save()
    record_event(actor=actor, action="site.saved", target=site, detail={"fields": changed})
    return site


def _changed_fields(site: Site) -> list[str]:
    before: Mapping[str, object] = Site.objects.filter(pk=1).values().first() or {}
    names = [field.attname for field in Site._meta.concrete_fields]  # noqa: SLF001 - Django's public Meta API
    return [name for name in names if before.get(name) != getattr(site, name)]
