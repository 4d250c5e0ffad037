"""One person's rooms in a browser: two people live, family apart, today, without script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from renkei.care.patients.models import Provider
from renkei.care.patients.tests.factories import add_family
from renkei.care.timelines import live
from renkei.care.timelines.models import Entry
from renkei.care.timelines.services.escalation import take_steps
from renkei.care.timelines.services.settling import acknowledge
from renkei.care.timelines.tests.factories import (
    DOCTOR,
    NURSE,
    alarm,
    ask,
    door,
    family_room,
    post,
    shirai,
    staff_room,
    team_patient,
)
from renkei.care.timelines.values import To
from renkei.foundation.accounts.tests.factories import sign_in, suzuki, takahashi
from renkei.foundation.common import clock
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

WIDTHS = [360, 1280]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """No live process beside the test server: pages fall back to asking, here every second."""
    monkeypatch.setattr(live, "POLL_SECONDS", 1)


def look(page: Page, name: str, width: int) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"timeline-{name}-{width}")


def story():
    """A few days of a person, as in the agreed screens."""
    patient = team_patient(name="湊 ハル江", kana="ミナト ハルエ")
    for role, name, phone, always in (
        ("station", "架空訪問看護ステーション", "0999-00-1201", True),
        ("main_doctor", "架空しおかぜ医院", "0999-00-2045", False),
        ("hospital_of_choice", "架空市立中央病院", "", False),
    ):
        Provider.objects.create(
            patient=patient,
            role=role,
            name=name,
            phone=phone,
            around_the_clock=always,
            period=("2020-01-01", None),
        )
    room = staff_room(patient)
    post(takahashi(), room, "血圧132/76、脈72、SpO2 95%。両足のすねに軽いむくみ。", kind="record")
    question = ask(takahashi(), room, DOCTOR, text="昼の薬が4回分残っています。")
    Entry.objects.update(posted_at=clock.now() - timedelta(days=1))
    post(shirai(), room, "土曜に訪問して数えます。", reply_to=question.uid)
    post(shirai(), room, "アセトアミノフェン500mgを1回1錠。", kind="order", addressees=[To(NURSE)])
    urgent = alarm(suzuki(), room, NURSE, DOCTOR, text="朝8時ごろ居間で転び、腰を打ちました。")
    acknowledge(door=door(shirai(), room), entry=urgent)
    Entry.objects.filter(pk=urgent.pk).update(posted_at=clock.now() - timedelta(hours=3))
    urgent.escalations.update(due_at=clock.now() - timedelta(hours=2))
    take_steps(urgent.pk)
    add_family(patient)
    post(suzuki(), family_room(patient), "きょう歩行器が届きました。")
    return patient


@pytest.mark.parametrize("width", WIDTHS)
def test_two_people_talk_live(open_page: OpenPage, takahashi_client, suzuki_client, width):
    patient = story()
    address = reverse("timelines:timeline", args=[patient.uid])
    nurse = open_page(client=takahashi_client, width=width)
    manager = open_page(client=suzuki_client, width=1280)
    nurse.goto(address)
    manager.goto(address)
    look(nurse, "staff", width)
    # The care manager is writing while the nurse asks.
    manager.get_by_label("本文").fill("書きかけの文")

    nurse.get_by_label("本文").fill("夜のむせが増えました。とろみを変えてよいですか。")
    nurse.locator(".kinds").get_by_text("相談").click()
    nurse.get_by_label("介護支援専門員", exact=True).check()
    look(nurse, "composer", width)
    nurse.get_by_role("button", name="職員の部屋に出す").click()
    nurse.get_by_text("職員の部屋に出しました。").wait_for()

    arrived = manager.get_by_role("article").filter(has_text="夜のむせが増えました。")
    arrived.wait_for()
    expect(manager.get_by_role("status").filter(has_text="新しい書き込みが1件")).to_be_visible()
    expect(manager.get_by_label("本文")).to_have_value("書きかけの文")
    expect(arrived).to_have_count(1)

    arrived.get_by_role("link", name="返事を書く").click()
    manager.get_by_label("返事", exact=True).fill("明日の朝、医師に聞きます。")
    manager.get_by_role("button", name="返事を出す").click()
    manager.get_by_text("返事を出しました。").wait_for()
    look(manager, "entry", 1280)
    nurse.get_by_role("article").filter(has_text="明日の朝、医師に聞きます。").first.wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_family_has_one_room_of_another_colour(open_page: OpenPage, width):
    patient = story()
    daughter = patient.family.get().user
    family = open_page(client=sign_in(Client(), daughter), width=width)

    family.goto(reverse("timelines:timeline", args=[patient.uid]))

    expect(family.get_by_text("きょう歩行器が届きました。")).to_be_visible()
    expect(family.get_by_text("職員の部屋")).to_have_count(0)
    family.get_by_label("本文").fill("今週末に帰ったほうがよいでしょうか。")
    look(family, "family", width)
    family.get_by_role("button", name="家族にも見える部屋に出す").click()
    family.get_by_text("本人・家族の部屋に出しました。").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_today_shows_what_waits_and_takes_a_confirmation(
    open_page: OpenPage, takahashi_client, width
):
    patient = story()
    question = ask(suzuki(), staff_room(patient), NURSE, text="夜のむせが増えた。")
    Entry.objects.filter(pk=question.pk).update(reply_by=clock.now() - timedelta(hours=30))
    page = open_page(client=takahashi_client, width=width)

    page.goto(reverse("timelines:today"))
    look(page, "today", width)
    page.get_by_role("button", name="確認しました").first.click()

    expect(page.get_by_role("heading", name="今日やること")).to_be_visible()
    expect(page.get_by_role("button", name="確認しました")).to_have_count(1)


def test_it_works_without_script(open_page: OpenPage, takahashi_client):
    patient = story()
    page = open_page(client=takahashi_client, javascript=False)

    page.goto(reverse("timelines:timeline", args=[patient.uid]))
    page.get_by_label("本文").fill("来週から火曜の訪問を9時30分に変えます。")
    page.get_by_role("button", name="職員の部屋に出す").click()

    expect(page.get_by_role("article").first).to_contain_text("来週から火曜の訪問")


@pytest.mark.parametrize("width", WIDTHS)
def test_searching_copying_and_hiding(open_page: OpenPage, suzuki_client, width):
    patient = story()
    page = open_page(client=suzuki_client, width=width)
    page.goto(reverse("timelines:timeline_search", args=[patient.uid]) + "?q=むくみ")
    expect(page.get_by_role("article")).to_have_count(1)
    look(page, "search", width)
    page.goto(reverse("timelines:timeline_export", args=[patient.uid]))
    look(page, "copy", width)
    entry = Entry.objects.filter(kind="urgent").get()
    page.goto(reverse("timelines:entry_hide", args=[entry.room.uid, entry.uid]))
    page.get_by_role("button", name="この書き込みを隠す").click()
    expect(page).to_have_url(re.compile("/hide/$"))
    look(page, "hide-refused", width)
    entry.refresh_from_db()
    assert entry.hidden_at is None
