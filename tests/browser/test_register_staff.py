"""The city office at the register: bring files in, decide, correct, publish, undo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.models import Facility, ImportRun, Override, Service
from renkei.registry.facilities.services.imports import apply_import, read_import
from renkei.registry.facilities.services.publication import set_field_audience
from renkei.registry.facilities.tests import care_files, messy_lists
from renkei.registry.facilities.tests.factories import (
    CorrectionRequestFactory,
    PlacePairFactory,
    ServiceFactory,
)
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)

WIDTHS = [360, 1280]


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    settings.VAR = tmp_path / "var"


def look(page: Page, name: str, width: int) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"register-{name}-{width}")


def work() -> None:
    """What the worker process does meanwhile: read or apply the newest run."""
    run = ImportRun.objects.latest("pk")
    if run.state == "reading":
        read_import(run.uid)
    else:
        apply_import(actor=Actor(ActorKind.USER, run.started_by_id), run=run)


def bring_in(page: Page, path: Path) -> None:
    """Upload one file and wait for its preview."""
    page.goto(reverse("facilities:import_new"))
    page.get_by_label("ファイル", exact=False).first.set_input_files(path)
    page.get_by_label("全国（ファイルにあるものすべて）").check()
    page.get_by_role("button", name="読み込んで、何が変わるかを見る").click()
    page.get_by_role("heading", name="読み込んでいます").wait_for()
    work()
    # The page asks every second and opens the preview by itself.
    page.get_by_role("heading", name="取り込みの確認").wait_for()


def apply(page: Page) -> None:
    page.get_by_role("button", name="件を取り込む").click()
    page.get_by_role("heading", name="取り込んでいます").wait_for()
    work()
    page.get_by_role("heading", name="取り込みました").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_officer_imports_decides_corrects_and_undoes(
    open_page: OpenPage, sato_client: Client, width, tmp_path
):
    care_files.city()
    december, june = tmp_path / care_files.FIRST_NAME, tmp_path / care_files.SECOND_NAME
    december.write_bytes(care_files.first_file())
    june.write_bytes(care_files.second_file())
    page = open_page(width=width, client=sato_client)

    # The first file: everything is new.
    page.goto(reverse("facilities:import_list"))
    look(page, "import_list_empty", width)
    page.get_by_role("link", name="公表データを取り込む").click()
    look(page, "import_new", width)
    bring_in(page, december)
    look(page, "import_preview_first", width)
    apply(page)
    look(page, "import_applied", width)
    assert Service.objects.count() == 5

    # The office knows better about one name.
    place = Facility.objects.get(name="訪問看護ステーション みなも")
    page.goto(reverse("facilities:facility_edit", args=[place.pk]))
    page.get_by_role("link", name="訪問看護の情報を直す").click()
    page.get_by_label("電話番号").fill("0999-00-7777")
    page.get_by_label("直した理由").fill("事業所に電話で確かめた。")
    page.get_by_role("button", name="直した値を保存する").click()
    page.get_by_text("1項目を直しました").wait_for()
    look(page, "facility_corrected", width)
    page.get_by_role("button", name="この内容で確認した").click()
    page.get_by_text("この内容で確認したことを記録しました").wait_for()

    # The next file: the correction stays, the doubtful row is decided.
    bring_in(page, june)
    assert page.get_by_text("市の値を残す").first.is_visible()
    look(page, "import_preview_changed", width)
    for tab in ("追加", "消えた", "疑わしい", "自動で直した所"):
        page.get_by_role("navigation", name="差分の種類").get_by_role("link", name=tab).click()
        look(page, f"import_preview_{tab}", width)
    page.get_by_role("link", name="疑わしい").first.click()
    page.get_by_role("button", name="今回は取り込まない").first.click()
    page.get_by_role("button", name="決めなおす").first.wait_for()
    page.get_by_role("button", name=re.compile("取り込む.*松が丘")).click()
    apply(page)
    assert Service.objects.get(source_key=care_files.NUMBERS[0]).phone == "0999-00-7777"
    assert Override.objects.get().official_value == "0999-00-1299"

    # And back again.
    page.get_by_role("button", name="取り込む前に戻す").click()
    page.get_by_text("取り込む前の台帳に戻しました").wait_for()
    look(page, "import_undone", width)
    assert Service.objects.count() == 5
    assert Override.objects.get().official_value == "0999-00-1200"
    page.goto(reverse("facilities:import_list"))
    look(page, "import_list", width)


def test_refused_file_names_the_reason_and_keeps_the_page(
    open_page: OpenPage, sato_client: Client, tmp_path
):
    path = tmp_path / "一覧.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    page = open_page(client=sato_client)
    page.goto(reverse("facilities:import_new"))
    page.get_by_label("ファイル", exact=False).first.set_input_files(path)
    page.get_by_label("全国（ファイルにあるものすべて）").check()
    page.get_by_role("button", name="読み込んで、何が変わるかを見る").click()
    page.get_by_role("heading", name="読み込んでいます").wait_for()
    work()
    page.get_by_role("heading", name="読み込めませんでした").wait_for()

    look(page, "import_failed", 1280)
    page.get_by_role("link", name="ファイルを選び直す").click()
    page.get_by_role("heading", name="公表データを取り込む").wait_for()


def test_import_works_without_script(open_page: OpenPage, sato_client: Client, tmp_path):
    care_files.city()
    path = tmp_path / care_files.FIRST_NAME
    path.write_bytes(care_files.first_file())
    page = open_page(client=sato_client, javascript=False)
    page.goto(reverse("facilities:import_new"))
    page.locator("input[name=tables]").set_input_files(path)
    page.locator("input[value=all]").check()
    page.get_by_role("button", name="読み込んで、何が変わるかを見る").click()
    work()
    page.get_by_role("link", name="いまの状態を見る").click()

    assert page.get_by_role("heading", name="取り込みの確認").is_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_staff_pages_pass_axe_at_every_width(open_page: OpenPage, sato_client: Client, width):
    service = ServiceFactory.create(
        hours={"mon": [["09:00", "17:00"]], "sun": []}, departments=["内科", "外科"], capacity=20
    )
    request = CorrectionRequestFactory.create(facility=service.facility)
    PlacePairFactory.create(first=service)
    set_field_audience(actor=Actor(ActorKind.USER, 1, 1), field="fax", audience=Audience.PARTNER)
    page = open_page(width=width, client=sato_client)
    addresses: dict[str, list[object]] = {
        "publication_list": [],
        "publication_edit": ["email"],
        "request_list": [],
        "request_answer": [request.pk],
        "facility_edit": [service.facility_id],
        "service_edit": [service.pk],
        "place_list": [],
        "list_new": [],
        "kind_new": [],
    }
    for name, arguments in addresses.items():
        page.goto(reverse(f"facilities:{name}", args=arguments))
        look(page, name, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_t_a10_wizard_reads_a_messy_list(open_page: OpenPage, sato_client: Client, width, tmp_path):
    path = messy_lists.disability_offices(tmp_path)
    page = open_page(width=width, client=sato_client)
    page.goto(reverse("facilities:list_new"))
    page.get_by_label("一覧のファイル").set_input_files(path)
    page.get_by_role("button", name="一覧を読む").click()
    look(page, "list_columns", width)

    page.get_by_role("link", name="シートや見出しの行が違う").click()
    look(page, "list_header", width)
