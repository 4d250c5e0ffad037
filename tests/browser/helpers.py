"""What journeys share: accessibility, pictures, widths."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
RESULTS = ROOT / "test-results"
# WCAG 2.2 AA, reported as JIS X 8341-3:2016 AA, and axe's own good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def expect_no_axe_violations(page: Page) -> None:
    """Axe on the page as it stands now; the message names rule, element and remedy."""
    # Evaluated by the debugger, so the page keeps its own content policy. It needs script: in a
    # page opened without, the promise would never come back.
    page.evaluate(_axe())
    result = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    found = [
        f"{violation['id']}: {node['html'][:160]} — {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
    assert found == [], f"{page.url}\n" + "\n".join(found)


def expect_no_sideways_scroll(page: Page) -> None:
    """Nothing is wider than the screen (wide tables scroll inside their own region)."""
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], f"{page.url}: {widths[0]} px wide on {widths[1]} px"


def screenshot(page: Page, name: str) -> Path:
    """A picture of the whole page in ``test-results/``, for people to look at."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


@cache
def _axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
