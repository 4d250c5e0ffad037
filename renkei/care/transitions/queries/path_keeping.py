"""Which paths somebody writes: those of the areas they work for."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from renkei.care.transitions.models import PathDefinition, PathVersion, VersionState
from renkei.care.transitions.queries.rule_keeping import areas_kept_by
from renkei.foundation.accounts.viewers import Viewer


def paths_kept_by(viewer: Viewer) -> QuerySet[PathDefinition]:
    """The paths of one's areas, with their editions, the newest first."""
    return (
        PathDefinition.objects.filter(owner_area__in=[one.pk for one in areas_kept_by(viewer)])
        .select_related("owner_area")
        .prefetch_related(
            Prefetch(
                "versions",
                queryset=PathVersion.objects.select_related("definition").order_by("-number"),
            )
        )
        .order_by("name", "pk")
    )


def path_draft_for(viewer: Viewer, uid: UUID) -> PathVersion:
    """A draft one may write.

    Raises:
        PathVersion.DoesNotExist: unknown, published, or somebody else's.
    """
    return PathVersion.objects.select_related("definition__owner_area").get(
        uid=uid, state=VersionState.DRAFT, definition__in=paths_kept_by(viewer).values("pk")
    )
