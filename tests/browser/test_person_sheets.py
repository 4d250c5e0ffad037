"""Beside the story: measurements with limits, photos, sheets, FAX; looked at by axe at two widths."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from renkei.care.timelines.models import Entry
from renkei.care.timelines.tests.factories import team_patient
from renkei.foundation.accounts.tests import factories as accounts
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


@pytest.fixture(autouse=True)
def files_in_a_folder_of_their_own(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files", "base_url": None},
        },
    }


@pytest.fixture
def person() -> Any:
    return team_patient(name="架空 ハル江", kana="カクウ ハルエ")


@pytest.fixture
def nurse() -> Client:
    return accounts.sign_in(Client(), accounts.takahashi())


def look(page: Page, name: str, width: int) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"person-{name}-{width}")


def set_limit(page: Page, person: Any, high: str) -> None:
    page.goto(reverse("timelines:limit_edit", args=[person.uid, "weight"]))
    page.get_by_label("上限").fill(high)
    page.get_by_role("button", name="範囲を決める").click()
    page.get_by_text("体重の範囲を決めました。").wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_t_d8_a_nurse_measures_takes_a_photo_and_one_question_is_asked(
    open_page: OpenPage, nurse: Client, person, tmp_path, width
):
    picture = tmp_path / "足.jpg"
    Image.new("RGB", (800, 600), "tan").save(picture)
    page = open_page(width=width, client=nurse)
    set_limit(page, person, "42.8")
    look(page, "limits", width)

    for kilograms in ("366", "42.9", "43.0"):
        page.goto(reverse("timelines:timeline", args=[person.uid]))
        page.get_by_label("本文").click()
        page.locator("label", has_text="記録").first.click()
        page.locator("summary", has_text="測定を入れる").click()
        page.get_by_label("体重").fill(kilograms)
        if kilograms == "42.9":
            page.locator("summary", has_text="写真・ファイル").click()
            page.locator("input[type=file]").set_input_files(picture)
        page.get_by_role("button", name="職員の部屋に出す").click()
        if kilograms == "366":
            expect(page.get_by_text("打ち間違いがないか確かめてください。").first).to_be_visible()
            look(page, "slip", width)
        else:
            page.get_by_text("職員の部屋に出しました。").wait_for()

    assert Entry.objects.filter(kind="question").count() == 1
    look(page, "timeline", width)
    page.get_by_role("link", name="表で見る").click()
    expect(page.get_by_text("↑ 上限 42.8 kg").first).to_be_visible()
    look(page, "measurements", width)
    page.goto(reverse("timelines:timeline", args=[person.uid]))
    page.get_by_role("link", name="写真 1").click()
    look(page, "photo", width)


@pytest.mark.parametrize("width", [360, 1280])
def test_t_d6_a_sheet_is_filled_checked_and_told(open_page: OpenPage, nurse: Client, person, width):
    call_command("load_sheets")
    page = open_page(width=width, client=nurse)
    page.goto(reverse("timelines:sheet_list", args=[person.uid]))
    look(page, "sheets", width)
    page.goto(reverse("timelines:sheet_fill", args=[person.uid, "sharing_sheet"]))
    look(page, "sheet-fill", width)
    page.goto(reverse("timelines:sheet_list", args=[person.uid]))
    page.goto(reverse("timelines:timeline", args=[person.uid]))
    expect(page.get_by_role("heading", name="様式の変わった所")).to_be_visible()
