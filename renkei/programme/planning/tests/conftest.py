"""What planning's tests rest on."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps


@pytest.fixture(autouse=True)
def shipped_rates(request: pytest.FixtureRequest) -> None:
    """The rates that come with the tables; a test that empties every table takes them along."""
    if request.node.get_closest_marker("django_db") is not None:
        request.getfixturevalue("db")
        shipped = import_module("renkei.programme.planning.migrations.0002_withholding_rates")
        shipped.add(apps, None)
