"""Imports of one's own area."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.programme.indicators.models import ImportMapping, ImportRun, RunState
from renkei.programme.indicators.rules import may_bring_in_values


def runs_for(viewer: Viewer) -> QuerySet[ImportRun]:
    """The runs of the viewer's area, the newest first; without an area, the viewer's own."""
    if not may_bring_in_values(viewer):
        return ImportRun.objects.none()
    own = own_area_of(viewer)
    if own is None:
        return ImportRun.objects.filter(area=None, started_by_id=viewer.user_id or 0)
    return ImportRun.objects.filter(area=own)


def run_for(viewer: Viewer, uid: UUID) -> ImportRun | None:
    """One of them."""
    return runs_for(viewer).filter(uid=uid).select_related("known").first()


def mappings_for(viewer: Viewer) -> QuerySet[ImportMapping]:
    """The kinds of files the viewer's area has brought in."""
    if not may_bring_in_values(viewer):
        return ImportMapping.objects.none()
    return ImportMapping.objects.filter(area=own_area_of(viewer)).order_by("-changed_at")


def same_file_before(run: ImportRun) -> ImportRun | None:
    """The run that applied the very same file, if there was one."""
    applied = ImportRun.objects.filter(
        area=run.area, file_hash=run.file_hash, state=RunState.APPLIED
    )
    return applied.exclude(pk=run.pk).order_by("-applied_at").first()
