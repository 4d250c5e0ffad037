"""From the kit 「小規模町村」 to the first council paper, and back while nothing was changed."""

from __future__ import annotations

import io
from datetime import date, datetime
from uuid import UUID

import docx
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common.clock import TOKYO
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.tests.factories import make_value, make_version
from renkei.programme.planning.forms_starter import term_from
from renkei.programme.planning.models import (
    Activity,
    AgendaItem,
    Council,
    CouncilMember,
    Goal,
    Issue,
    Meeting,
    Plan,
    ReportPack,
    StarterKit,
)
from renkei.programme.planning.queries.plans import item_matrix, plan_door
from renkei.programme.planning.services import councils, plans, starter
from renkei.programme.planning.starter_kits import ISSUES, ROLES, STARTS
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=TOKYO)
HOME = "/planning/starter/"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def officer() -> Client:
    return accounts.sign_in(Client(), factories.sato())


def at(part: str) -> str:
    """A step of the only kit there is; of none, an address nobody has."""
    kit = StarterKit.objects.first()
    return f"{HOME}{kit.uid if kit else UUID(int=1)}/{part}/"


def known_indicator() -> None:
    version = make_version("A-P1", name="退院・退所加算", scenes=["discharge"], unit="回")
    make_value(version, factories.town(), fiscal(2025), value=552)


def test_one_click_makes_a_plan_with_its_holes_and_a_council_to_fill():
    known_indicator()
    client = officer()
    assert "この一式で始める" in client.get(HOME).content.decode()

    client.post(HOME)

    plan = Plan.objects.get()
    assert (plan.fiscal_year, plan.visions.count()) == (2026, 4)
    assert Goal.objects.count() == Activity.objects.count() == len(STARTS)
    goal = Goal.objects.get(indicator_code="A-P1")
    assert (goal.baseline or {})["text"] == "552 回"
    # Nobody is made responsible by a kit, and no target is invented: the matrix says so.
    cells = [cell for row in item_matrix(plan) for cell in row.cells if cell.goals]
    assert {cell.missing for cell in cells} == {("指標なし", "担当なし")}
    assert Council.objects.get().name == "架空市在宅医療・介護連携推進協議会"
    assert CouncilMember.objects.count() == 0
    assert Issue.objects.count() == 0
    page = client.get(HOME).content.decode()
    assert "委員をまとめて入れる" in page
    assert all(one.title in page for one in ISSUES)


def test_the_way_from_the_kit_to_the_first_council_paper():
    known_indicator()
    client = officer()
    client.post(HOME)
    form = client.get(at("members")).content.decode()
    assert "医師の氏名" in form
    assert client.post(at("members"), {"first_day": "2026-11-01"}).status_code == 422
    people = {"first_day": "2026-11-01", "last_day": "2028-03-31", "name_0": "架空 一子"}
    assert client.post(at("members"), {**people, "name_4": "架空 三代"}).status_code == 302
    council = Council.objects.get()
    assert "次にすること" in client.get(f"/planning/councils/{council.uid}/").content.decode()
    assert [one.organisation_name for one in council.members.order_by("pk")] == [
        "医師会", "居宅介護支援事業所",
    ]  # fmt: skip
    assert ">医師の氏名" not in client.get(at("members")).content.decode()
    planned = {"day": "2026-12-18", "time": "14:00", "minutes": 90, "mode": "room"}
    client.post(
        f"/planning/councils/{council.uid}/meetings/add/",
        {**planned, "place": "町役場 会議室", "audience": "public"},
    )
    client.post(at("agenda"))
    assert AgendaItem.objects.count() == 3

    sent = client.post(at("paper"))

    pack = ReportPack.objects.get()
    assert sent["Location"] == f"/planning/reports/{pack.uid}/"
    word = client.get(f"/planning/reports/{pack.uid}/file.docx").content
    document = docx.Document(io.BytesIO(word))
    text = "".join(one.text for one in document.paragraphs)
    text += "".join(cell.text for one in document.tables for row in one.rows for cell in row.cells)
    assert "令和8年12月18日（金）" in text
    assert "地域の現状（指標）について" in text
    assert "552 回［" in text
    meeting = Meeting.objects.get()
    assert f"/planning/councils/meetings/{meeting.uid}/call/" in client.get(HOME).content.decode()
    client.post(f"/planning/councils/meetings/{meeting.uid}/call/", {"call_on": "2026-11-22"})
    page = client.get(HOME).content.decode()
    assert "はじめの会議の準備ができました" in page
    assert "取り消せます" not in page


def test_an_untouched_kit_is_taken_back_whole_a_touched_one_is_kept():
    client = officer()
    client.post(HOME)
    client.post(at("take-back"))
    assert not Plan.objects.exists()
    assert not Council.objects.exists()
    assert not StarterKit.objects.exists()

    client.post(HOME)
    viewer = factories.viewer(factories.sato())
    door = plan_door(viewer, Plan.objects.get().uid)
    plans.write_goal(door=door, fields={"owner": "佐藤"}, goal=Goal.objects.order_by("pk").first())
    page = client.post(at("take-back"), follow=True).content.decode()
    assert "まとめて取り消せません" in page
    assert Plan.objects.exists()


def test_a_kit_something_else_rests_on_is_kept():
    viewer = factories.viewer(factories.sato())
    kit = starter.start_from_kit(viewer=viewer)
    council = kit.council
    assert council is not None
    other = councils.make_council(viewer=viewer, fields={"name": "別の会議", "kind": "other"})
    Council.objects.filter(pk=other.pk).update(parent=council)
    with pytest.raises(ValidationError, match="まとめて取り消せません"):
        starter.take_back(viewer=viewer, kit=kit)


def test_the_kit_makes_only_what_is_missing():
    viewer = factories.viewer(factories.sato())
    council = factories.full_council()
    kit = starter.start_from_kit(viewer=viewer)
    assert kit.council is None
    client = officer()
    assert "3名が入っています" in client.get(HOME).content.decode()
    with pytest.raises(ValidationError, match="もう作ってあります"):
        starter.start_from_kit(viewer=viewer)
    page = client.post(HOME, follow=True).content.decode()
    assert "もう作ってあります" in page
    StarterKit.objects.all().delete()
    with pytest.raises(ValidationError, match="もうあります"):
        starter.start_from_kit(viewer=viewer)
    assert council.members.count() == 3


def test_an_office_without_an_area_is_told_so():
    office = accounts.make_organisation("架空の課", OrganisationKind.MUNICIPAL_SECTION)
    user = accounts.person("架空 九", "kyu@city.example.test", office, Role.MUNICIPAL_STAFF)
    with pytest.raises(ValidationError, match="圏域がありません"):
        starter.start_from_kit(viewer=factories.viewer(user))
    client = accounts.sign_in(Client(), user)
    assert client.get(HOME).status_code == 200


def test_steps_out_of_turn_are_not_found_or_say_why():
    client = officer()
    for part in ("take-back", "agenda", "paper"):
        assert client.post(at(part)).status_code == 404
    assert client.get(at("members")).status_code == 404
    client.post(HOME)
    for part in ("agenda", "paper"):
        assert client.post(at(part)).status_code == 404
    council = Council.objects.get()
    factories.member(council)
    factories.meeting(council, date(2026, 4, 3))
    page = client.post(at("paper"), follow=True).content.decode()
    assert "この会議の資料は作れません" in page
    again = {"first_day": "2026-11-01", "last_day": "2026-01-01", "name_0": "架空 二郎"}
    assert client.post(at("members"), again).status_code == 422


def test_a_form_of_words_opens_an_issue_that_still_needs_evidence():
    client = officer()
    one = ISSUES[0]
    url = f"/planning/issues/add/?title={one.title}&scene={one.scene}&item={one.item}"
    assert one.title in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("day", "last"),
    [(date(2026, 11, 22), date(2028, 3, 31)), (date(2027, 2, 3), date(2028, 3, 31))],
)
def test_a_term_runs_to_the_end_of_a_fiscal_year(day, last):
    assert term_from(day) == {"first_day": day.replace(day=1), "last_day": last}
    assert len(ROLES) == len({one.profession for one in ROLES})
