"""At the copier: bring a scan, see what became of it, decide what waits, keep the book of faxes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from renkei.foundation.accounts.tests import factories as people
from renkei.foundation.papers import handlers, sorting
from renkei.foundation.papers.models import Scan
from renkei.foundation.papers.tests import scanner
from renkei.foundation.papers.tests.kinds_for_tests import CODE, Desk
from renkei.foundation.papers.tests.test_sorting import sheet, sheets_with, ticket_of
from renkei.foundation.papers.tests.test_views import record
from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


@pytest.fixture
def kind() -> Iterator[Desk]:
    desk = Desk()
    handlers.register(desk.kind())
    yield desk
    handlers.forget(CODE)


def look(page: Page, name: str) -> None:
    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, name)


@pytest.mark.parametrize("width", [360, 1280])
def test_nurse_brings_a_scan_and_types_the_number_the_machine_could_not_read(
    open_page: OpenPage, width: int, kind: Desk
):
    nurse = people.takahashi()
    viewer = people.viewer_for(nurse)
    ticket = ticket_of(viewer, pages=2)
    pile = scanner.as_pdf([sheet(ticket), scanner.turned(sheets_with()[0], 90)])
    page = open_page(width=width, client=people.sign_in(Client(), nurse))

    page.goto("/papers/inbox/")
    look(page, f"papers-inbox-empty-{width}")
    page.get_by_label("スキャンしたファイル").set_input_files(
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": pile}
    )
    page.get_by_role("button", name="取り込んで仕分ける").click()
    expect(page.get_by_role("heading", name="仕分けています")).to_be_visible()
    look(page, f"papers-progress-{width}")
    sorting.sort_scan(Scan.objects.get().uid)
    # The page asks by itself and goes on.
    expect(page.get_by_role("heading", name="仕分けの結果")).to_be_visible()
    look(page, f"papers-result-{width}")
    page.get_by_role("link", name="2ページ").click()
    page.get_by_role("link", name="左に回す").click()
    page.wait_for_load_state("networkidle")
    look(page, f"papers-waiting-{width}")
    page.get_by_role("button", name="届け先を確かめる").click()
    expect(page.get_by_role("link", name="受付番号を入力してください。")).to_be_visible()
    look(page, f"papers-error-{width}")
    page.get_by_label("受付番号").fill(ticket.number)
    page.get_by_label("何枚目").fill("2")
    page.get_by_role("button", name="届け先を確かめる").click()
    look(page, f"papers-sure-{width}")
    page.get_by_role("button", name="この紙を届ける").click()
    expect(page.get_by_text("試験の書類として届けました。")).to_be_visible()

    assert [pages for _, pages, _ in kind.received] == [(1,), (2,)]
    page.goto("/papers/inbox/")
    look(page, f"papers-inbox-{width}")


@pytest.mark.parametrize("width", [360, 1280])
def test_nurse_keeps_the_book_of_faxes(open_page: OpenPage, width: int):
    nurse = people.takahashi()
    record(people.viewer_for(nurse))
    page = open_page(width=width, client=people.sign_in(Client(), nurse))

    page.goto("/papers/sent/")
    look(page, f"papers-sent-{width}")
    page.get_by_role("button", name="送信した").click()

    expect(page.get_by_text("送信しました")).to_be_visible()
    look(page, f"papers-sent-confirmed-{width}")
