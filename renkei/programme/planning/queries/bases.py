"""連携の拠点: who may see them, and what is missing of their duties (T-BASE1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from renkei.foundation.accounts.models import Organisation, OrganisationKind
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.planning.models import Base, BaseConsultation, BaseEvidence, Duty, Meeting
from renkei.programme.planning.queries.proofs import Attended, attended
from renkei.programme.planning.rules import may_clerk, may_designate, may_see_bases

# Whoever may have a base in an area.
BASE_LEVELS: Final = (
    AreaLevel.MUNICIPALITY,
    AreaLevel.HOME_CARE,
    AreaLevel.SECONDARY_MEDICAL,
    AreaLevel.HEALTH_CENTRE,
    AreaLevel.MEDICAL_ASSOCIATION,
)


@dataclass(frozen=True)
class BaseDoor:
    """One base as one viewer may use it.

    ``designates``: names it and records consultations; ``keeps``: is the base, and shows what it
    does; ``consults``: a municipality that was consulted and may write that down.
    """

    base: Base
    viewer: Viewer
    designates: bool
    keeps: bool
    consults: bool


def bases_seen_by(viewer: Viewer) -> QuerySet[Base]:
    """The own one, those of the own municipality, those below the prefecture's area."""
    area = own_area_of(viewer)
    if not may_see_bases(viewer):
        return Base.objects.none()
    reach = Q(organisation_id=viewer.organisation_id or 0)
    today = clock.today()
    if area is not None and may_designate(viewer):
        below = descendants_on(area, today)
        above = [one.area.pk for one in ancestors_on(area, today)]
        reach |= Q(area__in=below) | Q(area__in=above, designated_by=viewer.organisation_id)
        # An area that is made of the same municipalities without lying below, as 在宅医療圏 do.
        reach |= Q(designated_by_id=viewer.organisation_id)
    elif area is not None and may_clerk(viewer):
        above = [one.area.pk for one in ancestors_on(area, today)]
        reach |= Q(area__in=[area.pk, *above])
    return (
        Base.objects.filter(reach)
        .select_related("area", "organisation", "designated_by")
        .order_by("area__code", "area__name", "-period", "pk")
    )


def base_door(viewer: Viewer, uid: UUID) -> BaseDoor:
    """One base.

    Raises:
        Base.DoesNotExist: not there, or not theirs to see.
    """
    base = bases_seen_by(viewer).get(uid=uid)
    area = own_area_of(viewer)
    return BaseDoor(
        base=base,
        viewer=viewer,
        designates=may_designate(viewer),
        keeps=base.organisation_id == viewer.organisation_id,
        consults=may_clerk(viewer) and area is not None and area in municipalities_of(base),
    )


def municipalities_of(base: Base) -> list[Area]:
    """The municipalities of a base's area today."""
    below = descendants_on(base.area, clock.today()).filter(level=AreaLevel.MUNICIPALITY)
    return list(below.order_by("code", "key"))


def areas_for_bases(viewer: Viewer) -> QuerySet[Area]:
    """Where the prefecture can name a base: its municipalities and the areas they lie in."""
    area = own_area_of(viewer) if may_designate(viewer) else None
    if area is None:
        return Area.objects.none()
    today = clock.today()
    below = list(descendants_on(area, today).filter(level__in=BASE_LEVELS))
    found = {one.pk for one in below}
    for one in below:
        found |= {
            each.area.pk for each in ancestors_on(one, today) if each.area.level in BASE_LEVELS
        }
    return Area.objects.filter(pk__in=found).order_by("level", "code", "name")


def bodies_for_bases(viewer: Viewer) -> QuerySet[Organisation]:
    """Organisations of the areas that can be a base."""
    areas = areas_for_bases(viewer)
    kinds = (
        OrganisationKind.COORDINATION_CENTRE,
        OrganisationKind.MEDICAL_ASSOCIATION,
        OrganisationKind.FACILITY,
        OrganisationKind.MUNICIPAL_SECTION,
        OrganisationKind.HEALTH_CENTRE,
        OrganisationKind.WIDE_AREA_UNION,
    )
    # Associations are often registered without an area; nobody else of elsewhere is offered.
    anywhere = Q(area=None, kind=OrganisationKind.MEDICAL_ASSOCIATION)
    return Organisation.objects.filter(Q(area__in=areas, kind__in=kinds) | anywhere).order_by(
        "name", "pk"
    )


def consultations_of(base: Base) -> QuerySet[BaseConsultation]:
    """Consultations, newest first."""
    return (
        BaseConsultation.objects.filter(base=base)
        .select_related("area")
        .order_by("-held_on", "area__code", "pk")
    )


def evidence_called(door: BaseDoor, uid: UUID) -> BaseEvidence:
    """One piece.

    Raises:
        BaseEvidence.DoesNotExist: of another base.
    """
    return BaseEvidence.objects.select_related("file").get(uid=uid, base=door.base)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One goal or duty, with what shows it this year and before."""

    duty: Duty
    evidence: Sequence[BaseEvidence]
    this_year: int

    @property
    def is_goal(self) -> bool:
        return self.duty.value.startswith("g")


@dataclass(frozen=True, slots=True)
class Checklist:
    """All of a base, and what it lacks, each in words with what to do."""

    rows: Sequence[DutyRow]
    meetings: Sequence[Attended]
    warnings: Sequence[str]

    @property
    def shown(self) -> int:
        """Goals and duties with evidence of this year."""
        return sum(bool(row.this_year) for row in self.rows)


def checklist_of(base: Base, day: date | None = None) -> Checklist:
    """Four goals and five duties with their evidence, and what is missing."""
    day = day or clock.today()
    year = fiscal_year(day)
    by_duty: dict[str, list[BaseEvidence]] = {}
    rows = BaseEvidence.objects.filter(base=base).select_related("file", "meeting__council")
    for one in rows.order_by("-done_on", "-pk"):
        by_duty.setdefault(one.duty, []).append(one)
    duties = [
        DutyRow(
            duty,
            by_duty.get(duty, []),
            sum(year.start <= one.done_on <= year.end for one in by_duty.get(duty, [])),
        )
        for duty in Duty
    ]
    cited = {one.meeting_id for one in by_duty.get(Duty.MEETINGS, []) if one.meeting_id}
    meetings = attended(
        list(Meeting.objects.filter(pk__in=cited).select_related("council").order_by("-begins_at"))
    )
    return Checklist(duties, meetings, _warnings(base, duties, meetings, day))


def _warnings(
    base: Base, duties: Sequence[DutyRow], meetings: Sequence[Attended], day: date
) -> list[str]:
    found = []
    last = base.last_day
    if base.first_day > day:
        found.append("有効期間がまだ始まっていません。")
    if last is not None and last < day:
        found.append("有効期間が終わっています。続けるときは、期間を延ばしてください。")
    elif last is not None and (last - day).days <= SOON_DAYS:
        found.append("有効期間がもうすぐ終わります。医療計画の見直しに合わせて確かめてください。")
    found += _unconsulted(base)
    if not meetings:
        found.append(
            "会議の記録がありません。「求められる事項」の会議に、開いた会議を付けてください。"
        )
    else:
        found += [
            f"直近の会議に{word}の関係者がいません。{word}の人にも案内してください。"
            for word in meetings[0].missing
        ]
    if not base.disability_note:
        found.append("障害福祉の相談支援との整合性が書かれていません。確かめて書いてください。")
    missing = sum(not row.this_year for row in duties)
    if missing:
        found.append(f"今年度の根拠がない目標・事項が{missing}あります。")
    return found


SOON_DAYS: Final = 180


def _unconsulted(base: Base) -> list[str]:
    """Municipalities that nobody asked, or only after the base had begun."""
    first: dict[int, date] = {}
    for area_id, day in BaseConsultation.objects.filter(base=base).values_list("area", "held_on"):
        first[area_id] = min(day, first.get(area_id, day))
    found = []
    for area in municipalities_of(base):
        held = first.get(area.pk)
        if held is None:
            found.append(f"{area.name}との事前の協議の記録がありません。")
        elif held > base.first_day:
            found.append(f"{area.name}との協議が、有効期間の始まりより後です。")
    return found
