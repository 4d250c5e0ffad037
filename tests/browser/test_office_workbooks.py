"""An office brings its own Excel and names its cells, on a wide screen and on a phone."""

from __future__ import annotations

import io

import openpyxl
from django.test import Client
from playwright.sync_api import FilePayload

from renkei.foundation.accounts.tests import factories as people
from renkei.foundation.sheets.tests.factories import make_version
from tests.browser.conftest import OpenPage
from tests.browser.helpers import expect_no_axe_violations, expect_no_sideways_scroll, screenshot


def paper() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A3"], sheet["A4"] = "入院時情報提供書（北浜版）", "氏名", "体重"
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("B3:D3")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_an_office_brings_its_own_excel_and_names_the_cells(open_page: OpenPage) -> None:
    version = make_version(name="入院時の様式")
    client = people.sign_in(Client(), people.suzuki())
    page = open_page(client=client)

    page.goto("/sheets/office-workbooks/")
    expect_no_axe_violations(page)
    page.get_by_label("様式").select_option(str(version.uid))
    file = FilePayload(name="用紙.xlsx", mimeType="application/octet-stream", buffer=paper())
    page.get_by_label("施設のExcel").set_input_files(file)
    page.get_by_role("button", name="登録する").click()

    assert page.get_by_label("氏名").input_value() == "B3"
    expect_no_axe_violations(page)
    screenshot(page, "office-workbook-cells-1280")
    page.get_by_label("体重").fill("となり")
    page.get_by_role("button", name="このセルに決める").click()
    expect_no_axe_violations(page)
    page.get_by_role("link", name="「となり」はセルの名前ではありません。").click()
    page.get_by_label("体重").fill("ｂ４")
    page.get_by_role("button", name="このセルに決める").click()
    page.get_by_text("2個のセルを決めました。").wait_for()

    phone = open_page(client=client, width=360, height=780)
    phone.goto(page.url)
    expect_no_sideways_scroll(phone)
    expect_no_axe_violations(phone)
    screenshot(phone, "office-workbook-cells-360")
    phone.goto("/sheets/office-workbooks/")
    expect_no_sideways_scroll(phone)
    expect_no_axe_violations(phone)
    screenshot(phone, "office-workbook-list-360")
