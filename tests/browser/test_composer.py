"""Writing on the page of a room when the network or the server goes away: no word is lost or doubled.

These pages lose their network on purpose (``phone_of``).
"""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, Route, expect

from renkei.care.patients.tests import factories as patients
from renkei.care.timelines.models import Entry
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock
from renkei.foundation.papers.models import StoredFile
from tests.browser.conftest import sign_in
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

ROWS = """(store) => new Promise((resolve) => {
  const open = indexedDB.open('renkei-visit');
  open.onsuccess = () => {
    const all = open.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => { open.result.close(); resolve(all.result.length); };
  };
})"""


@pytest.fixture
def nurse() -> Any:
    return accounts.takahashi()


@pytest.fixture
def person(nurse) -> Any:
    patient = patients.make_patient(name="架空 ハル江", kana="カクウ ハルエ")
    patients.add_member(patient, nurse)
    return patient


def open_room(page: Page, person, name: str = "timeline") -> None:
    page.goto(reverse(f"timelines:{name}", args=[person.uid]))
    page.locator("renkei-composer[data-keeps=sealed]").wait_for()


def write(page: Page, text: str) -> None:
    page.get_by_label("本文").fill(text)
    page.get_by_role("button", name="職員の部屋に出す").click()


def banner(page: Page) -> Any:
    return page.locator("renkei-outbox")


def wait_for_rows(page: Page, store: str, count: int) -> None:
    """Until so many rows lie in this device's store."""
    for _ in range(600):
        if page.evaluate(ROWS, store) == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError((store, page.evaluate(ROWS, store)))


def kept_here(page: Page) -> Any:
    return page.locator("renkei-composer").get_by_role("listitem")


def texts() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("text", flat=True))


@pytest.mark.parametrize("width", [360, 1280])
def test_t_d7_what_is_written_without_a_network_waits_and_arrives_once(
    phone_of, nurse, person, width
):
    page = phone_of(nurse, width)
    open_room(page, person)
    page.context.set_offline(True)

    for number in range(1, 4):
        write(page, f"電波がなくなってから {number}")
        expect(banner(page)).to_contain_text(f"未送信 {number}件")
        expect(kept_here(page)).to_have_count(number)
    expect(page.get_by_label("本文")).to_have_value("")
    expect(page.get_by_text("この端末に保存しました。つながると送ります。")).to_be_visible()
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"composer-unsent-{width}")
    assert texts() == []

    page.context.set_offline(False)
    wait_for_rows(page, "outbox", 0)
    expect(banner(page)).to_be_hidden()
    # The page that stayed open shows them as everybody else's.
    expect(page.locator("renkei-room article")).to_have_count(3, timeout=60_000)
    assert texts() == [f"電波がなくなってから {number}" for number in range(1, 4)]


def test_a_page_that_is_closed_before_the_network_is_back_loses_nothing(phone_of, nurse, person):
    page = phone_of(nurse)
    open_room(page, person)
    page.context.set_offline(True)
    write(page, "閉じる前に書いた")
    expect(banner(page)).to_contain_text("未送信 1件")
    context = page.context
    page.close()

    context.set_offline(False)
    later = context.new_page()
    later.goto(reverse("timelines:today"))

    wait_for_rows(later, "outbox", 0)
    assert texts() == ["閉じる前に書いた"]


def test_an_answer_lost_on_the_way_does_not_double_entry_or_photo(
    phone_of, nurse, person, tmp_path
):
    """The server has it and dies before it says so."""
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(picture, "JPEG")
    page = phone_of(nurse)
    open_room(page, person)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/timeline/", lose)
    # On a phone, touching the field opens the rest.
    page.get_by_label("本文").click()
    page.locator("summary", has_text="写真・ファイル").click()
    page.get_by_label("写真・ファイル").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    write(page, "答えが届かない")
    expect(page.locator("renkei-room article")).to_have_count(1, timeout=60_000)
    wait_for_rows(page, "outbox", 0)

    assert lost == [200]
    assert texts() == ["答えが届かない"]
    assert StoredFile.objects.count() == Entry.objects.get().files.count() == 1


def test_a_server_that_is_away_for_a_moment_gets_it_afterwards(phone_of, nurse, person):
    page = phone_of(nurse)
    open_room(page, person)
    page.route("**/timeline/", lambda route: route.fulfill(status=503, body="restarting"))
    page.route("**/visit/state/**", lambda route: route.fulfill(status=503, body="restarting"))
    write(page, "落ちている間に書いた")
    expect(banner(page)).to_contain_text("未送信 1件")
    expect(banner(page)).to_contain_text("つながりません")
    assert texts() == []

    page.unroute("**/timeline/")
    page.unroute("**/visit/state/**")

    wait_for_rows(page, "outbox", 0)
    assert texts() == ["落ちている間に書いた"]


def test_a_sent_entry_leaves_nothing_behind_and_says_so(phone_of, nurse, person):
    page = phone_of(nurse)
    open_room(page, person)

    write(page, "ふつうに出した")

    expect(page.get_by_text("職員の部屋に出しました。")).to_be_visible()
    expect(page.locator("renkei-room")).to_contain_text("ふつうに出した")
    expect(banner(page)).to_be_hidden()
    wait_for_rows(page, "outbox", 0)


def test_a_refused_entry_stands_in_the_form_again_with_its_file(phone_of, nurse, person, tmp_path):
    path = tmp_path / "報告.txt"
    path.write_text("memo")
    page = phone_of(nurse)
    open_room(page, person)
    page.get_by_label("本文").fill("誰に聞くかを忘れた")
    page.get_by_role("radio", name="相談").check(force=True)
    page.locator("summary", has_text="写真・ファイル").click()
    page.get_by_label("写真・ファイル").set_input_files(path)
    page.get_by_role("button", name="職員の部屋に出す").click()

    expect(page.locator("#to-error")).to_have_text("＊宛先を選んでください。")
    expect(page.get_by_label("本文")).to_have_value("誰に聞くかを忘れた")
    expect(banner(page)).to_be_hidden()
    assert page.locator("input[type=file]").evaluate("each => each.files.length") == 1
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, "composer-refused-360")
    wait_for_rows(page, "outbox", 0)


def test_a_late_refusal_stays_readable_with_what_to_do(phone_of, nurse, person):
    page = phone_of(nurse)
    open_room(page, person)
    page.context.set_offline(True)
    write(page, "チームを外れる前に書いた")
    expect(banner(page)).to_contain_text("未送信 1件")
    member = person.team.get(membership__user=nurse)
    member.left_at = member.grant.revoked_at = clock.now()
    member.grant.save()
    member.save()
    context = page.context
    page.close()

    context.set_offline(False)
    later = context.new_page()
    later.goto(reverse("timelines:visit"))

    expect(banner(later)).to_contain_text("送れなかった書き込み 1件")
    expect(later.get_by_text("チームを外れる前に書いた")).to_be_visible()
    expect(later.get_by_text("この部屋には、いま書けません。")).to_be_visible()


def become(page: Page, user: Any, base: str) -> None:
    page.context.clear_cookies()
    sign_in(page.context, base, user)


def test_a_draft_comes_back_and_only_to_its_writer(phone_of, nurse, person, live_server):
    page = phone_of(nurse)
    open_room(page, person)
    page.get_by_label("本文").fill("書きかけ")
    wait_for_rows(page, "unfinished", 1)
    page.reload()
    expect(page.get_by_label("本文")).to_have_value("書きかけ")

    other = accounts.suzuki()
    patients.add_member(person, other)
    become(page, other, live_server.url)
    open_room(page, person)
    expect(page.get_by_label("本文")).to_have_value("")
    page.get_by_label("本文").fill("つぎの人の書きかけ")
    wait_for_rows(page, "unfinished", 2)

    become(page, nurse, live_server.url)
    open_room(page, person)
    expect(page.get_by_label("本文")).to_have_value("書きかけ")
    write(page, "書きおえた")
    expect(page.get_by_text("職員の部屋に出しました。")).to_be_visible()
    wait_for_rows(page, "unfinished", 1)
    become(page, other, live_server.url)
    open_room(page, person)
    expect(page.get_by_label("本文")).to_have_value("つぎの人の書きかけ")


def test_an_entry_of_somebody_else_waits_closed_for_its_writer(
    phone_of, nurse, person, live_server
):
    page = phone_of(nurse)
    open_room(page, person)
    page.context.set_offline(True)
    write(page, "共用の端末で書いた")
    expect(banner(page)).to_contain_text("未送信 1件")
    other = accounts.suzuki()
    patients.add_member(person, other)
    become(page, other, live_server.url)
    page.context.set_offline(False)
    open_room(page, person)

    expect(banner(page)).to_contain_text("書いた人がサインインすると送ります")
    expect(kept_here(page)).to_have_count(0)
    assert texts() == []

    become(page, nurse, live_server.url)
    open_room(page, person)
    wait_for_rows(page, "outbox", 0)
    assert Entry.objects.get().author_user == nurse


def test_without_a_key_the_page_holds_the_words_until_the_network_is_back(phone_of, nurse, person):
    page = phone_of(nurse)
    page.route("**/visit/**", lambda route: route.abort())
    page.goto(reverse("timelines:timeline", args=[person.uid]))
    page.wait_for_function("() => customElements.get('renkei-composer') !== undefined")
    page.context.set_offline(True)
    write(page, "鍵がない")
    expect(page.get_by_text("まだ送っていません。")).to_be_visible()
    expect(page.get_by_label("本文")).to_have_value("鍵がない")

    page.context.set_offline(False)

    expect(page.get_by_text("職員の部屋に出しました。")).to_be_visible(timeout=60_000)
    assert texts() == ["鍵がない"]


def test_family_loses_no_word_either(phone_of, person):
    daughter = patients.family_user()
    patients.add_family(person, daughter)
    page = phone_of(daughter)
    open_room(page, person)
    page.context.set_offline(True)
    page.get_by_label("本文").fill("夜のことで相談です")
    page.get_by_role("button", name="家族にも見える部屋に出す").click()
    expect(banner(page)).to_contain_text("未送信 1件")
    expect_no_sideways_scroll(page)
    screenshot(page, "composer-family-unsent-360")

    page.context.set_offline(False)

    wait_for_rows(page, "outbox", 0)
    assert Entry.objects.get().room.kind == "family"


def test_without_script_the_form_is_sent_as_a_page(open_page, nurse, person):
    page = open_page(width=360, client=accounts.sign_in(Client(), nurse), javascript=False)
    page.goto(reverse("timelines:timeline", args=[person.uid]))
    page.get_by_label("本文").focus()
    write(page, "スクリプトなし")

    expect(page.get_by_text("職員の部屋に出しました。")).to_be_visible()
    assert texts() == ["スクリプトなし"]
