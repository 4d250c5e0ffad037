"""Issues rest on frozen evidence and come back by themselves (T-B2, T-B6, T-B8)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.documents.letters import Heading, letter_pdf
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.tests.factories import make_value, make_version
from renkei.programme.planning import evidence as kinds
from renkei.programme.planning.models import Issue, IssueEvidence, IssueState
from renkei.programme.planning.presenters_issues import issue_page_of
from renkei.programme.planning.queries.issues import (
    care_meetings_of,
    issue_door,
    issues_due_again,
    issues_seen_by,
)
from renkei.programme.planning.services import issues, minutes
from renkei.programme.planning.tasks import look_again_task
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

TITLE = "夜間に往診できる診療所が足りない"
PDF = letter_pdf([Heading("調査の結果", 1)], title="調査")
NOW = datetime(2026, 11, 22, 10, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def raised(cited: list[str] | None = None, **fields: Any) -> Issue:
    values = {"title": TITLE, "raised_from": "indicator"}
    return issues.raise_issue(
        viewer=factories.viewer(factories.sato()),
        fields=values | fields,
        cited=["resource:130"] if cited is None else cited,
    )


def door(issue: Issue, user: Any = None) -> Any:
    return issue_door(factories.viewer(user or factories.sato()), issue.uid)


def move(issue: Issue, *states: str, **fields: Any) -> Issue:
    note = fields.pop("note", "")
    for state in states:
        issue = issues.move_issue(door=door(issue), to=IssueState(state), note=note, fields=fields)
    return issue


def test_t_b2_an_issue_cannot_exist_without_evidence():
    factories.sato()

    with pytest.raises(ValidationError, match="根拠"):
        raised([])
    with pytest.raises(ValidationError, match="見つかりません"):
        raised(["resource:999"])

    assert not Issue.objects.exists()


def test_t_b2_after_a_revision_the_issue_shows_the_old_value_and_says_so():
    factories.sato()
    version = make_version("X-NIGHT")
    value = make_value(version, factories.town(), fiscal(2025), value=7)
    issue = raised(["indicator:X-NIGHT|fiscal_year|2025"])
    before = issue_page_of(door(issue)).evidence[0]

    value.value = Decimal(9)
    value.save()
    after = issue_page_of(door(issue)).evidence[0]

    assert (before.drift, after.shown) == ("", before.shown)
    assert "7" in after.shown
    assert after.drift.replace(" ", "") == "値が改訂されました。付けた時は7件、いまは9件です。"


def test_t_b2_minutes_resources_files_and_later_rooms_are_evidence_too():
    council = factories.full_council()
    meeting = factories.meeting(council, date(2026, 12, 1))
    line = factories.line(meeting, "夜間の往診を話し合い続ける。", outcome="continued")
    kinds.register(
        kinds.EvidenceKind(
            "consultations",
            "相談のまとまり",
            lambda _viewer, _area: [kinds.Offer("night", "夜間の相談 12件")],
            lambda _viewer, _area, key: {"text": "夜間の相談 12件", "source": key, "as_of": None},
            lambda _kept, _viewer, _area: None,
        )
    )
    viewer = factories.viewer(factories.sato())
    offered = dict(kinds.offers_for(viewer, factories.town()))
    kinds_cited = [f"minutes:{line.uid}", "resource:130", "consultations:night"]
    issue = raised(kinds_cited)
    kinds.forget("consultations")
    issues.add_evidence(
        door=door(issue),
        cited=[],
        file=issues.EvidenceFile(PDF, "a.pdf", "調査", "福祉課"),
    )

    page = issue_page_of(door(issue))

    assert {"会議の議事", "資源の数", "相談のまとまり"} <= set(offered)
    assert [one.label for one in page.evidence] == [
        "会議の議事", "資源の数", "根拠", "ほかの課のファイル",
    ]  # fmt: skip
    minutes.write_line(door=factories.at(meeting), fields={"text": "別の言葉"}, line=line)
    assert issue_page_of(door(issue)).evidence[0].drift.startswith("議事録が直されました")
    assert issue_page_of(door(issue)).evidence[1].drift == ""


def test_the_last_evidence_stays():
    issue = raised()
    evidence = IssueEvidence.objects.get()
    with pytest.raises(ValidationError, match="最後の根拠"):
        issues.remove_evidence(door=door(issue), evidence=evidence)

    issues.add_evidence(door=door(issue), cited=["resource:110"])
    issues.remove_evidence(door=door(issue), evidence=evidence)

    assert [one.key for one in IssueEvidence.objects.all()] == ["110"]


def test_a_decision_needs_owner_and_date():
    issue = move(raised(response="当番を作る"), "analysed", "drafted", "discussed")

    with pytest.raises(ValidationError) as refused:
        move(issue, "decided")
    with pytest.raises(ValidationError, match="状態からは進めません"):
        move(issue, "closed")
    done = move(issue, "decided", owner="医師会", due_on=date(2027, 3, 31))

    assert set(refused.value.message_dict) == {"owner", "due_on"}
    assert done.state == IssueState.DECIDED
    assert [one.after for one in done.steps.order_by("pk")] == [
        "raised", "analysed", "drafted", "discussed", "decided",
    ]  # fmt: skip


def test_a_provisional_response_without_a_day_is_refused():
    with pytest.raises(ValidationError, match="見直しの日"):
        raised(is_provisional=True)
    with pytest.raises(ValidationError, match="見直しの日"):
        move(raised(), "shelved", note="人手がない")


def test_t_b8_a_day_brings_an_issue_back():
    issue = move(raised(), "shelved", note="来年に考える", look_again_on=date(2027, 4, 1))
    assert issues_due_again(date(2027, 3, 31)) == []

    with clock.told_at(datetime(2027, 4, 1, 7, tzinfo=TOKYO)):
        look_again_task(0)
        assert not issues.raise_again(issue)

    issue.refresh_from_db()
    assert (issue.state, issue.look_again_on) == (IssueState.RAISED, None)
    last = issue.steps.latest("pk")
    assert (last.note, last.by) == ("見直しの日が来ました。", None)


@pytest.mark.parametrize(
    ("comparison", "value", "comes"),
    [("at_least", 5, True), ("at_least", 11, False), ("at_most", 10, True), ("at_most", 9, False)],
)
def test_t_b8_a_condition_on_an_indicator_brings_an_issue_back(comparison, value, comes):
    factories.sato()
    version = make_version("X-CALLS")
    issue = move(
        raised(watched_code="X-CALLS", watched_comparison=comparison, watched_value=Decimal(value)),
        "shelved",
        note="必要が出たら考える",
    )
    assert issues_due_again(NOW.date()) == []

    make_value(version, factories.town(), fiscal(2024), value=10)
    look_again_task(0)

    issue.refresh_from_db()
    assert (issue.state == IssueState.RAISED) is comes


def test_t_b6_a_care_meeting_leaves_its_issue_without_a_person():
    council = factories.full_council(name="架空市地域ケア会議", kind="care_meeting")
    year = fiscal_year(NOW.date())
    before = care_meetings_of(factories.town(), year)
    meeting = factories.meeting(council, date(2026, 11, 10))
    with clock.told_at(datetime(2026, 11, 1, 9, tzinfo=TOKYO)):
        factories.call(meeting)
    factories.held(meeting)
    line = factories.line(meeting, "退院後の通院の足がない。", outcome="continued")
    cited = [f"minutes:{line.uid}"]

    with pytest.raises(ValidationError, match="人がわかる言葉"):
        raised(cited, raised_from="care_meeting", text="山田花子さんが通院できない。")
    raised(cited, raised_from="care_meeting", text="坂の上の地区で、通院の足がない。")
    after = care_meetings_of(factories.town(), year)

    assert (before.held, before.word, before.issues) == (0, "開いていない", 0)
    assert (after.held, after.word, after.issues) == (1, "開いた", 1)


def test_who_sees_an_issue():
    issue = raised()
    council = factories.council()
    factories.member(council, 0, user=accounts.takahashi())
    member = factories.viewer(accounts.takahashi())
    assert not issues_seen_by(member).exists()

    issues.change_issue(door=door(issue), fields={"council": council})

    assert issue_door(member, issue.uid).may_write is False
    for stranger in (accounts.suzuki(), factories.other_town()):
        assert not issues_seen_by(factories.viewer(stranger)).exists()


def test_the_way_of_an_issue_through_its_pages():
    client = accounts.sign_in(Client(), factories.sato())
    factories.council()
    posted = {"title": TITLE, "raised_from": "resource", "scenes": ["acute"]}
    assert client.get("/planning/issues/").status_code == 200
    assert client.get("/planning/issues/add/").status_code == 200
    refused = client.post("/planning/issues/add/", posted)
    assert "根拠を1つ以上" in refused.content.decode()

    assert (
        client.post("/planning/issues/add/", posted | {"cited": ["resource:130"]}).status_code
        == 302
    )
    issue = Issue.objects.get()
    page = f"/planning/issues/{issue.uid}/"
    assert client.get(f"{page}edit/").status_code == 200
    assert client.post(f"{page}edit/", posted | {"response": "当番を作る"}).status_code == 302
    assert client.get(f"{page}step/").status_code == 200
    assert client.post(f"{page}step/", {"to": "decided"}).status_code == 422
    assert client.post(f"{page}step/", {"to": "analysed"}).status_code == 302
    assert client.get(f"{page}evidence/add/").status_code == 200
    unnamed = {"file": SimpleUploadedFile("a.pdf", PDF)}
    assert client.post(f"{page}evidence/add/", unnamed).status_code == 422
    named = {
        "file": SimpleUploadedFile("a.pdf", PDF), "file_title": "調査", "file_section": "福祉課",
    }  # fmt: skip
    assert client.post(f"{page}evidence/add/", named).status_code == 302
    kept = IssueEvidence.objects.get(kind="file")
    assert client.get(f"{page}evidence/{kept.uid}/").status_code == 200
    assert client.post(f"{page}evidence/{kept.uid}/remove/").status_code == 302
    rest = IssueEvidence.objects.get()
    client.post(f"{page}evidence/{rest.uid}/remove/")
    assert client.get(f"{page}evidence/{rest.uid}/").status_code == 404
    shown = client.get(page).content.decode()
    assert "訪問看護" in shown
