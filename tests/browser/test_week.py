"""A week of one person's care, played by four people: doctor, nurse, care manager, daughter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from renkei.care.patients.models import Patient
from renkei.care.patients.tests.factories import add_family
from renkei.care.timelines import live, plan_services
from renkei.care.timelines.models import Entry
from renkei.care.timelines.services.escalation import entries_with_due_steps, take_steps
from renkei.care.timelines.tests.factories import shirai, staff_room, team_patient
from renkei.foundation.accounts.tests.factories import sign_in, suzuki, takahashi, viewer_for
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
from tests.browser import test_visit
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

# A slow line of the third generation: bits a second, and milliseconds to and fro.
SLOW_BITS, SLOW_WAIT = 1_600_000, 300
USABLE_SECONDS = 3
# A phone that may lose its network, and whose it is.
phone, nurse = test_visit.phone, test_visit.nurse


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """No live process beside the test server: pages fall back to asking, here every second."""
    monkeypatch.setattr(live, "POLL_SECONDS", 1)


def look(page: Page, name: str, width: int) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"week-{name}-{width}")


def days_pass(count: float) -> None:
    """What was written until now was written so much earlier."""
    gone = timedelta(days=count)
    for entry in Entry.objects.all():
        entry.posted_at -= gone
        entry.written_at -= gone
        entry.reply_by = entry.reply_by and entry.reply_by - gone
        entry.save(update_fields=["posted_at", "written_at", "reply_by"])
        for step in entry.escalations.filter(done_at=None):
            step.due_at -= gone
            step.save(update_fields=["due_at"])


def post(page: Page, text: str, kind: str = "", *, to: str = "") -> None:
    page.get_by_label("本文").fill(text)
    if kind:
        page.locator(".kinds").get_by_text(kind).click()
    if to:
        page.get_by_label(to, exact=True).check()
    page.get_by_role("button", name="部屋に出す").click()
    page.get_by_text("部屋に出しました。").wait_for()


@dataclass
class Four:
    """Each with a browser of their own."""

    doctor: Page
    nurse: Page
    manager: Page
    family: Page
    patient: Patient
    width: int

    @property
    def timeline(self) -> str:
        return reverse("timelines:timeline", args=[self.patient.uid])


def monday(four: Four) -> None:
    """The doctor gives an order; the nurse confirms it on her page of the day."""
    four.doctor.goto(four.timeline)
    post(four.doctor, "体重が42.8kgを超えたら連絡してください。", "指示", to="看護師")
    four.nurse.goto(reverse("timelines:today"))
    look(four.nurse, "today", 360)
    four.nurse.get_by_role("button", name="確認しました").click()
    four.doctor.reload()
    expect(four.doctor.get_by_text("確認しました：")).to_be_visible()


def tuesday(four: Four) -> None:
    """The nurse takes the person along and writes in a house without reception."""
    phone = four.nurse
    phone.goto(reverse("timelines:visit"))
    phone.get_by_role("button", name="人を端末に入れる").click()
    phone.get_by_text("人を端末に入れました").wait_for()
    phone.wait_for_function("async () => Boolean(await caches.match('/visit/shell/'))")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.context.set_offline(True)
    phone.reload()
    phone.get_by_role("link", name="湊 ハル江さん").click()
    expect(phone.get_by_text("体重が42.8kgを超えたら連絡してください。")).to_be_visible()
    phone.get_by_label("本文").fill("両足のすねに軽いむくみ。食事は8割。")
    phone.get_by_role("button", name="この端末に保存して送る").click()
    expect(phone.locator("renkei-outbox")).to_contain_text("未送信 1件")
    look(phone, "unsent", 360)
    four.manager.goto(four.timeline)
    phone.context.set_offline(False)
    phone.goto(reverse("timelines:visit"))
    phone.wait_for_function(test_visit.OUTBOX_IS_EMPTY)
    # The care manager sees it at her desk without touching anything.
    four.manager.get_by_role("article").filter(has_text="軽いむくみ").wait_for()


def wednesday(four: Four) -> None:
    """A question stays unanswered for two days, and stands first on the doctor's page."""
    four.nurse.goto(four.timeline)
    post(four.nurse, "むくみが増えました。利尿薬を見直せますか。", "相談", to="医師")
    days_pass(2)
    for entry_id in entries_with_due_steps():
        take_steps(entry_id)
    four.doctor.goto(reverse("timelines:today"))
    expect(four.doctor.get_by_text("むくみが増えました。")).to_be_visible()
    look(four.doctor, "overdue", 1280)
    four.doctor.get_by_role("link", name="返事を書く").first.click()
    four.doctor.get_by_label("返事", exact=True).fill("朝1錠に増やします。")
    four.doctor.get_by_role("button", name="返事を出す").click()
    four.doctor.get_by_text("返事を出しました。").wait_for()


def friday(four: Four) -> None:
    """The daughter writes in her own room and never sees the other one."""
    four.family.goto(four.timeline)
    post(four.family, "週末に泊まります。持って行く物はありますか。")
    look(four.family, "family", four.width)
    expect(four.family.get_by_text("むくみ")).to_have_count(0)
    four.manager.goto(reverse("timelines:timeline_family", args=[four.patient.uid]))
    four.manager.get_by_text("週末に泊まります。").wait_for()
    post(four.manager, "寝間着を2組お願いします。")
    look(four.manager, "family-room", four.width)
    four.family.get_by_role("article").filter(has_text="寝間着を2組").wait_for()


def saturday(four: Four) -> None:
    """A fall; the urgent entry is confirmed on the phone."""
    four.manager.goto(four.timeline)
    post(four.manager, "居間で転び、腰を打ちました。電話してください。", "緊急", to="看護師")
    look(four.manager, "urgent", four.width)
    four.nurse.goto(reverse("timelines:today"))
    four.nurse.get_by_role("button", name="確認しました").first.click()
    four.manager.reload()
    expect(four.manager.get_by_text("確認しました：").first).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_week_of_one_person_played_by_four(
    open_page: OpenPage,
    phone: test_visit.Phone,
    width,
):
    patient = team_patient(name="湊 ハル江", kana="ミナト ハルエ")
    daughter = add_family(patient).user
    plan_services.plan_visit(viewer=viewer_for(takahashi()), patient=patient, at=None)
    four = Four(
        doctor=open_page(client=sign_in(Client(), shirai()), width=1280),
        nurse=phone(360),
        manager=open_page(client=sign_in(Client(), suzuki()), width=width),
        family=open_page(client=sign_in(Client(), daughter), width=width),
        patient=patient,
        width=width,
    )

    monday(four)
    days_pass(1)
    tuesday(four)
    days_pass(1)
    wednesday(four)
    friday(four)
    days_pass(1)
    saturday(four)

    readers = AuditEvent.objects.filter(action="patient.read", target_id=str(patient.uid))
    people = {shirai().pk, suzuki().pk, takahashi().pk, daughter.pk}
    assert people <= set(readers.values_list("actor_user_id", flat=True))
    assert Entry.objects.filter(room__patient=patient).count() == 7


def test_t_mcs8_on_a_slow_line_a_kept_timeline_asks_for_little(open_page: OpenPage):
    patient = team_patient()
    room = staff_room(patient)
    for number in range(30):
        Entry.objects.create(
            room=room, number=number + 1, kind="record", text="食事は8割。皮膚に新しい傷なし。",
            written_at=clock.now(), posted_at=clock.now(), author_name="架空 三奈",
        )  # fmt: skip
    type(room).objects.filter(pk=room.pk).update(last_number=30)
    page = open_page(client=sign_in(Client(), takahashi()), width=360)
    address = reverse("timelines:timeline", args=[patient.uid])
    page.goto(address)
    page.wait_for_load_state("networkidle")

    asked: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kept: set[str] = set()
    session.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    session.on(
        "Network.loadingFinished",
        lambda event: asked.append(int(event["encodedDataLength"])),
    )
    page.goto(address)
    expect(page.get_by_label("本文")).to_be_visible()

    # The first answer needs a way to and fro; what it and the rest weigh must fit into the time.
    seconds = 2 * SLOW_WAIT / 1000 + sum(asked) * 8 / SLOW_BITS
    assert seconds < USABLE_SECONDS, asked
    assert urlsplit(page.url).path == address
