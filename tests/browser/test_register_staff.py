"""The city office at the register: bring files in, decide, correct, publish, undo."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.services.publication import set_field_audience
from renkei.registry.facilities.tests import messy_lists
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
