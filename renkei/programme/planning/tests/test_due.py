"""What is due crosses sections, and the programme's year (T-B7, §10 of the workflows)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common.clock import TOKYO
from renkei.programme.planning.calendar import BY_CODE, MONTHS, SHIPPED
from renkei.programme.planning.models import (
    Action,
    Activity,
    GoalState,
    Issue,
    SisterProgramme,
    Verdict,
    YearlyTask,
    YearlyTaskDone,
)
from renkei.programme.planning.queries.due import calendar_of, due_for, entry_of
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.services import calendar, plans, programme
from renkei.programme.planning.services.issues import EvidenceFile, raise_issue
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def everything() -> None:
    """One thing of each kind, within three months."""
    viewer = factories.viewer(factories.sato())
    sister = programme.write_sister(
        viewer=viewer, fields={"name": "認知症総合支援事業", "section": "長寿支援課"}
    )
    contract = programme.write_arrangement(
        viewer=viewer,
        fields={
            "items": ["e"], "execution": "contracted", "partner": "架空市医師会",
            "first_day": date(2026, 4, 1), "last_day": date(2027, 1, 31), "section": "福祉課",
            "outline_on": date(2026, 3, 1),
        },
    )  # fmt: skip
    programme.write_report(
        viewer=viewer,
        arrangement=contract,
        fields={"name": "実績報告", "due_on": date(2026, 11, 1)},
    )
    plan = plans.make_plan(
        viewer=viewer, fiscal_year=2026, vision="姿", visions={"daily": "家で暮らせる"}
    )
    door = plan_door(viewer, plan.uid)
    plans.write_goal(
        door=door,
        fields={"scene": "daily", "items": ["e"], "text": "窓口を知らせる", "due_year": 2025},
    )
    plans.write_activity(
        door=door,
        fields={
            "name": "認知症の人の相談", "items": ["e"], "scenes": ["daily"],
            "targets": ["citizens"], "months": [12], "arrangement": contract,
            "programmes": [sister],
        },
    )  # fmt: skip
    council = factories.full_council()
    factories.meeting(council, date(2026, 12, 10))
    Action.objects.create(
        council=council, text="名簿を直す", owner="川瀬", due_on=date(2026, 12, 1)
    )
    raise_issue(
        viewer=viewer,
        fields={
            "title": "夜の相談先", "raised_from": "meeting", "is_provisional": True,
            "look_again_on": date(2026, 12, 20),
        },
        cited=[],
        file=EvidenceFile(b"a,b\n1,2\n", "a.csv", "調査", "福祉課"),
    )  # fmt: skip
    Issue.objects.update(state="decided", owner="川瀬", due_on=date(2027, 1, 15))


def test_t_b7_the_list_of_what_is_due_crosses_sections():
    everything()
    viewer = factories.viewer(factories.sato())
    town = factories.town()

    found = [one for one in due_for(viewer, town, days=90) if one.kind != "年間の予定"]

    assert [(one.on.isoformat(), one.kind) for one in found] == [
        ("2026-03-31", "目標"),
        ("2026-11-01", "報告"),
        ("2026-11-26", "会議"),
        ("2026-12-01", "すべきこと"),
        ("2026-12-20", "見直し"),
        ("2026-12-31", "活動"),
        ("2027-01-15", "課題"),
        ("2027-01-31", "契約"),
    ]
    dementia = due_for(viewer, town, days=90, section="長寿支援課")
    assert [one.kind for one in dementia] == ["報告", "活動", "契約"]
    assert dementia[0].sections == ("福祉課", "長寿支援課")
    assert [one.kind for one in due_for(viewer, town, days=8) if one.kind != "年間の予定"] == [
        "目標", "報告", "会議", "契約",
    ]  # fmt: skip


def test_the_page_of_what_is_due_is_filtered_by_section():
    everything()
    client = accounts.sign_in(Client(), factories.sato())
    page = "/planning/programme/due/"
    told = client.get(page).content.decode()
    assert "架空市医師会から「実績報告」を受け取る" in told
    assert "超過" in told
    told = client.get(f"{page}?days=90&section=長寿支援課").content.decode()
    assert "認知症の人の相談" in told
    assert "名簿を直す" not in told
    assert "長寿支援課（全部で" in told
    for odd in ("?days=5", "?section=なし", "?days=x"):
        assert client.get(page + odd).status_code == 200, odd
    first = client.get("/planning/plans/").content.decode()
    assert "今月やること（11月）" in first
    assert "架空市医師会から「実績報告」を受け取る" in first
    assert "「人生会議」の日に合わせて催しを行う" in first
    assert "名簿を直す" not in first
    other = accounts.sign_in(Client(), factories.other_town())
    assert "実績報告" not in other.get(page).content.decode()


def test_the_year_is_shipped_with_its_sources_and_every_month_is_one():
    assert len(BY_CODE) == len(SHIPPED)
    assert all(one.source and one.month in MONTHS for one in SHIPPED)
    months = [one.month for one in calendar_of(factories.town(), 2026)]
    assert months == sorted(months, key=MONTHS.index)


def test_a_municipality_moves_drops_adds_and_ticks_off():
    client = accounts.sign_in(Client(), factories.sato())
    base = "/planning/programme/calendar/"
    told = client.get(base).content.decode()
    assert "行田市の例" in told
    assert client.get(f"{base}exchange/").status_code == 200
    moved = {"text": "意見交換会", "month": "9", "section": "福祉課"}
    assert client.post(f"{base}exchange/", moved).status_code == 302
    town = factories.town()
    entry = entry_of(town, "exchange", 2026)
    assert entry is not None
    assert (entry.month, entry.text, entry.source) == (9, "意見交換会", "行田市の例")
    assert client.post(f"{base}forum/", moved | {"is_dropped": "on"}).status_code == 302
    assert client.get(f"{base}add/").status_code == 200
    assert client.post(f"{base}add/", moved | {"month": "13"}).status_code == 422
    own = {"text": "町内会を回る", "month": "11"}
    assert client.post(f"{base}add/", own).status_code == 302
    mine = YearlyTask.objects.get(code="")
    assert client.get(f"{base}{mine.uid}/").status_code == 200
    with_phone = own | {"text": "0999-00-0100へ電話"}
    assert client.post(f"{base}{mine.uid}/", with_phone).status_code == 422

    for _ in range(2):
        client.post(f"{base}acp-day/tick/", {"done": "1"})
    assert YearlyTaskDone.objects.get().done_on == date(2026, 11, 22)
    response = client.post(f"{base}{mine.uid}/tick/", {"done": "1", "from": "plans"})
    assert response["Location"] == "/planning/plans/"
    told = client.get(base).content.decode()
    assert "2026年11月22日（日）に済み" in told
    assert "行わない" in told
    viewer = factories.viewer(factories.sato())
    dues = [one.text for one in due_for(viewer, town, days=90)]
    assert "町内会を回る" not in dues
    assert "入退院調整ルールの会議を開く" in dues
    assert "意見交換会" not in dues
    client.post(f"{base}acp-day/tick/", {"done": "0"})
    assert YearlyTaskDone.objects.get().task == mine
    assert entry_of(town, "acp-day", 2027).done_on is None  # type: ignore[union-attr]


def test_a_key_of_nothing_is_not_found():
    client = accounts.sign_in(Client(), factories.sato())
    base = "/planning/programme/calendar/"
    assert client.get(f"{base}nothing/").status_code == 404
    told = client.post(f"{base}nothing/tick/", {"done": "1"}, follow=True)
    assert "この予定が見つかりません" in told.content.decode()
    viewer = factories.viewer(factories.sato())
    with pytest.raises(ValidationError, match="見つかりません"):
        calendar.write_task(viewer=viewer, fields={}, key="1c7d7ad8-75a4-4e4c-9d42-1d3a0d4f6a11")
    stranger = factories.viewer(factories.other_town())
    calendar.write_task(viewer=viewer, fields={"text": "予定", "month": 5})
    mine = YearlyTask.objects.get()
    with pytest.raises(ValidationError, match="見つかりません"):
        calendar.tick_task(viewer=stranger, key=str(mine.uid), done=True)
    assert accounts.sign_in(Client(), factories.desk()).get(base).status_code == 200


def test_next_years_plan_keeps_contract_funding_and_programmes():
    everything()
    viewer = factories.viewer(factories.sato())
    one = Activity.objects.get()
    door = plan_door(viewer, one.plan.uid)
    plans.write_activity(door=door, activity=one, fields={"funding": "comprehensive"})
    plans.review_activity(door=door, activity=one, verdict=Verdict.CONTINUE, reason="続ける")
    for goal in door.plan.goals.all():
        plans.review_goal(
            door=door, goal=goal, state=GoalState.MISSED, verdict=Verdict.END,
            reason="終わる",
        )  # fmt: skip
    following = plans.make_next_plan(door=door)
    carried = Activity.objects.get(plan=following)
    assert (carried.arrangement, carried.funding) == (one.arrangement, "comprehensive")
    assert list(carried.programmes.all()) == [SisterProgramme.objects.get()]
