"""Fixtures of every room: a browser session for each of the fixed cast."""

from __future__ import annotations

import pytest
from django.test import Client

from renkei.foundation.accounts.tests import factories


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
