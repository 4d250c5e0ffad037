"""Filling in forms and editing them, by mouse, by keyboard, with and without JavaScript."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, expect

from renkei.foundation.accounts.tests import factories as people
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.sheets.answers import values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import Answer, Draft
from renkei.foundation.sheets.tests.factories import make_answer, make_version
from renkei.foundation.sheets.tests.test_pages import EVERYTHING
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

WIDTHS = [360, 1280]
SUBJECT = UUID("0b0e6f5c-2a1f-4a0e-9f0e-2d8f1f6b7a10")
URL = f"/test-sheets/{SUBJECT}/test_form/"


@pytest.fixture(autouse=True)
def pages_of_care(settings):
    settings.ROOT_URLCONF = "renkei.foundation.sheets.tests.urls"


@pytest.fixture
def nurse() -> Client:
    return people.sign_in(Client(), people.takahashi())


def look(page: Page, name: str, width: int, *, javascript: bool = True) -> None:
    if javascript:
        expect_no_axe_violations(page)
        expect_no_sideways_scroll(page)
    screenshot(page, f"sheets-{name}-{width}")


def draft_values(version):
    return values_of(Draft.objects.get().content, parse(version.questionnaire))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_nurse_fills_in_a_form_and_sends_it(open_page: OpenPage, nurse: Client, width: int):
    version = make_version(*EVERYTHING)
    make_answer(version, SUBJECT, name="架空 花子", count=3, note="前のようす")
    page = open_page(width=width, client=nurse)
    page.goto(URL)
    look(page, "filling", width)

    # Conditions at once: the detail appears with its answer and goes with it.
    detail = page.get_by_label(re.compile("^転倒の内容"))
    expect(detail).to_be_hidden()
    page.get_by_role("group", name=re.compile("^転倒")).get_by_label("あり", exact=True).check()
    expect(detail).to_be_visible()
    page.get_by_role("button", name=re.compile("^取り消す.*転倒")).click()
    expect(detail).to_be_hidden()
    page.get_by_role("group", name=re.compile("^転倒")).get_by_label("あり", exact=True).check()

    # 「なし」 stands alone, a reason and a value exclude each other.
    care = page.get_by_role("group", name=re.compile("^医療処置"))
    care.get_by_label("点滴").check()
    care.get_by_label("なし", exact=True).check()
    expect(care.get_by_label("点滴")).not_to_be_checked()
    page.get_by_role("group", name="回数を書かない理由").get_by_label("不明").check()
    expect(page.get_by_label(re.compile("^回数※"))).to_have_value("")

    # Saved while typing.
    page.get_by_label(re.compile("^経過")).fill("今朝のようす")
    expect(page.get_by_role("status").filter(has_text="に保存しました")).to_be_visible()
    assert draft_values(version)["note"] == ["今朝のようす"]

    page.get_by_role("button", name="家族を1件加える").click()
    page.get_by_label(re.compile("^氏名")).last.fill("架空 一郎")
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "refused", width)
    page.get_by_role("link", name="転倒の内容を入力してください。").click()
    expect(detail).to_be_focused()
    detail.fill("廊下で")
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_role("heading", name="前回から変わった所")).to_be_visible()
    look(page, "checking", width)
    page.get_by_role("button", name="この内容で保存する").click()
    expect(page.get_by_text("架空の様式を保存しました。")).to_be_visible()
    look(page, "answer", width)
    page.get_by_role("link", name=re.compile("^前回から変わった所だけ")).click()
    look(page, "changes", width)
    assert Answer.objects.count() == 2
    assert Draft.objects.count() == 0


def test_a_form_is_filled_in_without_javascript(open_page: OpenPage, nurse: Client):
    version = make_version(*EVERYTHING)
    page = open_page(width=360, client=nurse, javascript=False)
    page.goto(URL)

    page.locator("input[name=fall][value='1']").check()
    page.get_by_role("button", name=re.compile("^この答えで項目を出し直す.*転倒")).click()
    page.get_by_label(re.compile("^転倒の内容")).fill("廊下で")
    look(page, "plain", 360, javascript=False)
    page.get_by_role("button", name="内容を確かめる").click()
    page.get_by_role("button", name="この内容で保存する").click()

    answer = values_of(Answer.objects.get().content, parse(version.questionnaire))
    assert answer["fall.detail"] == ["廊下で"]


def test_a_session_that_ends_while_typing_loses_nothing(open_page: OpenPage, nurse: Client):
    version = make_version(*EVERYTHING)
    page = open_page(client=nurse)
    page.goto(URL)
    page.context.clear_cookies()

    page.get_by_label(re.compile("^経過")).fill("途中のようす")
    expect(page.get_by_text("サインインの時間が切れました")).to_be_visible()
    fresh = people.sign_in(Client(), people.takahashi())
    page.context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": page.url}
            for name, morsel in fresh.cookies.items()
        ]
    )
    page.get_by_label(re.compile("^経過")).press_sequentially("です")

    expect(page.get_by_text("に保存しました")).to_be_visible()
    assert draft_values(version)["note"] == ["途中のようすです"]


@pytest.mark.parametrize("width", WIDTHS)
def test_t_d6_two_people_choose_between_their_versions(
    open_page: OpenPage, nurse: Client, width: int
):
    make_version(*EVERYTHING)
    page = open_page(width=width, client=nurse)
    page.goto(URL)
    other = open_page(client=people.sign_in(Client(), people.takahashi()))
    other.goto(URL)
    other.get_by_label(re.compile("^回数※")).fill("3")
    expect(other.get_by_text("に保存しました")).to_be_visible()

    page.get_by_label(re.compile("^回数※")).fill("4")
    expect(page.get_by_text("食い違う所があります")).to_be_visible()
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_role("heading", name="ほかの人の記入と食い違う所（1か所）")).to_be_visible()
    look(page, "conflict", width)
    page.get_by_role("group", name="回数", exact=True).get_by_role("radio").first.check()
    page.get_by_role("button", name="選んだ内容にする").click()

    expect(page.get_by_label(re.compile("^回数※"))).to_have_value("4")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("code", ["admission_info", "emergency_kit"])
def test_a_shipped_form_is_filled_in(open_page: OpenPage, nurse: Client, code: str, width: int):
    call_command("load_sheets", verbosity=0)
    page = open_page(width=width, client=nurse)
    page.goto(f"/test-sheets/{SUBJECT}/{code}/")

    expect(page.get_by_role("button", name="内容を確かめる")).to_be_visible()
    look(page, code, width)


# The editor --------------------------------------------------------------------------------


@pytest.fixture
def sato() -> Client:
    user = people.sato()
    office = user.memberships.get().organisation
    office.area = make_area(name="架空市")
    office.save()
    return people.sign_in(Client(), user)


def add(page: Page, text: str, kind: str, place: str = "") -> None:
    page.get_by_label(re.compile("^文言")).fill(text)
    page.get_by_label(re.compile("^種類")).select_option(label=kind)
    if place:
        page.get_by_label(re.compile("^加える場所")).select_option(label=place)
    page.get_by_role("button", name="加える", exact=True).click()
    page.get_by_role("link", name="やめる").click()


def make(page: Page, name: str, code: str) -> None:
    page.get_by_role("link", name="様式を作る").click()
    page.get_by_label(re.compile("^様式の名称")).fill(name)
    page.get_by_label(re.compile("^様式の記号")).fill(code)
    page.get_by_role("button", name="作る").click()


def write_detail(page: Page, width: int) -> None:
    """The condition of the second item, refused once."""
    page.get_by_role("link", name="内容", exact=True).click()
    page.get_by_label(re.compile("^条件1の項目")).select_option(label="転倒")
    page.get_by_label(re.compile("^条件1の答え")).fill("ときどき")
    page.get_by_role("button", name="直す").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, "editor-item", width)
    page.get_by_label(re.compile("^条件1の答え")).fill("あり")
    page.get_by_role("button", name="直す").click()
    expect(page.get_by_text("「転倒」が「あり」のときに聞く")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_city_makes_a_form_and_publishes_it(open_page: OpenPage, sato: Client, width: int):
    call_command("load_sheets", verbosity=0)
    page = open_page(width=width, client=sato)
    page.goto("/sheets/")
    look(page, "editor-list", width)
    make(page, "見守りシート", "mimamori")
    look(page, "editor-empty", width)

    add(page, "見守り", "まとまり")
    add(page, "転倒", "選択", "見守り")
    add(page, "内容", "文章", "見守り")
    page.get_by_role("link", name="転倒", exact=True).click()
    page.get_by_label(re.compile("^選択肢")).first.fill("1=あり\n2=なし")
    page.get_by_role("button", name="直す").click()
    write_detail(page, width)

    # By keyboard alone: the button above moves it, the focus stays in the page.
    page.get_by_role("button", name=re.compile("^上へ.*内容")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("上へ移しました。")).to_be_visible()
    look(page, "editor-outline", width)

    page.get_by_role("link", name="画面で試し書き").click()
    page.get_by_label("あり", exact=True).check()
    expect(page.get_by_label(re.compile("^内容"))).to_be_visible()
    look(page, "editor-try", width)
    page.go_back()
    page.get_by_role("link", name="公開へ進む").click()
    look(page, "editor-publish", width)
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_text("第1版を公開しました。")).to_be_visible()
    look(page, "editor-version", width)
    page.get_by_role("link", name="見守りシート", exact=True).click()
    look(page, "editor-form", width)
    page.get_by_role("button", name="新しい版を作る").click()
    page.get_by_role("link", name="内容", exact=True).click()
    page.get_by_label(re.compile("^文言")).fill("そのときのようす")
    page.get_by_role("button", name="直す").click()
    page.get_by_role("link", name="公開へ進む").click()
    expect(page.get_by_text("そのときのようす", exact=True)).to_be_visible()
    look(page, "editor-differences", width)
