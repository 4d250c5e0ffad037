"""A care manager opens a record, takes the consent, builds the team; a nurse joins."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from renkei.care.patients.models import Patient, Relative
from renkei.care.patients.tests.factories import add_family, consent
from renkei.foundation.accounts.tests.factories import sign_in, suzuki, takahashi
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

WIDTHS = [360, 1280]


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    cache.clear()


def look(page: Page, name: str, width: int) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"patients-{name}-{width}")


def go(page: Page, name: str, *arguments: object) -> None:
    page.goto(reverse(f"patients:{name}", args=arguments))


def fill_day(page: Page, legend: str, era: str, *parts: str) -> None:
    group = page.get_by_role("group", name=legend)
    group.get_by_label("年号").select_option(era)
    for label, part in zip(("年", "月", "日"), parts, strict=True):
        group.get_by_label(label, exact=True).fill(part)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_record_is_opened_consented_to_and_shared_with_a_team(  # noqa: PLR0915 - one journey
    open_page: OpenPage, width: int
) -> None:
    takahashi()
    page = open_page(width=width, client=sign_in(Client(), suzuki()))

    # Nobody yet; a mistake is said in words.
    go(page, "patient_list")
    look(page, "list-empty", width)
    page.get_by_role("link", name="新しい人を登録する").first.click()
    page.get_by_role("button", name="登録する").click()
    page.get_by_text("入力を確かめてください").wait_for()
    look(page, "register-refused", width)

    page.get_by_label("氏名").fill("架空 ハル江")
    page.get_by_label("フリガナ").fill("かくう はるえ")
    fill_day(page, "生年月日", "昭和", "11", "5", "3")
    page.get_by_label("住所").fill("架空市北浜3丁目7-2")
    page.get_by_label("世帯").select_option("alone")
    page.get_by_role("button", name="登録する").click()
    page.get_by_role("heading", name="架空 ハル江").wait_for()
    look(page, "person-new", width)
    patient = Patient.objects.get()

    # The consent.
    page.get_by_role("link", name="同意のページを開く").click()
    look(page, "consent-none", width)
    page.get_by_role("link", name="本人の同意を記録する").click()
    look(page, "consent-form", width)
    page.get_by_label("同意", exact=True).check()
    page.get_by_label("書面").check()
    page.get_by_role("button", name="記録する").click()
    page.get_by_text("本人の意思を記録しました。").wait_for()
    look(page, "consent-given", width)

    # The team.
    page.get_by_role("link", name="チーム", exact=True).click()
    look(page, "team-alone", width)
    page.get_by_role("link", name="チームに招く").click()
    page.get_by_label("メールアドレス").fill("takahashi@nurse.example.test")
    look(page, "team-invite", width)
    page.get_by_role("button", name="招く").click()
    page.get_by_text("招待を送りました。").wait_for()
    look(page, "team-invited", width)

    nurse = open_page(width=width, client=sign_in(Client(), takahashi()))
    go(nurse, "patient_list")
    look(nurse, "list-invited", width)
    nurse.get_by_role("link", name="招待に答える").click()
    look(nurse, "invitation", width)
    nurse.get_by_role("button", name="参加する").click()
    nurse.get_by_role("link", name="架空 ハル江").click()
    nurse.get_by_role("heading", name="架空 ハル江").wait_for()
    assert nurse.title() == "基本情報｜連携"

    # What is known of the person, with everything on it.
    Relative.objects.create(
        patient=patient, name="架空 さと子", relation="長女", phone="090-0000-0412"
    )
    add_family(patient)
    go(page, "provider_add", patient.uid)
    look(page, "provider", width)
    page.get_by_label("名称").fill("しおかぜ架空医院")
    page.get_by_role("button", name="記録する").click()
    go(page, "network_add", patient.uid)
    page.get_by_label("開く先").fill("https://ism.example.test/")
    page.get_by_label("やり取りはこちらで行う").check()
    page.get_by_role("button", name="記録する").click()
    go(page, "patient_edit", patient.uid)
    page.get_by_label("電話番号").fill("0999-00-4401")
    look(page, "edit", width)
    page.get_by_role("button", name="直す").click()
    page.get_by_text("1項目を直しました。").wait_for()
    look(page, "person", width)
    page.get_by_role("link", name="変更の記録").click()
    look(page, "changes", width)
    page.get_by_role("button", name="元に戻す").first.click()
    page.get_by_text("前の値に戻しました。").wait_for()
    go(page, "team_detail", patient.uid)
    look(page, "team", width)
    go(page, "family_invite", patient.uid)
    look(page, "family-invite", width)
    go(nurse, "patient_detail", patient.uid)
    nurse.get_by_text("家族の同意待ち").first.wait_for()
    look(nurse, "person-nurse", width)

    # Its end.
    go(page, "consent_ending")
    look(page, "ending-none", width)
    go(page, "consent_withdraw", patient.uid)
    look(page, "withdraw", width)
    page.get_by_role("button", name="撤回を記録する").click()
    page.get_by_text("ここでの共有を止めました。").wait_for()
    closed = nurse.goto(reverse("patients:patient_detail", args=[patient.uid]))
    assert closed is not None
    assert closed.status == 404
    consent_again = consent(patient, superseded_at=patient.registered_at)
    assert consent_again.pk
    go(page, "patient_list")
    look(page, "list", width)
