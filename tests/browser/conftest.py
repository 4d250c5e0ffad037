"""A real Chromium for the journeys: every page opened here obeys the policy and stays on our host.

``open_page`` gives pages; when the test ends, a failed request, a request to another host, a script
error or a breach of the content policy fails it (T-O2 in every journey).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from renkei.foundation.accounts.tests import factories as accounts
from tests.browser.helpers import CHROMIUM

# Playwright's synchronous interface keeps an event loop on this thread; Django only sees the loop.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """``open_page(width=1280, height=800, client=None, javascript=True, **context options)``.

    ``client``: a signed-in Django client whose session the page takes over.
    Pages know the live server as their base: ``page.goto("/search/")``.
    """
    complaints: list[str] = []
    contexts = []

    def open_one(
        *,
        width: int = 1280,
        height: int = 800,
        client: Client | None = None,
        javascript: bool = True,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            **options,
        )
        contexts.append(context)
        if client is not None:
            context.add_cookies(
                [
                    {"name": name, "value": morsel.value, "url": live_server.url}
                    for name, morsel in client.cookies.items()
                ]
            )
        page = context.new_page()
        page.set_default_timeout(15_000)
        _listen(page, complaints, live_server.url)
        return page

    yield open_one
    for context in contexts:
        context.close()
    _wait_for_requests_in_flight()
    assert complaints == []


@pytest.fixture
def phone_of(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """``phone_of(user, width=360)``: a signed-in page that may lose its network on purpose.

    Failed requests are no complaint here; script errors and breaches of the policy are.
    """
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_one(user: Any, width: int = 360) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 740},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
        )
        contexts.append(context)
        sign_in(context, live_server.url, user)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text) if "Content Security" in message.text else None
            ),
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    _wait_for_requests_in_flight()
    assert complaints == []


def sign_in(context: BrowserContext, url: str, user: Any) -> None:
    client = accounts.sign_in(Client(), user)
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": url}
            for name, morsel in client.cookies.items()
        ]
    )


def _wait_for_requests_in_flight() -> None:
    """Let the test server finish what a closed page had asked for.

    The tables are emptied next; a request still reading them would be in a deadlock with that.
    """
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND (state <> 'idle'"
        " OR state_change > clock_timestamp() - interval '0.2 s')"  # between two of its queries
    )
    with connection.cursor() as cursor:
        for _ in range(300):  # at most 15 s
            cursor.execute(busy)
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.05)


def _listen(page: Page, complaints: list[str], home: str) -> None:
    def request_failed(request: Request) -> None:
        # A page that is left aborts what it was still loading; that is not a failure.
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"failed: {request.url} {request.failure}")

    def request_made(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and not request.url.startswith(home + "/"):
            complaints.append(f"foreign: {request.url}")

    page.on("request", request_made)
    page.on("requestfailed", request_failed)
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"console: {message.text}")
            if message.type == "error" and "status of 4" not in message.text
            else None
        ),
    )
    page.on(
        "response",
        lambda response: (
            complaints.append(f"{response.status}: {response.url}")
            if response.status >= 500 or (response.status >= 400 and "/static/" in response.url)
            else None
        ),
    )
