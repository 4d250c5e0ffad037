"""A sheet of a person written where there is no network, while a colleague writes in it, too."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from renkei.care.patients.tests import factories as patients
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.sheets.models import Draft
from renkei.foundation.sheets.tests.factories import item, make_version
from tests.browser.conftest import sign_in
from tests.browser.helpers import expect_no_axe_violations, screenshot

PhoneOf = Callable[..., Page]


@pytest.fixture
def nurse() -> Any:
    return accounts.takahashi()


@pytest.fixture
def colleague() -> Any:
    office = accounts.make_organisation("架空訪問看護ステーション")
    return accounts.person("帆足 涼", "hoashi@nurse.test", office, Role.PROFESSIONAL, "看護師")


@pytest.fixture
def person(nurse, colleague) -> Any:
    make_version(
        item("move", "string", "移動"),
        item("meal", "string", "食事"),
        item("drugs", "string", "服薬"),
        code="sharing_sheet",
        name="情報共有シート",
    )
    patient = patients.make_patient(name="架空 ハル江", kana="カクウ ハルエ")
    for member in (nurse, colleague):
        patients.add_member(patient, member)
    return patient


def open_sheet(page: Page, person) -> None:
    page.goto(reverse("timelines:sheet_fill", args=[person.uid, "sharing_sheet"]))
    page.get_by_label("移動").wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_t_d6_what_two_wrote_one_without_a_network_both_survive(
    phone_of: PhoneOf, nurse, colleague, person, width
):
    phone, desk = phone_of(nurse, width), phone_of(colleague, 1280)
    # A room that was open lets this device keep something under a key.
    phone.goto(reverse("timelines:timeline", args=[person.uid]))
    phone.locator("renkei-composer[data-keeps=sealed]").wait_for()
    open_sheet(phone, person)

    phone.context.set_offline(True)
    phone.get_by_label("移動").fill("歩行器")
    phone.get_by_label("食事").fill("きざみ食")
    expect(phone.get_by_text("この端末に保存しました。")).to_be_visible()
    screenshot(phone, f"sheet-offline-{width}")
    open_sheet(desk, person)
    desk.get_by_label("移動").fill("車いす")
    desk.get_by_label("服薬").fill("1日1回")
    expect(desk.get_by_text("に保存しました")).to_be_visible()
    context = phone.context
    phone.close()
    context.set_offline(False)
    phone = context.new_page()

    open_sheet(phone, person)

    expect(phone.get_by_role("heading", name=re.compile("食い違う所（1か所）"))).to_be_visible()
    expect(phone.get_by_label("食事")).to_have_value("きざみ食")
    expect(phone.get_by_label("服薬")).to_have_value("1日1回")
    for version in ("歩行器", "車いす"):
        expect(phone.get_by_role("radio", name=re.compile(version))).to_be_visible()
    expect_no_axe_violations(phone)
    screenshot(phone, f"sheet-conflict-{width}")


def test_what_lies_on_the_device_goes_before_the_form_does(phone_of: PhoneOf, nurse, person):
    page = phone_of(nurse)
    page.goto(reverse("timelines:timeline", args=[person.uid]))
    page.locator("renkei-composer[data-keeps=sealed]").wait_for()
    open_sheet(page, person)
    page.context.set_offline(True)
    page.get_by_label("移動").fill("歩行器")
    expect(page.get_by_text("この端末に保存しました。")).to_be_visible()

    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_label("移動")).to_have_value("歩行器")
    page.context.set_offline(False)
    page.get_by_role("button", name="内容を確かめる").click()
    page.get_by_text("歩行器").wait_for()
    open_sheet(page, person)

    expect(page.get_by_label("移動")).to_have_value("歩行器")
    expect(page.get_by_text("食い違う所")).to_have_count(0)


def test_what_one_wrote_on_a_shared_device_is_not_handed_in_by_the_next(
    phone_of: PhoneOf, nurse, colleague, person, live_server
):
    page = phone_of(nurse)
    page.goto(reverse("timelines:timeline", args=[person.uid]))
    page.locator("renkei-composer[data-keeps=sealed]").wait_for()
    open_sheet(page, person)
    page.context.set_offline(True)
    page.get_by_label("移動").fill("歩行器")
    expect(page.get_by_text("この端末に保存しました。")).to_be_visible()
    context = page.context
    page.close()
    context.clear_cookies()
    context.set_offline(False)
    page = context.new_page()
    sign_in(page.context, live_server.url, colleague)
    open_sheet(page, person)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("移動")).to_have_value("")
    assert not Draft.objects.exists()

    page.context.clear_cookies()
    sign_in(page.context, live_server.url, nurse)
    open_sheet(page, person)
    expect(page.get_by_label("移動")).to_have_value("歩行器")
    assert Draft.objects.get().author == nurse
