"""The prefecture supports its municipalities with counts and words of offices alone (T-H3)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from renkei.care.transitions.models import EventReview
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests.factories import make_area, make_edge, make_hierarchy
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.documents.letters import Heading, letter_pdf
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.tests.factories import make_value, make_version
from renkei.programme.planning.models import (
    GoodCase,
    RequestState,
    SharedMaterial,
    SupportEntry,
    SupportRequest,
)
from renkei.programme.planning.queries import support as queries
from renkei.programme.planning.queries.plans import PlanDoor
from renkei.programme.planning.services import plans
from renkei.programme.planning.services import support as services
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

PDF = letter_pdf([Heading("医療統計", 1)], title="統計")
NOW = datetime(2026, 11, 22, 10, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def viewer(user: Any = None) -> Any:
    return factories.viewer(user or factories.prefecture())


def asked(user: Any = None, **fields: Any) -> SupportRequest:
    values = {"item": "know_how", "title": "計画の立て方を教えてほしい"}
    return services.ask_for_support(viewer=viewer(user or factories.sato()), fields=values | fields)


def answered(request: SupportRequest, **fields: Any) -> SupportEntry:
    values = {"kind": "advice", "done_on": clock.today(), "text": "手引きの例を送った。"}
    door = queries.request_door(viewer(), request.uid)
    return services.answer_request(door=door, fields=values | fields)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def reviewed(town: Any, count: int) -> None:
    """So many events reviewed in a municipality."""
    by = Membership.objects.get(user=factories.prefecture())
    for number in range(count):
        EventReview.objects.create(
            number=f"{town.code}{number}", area=town, event_month=date(2026, 10, 1),
            opened_by=by, opened_at=NOW,
        )  # fmt: skip


def test_t_h3_a_request_is_answered_visited_and_closed_and_stands_in_the_log():
    factories.prefecture()
    request = asked()
    assert request.state == RequestState.ASKED

    answered(request)
    request.refresh_from_db()
    assert request.state == RequestState.ANSWERED
    answered(request, kind="visit", text="訪問し、目標を一緒に考えた。")
    answered(request)
    request.refresh_from_db()
    assert request.state == RequestState.VISITED

    door = queries.request_door(viewer(factories.sato()), request.uid)
    assert (door.may_answer, door.may_close) == (False, True)
    services.close_request(door=door, result="目標を立てた")
    with pytest.raises(ValidationError, match="もう終わっています"):
        answered(request)
    log = queries.support_matrix(viewer(), fiscal_year(clock.today()))
    assert log[request.area.pk] == {"know_how": 3}
    assert queries.entries_seen_by(viewer(factories.sato())).count() == 3


def test_t_h3_municipalities_stand_side_by_side_in_counts(django_assert_max_num_queries):
    town = factories.town()
    for code, state in (("J-A", 2), ("J-B", 0)):
        make_value(make_version(code), town, Period("day", "2026-08-01"), value=state)
    factories.prefecture()
    plan = plans.make_plan(
        viewer=viewer(factories.sato()), fiscal_year=2026, vision="暮らし続けられる",
        visions={"acute": "夜でも頼れる"},
    )  # fmt: skip
    plans.write_activity(
        door=PlanDoor(plan, viewer(factories.sato()), may_write=True),
        fields={"name": "担当表", "items": ["c"], "scenes": ["acute"], "targets": ["workers"]},
    )
    factories.full_council()
    asked()

    with django_assert_max_num_queries(25):
        board = queries.board_of(viewer())

    assert [row.area.name for row in board.rows] == ["架空市", "汐見町", "浜町"]
    first, second, _third = board.rows
    assert first.answers is not None
    assert (dict(first.answers.states), set(first.planned)) == ({"A": 2, "B": 0}, {"c"})
    assert (first.plan, first.councils, first.requests, first.entries) == (plan, 1, 1, 0)
    assert (second.plan, second.answers, second.councils) == (None, None, 0)
    page = accounts.sign_in(Client(), factories.prefecture()).get("/planning/support/")
    assert "実施" in words(page)
    assert "2026-08-01現在" in words(page)


def test_t_h3_a_small_count_of_persons_stays_hidden_and_cannot_be_worked_out():
    factories.prefecture()
    kakuu, shiomi, hama = (
        factories.town(name, code)
        for name, code in (("架空市", "992011"), ("汐見町", "992020"), ("浜町", "993018"))
    )
    ward = make_area(level="ward", name="架空市東区")
    make_edge(hierarchy=make_hierarchy("administrative", "行政"), child=ward, parent=kakuu)
    reviewed(kakuu, 9)
    reviewed(ward, 3)
    reviewed(shiomi, 2)

    shown = queries.reviews_shown([kakuu, shiomi, hama], fiscal_year(clock.today()))

    # The total would tell of the two, were 架空市 and it both shown.
    assert shown[shiomi.pk] == queries.HIDDEN
    assert [shown[kakuu.pk], shown[queries.TOTAL]].count(queries.HIDDEN) == 1
    assert shown[hama.pk] == "0"
    reviewed(shiomi, 0)
    assert queries.HIDDEN in queries.hidden_rule()


def test_t_h3_words_that_name_a_person_are_refused_everywhere():
    factories.prefecture()
    named = "湊さんの家に行った。"
    with pytest.raises(ValidationError, match="人がわかる"):
        asked(text=named)
    request = asked()
    with pytest.raises(ValidationError, match="人がわかる"):
        answered(request, text=named)
    with pytest.raises(ValidationError, match="きょうまで"):
        answered(request, done_on=date(2026, 11, 23))
    with pytest.raises(ValidationError, match="人がわかる"):
        services.write_case(
            viewer=viewer(factories.sato()), fields={"title": "例", "before": named, "text": "例"}
        )
    with pytest.raises(ValidationError, match="人がわかる"):
        services.share_material(
            viewer=viewer(), fields={"item": "data", "title": "統計", "text": named}
        )


def test_t_h3_support_is_logged_for_several_municipalities_but_none_elsewhere():
    fields = {"item": "training", "kind": "gathering", "done_on": clock.today(), "text": "研修"}
    everybody = queries.watched_municipalities(viewer())
    services.log_support(viewer=viewer(), areas=everybody, fields=fields)
    assert SupportEntry.objects.count() == 3
    with pytest.raises(ValidationError, match="市町村を選んで"):
        services.log_support(viewer=viewer(), areas=[make_area()], fields=fields)


def test_who_sees_what_of_the_desk():
    factories.prefecture()
    mine = asked()
    theirs = asked(factories.other_town())
    assert {one.pk for one in queries.requests_seen_by(viewer())} == {mine.pk, theirs.pk}
    assert list(queries.requests_seen_by(viewer(factories.sato()))) == [mine]
    # Another prefecture, an office without an area, other roles.
    elsewhere = accounts.member(Role.PREFECTURE)
    for nobody in (elsewhere, accounts.suzuki()):
        assert not queries.requests_seen_by(viewer(nobody)).exists()
        assert not queries.cases_seen_by(viewer(nobody)).exists()
        assert not queries.materials_seen_by(viewer(nobody)).exists()
        assert queries.board_of(viewer(nobody)).rows == []
    with pytest.raises(ValidationError, match="圏域がありません"):
        asked(accounts.member(Role.MUNICIPAL_STAFF))


def test_a_material_reaches_the_municipalities_with_its_edition():
    factories.sato()
    client = accounts.sign_in(Client(), factories.prefecture())
    posted = {"item": "data", "title": "医療機能情報", "as_of": "2026-04-01"}
    client.post(
        "/planning/support/materials/add/", posted | {"file": SimpleUploadedFile("a.pdf", PDF)}
    )
    material = SharedMaterial.objects.get()
    edit = f"/planning/support/materials/{material.uid}/"
    assert client.get(edit).status_code == 200
    client.post(edit, posted | {"title": "医療機能情報一覧"})
    client.post(edit, posted | {"file": SimpleUploadedFile("b.pdf", PDF)})
    material.refresh_from_db()
    assert material.edition == 2
    empty = {"item": "data", "title": "冊子の案内"}
    client.post("/planning/support/materials/add/", empty)
    bare = SharedMaterial.objects.exclude(pk=material.pk).get()
    assert client.post(edit, {"item": "data"}).status_code == 422

    city = accounts.sign_in(Client(), factories.sato())
    assert "第2版" in words(city.get("/planning/support/materials/"))
    assert city.get(f"{edit}file/").status_code == 200
    assert city.get(f"/planning/support/materials/{bare.uid}/file/").status_code == 404
    assert city.get(edit).status_code == 404
    client.post(f"{edit}withdraw/")
    assert city.get(f"{edit}file/").status_code == 404
    client.post(f"{edit}withdraw/")
    assert city.get(f"{edit}file/").status_code == 200


def test_t_h3_a_good_case_reaches_the_peers_of_the_prefecture_once_published():
    factories.prefecture()
    city = accounts.sign_in(Client(), factories.sato())
    peer = accounts.sign_in(Client(), factories.other_town())
    watcher = accounts.sign_in(Client(), factories.prefecture())
    posted = {
        "title": "夜間の連絡先を1枚にした", "before": "電話がつながらない", "text": "一覧を作った",
        "items": ["c"], "scenes": ["acute"], "contact": "高齢福祉課 0999-00-0100",
    }  # fmt: skip
    assert city.post("/planning/support/cases/add/", {"title": "例"}).status_code == 422
    assert city.post("/planning/support/cases/add/", posted).status_code == 302
    page = f"/planning/support/cases/{GoodCase.objects.get().uid}/"
    assert [one.get(page).status_code for one in (city, peer, watcher)] == [200, 404, 404]

    city.post(f"{page}publish/")

    for reader in (peer, watcher):
        assert "一覧を作った" in words(reader.get(page))
        assert "夜間の連絡先を1枚にした" in words(reader.get("/planning/support/cases/"))
    assert peer.get(f"{page}edit/").status_code == 404
    assert city.get(f"{page}edit/").status_code == 200
    city.post(f"{page}edit/", posted | {"title": "夜間の連絡先"})
    city.post(f"{page}publish/")
    assert peer.get(page).status_code == 404


def test_the_pages_of_the_desk_from_asking_to_closing():
    watcher = accounts.sign_in(Client(), factories.prefecture())
    city = accounts.sign_in(Client(), factories.sato())
    assert "依頼はまだありません" in words(city.get("/planning/support/"))
    assert city.get("/planning/support/requests/add/").status_code == 200
    asking = {"item": "data", "title": "医療の統計がほしい", "wanted_by": "2026-12-20"}
    assert city.post("/planning/support/requests/add/", {"item": "data"}).status_code == 422
    assert city.post("/planning/support/requests/add/", asking).status_code == 302
    page = f"/planning/support/requests/{SupportRequest.objects.get().uid}/"
    assert watcher.get(f"{page}answer/").status_code == 200
    done = {"kind": "visit", "done_on": "2026-11-20", "text": "持って行った"}
    assert watcher.post(f"{page}answer/", done | {"done_on": "2026-11-30"}).status_code == 422
    assert watcher.post(f"{page}answer/", done).status_code == 302
    assert "持って行った" in words(city.get(page))
    assert city.get(f"{page}answer/").status_code == 404
    assert watcher.get(f"{page}close/").status_code == 200
    assert watcher.post(f"{page}close/", {"result": "渡した"}).status_code == 302
    assert city.get(f"{page}close/").status_code == 404
    assert "渡した" in words(city.get(page))
    log = done | {"item": "training", "areas": [factories.town().pk], "kind": "gathering"}
    assert watcher.get("/planning/support/log/add/").status_code == 200
    assert watcher.post("/planning/support/log/add/", log).status_code == 302
    told = words(watcher.get("/planning/support/log/"))
    assert "合計 0 1 0 1 0 0 2" in told
    assert words(city.get("/planning/support/")).count("受けた支援") == 1
    lost = accounts.sign_in(Client(), accounts.member(Role.PREFECTURE))
    assert "圏域がまだ決まっていません" in words(lost.get("/planning/support/"))
    for path in ("materials/", "cases/", "log/"):
        assert "まだありません" in words(lost.get(f"/planning/support/{path}"))
