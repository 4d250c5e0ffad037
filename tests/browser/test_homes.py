"""A home confirms once a year with its 協力医療機関 what happens at a sudden turn."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from renkei.care.transitions.tests.test_homes import care_worker, cooperate, own_home
from renkei.foundation.accounts.tests.factories import sign_in
from renkei.foundation.common import clock
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


def _look(page, name, width):
    screenshot(page, f"homes-{name}-{width}")
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_yearly_confirmation_is_overdue_is_held_and_is_written_down(open_page, client, width):
    service = own_home()
    cooperate(service, since_on=date(2024, 4, 1))
    sign_in(client, care_worker())
    page = open_page(width=width, height=740, client=client)

    page.goto(reverse("transitions:home_detail", args=[service.pk]))
    expect(page.get_by_text("年1回の確認が過ぎています").first).to_be_visible()
    _look(page, "overdue", width)
    page.get_by_role("link", name="確認・会議を書く").click()
    page.get_by_role("button", name="記録する").click()
    expect(page.get_by_text("医療機関側の出席者").first).to_be_visible()
    _look(page, "wrong", width)
    page.get_by_role("radio").first.check()
    today = clock.today()
    page.get_by_label("行った日").fill(f"{today.year}年{today.month}月{today.day}日")
    page.get_by_label("医療機関側の出席者").fill("看護部長 架空 花子")
    page.get_by_label("施設側の出席者").fill("施設長")
    page.get_by_label("議事録").fill("夜間は救急外来へ電話し、連絡の順を確かめた。")
    page.get_by_role("button", name="記録する").click()

    expect(page.get_by_text("記録しました。")).to_be_visible()
    expect(page.get_by_text("確認済み").first).to_be_visible()
    _look(page, "confirmed", width)
