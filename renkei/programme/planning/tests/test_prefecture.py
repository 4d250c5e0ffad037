"""A prefecture's plan cuts the scenes in three and loses nothing on the way to four (T-B9)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common.clock import TOKYO
from renkei.programme.planning.frames import Scene
from renkei.programme.planning.groupings import THREE, groups_of, scene_choices, scenes_of
from renkei.programme.planning.models import (
    Activity,
    Goal,
    GoalState,
    Grouping,
    Issue,
    Plan,
    SceneVision,
    Verdict,
)
from renkei.programme.planning.queries.plans import PlanDoor, item_matrix, plan_door
from renkei.programme.planning.queries.prefecture import grouped_plan
from renkei.programme.planning.services import issues, plans
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

# Source: S0, 福岡県における在宅医療の課題と取組み: issues of the groups (5, 2, 2), some projects.
ISSUES = (
    ("多職種連携の推進", ["daily"]),
    ("緩和ケア療養体制の整備", ["daily"]),
    ("早期からの退院支援の充実", ["hospital"]),
    ("急変時に受け入れる医療機関の確保", ["acute"]),
    ("本人の意思を反映した療養体制", ["end"]),
)
PROJECTS = (
    ("在宅医療推進協議会運営事業", ["daily", "hospital", "acute", "end"]),
    ("診療情報ネットワーク活用拡大事業", ["hospital", "acute"]),
    ("訪問看護ステーション連携強化・看取り促進事業", ["daily", "end"]),
)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 10, tzinfo=TOKYO), tick=False)


def planned() -> PlanDoor:
    viewer = factories.viewer(factories.prefecture())
    plan = plans.make_plan(
        viewer=viewer, fiscal_year=2026, vision="県のどこでも家で暮らせる",
        visions=dict.fromkeys(Scene.values, "姿"), grouping=Grouping.THREE,
    )  # fmt: skip
    return plan_door(viewer, plan.uid)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def names(rows: Any) -> list[str]:
    return [str(one) for one in rows]


def test_t_b9_each_scene_stands_in_exactly_one_of_the_three_groups():
    assert sorted(one for group in THREE for one in group.scenes) == sorted(Scene)
    assert [group.label for group in groups_of(["hospital"])] == ["退院支援と急変時の対応"]
    assert groups_of(["hospital"]) == groups_of(["acute"])
    for group in THREE:
        assert groups_of(scenes_of([group.code])) == [group]
    assert [value for value, _ in scene_choices()] == [
        "daily", "hospital+acute", "hospital", "acute", "end",
    ]  # fmt: skip


def test_t_b9_issues_and_projects_map_onto_the_four_without_loss():
    door = planned()
    for title, scenes in ISSUES:
        issues.raise_issue(
            viewer=door.viewer, cited=["resource:130"],
            fields={"title": title, "raised_from": "resource", "scenes": scenes},
        )  # fmt: skip
    for name, scenes in PROJECTS:
        plans.write_activity(
            door=door, fields={"name": name, "scenes": scenes, "targets": ["workers"]}
        )
    plans.write_goal(
        door=door,
        fields={"scene": "hospital", "more_scenes": ["acute"], "text": "受け入れ先を決める"},
    )

    found = grouped_plan(door)

    groups = {group.code: part for group, part in found.groups}
    fours = {scene.value: part for scene, part in found.scenes}
    assert found.is_whole
    assert names(groups["between"].issues) == [ISSUES[2][0], ISSUES[3][0]]
    assert names(groups["between"].projects) == [PROJECTS[0][0], PROJECTS[1][0]]
    assert names(fours["hospital"].issues) == [ISSUES[2][0]]
    assert names(fours["acute"].issues) == [ISSUES[3][0]]
    for parts in (groups.values(), fours.values()):
        assert {one.pk for part in parts for one in part.issues} == set(
            Issue.objects.values_list("pk", flat=True)
        )
        assert {one.pk for part in parts for one in part.projects} == set(
            Activity.objects.values_list("pk", flat=True)
        )
    # A goal of the whole group stands in both of its scenes, here and in the matrix of four.
    assert len(fours["hospital"].goals) == len(fours["acute"].goals) == 1
    assert len(groups["between"].goals) == 1
    assert not any(cell.goals for row in item_matrix(door.plan) for cell in row.cells)
    # What names no scene is named apart, never dropped.
    issues.raise_issue(
        viewer=door.viewer, cited=["resource:130"],
        fields={"title": "人材の不足", "raised_from": "resource"},
    )  # fmt: skip
    assert names(grouped_plan(door).loose.issues) == ["人材の不足"]


def test_t_b9_the_pages_of_a_prefectures_plan_with_its_alignment():
    client = accounts.sign_in(Client(), factories.prefecture())
    assert "②退院支援と急変時の対応のめざす姿" in words(client.get("/planning/plans/add/"))
    posted = {
        "fiscal_year": 2026, "vision": "家で暮らせる", "vision_daily": "日常",
        "vision_hospital": "行き来できる", "vision_end": "望む場所で",
    }  # fmt: skip
    assert client.post("/planning/plans/add/", posted).status_code == 302
    plan = Plan.objects.get()
    assert plan.grouping == Grouping.THREE
    assert SceneVision.objects.get(plan=plan, scene="acute").text == "行き来できる"
    page = f"/planning/plans/{plan.uid}/"
    goal = {"scene": "hospital+acute", "text": "受け入れ先を決める", "medical_plan": "aligned"}
    assert client.get(f"{page}goals/add/").status_code == 200
    assert client.post(f"{page}goals/add/", goal).status_code == 422
    noted = goal | {"medical_plan_note": "第8次計画 在宅医療の項"}
    assert client.post(f"{page}goals/add/", noted).status_code == 302
    made = Goal.objects.get()
    assert (made.scenes, made.items) == (["hospital", "acute"], [])
    assert 'value="hospital+acute"' in client.get(f"{page}goals/{made.uid}/").content.decode()
    one = noted | {"scene": "acute", "medical_plan": ""}
    assert client.post(f"{page}goals/{made.uid}/", one).status_code == 302
    made.refresh_from_db()
    assert (made.scenes, made.medical_plan) == (["acute"], "")
    work = {
        "name": "協議会の運営",
        "scenes": ["acute"],
        "targets": ["workers"],
        "performer": "self",
    }
    assert client.post(f"{page}activities/add/", work).status_code == 302
    shown = words(client.get(page))
    assert "②退院支援と急変時の対応" in shown
    assert "医療計画：確かめていない" in shown
    assert "すべて4つの場面のどれかに入っています" in shown
    for path in ("?by=items", "?by=targets", "cuts/", "edit/", "review/"):
        assert client.get(page + path).status_code == 200, path
    # A municipality below reads it, another prefecture's does not.
    city = accounts.sign_in(Client(), factories.sato())
    assert "受け入れ先を決める" in words(city.get(page))
    assert city.get(f"{page}edit/").status_code == 404


def test_t_b9_next_year_keeps_the_three_groups_and_the_alignment():
    door = planned()
    plans.write_goal(
        door=door,
        fields={
            "scene": "hospital", "more_scenes": ["acute"], "text": "目標",
            "medical_plan": "differs", "medical_plan_note": "目標年が違う",
        },
    )  # fmt: skip
    with pytest.raises(ValidationError, match="記載、または違い"):
        plans.write_goal(
            door=door, fields={"scene": "end", "text": "目標", "medical_plan": "aligned"}
        )
    plans.review_goal(
        door=door,
        goal=Goal.objects.get(),
        state=GoalState.ONGOING,
        verdict=Verdict.CONTINUE,
        reason="続ける",
    )

    following = plans.make_next_plan(door=door)

    carried = Goal.objects.get(plan=following)
    assert following.grouping == Grouping.THREE
    assert (carried.scenes, carried.medical_plan) == (["hospital", "acute"], "differs")


def test_a_prefecture_keeps_its_own_issues():
    client = accounts.sign_in(Client(), factories.prefecture())
    posted = {
        "title": "訪問診療の地域差", "raised_from": "resource", "cited": ["resource:130"],
        "scenes": ["daily"],
    }  # fmt: skip
    assert client.post("/planning/issues/add/", posted).status_code == 302
    issue = Issue.objects.get()
    assert client.get(f"/planning/issues/{issue.uid}/edit/").status_code == 200
    assert "訪問診療の地域差" in words(client.get("/planning/issues/"))
    city = accounts.sign_in(Client(), factories.sato())
    assert city.get(f"/planning/issues/{issue.uid}/").status_code == 404
