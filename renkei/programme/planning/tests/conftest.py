"""What planning's tests rest on."""

from __future__ import annotations

import pytest

from renkei.programme.planning.tests.factories import ship_rates


@pytest.fixture(autouse=True)
def shipped_rates(request: pytest.FixtureRequest) -> None:
    """There are rates, whatever ran before."""
    if request.node.get_closest_marker("django_db") is not None:
        request.getfixturevalue("db")
        ship_rates()
