"""T-D7: a visit without reception, on a phone, from taking persons along to the last entry sent.

These pages lose their network on purpose, so they do not use ``open_page``, which would complain;
script errors and breaches of the content policy fail them all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from renkei.care.patients.tests import factories as patients
from renkei.care.timelines import plan_services
from renkei.care.timelines.models import Entry, VisitLease
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.rooms import room_of
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

Phone = Callable[..., Page]
EVERYTHING = """async () => {
  const names = (await indexedDB.databases()).map(each => each.name);
  const found = {caches: [], rows: {}};
  for (const key of await caches.keys()) {
    for (const request of await (await caches.open(key)).keys()) {
      const kept = await caches.match(request);
      if (kept === undefined) continue; // the worker renews its files meanwhile
      const body = await kept.text();
      found.caches.push([new URL(request.url).pathname, body.includes('ハル江')]);
    }
  }
  for (const name of names) {
    const db = await new Promise((resolve) => {
      const open = indexedDB.open(name);
      open.onsuccess = () => resolve(open.result);
    });
    for (const store of db.objectStoreNames) {
      found.rows[store] = await new Promise((resolve) => {
        const all = db.transaction(store).objectStore(store).getAll();
        all.onsuccess = () => resolve(all.result.length);
      });
    }
    db.close();
  }
  return found;
}"""
OUTBOX_IS_EMPTY = """() => new Promise((resolve) => {
  const open = indexedDB.open('renkei-visit');
  open.onsuccess = () => {
    const count = open.result.transaction('outbox').objectStore('outbox').count();
    count.onsuccess = () => { open.result.close(); resolve(count.result === 0); };
  };
})"""
KEY_IS_SEALED = """async () => {
  const db = await new Promise((resolve) => {
    const open = indexedDB.open('renkei-visit');
    open.onsuccess = () => resolve(open.result);
  });
  const [lease] = await new Promise((resolve) => {
    const all = db.transaction('leases').objectStore('leases').getAll();
    all.onsuccess = () => resolve(all.result);
  });
  db.close();
  return crypto.subtle.exportKey('raw', lease.key).then(() => 'readable', () => 'sealed');
}"""


@pytest.fixture
def nurse() -> Any:
    return accounts.takahashi()


@pytest.fixture
def person(nurse) -> Any:
    patient = patients.make_patient(
        name="架空 ハル江", kana="カクウ ハルエ", address="架空市北浜3丁目"
    )
    patients.add_member(patient, nurse)
    post_entry(
        viewer=accounts.viewer_for(nurse),
        room=room_of(patient),
        kind="notice",
        text="来週から火曜の訪問を9時30分に変えます。",
        client_uid=patient.uid,
    )
    plan_services.plan_visit(viewer=accounts.viewer_for(nurse), patient=patient, at=None)
    return patient


@pytest.fixture
def phone(phone_of, nurse) -> Phone:
    """``phone(width=360)``: the nurse's phone, signed in."""
    return lambda width=360: phone_of(nurse, width)


def take_along(page: Page) -> None:
    page.goto(reverse("timelines:visit"))
    page.get_by_role("button", name="人を端末に入れる").click()
    page.get_by_text("人を端末に入れました").wait_for()
    # The shell is kept once the worker says so.
    page.wait_for_function("async () => Boolean(await caches.match('/visit/shell/'))")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def write(page: Page, text: str) -> None:
    page.get_by_role("link", name="架空 ハル江さん").click()
    page.get_by_label("本文").fill(text)
    page.get_by_role("button", name="この端末に保存して送る").click()
    page.get_by_role("heading", name="訪問", exact=True).wait_for()


def all_sent(page: Page) -> None:
    page.goto(reverse("timelines:visit"))
    page.wait_for_function(OUTBOX_IS_EMPTY, timeout=60_000)
    expect(page.locator("renkei-outbox")).to_be_hidden(timeout=30_000)


def unsent(page: Page, number: int) -> None:
    expect(page.locator("renkei-outbox")).to_contain_text(f"未送信 {number}件")


@pytest.mark.parametrize("width", [360, 1280])
def test_t_d7_five_entries_written_offline_survive_two_reloads_and_arrive_once(
    phone: Phone, person, width
):
    page = phone(width)
    take_along(page)
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"visit-home-{width}")

    page.context.set_offline(True)
    page.reload()
    for number in range(1, 4):
        write(page, f"電波のない家で書いた {number}")
        unsent(page, number)
    page.reload()
    unsent(page, 3)
    for number in range(4, 6):
        write(page, f"電波のない家で書いた {number}")
    page.reload()
    unsent(page, 5)
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"visit-unsent-{width}")
    page.get_by_role("link", name="架空 ハル江さん").click()
    expect(page.get_by_text("来週から火曜の訪問を9時30分に変えます。")).to_be_visible()
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"visit-person-{width}")

    page.context.set_offline(False)
    all_sent(page)
    page.reload()
    expect(page.locator("renkei-outbox")).to_be_hidden()

    texts = Entry.objects.filter(text__startswith="電波").order_by("number")
    assert [entry.text for entry in texts] == [
        f"電波のない家で書いた {number}" for number in range(1, 6)
    ]
    assert page.evaluate(EVERYTHING)["rows"]["outbox"] == 0


def test_t_d7_no_word_about_the_person_lies_open_on_the_device(phone: Phone, person):
    page = phone()
    take_along(page)

    kept = page.evaluate(EVERYTHING)

    assert "/visit/shell/" in [name for name, _ in kept["caches"]]
    assert [name for name, tells in kept["caches"] if tells] == []
    assert [name for name, _ in kept["caches"] if "/static/" not in name] == ["/visit/shell/"]
    assert kept["rows"]["persons"] == 1
    assert page.evaluate(KEY_IS_SEALED) == "sealed"
    assert page.evaluate("() => JSON.stringify([localStorage, sessionStorage])").count("ハル") == 0


def test_t_d7_a_draft_survives_a_reload(phone: Phone, person):
    page = phone()
    take_along(page)
    page.get_by_role("link", name="架空 ハル江さん").click()
    page.get_by_label("相談").check(force=True)
    page.get_by_label("本文").fill("書きかけ")
    page.wait_for_timeout(600)

    page.reload()

    expect(page.get_by_label("本文")).to_have_value("書きかけ")


def test_t_d7_a_slip_of_the_finger_is_asked_back_at_the_bedside(phone: Phone, person):
    page = phone()
    take_along(page)
    page.context.set_offline(True)
    page.get_by_role("link", name="架空 ハル江さん").click()
    page.get_by_text("測定を入れる").click()
    page.get_by_label("体温").fill("366")
    page.get_by_role("button", name="この端末に保存して送る").click()
    expect(page.get_by_role("alert")).to_contain_text("打ち間違い")

    page.get_by_label("体温").fill("３６．６")
    page.get_by_role("button", name="この端末に保存して送る").click()
    unsent(page, 1)
    page.context.set_offline(False)
    all_sent(page)

    [value] = Entry.objects.latest("pk").observations.all()
    assert str(value.value) == "36.60"


def test_t_d7_a_revoked_device_opens_nothing(phone: Phone, person):
    page = phone()
    take_along(page)
    page.context.set_offline(True)
    write(page, "まだ送っていない")
    VisitLease.objects.update(revoked_at=clock.now())
    # The thief has no session either.
    Session.objects.all().delete()

    page.context.set_offline(False)
    page.reload()
    page.wait_for_url("**/accounts/login/**")
    page.goto("/visit/shell/")
    page.get_by_text("サインインする").wait_for()

    expect(page.get_by_text("架空 ハル江")).to_have_count(0)
    rows = page.evaluate(EVERYTHING)["rows"]
    assert (rows["leases"], rows["persons"], rows["outbox"]) == (0, 0, 0)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("この端末で開ける記録はありません")).to_be_visible()
    expect(page.get_by_text("架空 ハル江")).to_have_count(0)


def test_t_d7_after_the_lease_nothing_opens_and_the_writer_still_gets_the_entry_out(
    phone: Phone, person, settings
):
    settings.VISIT_LEASE_SECONDS = 6
    page = phone()
    take_along(page)
    page.context.set_offline(True)
    page.reload()
    write(page, "期限の前に書いた")
    unsent(page, 1)

    # It ends under the reader's eyes, without any contact. The wait is longer than the lease:
    # on a quick machine next to nothing of it is used up by now.
    expect(page.get_by_text("この端末で開ける記録はありません")).to_be_visible(timeout=20_000)
    page.reload()
    expect(page.get_by_text("架空 ハル江")).to_have_count(0)
    rows = page.evaluate(EVERYTHING)["rows"]
    assert (rows["leases"], rows["persons"], rows["outbox"]) == (0, 0, 1)
    unsent(page, 1)
    assert Entry.objects.filter(text="期限の前に書いた").count() == 0

    settings.VISIT_LEASE_SECONDS = 600
    page.context.set_offline(False)
    all_sent(page)
    assert Entry.objects.filter(text="期限の前に書いた").count() == 1


def test_t_d7_a_clock_turned_back_does_not_stretch_the_lease(phone: Phone, person):
    page = phone()
    take_along(page)
    page.context.set_offline(True)
    page.add_init_script(
        "{ const real = Date.now.bind(Date); Date.now = () => real() - 11 * 3600 * 1000; }"
    )

    page.reload()

    expect(page.get_by_text("この端末で開ける記録はありません")).to_be_visible()
    assert page.evaluate(EVERYTHING)["rows"]["persons"] == 0


def test_t_d7_a_refused_entry_stays_readable_with_what_to_do(phone: Phone, nurse, person):
    page = phone()
    take_along(page)
    page.context.set_offline(True)
    write(page, "チームを外れる前に書いた")
    member = person.team.get(membership__user=nurse)
    member.left_at = member.grant.revoked_at = clock.now()
    member.grant.save()
    member.save()

    page.context.set_offline(False)
    page.goto(reverse("timelines:visit"))

    expect(page.locator("renkei-outbox")).to_contain_text("送れなかった書き込み 1件")
    expect(page.get_by_text("チームを外れる前に書いた")).to_be_visible()
    expect(page.get_by_text("この人のチームから外れています。")).to_be_visible()
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, "visit-refused-360")
    page.get_by_role("button", name="この端末から消す").last.click()
    expect(page.get_by_text("チームを外れる前に書いた")).to_have_count(0)


def test_t_d7_unsent_entries_are_counted_on_every_staff_page(phone: Phone, person):
    page = phone(1280)
    take_along(page)
    page.context.set_offline(True)
    write(page, "まだ送っていない")
    page.context.set_offline(False)
    # The connection comes back, the session does not.
    page.route("**/visit/state/**", lambda route: route.fulfill(status=401, json={}))
    page.goto(reverse("timelines:visit_device_list"))

    unsent(page, 1)
    expect(page.locator("renkei-outbox")).to_contain_text("サインインすると送ります")
    expect_no_axe_violations(page)
    screenshot(page, "visit-devices-1280")


def test_t_d7_a_photo_waits_with_its_entry(phone: Phone, person, tmp_path):
    from PIL import Image

    path = tmp_path / "足.jpg"
    Image.new("RGB", (3000, 1000), "gray").save(path)
    page = phone()
    take_along(page)
    page.context.set_offline(True)
    page.get_by_role("link", name="架空 ハル江さん").click()
    page.get_by_label("写真").set_input_files(path)
    page.get_by_role("button", name="この端末に保存して送る").click()
    expect(page.get_by_text("写真1枚")).to_be_visible()
    page.context.set_offline(False)
    all_sent(page)

    [hung] = Entry.objects.latest("pk").files.select_related("stored_file")
    assert hung.stored_file.media_type == "image/jpeg"
