"""Emergencies in a browser: the screen on a small telephone, a desk with a card, 緊急閲覧, the log."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from renkei.care.patients.models import (
    EmergencyCard,
    EmergencyCategory,
    EmergencyItem,
    EmergencyProfile,
    Patient,
    Relative,
)
from renkei.care.patients.services.cards import issue_card
from renkei.care.patients.tests.emergency_factories import (
    dispatcher,
    officer,
    provider,
    rescued,
    wish,
)
from renkei.care.patients.tests.factories import add_member
from renkei.foundation.accounts.tests.factories import sato, sign_in, suzuki, viewer_for
from renkei.foundation.areas.tests.factories import make_area
from tests.browser.conftest import OpenPage
from tests.browser.helpers import expect_no_axe_violations, expect_no_sideways_scroll, screenshot

SMALL = {"width": 360, "height": 640}


@pytest.fixture(autouse=True)
def no_memory_of_other_tests():
    cache.clear()


def look(page: Page, name: str) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"emergency-{name}")


def overfull() -> Patient:
    """Every field as long as the database takes it, every list longer than the screen."""
    patient = rescued(
        name="架空長姓名 ヴィクトリア・マルガレーテ・エリザベート美智子",
        kana="カクウチョウセイメイ ヴィクトリア マルガレーテ エリザベート ミチコ",
        building="架空市営北浜海岸通り第三住宅団地十二号棟 四〇五号室",
    )
    Patient.objects.filter(pk=patient.pk).update(address="架空県架空市北浜三丁目七番二号" * 4)
    EmergencyProfile.objects.update(
        infections="listed", key_place="鍵は玄関右の植木鉢の下の箱の中。" * 9
    )
    for category in EmergencyCategory:
        for number in range(8):
            EmergencyItem.objects.create(
                profile=patient.emergency_profile,
                category=category,
                text="とても長い名前の記載がある項目" * 4 + str(number),
                detail="その補足も長い" * 8,
                position=number,
            )
    for number in range(2, 6):
        Relative.objects.create(
            patient=patient,
            name="架空 遠くに住む親族の長い名前",
            relation="母方のいとこの長男の妻",
            phone="090-0000-0400",
            call_order=number,
        )
    provider(patient, "hospital_of_choice", "架空広域連合立海岸総合医療センター附属病院" * 3, "0")
    wish(
        patient,
        emergency_summary="心肺蘇生や人工呼吸は望まないが、痛みと苦しさだけは必ず取ってほしい。"
        * 3,
        participants="本人・長女・次男・主治医・訪問看護師・介護支援専門員" * 3,
        talked_on=date(2026, 11, 1),
        doctor_name="架空 とても長い名前の医師" * 3,
    )
    return patient


def test_t_tob1_everything_fits_a_small_telephone_whatever_is_recorded(open_page: OpenPage):
    for name, make in (("usual", rescued), ("overfull", overfull)):
        patient = make()
        add_member(patient, suzuki())
        page = open_page(**SMALL, client=sign_in(Client(), suzuki()))
        page.goto(reverse("patients:emergency_screen", args=[patient.uid]))

        look(page, f"screen-{name}-360")
        assert page.evaluate("document.documentElement.scrollHeight") <= SMALL["height"], name
        rows = page.locator(".em__tel a")
        assert rows.count() == 3
        boxes = [rows.nth(one).bounding_box() for one in range(3)]
        assert all(box and box["height"] >= 44 for box in boxes)
        expect(page.get_by_text("本人の意思の記録（指示ではありません）")).to_be_in_viewport()
        expect(page.get_by_role("heading", name="アレルギー")).to_be_in_viewport()
        page.get_by_role("link", name="すべて").click()
        look(page, f"screen-{name}-all-360")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(reverse("patients:emergency_screen", args=[patient.uid]))
        look(page, f"screen-{name}-1280")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_desk_opens_the_screen_with_a_card(open_page: OpenPage, width: int):
    patient = rescued()
    add_member(patient, suzuki())
    issued = issue_card(viewer=viewer_for(suzuki()), patient=patient)
    page = open_page(width=width, client=sign_in(Client(), dispatcher()))
    page.goto("/emergency-desk/")
    look(page, f"desk-{width}")
    page.get_by_label("カードのコード").fill(issued.code)
    page.get_by_label("PIN").fill("1")
    page.get_by_role("button", name="救急の画面を開く").click()
    look(page, f"desk-refused-{width}")
    page.get_by_label("PIN").fill(issued.pin)
    page.get_by_role("button", name="救急の画面を開く").click()
    expect(page.get_by_role("heading", name="湊 ハル江")).to_be_visible()
    page.goto("/patients/break-glass/")
    look(page, f"break-glass-{width}")

    nobody = open_page(width=width)
    nobody.goto(f"/e/{issued.code}/")
    look(nobody, f"card-{width}")
    nobody.get_by_label("PIN").fill(issued.pin)
    nobody.get_by_role("button", name="連絡先を見る").click()
    expect(nobody.get_by_text("架空居宅")).to_be_visible()
    look(nobody, f"card-contact-{width}")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_team_keeps_profile_wishes_cards_and_sees_who_looked(open_page: OpenPage, width: int):
    patient = rescued()
    add_member(patient, suzuki())
    page = open_page(width=width, client=sign_in(Client(), suzuki()))
    for name in (
        "emergency_edit",
        "wish_list",
        "wish_add",
        "card_list",
        "read_log",
        "patient_end",
    ):
        page.goto(reverse(f"patients:{name}", args=[patient.uid]))
        look(page, f"{name}-{width}")
    page.goto(reverse("patients:card_list", args=[patient.uid]))
    page.get_by_role("button", name="カードを作って印刷する").click()
    look(page, f"card-print-{width}")
    issued = EmergencyCard.objects.get(patient=patient, revoked_at=None)
    expect(page).to_have_url(re.compile(f"/cards/{issued.uid}/print/$"))
    page.goto("/patients/disaster-list/")
    look(page, f"disaster-list-{width}")


@pytest.mark.parametrize("width", [360, 1280])
def test_town_hall_and_officer_decide(open_page: OpenPage, width: int):
    rescued()
    make_area(name="架空市")
    page = open_page(width=width, client=sign_in(Client(), sato()))
    for name in (
        "disaster_modes",
        "disaster_ask",
        "disclosure_table",
        "disclosure_propose",
        "retention_edit",
        "read_log_choice",
    ):
        page.goto(reverse(f"patients:{name}"))
        look(page, f"{name}-{width}")
    page.goto(reverse("patients:disclosure_propose"))
    page.get_by_role("group", name="写真").get_by_label("チームの全職種").uncheck()
    page.get_by_label("変える理由").fill("協議会で決めた")
    page.get_by_role("button", name="提案する").click()
    look(page, f"disclosure-version-{width}")
    watcher = open_page(width=width, client=sign_in(Client(), officer()))
    for name in ("break_glass_reviews", "disposal_list"):
        watcher.goto(reverse(f"patients:{name}"))
        look(watcher, f"{name}-{width}")
