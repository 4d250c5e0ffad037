"""Whom a municipality told of its items, and whom not yet this fiscal year (F-FR-10)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, fiscal_year
from renkei.programme.planning.frames import Item
from renkei.programme.planning.models import Publicity, ToldSide
from renkei.programme.planning.rules import reads_programme

# Residents are not told of every item; both professions are.
PROFESSIONS = (ToldSide.MEDICAL, ToldSide.CARE)


@dataclass(frozen=True, slots=True)
class PublicityFound:
    """The log, newest first, and which items a profession was not told of this year."""

    lines: list[Publicity]
    year: FiscalYear
    untold: dict[ToldSide, list[Item]]


def publicity_of(viewer: Viewer) -> QuerySet[Publicity]:
    """The lines of the viewer's own municipality."""
    area = own_area_of(viewer)
    if area is None or not reads_programme(viewer):
        return Publicity.objects.none()
    return Publicity.objects.filter(area=area).order_by("-told_on", "-pk")


def publicity_line(viewer: Viewer, uid: UUID) -> Publicity:
    """One of them.

    Raises:
        Publicity.DoesNotExist: unknown, or of another municipality.
    """
    return publicity_of(viewer).get(uid=uid)


def publicity_found(viewer: Viewer) -> PublicityFound:
    """The whole log of the viewer's own municipality."""
    lines, year = list(publicity_of(viewer)), fiscal_year(clock.today())
    told = {
        (line.side, item)
        for line in lines
        if year.start <= line.told_on <= year.end
        for item in line.items
    }
    untold = {
        side: [item for item in Item if (side.value, item.value) not in told]
        for side in PROFESSIONS
    }
    return PublicityFound(lines, year, untold)
