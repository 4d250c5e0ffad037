"""Who performs the eight items, and what is red about it (T-COM1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renkei.foundation.accounts.models import Role, User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests.factories import make_area, make_edge
from renkei.foundation.common.clock import TOKYO
from renkei.programme.indicators.periods import on_day
from renkei.programme.indicators.tests.factories import make_value, make_version
from renkei.programme.planning.models import Activity, Arrangement, ReportDue, SisterProgramme
from renkei.programme.planning.presenters_chain import chain_of, lacking
from renkei.programme.planning.presenters_programme import progress_page_of, side_lines
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.queries.programme import (
    Progress,
    programme_areas,
    progress_for,
)
from renkei.programme.planning.services import plans, programme
from renkei.programme.planning.tests import factories
from renkei.registry.facilities.models import Facility

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 10, tzinfo=TOKYO)
ASSOCIATION = "架空市医師会"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def arranged(**fields: Any) -> Arrangement:
    values: dict[str, Any] = {
        "items": ["e"],
        "execution": "contracted",
        "partner": ASSOCIATION,
        "first_day": date(2026, 4, 1),
        "last_day": date(2027, 3, 31),
        "outline_on": date(2026, 3, 1),
    }
    return programme.write_arrangement(
        viewer=factories.viewer(factories.sato()), fields=values | fields
    )


def report(one: Arrangement, due: date, **fields: Any) -> ReportDue:
    return programme.write_report(
        viewer=factories.viewer(factories.sato()),
        arrangement=one,
        fields={"name": "四半期の実績報告", "due_on": due} | fields,
    )


def shown() -> Progress:
    return progress_for(factories.viewer(factories.sato()), [factories.town()])[0]


def lines() -> dict[str, Any]:
    return {line.code: line for line in progress_page_of(shown()).lines}


def test_t_com1_a_contract_in_order_is_green_and_names_its_papers():
    one = arranged(is_supported=True)
    report(one, date(2026, 10, 31), received_on=date(2026, 10, 30))

    line = lines()["e"]

    assert (line.mark, line.word, line.is_red) == ("done", "整っている", False)
    assert line.flags == "委託、県の支援"
    assert line.evidence == 2
    assert line.evidence_text == "受け取った報告1、実施要綱1"
    assert line.arrangements[0].text == f"委託　{ASSOCIATION}"
    assert line.arrangements[0].reports == "1／1件"
    assert lines()["f"].mark == "ask"
    assert progress_page_of(shown()).troubles == []


def test_t_com1_a_contract_that_ends_with_no_successor_turns_red_with_the_remedy():
    arranged(items=["e", "f"], last_day=date(2026, 10, 31))

    page = progress_page_of(shown())

    assert [line.code for line in page.lines if line.is_red] == ["e", "f"]
    first = page.troubles[0]
    assert first.text == "（オ）架空市医師会の契約・実施が2026年10月31日（土）に終わりました。"
    assert "市町村が自ら行うことを登録してください" in first.remedy
    assert first.url.startswith("/planning/programme/arrangements/add/?item=e")

    arranged(execution="self", partner="", first_day=date(2026, 11, 1), last_day=None)
    assert [line.code for line in progress_page_of(shown()).lines if line.is_red] == ["f"]


def test_t_com1_a_contract_that_is_about_to_end_is_told_before():
    arranged(last_day=date(2027, 1, 31))
    assert lines()["e"].mark == "soon"
    arranged(first_day=date(2027, 2, 1), last_day=date(2028, 1, 31))
    assert lines()["e"].mark == "done"


def test_t_com1_a_late_report_turns_red_until_it_came():
    one = arranged()
    late = report(one, date(2026, 11, 21))
    report(one, date(2026, 11, 22), name="今日が期限の報告")

    (trouble,) = progress_page_of(shown()).troubles
    assert (trouble.mark, trouble.word) == ("over", "報告の遅れ")
    assert "「四半期の実績報告」が2026年11月21日（土）の期限を過ぎました" in trouble.text
    assert trouble.url == f"/planning/programme/reports/{late.uid}/"

    viewer = factories.viewer(factories.sato())
    programme.write_report(
        viewer=viewer, arrangement=one, report=late, fields={"received_on": date(2026, 11, 22)}
    )
    assert progress_page_of(shown()).troubles == []


def test_t_com1_a_missing_outline_turns_red():
    one = arranged(outline_on=None)
    (trouble,) = progress_page_of(shown()).troubles
    assert (trouble.word, trouble.url) == (
        "実施要綱なし", f"/planning/programme/arrangements/{one.uid}/",
    )  # fmt: skip
    arranged(items=["a"], execution="self", partner="", outline_on=None)
    assert not lines()["a"].is_red


def test_t_com1_another_bodys_work_counts_only_with_reports():
    one = arranged(execution="deemed", items=["f"])
    (trouble,) = progress_page_of(shown()).troubles
    assert trouble.word == "報告の期限なし"
    report(one, date(2027, 3, 31))
    assert lines()["f"].mark == "done"


def test_an_arrangement_is_checked():
    with pytest.raises(ValidationError, match="受託者・相手の団体を入力"):
        arranged(partner="")
    with pytest.raises(ValidationError, match="始まり以降の日付"):
        arranged(last_day=date(2026, 3, 31))
    one = arranged()
    with pytest.raises(ValidationError, match="今日までの日付"):
        report(one, date(2026, 12, 1), received_on=date(2026, 11, 23))
    nobody = accounts.person(
        "無 圏域", "mu@city.example.test", factories.office("課"), Role.MUNICIPAL_STAFF
    )
    with pytest.raises(ValidationError, match="圏域がありません"):
        programme.write_sister(viewer=factories.viewer(nobody), fields={})


def test_a_body_of_the_register_is_found_by_its_name():
    place = Facility.objects.create(
        name="架空訪問看護ステーション",
        sort_key="カクウ",
        fresh_on=date(2026, 6, 30),
        municipality=factories.town(),
        status="listed",
    )
    one = arranged(partner="架空訪問看護ステーション")
    assert one.facility == place
    assert lines()["e"].arrangements[0].facility_url == f"/register/facilities/{place.pk}/"


def test_the_answers_of_the_survey_stand_beside_the_contracts():
    make_value(make_version("J-E"), factories.town(), on_day(date(2015, 8, 1)), value=2)
    make_value(make_version("J-F"), factories.town(), on_day(date(2015, 8, 1)), value=0)
    assert [lines()[one].survey for one in "efa"] == ["している", "していない", "記録なし"]


def prefecture_office() -> User:
    """葵 of the prefecture, over two municipalities."""
    above = make_area(name="架空県", level="prefecture", key="990001", code="990001")
    make_edge(child=factories.town(), parent=above)
    make_edge(child=factories.town("汐見町", "992020"), parent=above)
    office = factories.office("架空県庁")
    office.area = above
    office.save()
    return accounts.person("葵 七", "aoi@pref.example.test", office, Role.PREFECTURE)


def test_t_com1_a_prefecture_reads_all_municipalities_side_by_side(django_assert_num_queries):
    arranged(last_day=date(2026, 10, 31), is_supported=True)
    viewer = factories.viewer(prefecture_office())
    areas = programme_areas(viewer)

    with django_assert_num_queries(9):
        found = side_lines(progress_for(viewer, areas))

    assert [(one.name, one.red) for one in found] == [("架空市", 1), ("汐見町", 0)]
    assert found[0].cells[4].mark == "over"


def test_the_pages_of_the_programme():
    client = accounts.sign_in(Client(), factories.sato())
    assert client.get("/planning/plans/").status_code == 200
    assert "だれが行うかを書く" in client.get("/planning/programme/").content.decode()
    add = "/planning/programme/arrangements/add/"
    assert client.get(f"{add}?item=e").status_code == 200
    assert client.post(add, {"items": ["e"]}).status_code == 422
    outline = SimpleUploadedFile("要綱.txt", "実施要綱".encode(), "text/plain")
    filled = {
        "items": ["e", "f"], "execution": "contracted", "partner": ASSOCIATION,
        "first_day": "2026-04-01", "last_day": "2026-10-31", "outline_on": "2026-03-01",
    }  # fmt: skip
    assert client.post(add, filled | {"partner": ""}).status_code == 422
    assert client.post(add, filled | {"outline": outline}).status_code == 302
    one = Arrangement.objects.get()
    page = f"/planning/programme/arrangements/{one.uid}/"
    assert client.get(page).status_code == 200
    assert client.get(f"{page}outline/").status_code == 200
    due = {"name": "実績報告", "due_on": "2026-11-01"}
    assert client.post(f"{page}reports/add/", {}).status_code == 422
    assert client.post(f"{page}reports/add/", due).status_code == 302
    assert client.post(f"{page}reports/add/", due).status_code == 422
    got = ReportDue.objects.get()
    told = client.get("/planning/programme/").content.decode()
    assert "引き継ぎを登録する" in told
    assert "報告の遅れ" in told
    report_page = f"/planning/programme/reports/{got.uid}/"
    assert client.get(report_page).status_code == 200
    assert client.get(f"{report_page}file/").status_code == 404
    paper = SimpleUploadedFile("報告.txt", "実績".encode(), "text/plain")
    came = due | {"received_on": "2026-11-02", "file": paper}
    assert client.post(report_page, came).status_code == 302
    assert client.get(f"{report_page}file/").status_code == 200
    again = {"outline": SimpleUploadedFile("新要綱.txt", "第2版".encode(), "text/plain")}
    assert client.post(page, filled | again).status_code == 302
    following = client.get(f"{add}?item=e&after={one.uid}").content.decode()
    assert 'value="2026-11-01"' in following
    assert ASSOCIATION in following
    for odd in ("x", str(got.uid)):
        assert client.get(f"{add}?after={odd}").status_code == 200, odd
    assert "報告の遅れ" not in client.get("/planning/programme/").content.decode()

    stranger = accounts.sign_in(Client(), factories.other_town())
    for path in (page, report_page, f"{report_page}file/", "/planning/programme/of/992011/"):
        assert stranger.get(path).status_code == 404, path
    above = accounts.sign_in(Client(), prefecture_office())
    assert "架空市" in above.get("/planning/programme/").content.decode()
    told = above.get("/planning/programme/of/992011/").content.decode()
    assert "引き継ぎなし" in told
    assert "引き継ぎを登録する" not in told
    assert above.get(page).status_code == 404


def test_t_b5_every_activity_says_what_it_lacks(django_assert_num_queries):
    viewer = factories.viewer(factories.sato())
    plan = plans.make_plan(
        viewer=viewer, fiscal_year=2026, vision="姿", visions={"daily": "家で暮らせる"}
    )
    door = plan_door(viewer, plan.uid)
    goal = plans.write_goal(
        door=door, fields={"scene": "daily", "items": ["e"], "text": "相談に当日こたえる"}
    )
    bare = plans.write_activity(
        door=door,
        fields={
            "name": "相談窓口", "items": ["e"], "scenes": ["daily"], "targets": ["workers"],
            "performer": "contracted",
        },
    )  # fmt: skip
    assert lacking(bare) == [
        "目標", "施策", "省令の号", "法の根拠", "担当", "財源", "契約・実施のかたち",
    ]  # fmt: skip
    page = f"/planning/plans/{plan.uid}/cuts/"
    client = accounts.sign_in(Client(), factories.sato())
    assert "目標に結び付いていません" in client.get(page).content.decode()

    contract = arranged(execution="deemed", outline_on=None)
    filled = {
        "goal": goal, "measure": "窓口の体制", "parts": ["2"], "legal_basis": "法", "owner": "窓口",
        "funding": "comprehensive", "arrangement": contract,
    }  # fmt: skip
    plans.write_activity(door=door, activity=bare, fields=filled)
    assert lacking(bare) == ["実施のしかたが契約と違う", "実施要綱", "報告の期限"]
    own = arranged(items=["e"])
    plans.write_activity(door=door, activity=bare, fields={"arrangement": own})
    with django_assert_num_queries(4):
        chain = chain_of(plan)
    assert (chain.lacks, chain.whole) == ([], 1)
    (link,) = chain.scenes[0].goals
    assert [(one.name, one.activities) for one in link.measures] == [("窓口の体制", [bare])]
    told = client.get(page).content.decode()
    assert "施策　窓口の体制" in told
    assert "1件はそろっています" in told


def test_t_b7_related_programmes_with_their_sections_go_with_an_activity():
    client = accounts.sign_in(Client(), factories.sato())
    base = "/planning/programme/related/"
    assert "認知症総合支援事業" in client.get(base).content.decode()
    assert client.post(f"{base}add/", {"name": "認知症総合支援事業"}).status_code == 422
    filled = {"name": "認知症総合支援事業", "section": "長寿支援課"}
    assert client.get(f"{base}add/?name=任意事業").status_code == 200
    assert client.post(f"{base}add/", filled).status_code == 302
    assert client.post(f"{base}add/", filled).status_code == 422
    one = SisterProgramme.objects.get()
    assert client.post(f"{base}{one.uid}/", filled | {"section": "福祉課"}).status_code == 302
    assert client.get(f"{base}{one.uid}/").status_code == 200
    plan = plans.make_plan(
        viewer=factories.viewer(factories.sato()), fiscal_year=2026, vision="姿", visions={}
    )
    work = {
        "name": "認知症の人の退院", "items": ["c"], "scenes": ["hospital"], "targets": ["citizens"],
        "performer": "self", "programmes": [one.pk], "funding": "comprehensive",
    }  # fmt: skip
    assert client.post(f"/planning/plans/{plan.uid}/activities/add/", work).status_code == 302
    made = Activity.objects.get()
    assert (list(made.programmes.all()), made.funding) == ([one], "comprehensive")
    edit = client.get(f"/planning/plans/{plan.uid}/activities/{made.uid}/").content.decode()
    assert "認知症総合支援事業（福祉課）" in edit
    assert "認知症の人の退院" in client.get(base).content.decode()
    assert (
        accounts.sign_in(Client(), factories.other_town()).get(f"{base}{one.uid}/").status_code
        == 404
    )
