"""Every component, on a telephone and on a desk."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.browser.conftest import OpenPage
from tests.browser.helpers import (
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    screenshot,
)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_styleguide_passes_axe_at_every_width(open_page: OpenPage, sato_client: Client, width):
    page = open_page(width=width, client=sato_client)
    page.goto("/styleguide/")

    expect_no_axe_violations(page)
    expect_no_sideways_scroll(page)
    screenshot(page, f"styleguide-{width}")


def test_styleguide_keeps_words_in_forced_colours(open_page: OpenPage, sato_client: Client):
    page = open_page(client=sato_client, forced_colors="active")
    page.goto("/styleguide/")

    assert page.get_by_text("超過").first.is_visible()
    expect_no_axe_violations(page)
