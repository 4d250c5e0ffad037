"""Large files are read by processes of their own."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from renkei.registry.facilities.models import ImportState, Service
from renkei.registry.facilities.services import preview as making
from renkei.registry.facilities.services.imports import apply_import
from renkei.registry.facilities.tests.official_files import (
    KAWASE,
    care_row,
    make_region,
    preview,
    write_csv,
)


@pytest.fixture
def many_bytes(monkeypatch):
    """Every file counts as large, and the readers find the database of the tests."""
    monkeypatch.setattr(making, "_MANY_BYTES", 0)
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    monkeypatch.setenv("DATABASE_URL", urlunsplit(parts._replace(path=f"/{name}")))


@pytest.mark.django_db(transaction=True)
def test_two_datasets_are_read_side_by_side(tmp_path, many_bytes):
    make_region()
    nursing = write_csv(tmp_path / "jigyosho_130.csv", [care_row("9960190013")])
    help_at_home = write_csv(
        tmp_path / "jigyosho_110.csv", [care_row("9970190013", kind="訪問介護")]
    )

    run = preview(nursing, help_at_home)
    assert (run.state, run.counts["added"]) == (ImportState.PREVIEW, 2)
    apply_import(actor=KAWASE, run=run)

    run.refresh_from_db()
    assert (run.state, run.progress) == (ImportState.APPLIED, 100)
    assert {s.service_code for s in Service.objects.all()} == {"110", "130"}
    assert run.progress_text
