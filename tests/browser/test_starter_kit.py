"""A new officer goes from the kit 「小規模町村」 to the first council paper, as a person would."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pypdf
import pytest

from renkei.foundation.accounts.tests.factories import sato
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_long
from renkei.programme.indicators.periods import fiscal
from renkei.programme.indicators.tests.factories import make_value, make_version
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


def _town():
    area = areas.make_area()
    office = sato().memberships.get().organisation
    office.area = area
    office.save()
    version = make_version("A-P1", name="退院・退所加算", scenes=["hospital"], unit="回")
    make_value(version, area, fiscal(2024), value=552)


def _fine(page, name):
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, name)


def _downloaded(page, name):
    with page.expect_download() as found:
        page.get_by_role("link", name=name, exact=True).click()
    return found.value.path().read_bytes()


@pytest.mark.parametrize("width", [1280, 360])
def test_an_officer_gets_from_the_kit_to_the_first_council_paper(open_page, sato_client, width):
    _town()
    day = clock.today() + timedelta(days=30)
    page = open_page(width=width, client=sato_client)
    page.goto("/planning/plans/")
    page.get_by_role("link", name="はじめの一式を見る").click()
    _fine(page, f"starter-offer-{width}")
    page.get_by_role("button", name="この一式で始める").click()
    _fine(page, f"starter-steps-{width}")
    page.get_by_role("link", name="委員をまとめて入れる").click()
    page.locator("[name=name_0]").fill("架空 一子")
    page.get_by_label("介護支援専門員の氏名").fill("架空 三代")
    _fine(page, f"starter-members-{width}")
    page.get_by_role("button", name="名簿に入れる").click()
    page.get_by_role("link", name="会議の予定を立てる").click()
    page.locator("[name=day]").fill(day.isoformat())
    page.get_by_label("始まる時刻").fill("14:00")
    page.get_by_label("会場").fill("町役場 会議室")
    page.get_by_role("button", name="予定を立てる").click()
    # The page of the meeting says how to go on.
    page.get_by_role("link", name="議題を入れる").click()
    page.get_by_role("button", name="3つの議題を入れる").click()
    page.get_by_role("button", name="協議会資料を作る").click()
    _fine(page, f"starter-paper-{width}")
    paper = page.url

    word = docx.Document(io.BytesIO(_downloaded(page, "Word")))
    text = "".join(one.text for one in word.paragraphs)
    text += "".join(cell.text for one in word.tables for row in one.rows for cell in row.cells)
    pages = pypdf.PdfReader(io.BytesIO(_downloaded(page, "PDF"))).pages
    for found in (text, "".join(one.extract_text() for one in pages)):
        assert format_long(day) in found
        assert "地域の現状（指標）について" in found
        assert "552 回" in found

    page.goto(paper)
    page.locator("a.fn").first.click()
    assert "報告に載せた値" in page.inner_text("main")
    _fine(page, f"report-note-{width}")
    page.goto("/planning/starter/")
    page.get_by_role("link", name="開催を知らせる").click()
    _fine(page, f"starter-call-{width}")
    page.get_by_role("button", name="案内を出す").click()
    page.goto("/planning/starter/")
    assert "はじめの会議の準備ができました" in page.inner_text("main")
