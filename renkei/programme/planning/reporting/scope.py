"""Whose numbers of which year a report counts, as its maker may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.agreements import agreements_in_force
from renkei.foundation.areas.models import Area
from renkei.foundation.common.eras import FiscalYear
from renkei.programme.planning.models import Audience, Council, Meeting, MinutesLine, Plan
from renkei.programme.planning.queries.councils import councils_seen_by
from renkei.programme.planning.queries.issues import HELD
from renkei.programme.planning.queries.meetings import OPEN_TO_ALL
from renkei.programme.planning.queries.plans import plans_seen_by


@dataclass(frozen=True)
class Scope:
    """One area and year, as one viewer reads them on a day."""

    viewer: Viewer
    area: Area
    year: int
    day: date

    @property
    def label(self) -> str:
        return FiscalYear(self.year).label

    def councils(self) -> QuerySet[Council]:
        """The area's own, and those it holds with others."""
        joint = agreements_in_force(self.area, self.day).values("pk")
        seen = councils_seen_by(self.viewer)
        found = seen.filter(Q(area=self.area) | Q(agreement__in=joint))
        return found.order_by(F("parent").asc(nulls_first=True), "pk")

    def meetings(self, council: str = "") -> QuerySet[Meeting]:
        """Those held in the year; that one was held is never secret."""
        found = Meeting.objects.filter(
            council__in=self.councils(), fiscal_year=self.year, state__in=HELD
        )
        return found.filter(council__uid=council) if council else found

    def public_meetings(self, council: str = "") -> QuerySet[Meeting]:
        """Whose 要旨 is published."""
        return self.meetings(council).filter(state__in=OPEN_TO_ALL, audience=Audience.PUBLIC)

    def public_lines(self, council: str = "") -> QuerySet[MinutesLine]:
        """What came of items, as published; nothing of a closed item."""
        return (
            MinutesLine.objects.filter(
                Q(item=None) | Q(item__audience=Audience.PUBLIC),
                meeting__in=self.public_meetings(council),
                audience=Audience.PUBLIC,
            )
            .exclude(outcome="")
            .select_related("meeting__council", "item")
            .order_by("meeting__begins_at", "place_number", "pk")
        )

    def plan(self) -> Plan | None:
        """The plan of the year."""
        return plans_seen_by(self.viewer).filter(area=self.area, fiscal_year=self.year).first()
