"""A rule from draft to read rate, and the contact list, in a browser (T-RULE1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from renkei.care.transitions.services.rules import load_shipped_rules
from renkei.foundation.accounts.tests.factories import sato, suzuki, tanaka
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_western
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


def _region():
    load_shipped_rules(actor=SYSTEM)
    area = areas.make_area()
    for user in (sato(), suzuki(), tanaka()):
        office = user.memberships.get().organisation
        office.area = area
        office.save()


def _fine(page, name):
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, name)


@pytest.mark.parametrize("width", [1280, 360])
def test_t_rule1_a_rule_is_made_told_and_read(open_page, sato_client, suzuki_client, width):
    _region()
    page = open_page(width=width, client=sato_client)
    page.goto(reverse("transitions:rule_start"))
    page.get_by_label("ルールの名称").fill("架空市のルール")
    page.get_by_role("button", name="下書きを作る").click()
    _fine(page, f"rule-draft-{width}")
    page.locator("#deadlines li").nth(4).get_by_role("link").click()
    page.get_by_label("期限の数").fill("10")
    _fine(page, f"rule-deadline-{width}")
    page.get_by_role("button", name="下書きに残す").click()
    page.get_by_role("link", name="退院調整が必要な方の基準を直す").click()
    _fine(page, f"rule-criteria-{width}")
    page.go_back()
    page.get_by_role("link", name="期限を試す").click()
    _fine(page, f"rule-preview-{width}")
    page.go_back()
    page.get_by_role("link", name="公開の前に確かめる").click()
    page.get_by_label("適用の始まり").fill(format_western(clock.today() + timedelta(days=1)))
    page.get_by_label("改訂の理由").fill("はじめて定めた")
    _fine(page, f"rule-publish-{width}")
    page.get_by_role("button", name="第1版を公開する").click()
    _fine(page, f"rule-announce-{width}")
    page.get_by_role("button", name="すべての事業所に知らせる").click()
    reading = open_page(width=width, client=suzuki_client)
    reading.goto(page.url)
    _fine(reading, f"rule-announcement-{width}")
    page.reload()
    _fine(page, f"rule-read-rate-{width}")
    assert "3か所のうち2か所が読みました" in page.inner_text("main")
    page.goto(reverse("transitions:rule_list"))
    _fine(page, f"rule-list-{width}")
    page.goto(reverse("transitions:adoption_list"))
    _fine(page, f"rule-adoptions-{width}")


@pytest.mark.parametrize("width", [1280, 360])
def test_an_office_keeps_its_contact_point(open_page, suzuki_client, sato_client, width):
    _region()
    page = open_page(width=width, client=suzuki_client)
    page.goto(reverse("transitions:contact_own"))
    _fine(page, f"contacts-none-{width}")
    page.get_by_role("link", name="窓口を書く").click()
    page.get_by_label("電話番号", exact=False).first.fill("0999-00-3121")
    _fine(page, f"contacts-edit-{width}")
    page.get_by_role("button", name="窓口を書く").click()
    page.get_by_role("button", name="変わりありません").click()
    _fine(page, f"contacts-own-{width}")
    city = open_page(width=width, client=sato_client)
    city.goto(reverse("transitions:contact_list"))
    _fine(city, f"contacts-list-{width}")
    city.get_by_role("button", name="確かめるよう知らせる").click()
    assert "知らせました" in city.inner_text("main")
