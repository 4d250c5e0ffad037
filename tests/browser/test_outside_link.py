"""A hospital without an account opens what it was sent, with the code told by telephone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from renkei.care.patients.tests.factories import add_member, joined
from renkei.care.timelines.models import Entry
from renkei.care.timelines.tests.factories import post, staff_room
from renkei.foundation.accounts.tests.factories import sign_in, suzuki, takahashi
from renkei.foundation.sheets.tests.factories import item, make_version
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


def look(page: Page, name: str) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, name)


@pytest.mark.parametrize("width", [360, 1280])
def test_hospital_answers_an_asked_sheet_and_the_team_reads_it(open_page: OpenPage, width: int):
    patient = joined(suzuki(), name="架空 ハル江", kana="カクウ ハルエ")
    add_member(patient, takahashi())
    make_version(
        item("walk", "string", "移動", required=True),
        item("weight", "decimal", "体重"),
        code="sharing_sheet",
        name="情報共有シート",
    )
    nurse = open_page(width=width, client=sign_in(Client(), takahashi()))
    nurse.goto(f"/patients/{patient.uid}/links/new/?form=sharing_sheet")
    nurse.get_by_label("送り先の名称").fill("架空市立病院")
    look(nurse, f"link-new-{width}")
    nurse.get_by_role("button", name="リンクと番号を作る").click()
    address = nurse.get_by_label("リンク", exact=True).input_value()
    code = nurse.locator("dd b").inner_text()
    look(nurse, f"link-made-{width}")

    hospital = open_page(width=width, client=Client())
    hospital.goto(address)
    look(hospital, f"link-code-{width}")
    hospital.get_by_label("電話で聞いた6桁の番号").fill(code)
    hospital.get_by_role("button", name="開く").click()
    weight = hospital.get_by_label("体重")
    weight.fill("四十二")
    look(hospital, f"link-fill-{width}")
    hospital.get_by_role("button", name="内容を確かめる").last.click()
    # Refused, and nothing that was typed is lost.
    expect(weight).to_have_value("四十二")
    look(hospital, f"link-refused-{width}")
    weight.fill("42.5")
    hospital.get_by_label("移動").fill("歩行器")
    hospital.get_by_role("button", name="内容を確かめる").last.click()
    hospital.get_by_label("記入した人の氏名").fill("架空 退院")
    hospital.get_by_role("button", name="書き直す").click()
    expect(weight).to_have_value("42.5")
    hospital.get_by_role("button", name="内容を確かめる").last.click()
    expect(hospital.get_by_label("記入した人の氏名")).to_have_value("架空 退院")
    hospital.get_by_role("button", name="この内容で送る").click()
    look(hospital, f"link-nameless-{width}")
    hospital.get_by_label("病院・事業所の名称").fill("架空市立病院")
    hospital.get_by_role("button", name="この内容で送る").click()
    expect(hospital.get_by_role("heading", name="送りました")).to_be_visible()
    look(hospital, f"link-thanks-{width}")

    nurse.goto(f"/patients/{patient.uid}/links/")
    look(nurse, f"link-list-{width}")
    nurse.get_by_role("link", name="届いた回答を見る").click()
    expect(nurse.get_by_text("架空 退院（架空市立病院）").first).to_be_visible()
    assert Entry.objects.filter(text__startswith="リンクで頼んだ様式").count() == 1


def made_link(page: Page, patient: Any, entry: Entry) -> tuple[str, str]:
    """(address, code) of a new link to an entry, as its sender reads them."""
    page.goto(f"/patients/{patient.uid}/links/new/?entry={entry.uid}")
    page.get_by_label("送り先の名称").fill("架空市立病院")
    page.get_by_role("button", name="リンクと番号を作る").click()
    return page.get_by_label("リンク", exact=True).input_value(), page.locator("dd b").inner_text()


def opened(page: Page, address: str, code: str) -> None:
    page.goto(address)
    page.get_by_label("電話で聞いた6桁の番号").fill(code)
    page.get_by_role("button", name="開く").click()


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, True), (360, False)])
def test_hospital_reads_an_entry_and_is_told_when_it_is_closed(
    open_page: OpenPage, settings: Any, width: int, script: bool
):
    settings.OUTSIDE_LINK_TRIES = 3
    cache.clear()  # the tries of other tests, counted per address
    patient = joined(suzuki(), name="架空 ハル江", kana="カクウ ハルエ")
    add_member(patient, takahashi())
    entry = post(takahashi(), staff_room(patient), "仙骨部に発赤があります。\n軟膏を続けています。")
    nurse = open_page(width=width, client=sign_in(Client(), takahashi()))
    address, code = made_link(nurse, patient, entry)
    mistyped, right = made_link(nurse, patient, entry)
    hospital = open_page(width=width, client=Client(), javascript=script)

    def seen(name: str) -> None:
        expect_no_sideways_scroll(hospital)
        screenshot(hospital, f"link-{name}-{width}{'' if script else '-no-script'}")
        if script:  # axe itself needs it
            expect_no_axe_violations(hospital)

    wrong = "000-000" if code != "000-000" else "111-111"
    opened(hospital, address, wrong)
    expect(hospital.get_by_role("heading", name="開けませんでした")).to_be_visible()
    hospital.get_by_role("link", name="番号をもう一度入力する").click()
    hospital.get_by_label("電話で聞いた6桁の番号").fill(code)
    hospital.get_by_role("button", name="開く").click()
    expect(hospital.get_by_text("仙骨部に発赤があります。")).to_be_visible()
    expect(hospital.get_by_text("架空 ハル江")).to_be_visible()
    seen("read")

    for _ in range(3):
        opened(hospital, mistyped, wrong)
        # Going on at once would take the try back before the server has seen it.
        expect(hospital.get_by_role("heading", name="開けませんでした")).to_be_visible()
    seen("wrong-thrice")
    opened(hospital, mistyped, right)
    expect(hospital.get_by_role("heading", name="開けませんでした")).to_be_visible()
    nurse.goto(f"/patients/{patient.uid}/links/")
    nurse.get_by_role("button", name="取り消す").click()
    opened(hospital, address, code)
    expect(hospital.get_by_role("heading", name="開けませんでした")).to_be_visible()
    expect(hospital.get_by_text("ハル江")).to_have_count(0)
    seen("revoked")
