"""Fixtures of every room: a browser session for each of the fixed cast."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from renkei.foundation.accounts.tests import factories

# A test proves results; how long an example takes is the machine's business.
# The same examples every time, so that a change is what turns a test red; exploring is asked for
# with HYPOTHESIS_PROFILE=explore.
hypothesis.settings.register_profile("renkei", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "renkei"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,  # noqa: ARG001 - extends the plugin's own
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Transactional tests empty every table, which the audit trail refuses outside of tests."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_event_no_truncate")
    yield
    # A thread of the test server may still hold a connection; the database could not be dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND usename = current_user"
        )


@pytest.fixture
def nobody_client() -> Client:
    """Somebody without an account."""
    return Client()


@pytest.fixture
def sato_client(db: None) -> Client:  # noqa: ARG001 - opens the database
    """佐藤 of the city office, fully signed in."""
    return factories.sign_in(Client(), factories.sato())


@pytest.fixture
def suzuki_client(db: None) -> Client:  # noqa: ARG001 - opens the database
    """鈴木, care manager, fully signed in."""
    return factories.sign_in(Client(), factories.suzuki())


@pytest.fixture
def takahashi_client(db: None) -> Client:  # noqa: ARG001 - opens the database
    """高橋, nurse, fully signed in."""
    return factories.sign_in(Client(), factories.takahashi())


@pytest.fixture
def tanaka_client(db: None) -> Client:  # noqa: ARG001 - opens the database
    """田中 of another facility, fully signed in."""
    return factories.sign_in(Client(), factories.tanaka())


@pytest.fixture
def private_files(settings: Any, tmp_path: Path) -> Path:
    """The private storage of made and published files, empty and for one test."""
    storages = {**settings.STORAGES, "default": {**settings.STORAGES["default"]}}
    storages["default"]["OPTIONS"] = {"location": tmp_path, "base_url": None}
    settings.STORAGES = storages
    return tmp_path
