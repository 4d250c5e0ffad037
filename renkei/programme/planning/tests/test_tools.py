"""The life of a sharing tool: no step without evidence, and April comes each year (T-TOOL1)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.documents.letters import Heading, letter_pdf
from renkei.foundation.notifications.models import Notification
from renkei.programme.planning.models import SharingTool, ToolEvidence, ToolStep, ToolTick
from renkei.programme.planning.proofs import ProofFile
from renkei.programme.planning.queries import tools as queries
from renkei.programme.planning.services import tools as services
from renkei.programme.planning.tasks import announce_tools_task
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

PDF = letter_pdf([Heading("手引き", 1)], title="手引き")


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 10, tzinfo=TOKYO), tick=False)


def at(time_machine: Any, year: int, month: int, day: int) -> None:
    time_machine.move_to(datetime(year, month, day, 6, 20, tzinfo=TOKYO), tick=False)


def tool(**fields: Any) -> SharingTool:
    values = {"name": "情報共有シート", "kind": "sheet"}
    return services.write_tool(viewer=factories.viewer(factories.sato()), fields=values | fields)


def door(one: SharingTool, user: Any = None) -> queries.ToolDoor:
    return queries.tool_door(factories.viewer(user or factories.sato()), one.uid)


def shown(one: SharingTool, step: str, **fields: Any) -> ToolEvidence:
    values = {"text": "記録", "done_on": date(2026, 11, 1), "count": 1, "unit": "回"}
    return services.add_evidence(
        door=door(one), step=step, fields=values | fields, file=ProofFile()
    )


def tick(one: SharingTool, step: str) -> ToolTick:
    return services.tick_step(door=door(one), step=step)


def lived(one: SharingTool) -> None:
    """Everything up to its introduction."""
    for step in ("inventory", "group", "handbook", "introduce"):
        shown(one, step, **({"covers_personal_data": True} if step == "handbook" else {}))
        tick(one, step)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_t_tool1_no_step_is_ticked_without_evidence():
    one = tool()
    assert [row.step for row in queries.life_of(one).rows] == list(ToolStep)
    for step in ToolStep.values:
        with pytest.raises(ValidationError, match=r"根拠を付け|周知した根拠"):
            tick(one, step)
    first = shown(one, "inventory")
    tick(one, "inventory")
    assert queries.life_of(one).done == 1
    with pytest.raises(ValidationError, match="最後の根拠"):
        services.remove_evidence(door=door(one), evidence=first)
    services.untick_step(door=door(one), step="inventory")
    services.remove_evidence(door=door(one), evidence=first)
    assert (queries.life_of(one).done, ToolEvidence.objects.count()) == (0, 0)


def test_t_tool1_the_handbook_says_how_personal_data_are_handled():
    one = tool()
    shown(one, "handbook")
    with pytest.raises(ValidationError, match="個人情報の取扱い"):
        tick(one, "handbook")
    good = shown(one, "handbook", covers_personal_data=True)
    tick(one, "handbook")
    with pytest.raises(ValidationError, match="最後の根拠"):
        services.remove_evidence(door=door(one), evidence=good)


def test_t_tool1_the_announcement_comes_up_by_itself_each_april(time_machine):
    one = tool()
    other = tool(name="連絡帳", kind="notebook")
    lived(one)
    # The year it was introduced was announced by that; a tool nobody introduced waits.
    assert not queries.life_of(one).announce_due
    announce_tools_task(timestamp=0)
    at(time_machine, 2027, 3, 31)
    announce_tools_task(timestamp=0)
    assert not Notification.objects.exists()

    at(time_machine, 2027, 4, 1)
    assert queries.tools_to_announce(date(2027, 4, 1)) == [one]
    announce_tools_task(timestamp=0)
    announce_tools_task(timestamp=0)
    [told] = Notification.objects.all()
    assert told.user == factories.sato()
    assert str(one.uid) in told.path
    row = queries.life_of(one).rows[-1]
    assert (row.is_due, row.can_tick) == (True, False)
    with pytest.raises(ValidationError, match="令和9年度に周知した根拠"):
        tick(one, "announce")
    shown(one, "announce", done_on=date(2027, 4, 1))
    tick(one, "announce")
    assert not queries.life_of(one).announce_due

    at(time_machine, 2028, 4, 3)
    one.refresh_from_db()
    # Last year's evidence and tick say nothing of this year.
    assert queries.life_of(one).rows[-1].tick is None
    assert queries.life_of(one).announce_due
    announce_tools_task(timestamp=0)
    one.refresh_from_db()
    assert one.reminded_year == 2028
    services.remind_of_tool(one)
    assert not queries.life_of(other).announce_due


def test_the_month_of_the_announcement_is_the_areas_own(time_machine):
    one = tool(announce_month=1)
    lived(one)
    at(time_machine, 2027, 12, 31)
    assert not queries.life_of(one).announce_due
    at(time_machine, 2028, 1, 1)
    assert queries.life_of(one).announce_due
    shown(one, "announce", done_on=date(2028, 1, 1))
    tick(one, "announce")
    services.untick_step(door=door(one), step="announce")
    services.untick_step(door=door(one), step="announce")
    assert queries.life_of(one).announce_due
    services.write_tool(
        viewer=factories.viewer(factories.sato()), tool=one, fields={"ended_on": date(2028, 1, 1)}
    )
    assert not queries.life_of(one).announce_due
    assert not door(one).may_write


def test_t_tool1_renkei_is_one_of_the_tools_and_the_pages_lead_through_its_life():
    client = accounts.sign_in(Client(), factories.sato())
    assert "「連携」を加える" in words(client.get("/planning/tools/"))
    offered = client.get("/planning/tools/add/?renkei=1").content.decode()
    assert "連携（このシステム）" in offered
    posted = {"name": "連携", "kind": "ict", "is_renkei": "on", "announce_month": "4"}
    assert client.post("/planning/tools/add/", posted | {"kind": ""}).status_code == 422
    assert client.post("/planning/tools/add/", posted).status_code == 302
    assert client.post("/planning/tools/add/", posted).status_code == 422
    one = SharingTool.objects.get()
    assert (one.is_renkei, queries.has_renkei(factories.viewer(factories.sato()))) == (True, True)
    assert "「連携」を加える" not in words(client.get("/planning/tools/"))
    page = f"/planning/tools/{one.uid}/"
    client.post(f"{page}steps/handbook/tick/")
    assert "根拠を付けると、済みにできます" in words(client.get(page))
    assert client.get(f"{page}steps/handbook/add/").status_code == 200
    assert client.get(f"{page}steps/none/add/").status_code == 404
    file = SimpleUploadedFile("a.pdf", PDF)
    filled = {"text": "手引き第1版", "done_on": "2026-11-01", "file": file}
    client.post(f"{page}steps/handbook/add/", filled | {"covers_personal_data": "on"})
    client.post(f"{page}steps/handbook/tick/")
    assert "1/7段階が済み" in words(client.get(page))
    proof = ToolEvidence.objects.get()
    client.post(f"{page}evidence/{proof.uid}/remove/")
    assert client.get(f"{page}evidence/{proof.uid}/file/").status_code == 200
    assert client.get(f"{page}evidence/{one.uid}/file/").status_code == 404
    client.post(f"{page}steps/handbook/untick/")
    assert client.get(f"{page}edit/").status_code == 200
    assert client.post(f"{page}edit/", posted | {"text": "記録の共有"}).status_code == 302
    watcher = accounts.sign_in(Client(), factories.prefecture())
    assert "記録の共有" in words(watcher.get(page))
    assert watcher.get(f"{page}edit/").status_code == 404
    desk = accounts.sign_in(Client(), factories.desk())
    assert desk.get(f"{page}edit/").status_code == 200
    bare = shown(one, "survey")
    assert watcher.get(f"{page}evidence/{bare.uid}/file/").status_code == 404
    client.post(f"{page}evidence/{proof.uid}/remove/")
    assert ToolEvidence.objects.get() == bare


def test_who_sees_tools():
    one = tool()
    for stranger in (factories.other_town(), accounts.suzuki()):
        assert not queries.tools_seen_by(factories.viewer(stranger)).exists()
    factories.prefecture()
    assert list(queries.tools_seen_by(factories.viewer(factories.prefecture()))) == [one]
    with pytest.raises(ValidationError, match="圏域がありません"):
        services.write_tool(
            viewer=factories.viewer(accounts.suzuki()), fields={"name": "例", "kind": "fax"}
        )
