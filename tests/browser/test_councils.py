"""One meeting 通知 → 出欠 → 次第 → 議事録 → 要旨, and residents read the 要旨 (T-B1a, T-B1b)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.programme.planning.models import MeetingState
from renkei.programme.planning.services import meetings
from renkei.programme.planning.tests import factories
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


def _fine(page, name):
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, name)


def _called():
    """A council with a meeting of last month, called in time."""
    factories.ship_rates()
    factories.sato()
    with clock.told_at(datetime(2026, 9, 1, 9, tzinfo=TOKYO)):
        council = factories.full_council(fee_yen=0)
        meeting = factories.meeting(council, date(2026, 10, 1))
        factories.item(meeting, "連絡の方法について")
        factories.call(meeting)
    return meeting


@pytest.mark.parametrize("width", [1280, 360])
def test_t_b1a_one_meeting_goes_from_its_call_to_the_public_digest(open_page, sato_client, width):
    meeting = _called()
    page = open_page(width=width, client=sato_client)
    page.goto(f"/planning/councils/meetings/{meeting.uid}/")
    _fine(page, f"meeting-called-{width}")
    page.get_by_role("link", name="出席を記録する").first.click()
    for one in page.locator("main select").all():
        one.select_option("came")
    _fine(page, f"meeting-attendance-{width}")
    page.get_by_role("button", name="記録する").click()
    page.get_by_role("link", name="議事録を書く").first.click()
    page.get_by_label("議事の内容").fill("夜間の当番を置く")
    page.locator("[name=outcome][value=continued]").check()
    _fine(page, f"meeting-line-{width}")
    page.get_by_role("button", name="書いて、次へ").click()
    page.goto(f"/planning/councils/meetings/{meeting.uid}/")
    assert "夜間の当番を置く" in page.inner_text("main")
    door = factories.at(meeting)
    for state in ("minutes_draft", "minutes_confirmed", "published"):
        meetings.move_on(door=door, to=MeetingState(state))
    page.reload()
    _fine(page, f"meeting-published-{width}")
    resident = open_page(width=width)
    resident.goto("/programme/")
    _fine(resident, f"portal-programme-{width}")
    resident.get_by_role("link", name="第1回").click()
    assert "夜間の当番を置く" in resident.inner_text("main")
    assert "架空 一子" not in resident.content()
    _fine(resident, f"portal-digest-{width}")
