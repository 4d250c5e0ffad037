"""Into hospital and home again: the ward's nurse and the care manager, at two widths, by axe."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from renkei.care.transitions.models import Channel, FactKind, RuleVersion
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tests import factories
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


@pytest.fixture
def person() -> Any:
    area = areas.make_area()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2024, 4, 1))
    return factories.patient_with_both_sides(
        municipality=area, name="架空 清", kana="カクウ キヨシ"
    )


def look(page: Page, name: str, width: int) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"transitions-{name}-{width}")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_nurse_admits_and_a_care_manager_answers(open_page: OpenPage, person, width):
    nurse = accounts.sign_in(Client(), factories.ward_nurse())
    ward = open_page(width=width, client=nurse)
    ward.goto(reverse("transitions:patient_cases", args=[person.uid]))
    look(ward, "person-empty", width)
    ward.get_by_role("link", name="入院した").first.click()
    look(ward, "admission", width)
    ward.get_by_role("button", name="記録する").click()
    ward.get_by_text("入院を記録しました。").wait_for()
    look(ward, "admitted", width)

    manager = accounts.sign_in(Client(), accounts.suzuki())
    office = open_page(width=width, client=manager)
    office.goto(reverse("transitions:case_list"))
    look(office, "list", width)
    office.get_by_role("link", name="架空 清").click()
    office.get_by_role("link", name="「入院時の情報を送った」を記録").click()
    look(office, "fact", width)
    office.get_by_role("button", name="記録する").click()
    office.get_by_text("「入院時の情報を送った」を記録しました。").wait_for()

    office.get_by_role("link", name="退院を知らされていなかった").first.click()
    office.get_by_label("急な退院").check()
    office.get_by_role("button", name="記録する").click()
    expect(office.get_by_text("もれ", exact=True).first).to_be_visible()
    look(office, "leak", width)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_stay_under_way_and_the_rule_are_read(open_page: OpenPage, person, width):
    start = clock.now() - timedelta(days=5)
    case = factories.opened(
        person, admitted_at=start, by=factories.ward_nurse(), ward="3階東", note="肺炎"
    )
    factories.point(factories.hospital(), clock.now(), extension="214", fax="0999-00-6109")
    factories.record(
        case, FactKind.CM_IDENTIFIED, start + timedelta(hours=1), detail={"source": "card"}
    )
    factories.record(
        case, FactKind.ADMISSION_INFO_SENT, start + timedelta(hours=6), channel=Channel.FAX
    )
    page = open_page(width=width, client=accounts.sign_in(Client(), accounts.suzuki()))

    page.goto(reverse("transitions:case_detail", args=[case.uid]))
    expect(page.get_by_text("入院時の情報を送った").first).to_be_visible()
    page.locator("summary", has_text="ほかのことを記録する").click()
    look(page, "case", width)
    page.get_by_role("link", name="相手と病棟を直す").click()
    look(page, "parties", width)
    page.goto(reverse("transitions:case_transfer", args=[case.uid]))
    look(page, "transfer", width)
    page.goto(reverse("transitions:rule_list"))
    look(page, "rules", width)
    page.goto(reverse("transitions:rule_detail", args=[RuleVersion.objects.earliest("pk").uid]))
    expect(page.get_by_text("退院調整率").first).to_be_visible()
    look(page, "rule", width)
