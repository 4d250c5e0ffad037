"""Where an office stands on its way from the kit to the first council paper."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.programme.planning.models import (
    Activity,
    AgendaItem,
    Council,
    CouncilMember,
    Goal,
    Meeting,
    MeetingState,
    Plan,
    ReportKind,
    ReportPack,
    StarterKit,
)
from renkei.programme.planning.queries.plans import visions_of
from renkei.programme.planning.rules import may_own_councils
from renkei.programme.planning.starter_kits import ROLES, RoleToFill

_OF_GOAL = ("scene", "items", "text", "indicator_code", "target", "due_year", "owner")
_OF_ACTIVITY = ("name", "text", "items", "scenes", "targets", "parts", "owner", "months")
BEFORE_HELD = (MeetingState.PLANNED, MeetingState.CALLED, MeetingState.MATERIALS_SENT)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the journey: what to do, where, and whether it is done."""

    word: str
    text: str
    url: str
    button: str
    is_done: bool
    # A step of one click is a form, the others are links.
    posts: bool = False


def kit_of(viewer: Viewer) -> StarterKit | None:
    """The kit of the viewer's own municipality."""
    area = own_area_of(viewer) if may_own_councils(viewer) else None
    if area is None:
        return None
    found = StarterKit.objects.filter(area=area).select_related("plan", "council", "area")
    return found.first()


def council_of_kit(kit: StarterKit) -> Council | None:
    """The council of the kit, or the one there was before it."""
    return kit.council or Council.objects.filter(
        area=kit.area, parent=None, ended_on=None
    ).order_by("pk").first()  # fmt: skip


def plan_of_kit(kit: StarterKit) -> Plan | None:
    """The plan of the kit, or the newest there is."""
    return kit.plan or Plan.objects.filter(area=kit.area).order_by("-fiscal_year").first()


def first_meeting(council: Council | None) -> Meeting | None:
    """The first meeting to come, or the newest there was."""
    found = Meeting.objects.filter(council=council).exclude(state=MeetingState.CANCELLED)
    return (
        found.filter(state__in=BEFORE_HELD).order_by("begins_at").first()
        or found.order_by("-begins_at").first()
    )


def roles_left(council: Council | None) -> list[RoleToFill]:
    """Which of the suggested professions nobody has yet."""
    there = set(CouncilMember.objects.filter(council=council).values_list("profession", flat=True))
    return [one for one in ROLES if one.profession not in there]


def steps_of(kit: StarterKit) -> list[Step]:
    """From the kit to the invitation, in order."""
    council, plan = council_of_kit(kit), plan_of_kit(kit)
    meeting = first_meeting(council)
    members = CouncilMember.objects.filter(council=council).count()
    steps = [
        Step(
            "計画の下書き", "めざす姿、場面ごとの目標、活動、1年の予定ができています。",
            reverse("planning:plan_detail", args=[plan.uid])
            if plan else reverse("planning:plan_add"),
            "計画を見る", plan is not None,
        ),
        Step(
            "委員を入れる",
            f"{members}名が入っています。"
            if members else "わかる人の氏名だけを入れます。後で足せます。",
            reverse("planning:starter_members", args=[kit.uid]), "委員をまとめて入れる",
            members > 0,
        ),
        Step(
            "会議の日を決める", "1回目の日時と会場を決めます。",
            reverse("planning:meeting_add", args=[council.uid])
            if council else reverse("planning:council_add"),
            "会議の予定を立てる", meeting is not None,
        ),
    ]  # fmt: skip
    return steps + _meeting_steps(kit, meeting)


def _meeting_steps(kit: StarterKit, meeting: Meeting | None) -> list[Step]:
    own = reverse("planning:meeting_detail", args=[meeting.uid]) if meeting else ""
    items = AgendaItem.objects.filter(meeting=meeting).exists()
    paper = ReportPack.objects.filter(meeting=meeting, kind=ReportKind.COUNCIL).first()
    called = meeting is not None and meeting.state != MeetingState.PLANNED
    return [
        Step(
            "議題を入れる", "はじめの会議によくある3つの議題を入れます。後で直せます。",
            reverse("planning:starter_agenda", args=[kit.uid]), "3つの議題を入れる",
            meeting is not None and items, posts=True,
        ),
        Step(
            "協議会資料を作る",
            "会議の日時・議題と、指標のいまの値が入ります。WordとPDFで出せます。",
            reverse("planning:report_detail", args=[paper.uid])
            if paper and meeting else reverse("planning:starter_paper", args=[kit.uid]),
            "協議会資料を作る", meeting is not None and paper is not None, posts=True,
        ),
        Step(
            "開催を知らせる", "開催通知を作り、委員に知らせます。",
            reverse("planning:meeting_call", args=[meeting.uid]) if meeting else own,
            "開催を知らせる", called,
        ),
    ]  # fmt: skip


def next_step(kit: StarterKit) -> Step | None:
    """The first that is not done."""
    return next((one for one in steps_of(kit) if not one.is_done), None)


def fingerprint_of(plan: Plan | None, council: Council | None) -> str:
    """Everything the kit wrote, as it stands now."""
    kept: list[Any] = []
    if plan is not None:
        kept += [plan.vision, sorted(visions_of(plan).items()), plan.reviewed_at is None]
        kept += _rows(Goal, plan, _OF_GOAL) + _rows(Activity, plan, _OF_ACTIVITY)
        kept.append(plan.not_done.count())
    if council is not None:
        kept += [council.name, council.purpose, council.work, council.phone, council.fee_yen]
        kept += [one.exists() for one in (council.members, council.meetings, council.issues)]
        kept += [council.groups.exists(), council.actions.exists()]
    text = json.dumps(kept, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(model: type[Goal | Activity], plan: Plan, fields: tuple[str, ...]) -> list[Any]:
    rows = model.objects.filter(plan=plan).order_by("pk").values_list(*fields)
    return [list(map(str, row)) for row in rows]


def is_untouched(kit: StarterKit) -> bool:
    """Whether everything is still as the kit wrote it."""
    return fingerprint_of(kit.plan, kit.council) == kit.fingerprint
