"""One click from nothing to a plan and a council; and back, while nobody worked on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.indicators.queries.catalogue import indicators_for
from renkei.programme.planning.frames import Scene
from renkei.programme.planning.models import (
    Activity,
    Audience,
    Council,
    CouncilKind,
    Goal,
    Meeting,
    Plan,
    ReportKind,
    ReportPack,
    StarterKit,
)
from renkei.programme.planning.queries.councils import CouncilDoor
from renkei.programme.planning.queries.meetings import meeting_door
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.queries.starter import fingerprint_of, is_untouched
from renkei.programme.planning.services.councils import add_member, make_council
from renkei.programme.planning.services.minutes import write_item
from renkei.programme.planning.services.plans import make_plan, write_activity, write_goal
from renkei.programme.planning.services.reports import make_pack
from renkei.programme.planning.starter_kits import (
    AGENDA,
    COUNCIL_PURPOSE,
    STARTS,
    VISION,
    VISIONS,
    Start,
)

TOUCHED: Final = (
    "作った後に直した所があるので、まとめて取り消せません。"
    "要らない目標・活動・会議体を、1つずつ直してください。"
)


@transaction.atomic
def start_from_kit(*, viewer: Viewer) -> StarterKit:
    """Make what is missing: this year's plan, and a council with roles to fill.

    Raises:
        ValidationError: the office has no area, or there is nothing left to make.
    """
    area = own_area_of(viewer)
    if area is None:
        raise ValidationError("所属の課に圏域がありません。組織の登録で圏域を選んでください。")
    # Two clicks wait for each other here; the second one learns that it is done.
    Area.objects.select_for_update().get(pk=area.pk)
    if StarterKit.objects.filter(area=area).exists():
        raise ValidationError("はじめの一式は、もう作ってあります。")
    year = fiscal_year(clock.today()).year
    plan = council = None
    if not Plan.objects.filter(area=area, fiscal_year=year).exists():
        plan = _plan(viewer, year)
    if not Council.objects.filter(area=area, kind=CouncilKind.PLENARY, ended_on=None).exists():
        council = _council(viewer, area)
    if plan is None and council is None:
        raise ValidationError("この年度の計画も協議会も、もうあります。")
    kit = StarterKit.objects.create(
        area=area,
        plan=plan,
        council=council,
        fingerprint=fingerprint_of(plan, council),
        made_at=clock.now(),
    )
    record_event(actor=viewer.actor, action="starter.made", target=kit)
    return kit


def _plan(viewer: Viewer, year: int) -> Plan:
    plan = make_plan(viewer=viewer, fiscal_year=year, vision=VISION, visions=VISIONS)
    door = plan_door(viewer, plan.uid)
    known = {one.code for one in indicators_for(viewer)}
    for one in STARTS:
        goal = write_goal(
            door=door,
            fields={
                "scene": one.scene,
                "items": [one.item],
                "text": one.goal,
                # An installation without the catalogue gets the goal without its indicator.
                "indicator_code": one.indicator if one.indicator in known else "",
            },
        )
        write_activity(door=door, fields=_activity(one, goal))
    return plan


def _activity(one: Start, goal: Goal) -> dict[str, object]:
    return {
        "name": one.activity,
        "goal": goal,
        "items": [one.item],
        "scenes": [one.scene],
        "targets": [one.target],
        "parts": [one.part],
        "months": list(one.months),
    }


def _council(viewer: Viewer, area: Area) -> Council:
    return make_council(
        viewer=viewer,
        fields={
            "name": f"{area.name}在宅医療・介護連携推進協議会",
            "kind": CouncilKind.PLENARY,
            "purpose": COUNCIL_PURPOSE,
            "items": ["b"],
            "scenes": list(Scene.values),
        },
    )


@transaction.atomic
def take_back(*, viewer: Viewer, kit: StarterKit) -> None:
    """Remove what the kit made, as long as it is as the kit wrote it.

    Raises:
        ValidationError: somebody worked on it since.
    """
    locked = StarterKit.objects.select_for_update().get(pk=kit.pk)
    if not is_untouched(locked):
        raise ValidationError(TOUCHED)
    plan, council = locked.plan, locked.council
    record_event(actor=viewer.actor, action="starter.taken_back", target=locked)
    locked.delete()
    try:
        if plan is not None:
            Activity.objects.filter(plan=plan).delete()
            Goal.objects.filter(plan=plan).delete()
            plan.visions.all().delete()
            plan.delete()
        if council is not None:
            council.delete()
    except ProtectedError:
        raise ValidationError(TOUCHED) from None


@transaction.atomic
def add_members(
    *,
    door: CouncilDoor,
    people: Sequence[dict[str, object]],
    first_day: date,
    last_day: date | None,
) -> int:
    """Several members for the same term. Returns how many.

    Raises:
        ValidationError: one of them is on the roster already, or the term is upside down.
    """
    for one in people:
        add_member(door=door, fields=one, first_day=first_day, last_day=last_day)
    return len(people)


@transaction.atomic
def write_first_agenda(*, viewer: Viewer, meeting: Meeting) -> None:
    """The three items a first meeting usually has.

    Raises:
        ValidationError: the minutes stand.
    """
    door = meeting_door(viewer, meeting.uid)
    for kind, title in AGENDA:
        write_item(
            door=door,
            fields={
                "kind": kind,
                "title": title,
                "presenter": "事務局",
                "audience": Audience.PUBLIC,
            },
        )


def make_first_paper(*, viewer: Viewer, meeting: Meeting) -> ReportPack:
    """The council paper of the first meeting.

    Raises:
        ValidationError: the meeting is over, or not the viewer's.
    """
    area = meeting.council.area
    if area is None:
        raise ValidationError("この会議の資料は、「報告」から作ってください。")
    return make_pack(
        viewer=viewer,
        area=area,
        fiscal_year=meeting.fiscal_year,
        kind=ReportKind.COUNCIL,
        meeting=meeting,
    )
