"""Forms of a stay on paper and back, a request from office to office, a path handed on."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from renkei.care.transitions.models import PathVersion
from renkei.care.transitions.services.paths import load_shipped_paths
from renkei.care.transitions.services.rules import adopt_rule
from renkei.care.transitions.tests import factories
from renkei.care.transitions.values import Hospital
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.tests import factories as areas
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common import clock
from renkei.foundation.papers import sorting
from renkei.foundation.papers.models import Scan
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

OUTSIDE = Hospital(name="架空回復期病院", phone="0999-00-7100", fax="0999-00-7109", person="連携室")


@pytest.fixture
def person() -> Any:
    area = areas.make_area()
    adopt_rule(actor=SYSTEM, rule=factories.shipped(), area=area, first_day=date(2024, 4, 1))
    return factories.patient_with_both_sides(
        municipality=area, name="架空 清", kana="カクウ キヨシ", birth_on=date(1941, 5, 3)
    )


def look(page: Page, name: str, width: int) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"stays-{name}-{width}")


def signed_in(user: Any) -> Client:
    return accounts.sign_in(Client(), user)


@pytest.mark.parametrize("width", [360])
def test_t_c3a_a_form_goes_by_fax_and_its_answer_comes_back_by_the_code(
    open_page: OpenPage, person, width
):
    """The hospital has no account: it gets paper, and writes on paper."""
    call_command("load_sheets", stdout=io.StringIO())
    case = factories.opened(person, admitted_at=clock.now() - timedelta(hours=20), hospital=OUTSIDE)
    page = open_page(width=width, client=signed_in(accounts.suzuki()))
    page.goto(reverse("transitions:case_detail", args=[case.uid]))
    look(page, "case", width)
    page.get_by_role("link", name="入院時情報提供書を書く").click()
    expect(page.get_by_label("患者氏名")).to_have_value("架空 清")
    look(page, "write", width)
    page.get_by_role("button", name="内容を確かめる").click()
    page.get_by_role("button", name="この内容で保存する").click()
    expect(page.get_by_label(re.compile("^送り先のFAX番号"))).to_have_value("0999-00-7109")
    look(page, "hand", width)
    page.get_by_role("button", name="渡したことを記録する").click()
    expect(page.get_by_text("返事待ち")).to_be_visible()
    look(page, "sent", width)
    with page.expect_download() as download:
        page.get_by_role("link", name="FAX用のPDF").click()
    sent = page.url

    # The last sheet comes back from the hospital's machine.
    fax = pypdf.PdfReader(download.value.path())
    back = pypdf.PdfWriter()
    back.add_page(fax.pages[-1])
    stream = io.BytesIO()
    back.write(stream)
    page.goto(reverse("papers:inbox"))
    page.get_by_label("スキャンしたファイル").set_input_files(
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": stream.getvalue()}
    )
    page.get_by_role("button", name="取り込んで仕分ける").click()
    expect(page.get_by_role("heading", name="仕分けています")).to_be_visible()
    sorting.sort_scan(Scan.objects.get().uid)
    expect(page.get_by_role("heading", name="仕分けの結果")).to_be_visible()

    page.goto(sent)
    expect(page.get_by_role("link", name="届いた紙を見る")).to_be_visible()
    look(page, "answered", width)
    page.goto(reverse("transitions:case_detail", args=[case.uid]))
    expect(page.get_by_text("入院時の情報を受け取った").first).to_be_visible()


@pytest.mark.parametrize("width", [360])
def test_t_c4_a_request_is_taken_on_and_given_back(open_page: OpenPage, person, width):
    office = accounts.make_organisation("架空訪問看護ステーション潮")
    nurse = accounts.person(
        "潮田 渚", "ushioda@station.example.test", office, Role.PROFESSIONAL, "看護師"
    )
    manager = open_page(width=width, client=signed_in(accounts.suzuki()))
    manager.goto(reverse("transitions:referral_new", args=[person.uid]) + "?q=潮")
    look(manager, "referral-new", width)
    manager.get_by_label("架空訪問看護ステーション潮").check()
    manager.get_by_label(re.compile("^頼むこと")).select_option("nursing")
    manager.get_by_label(re.compile("^頼みたい内容")).fill("点滴の管理をお願いします。")
    manager.get_by_role("button", name="送る").click()
    expect(manager.get_by_text("返事待ち").first).to_be_visible()

    station = open_page(width=width, client=signed_in(nurse))
    station.goto(reverse("transitions:referral_list"))
    look(station, "referral-inbox", width)
    station.locator(".cases__who a").first.click()
    expect(station.get_by_text("架空 清")).to_have_count(0)
    look(station, "referral-asked", width)
    station.get_by_role("button", name="引き受ける（自分が担当）").click()
    expect(station.get_by_role("link", name="架空 清")).to_be_visible()
    look(station, "referral-taken", width)
    station.get_by_role("link", name=re.compile("戻す")).click()
    station.get_by_label(re.compile("^理由")).fill("人手が足りなくなりました。")
    look(station, "referral-return", width)
    station.get_by_role("button", name="記録する").click()
    expect(station.get_by_role("link", name="架空 清")).to_have_count(0)

    manager.reload()
    expect(manager.get_by_text("人手が足りなくなりました。")).to_be_visible()
    look(manager, "referral-back", width)


@pytest.mark.parametrize("width", [360])
def test_t_path1_a_path_is_handed_on_and_taken_up(open_page: OpenPage, person, width):
    load_shipped_paths(actor=SYSTEM)
    ward = open_page(width=width, client=signed_in(factories.ward_nurse()))
    ward.goto(reverse("transitions:path_start", args=[person.uid]))
    ward.get_by_label("架空市立中央病院").check()
    look(ward, "path-start", width)
    ward.get_by_role("button", name="始める").click()
    ward.get_by_role("link", name=re.compile("^達した")).first.click()
    ward.get_by_role("button", name="記録する").click()
    look(ward, "path-first", width)
    ward.get_by_role("link", name="次の機関に渡した").click()
    ward.get_by_label("架空居宅介護支援事業所").check()
    look(ward, "path-hand-on", width)
    ward.get_by_role("button", name="記録する").click()
    expect(ward.get_by_text("次の機関の受け入れ待ち")).to_be_visible()

    office = open_page(width=width, client=signed_in(accounts.suzuki()))
    office.goto(ward.url)
    office.get_by_role("link", name="次の段階に入った").click()
    office.get_by_role("button", name="記録する").click()
    expect(office.get_by_text("次の機関の受け入れ待ち")).to_have_count(0)
    look(office, "path-taken-up", width)
    office.goto(reverse("transitions:path_version_detail", args=[PathVersion.objects.get().uid]))
    look(office, "path-version", width)
