"""A review of an event leaves an action with the council, and nobody in it (T-DNAR1)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from renkei.care.transitions.models import EventReview, ReviewAction
from renkei.care.transitions.queries.reviews import review_for
from renkei.care.transitions.services import reviews as below
from renkei.foundation.accounts.models import OrganisationKind, Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.planning.models import Action, ActionState, CouncilKind, ReviewedAction
from renkei.programme.planning.queries.councils import actions_seen_by
from renkei.programme.planning.queries.reviews import (
    council_for_reviews,
    counts_shown,
    review_rows,
)
from renkei.programme.planning.queries.support import HIDDEN
from renkei.programme.planning.services import reviews as services
from renkei.programme.planning.tests import factories

pytestmark = pytest.mark.django_db

TEXT = "記録の置き場所を冷蔵庫に決める"
DUE = date(2026, 12, 20)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 10, tzinfo=TOKYO), tick=False)


def dispatch() -> Any:
    office = accounts.make_organisation("架空消防本部", OrganisationKind.FIRE_DEPARTMENT)
    office.area = factories.town()
    office.save()
    user = accounts.person("指令 太郎", "shirei@fire.example.test", office, Role.FIRE_DISPATCH)
    return factories.viewer(user)


def opened(**answers: str) -> EventReview:
    return below.open_review(
        viewer=dispatch(), patient=None, event_month=date(2026, 10, 1), own_kind="fire",
        answers=answers,
    )  # fmt: skip


def act(what: str, review: EventReview, /, **values: Any) -> Any:
    service = getattr(below, what)
    return service(viewer=dispatch(), door=review_for(dispatch(), review.uid), **values)


def closed(review: EventReview | None = None, text: str = TEXT) -> EventReview:
    review = review or opened()
    act("add_partner", review, kind="hospital", name="架空市立中央病院")
    act("decide_action", review, text=text, owner=review.partners.get(kind="fire"), due_on=DUE)
    act("close_review", review)
    return review


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_t_dnar1_a_closed_review_leaves_its_action_with_the_group_for_emergencies():
    plenary = factories.full_council()
    group = factories.council(name="急変時部会", kind=CouncilKind.GROUP, scenes=["acute"])
    assert council_for_reviews(factories.town()) == group
    review = opened()
    # Identifiers are stopped before anything is kept.
    with pytest.raises(ValidationError, match="だれのことか"):
        closed(review, "湊さんの家の鍵を預かる")
    assert not Action.objects.exists()

    act("decide_action", review, text=TEXT, owner=review.partners.get(kind="fire"), due_on=DUE)
    assert not Action.objects.exists()
    act("close_review", review)

    [action] = Action.objects.all()
    assert (action.council, action.text, action.owner, action.due_on) == (
        group, TEXT, "架空消防本部", DUE,
    )  # fmt: skip
    assert action.origin == f"事例の検証 {review.number}"
    assert action in actions_seen_by(factories.viewer(factories.sato()))
    assert plenary.actions.count() == 0


def test_t_dnar1_what_is_done_there_is_done_here():
    factories.full_council()
    review = closed()
    row = review.actions.get()
    act("finish_action", review, action=row, done_on=clock.today(), result="決めて周知した")
    action = Action.objects.get()
    assert (action.state, action.result) == (ActionState.DONE, "決めて周知した")
    # Whatever the council wrote itself stays.
    Action.objects.update(state=ActionState.DROPPED, result="別の形にした")
    act("finish_action", review, action=row, done_on=clock.today(), result="もう一度")
    assert Action.objects.get().result == "別の形にした"


def test_t_dnar1_without_a_council_the_decision_waits_for_the_municipality():
    client = accounts.sign_in(Client(), factories.sato())
    review = closed()
    assert not Action.objects.exists()
    [row] = review_rows(factories.viewer(factories.sato()))
    assert row.tie is None
    page = "/planning/reviews/"
    assert "まだ会議に渡っていない" in words(client.get(page))
    take = f"{page}{row.row.uid}/take-up/"
    client.post(take)
    assert "引き継ぐ会議体がありません" in words(client.get(page))
    council = factories.full_council()
    client.post(take)
    assert Action.objects.get().council == council
    assert "会議のすべきことになっている" in words(client.get(page))
    assert client.post(take).status_code == 404
    with pytest.raises(ValidationError, match="もう、すべきこと"):
        services.take_up(door=factories.door(council), row=ReviewAction.objects.get())
    services.after_review(dispatch().actor, review)
    assert ReviewedAction.objects.count() == 1
    services.after_review(dispatch().actor, opened())
    assert Action.objects.count() == 1


def test_t_dnar1_reviews_are_counted_and_few_of_them_are_hidden():
    factories.prefecture()
    for _ in range(3):
        opened(doctor_reached="no")
    watcher = factories.viewer(factories.prefecture())
    year = fiscal_year(clock.today())
    few = counts_shown(watcher, year)
    assert few is not None
    assert few.reviews == HIDDEN
    for _ in range(6):
        opened(doctor_reached="yes")

    table = counts_shown(watcher, year)

    assert table is not None
    asked = dict(table.rows)["医師に電話がつながった"]
    # Three were not reached: hidden, and so is one more from which they could be worked out.
    assert dict(asked)["いいえ"] == HIDDEN
    assert [dict(asked)["はい"], table.reviews].count(HIDDEN) >= 1
    assert review_rows(watcher) == []
    client = accounts.sign_in(Client(), factories.prefecture())
    shown = words(client.get("/planning/reviews/"))
    assert "決めたこと 0件" in shown
    lost = accounts.sign_in(Client(), accounts.member(Role.PREFECTURE))
    assert "圏域がまだ決まっていません" in words(lost.get("/planning/reviews/"))
