"""Sharing tools: how far each is, and which are to be announced again (T-TOOL1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, fiscal_year
from renkei.programme.planning.models import Council, SharingTool, ToolEvidence, ToolStep, ToolTick
from renkei.programme.planning.queries.councils import councils_worked_in
from renkei.programme.planning.rules import may_keep_tools, may_see_tools, watches_areas

APRIL: Final = 4


@dataclass(frozen=True)
class ToolDoor:
    """One tool as one viewer may use it."""

    tool: SharingTool
    viewer: Viewer
    may_write: bool


def tools_seen_by(viewer: Viewer) -> QuerySet[SharingTool]:
    """The own area's, those of working groups one sits in, those below the prefecture."""
    area = own_area_of(viewer)
    if not may_see_tools(viewer):
        return SharingTool.objects.none()
    reach = Q(group__in=councils_worked_in(viewer))
    if area is not None and may_keep_tools(viewer):
        reach |= Q(area=area)
    if area is not None and watches_areas(viewer):
        reach |= Q(area__in=descendants_on(area, clock.today()))
    return (
        SharingTool.objects.filter(reach)
        .select_related("area", "organisation", "group")
        .order_by("ended_on", "area__code", "name", "pk")
    )


def tool_door(viewer: Viewer, uid: UUID) -> ToolDoor:
    """One tool.

    Raises:
        SharingTool.DoesNotExist: not there, or not theirs to see.
    """
    tool = tools_seen_by(viewer).get(uid=uid)
    area = own_area_of(viewer)
    own = may_keep_tools(viewer) and area is not None and area.pk == tool.area_id
    return ToolDoor(tool, viewer, own and tool.ended_on is None)


def groups_for_tools(viewer: Viewer) -> QuerySet[Council]:
    """Working groups that can look after a tool."""
    return councils_worked_in(viewer).filter(ended_on=None).order_by("name", "pk")


def evidence_called(door: ToolDoor, uid: UUID) -> ToolEvidence:
    """One piece.

    Raises:
        ToolEvidence.DoesNotExist: of another tool.
    """
    return ToolEvidence.objects.select_related("file").get(uid=uid, tool=door.tool)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: its evidence, and whether it is ticked (a yearly one: for this year).

    ``can_tick``: there is what it needs; otherwise ``needs`` says what is missing.
    """

    step: ToolStep
    number: int
    evidence: Sequence[ToolEvidence]
    tick: ToolTick | None
    needs: str
    is_due: bool

    @property
    def can_tick(self) -> bool:
        return self.tick is None and not self.needs


@dataclass(frozen=True, slots=True)
class Life:
    """All steps of a tool, and whether it is time to announce it again."""

    rows: Sequence[StepRow]
    year: FiscalYear
    announce_due: bool

    @property
    def done(self) -> int:
        return sum(row.tick is not None for row in self.rows)


def life_of(tool: SharingTool, day: date | None = None) -> Life:
    """How far a tool is on a day. Two queries."""
    day = day or clock.today()
    year = fiscal_year(day)
    evidence: dict[str, list[ToolEvidence]] = {}
    rows = ToolEvidence.objects.filter(tool=tool).select_related("file", "meeting__council")
    for one in rows.order_by("-done_on", "-pk"):
        evidence.setdefault(one.step, []).append(one)
    ticks: dict[str, ToolTick] = {}
    for tick in ToolTick.objects.filter(tool=tool).order_by("fiscal_year"):
        if tick.step != ToolStep.ANNOUNCE or tick.fiscal_year == year.year:
            ticks[tick.step] = tick
    due = ToolStep.INTRODUCE in ticks and _announce_due(tool, ticks, day)
    steps = [
        StepRow(
            step=step,
            number=number,
            evidence=evidence.get(step, []),
            tick=ticks.get(step),
            needs=needs_of(step, evidence.get(step, []), year),
            is_due=due and step == ToolStep.ANNOUNCE,
        )
        for number, step in enumerate(ToolStep, start=1)
    ]
    return Life(steps, year, due)


def needs_of(step: str, evidence: Sequence[ToolEvidence], year: FiscalYear) -> str:
    """What a step lacks before it may be ticked; empty where nothing."""
    if step == ToolStep.ANNOUNCE:
        evidence = [one for one in evidence if one.fiscal_year == year.year]
        if not evidence:
            return f"{year.label}に周知した根拠を付けてください。"
    if not evidence:
        return "根拠を付けると、済みにできます。"
    if step == ToolStep.HANDBOOK and not any(one.covers_personal_data for one in evidence):
        return "個人情報の取扱いを定めた手引きを付けてください。"
    return ""


def _announce_due(tool: SharingTool, ticks: dict[str, ToolTick], day: date) -> bool:
    if tool.ended_on is not None or ToolStep.ANNOUNCE in ticks:
        return False
    # A tool introduced this year was announced by that; the yearly round begins with the next.
    year = fiscal_year(day)
    return ticks[ToolStep.INTRODUCE].fiscal_year < year.year and day >= announced_from(tool, year)


def announced_from(tool: SharingTool, year: FiscalYear) -> date:
    """The first day of the month in which a tool is announced again."""
    calendar_year = year.year if tool.announce_month >= APRIL else year.year + 1
    return date(calendar_year, tool.announce_month, 1)


def tools_to_announce(day: date) -> list[SharingTool]:
    """Tools of all areas whose yearly announcement is due and of which nobody was told yet."""
    year = fiscal_year(day).year
    waiting = SharingTool.objects.filter(ended_on=None).exclude(reminded_year=year)
    return [one for one in waiting.select_related("area") if life_of(one, day).announce_due]


def keepers_of(tool: SharingTool) -> list[int]:
    """Accounts of the section that looks after a tool."""
    held = Membership.objects.filter(
        organisation=tool.organisation_id,
        role__in=(Role.MUNICIPAL_STAFF, Role.DESK),
        period__contains=clock.today(),
        revoked_at=None,
    )
    return list(held.values_list("user_id", flat=True))


def has_renkei(viewer: Viewer) -> bool:
    """Whether this system stands in the area's inventory."""
    area = own_area_of(viewer)
    return SharingTool.objects.filter(area=area, is_renkei=True).exists() if area else False
