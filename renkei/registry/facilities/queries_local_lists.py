"""Local lists, the kinds of service a region has, and lists that are being brought in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.db.models import QuerySet

from renkei.foundation.accounts.viewers import Viewer
from renkei.registry.facilities.catalogue import LOCAL, SERVICES, ServiceInfo
from renkei.registry.facilities.fields import ATTRIBUTE_PREFIX
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.models import ListDraft, LocalKind, LocalList


def service_infos() -> Mapping[str, ServiceInfo]:
    """Every kind of service: those of the catalogue and those the region added, by one query."""
    own = {
        kind.code: ServiceInfo(kind.code, kind.label, kind.group, LOCAL)
        for kind in LocalKind.objects.order_by("pk")
    }
    return MappingProxyType(SERVICES | own)


def local_lists() -> QuerySet[LocalList]:
    """The lists known, by name."""
    return LocalList.objects.order_by("name")


def list_drafts_of(viewer: Viewer) -> QuerySet[ListDraft]:
    """What this person is bringing in; nobody finishes another's."""
    if viewer.user_id is None:
        return ListDraft.objects.none()
    return (
        ListDraft.objects.filter(started_by_id=viewer.user_id)
        .select_related("local_list")
        .order_by("-started_at")
    )


def list_draft_of(viewer: Viewer, uid: UUID) -> ListDraft | None:
    """One of this person's drafts."""
    return list_drafts_of(viewer).filter(uid=uid).first()


def own_columns() -> dict[str, str]:
    """The fields local lists brought along: field key → label."""
    labels = {
        label
        for stored in LocalList.objects.values_list("mapping", flat=True)
        for label in LocalMapping.from_json(stored).own_columns.values()
    }
    return {f"{ATTRIBUTE_PREFIX}{label}": label for label in sorted(labels)}
