"""The search index and the places after an import."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from renkei.foundation.common import clock
from renkei.registry.facilities.models import (
    Facility,
    FieldPolicy,
    ImportRun,
    ImportState,
    SearchEntry,
    Service,
    StagedRow,
)
from renkei.registry.facilities.services import applying, imports, refresh
from renkei.registry.facilities.tests.official_files import (
    KAWASE,
    bring_in,
    care_row,
    make_region,
    preview,
    write_csv,
)

pytestmark = pytest.mark.django_db
NUMBERS = [f"9960190{n}3" for n in range(10, 14)]


@pytest.fixture(autouse=True)
def region():
    return make_region()


@pytest.fixture
def care(tmp_path):
    """Writes a care file; rows given as numbers or rows."""

    def write(*rows, name="jigyosho_130.csv"):
        made = [care_row(row) if isinstance(row, str) else row for row in rows]
        return write_csv(tmp_path / name, made)

    return write


def test_index_is_filled_anew_when_much_changes(care, monkeypatch):
    other = care("9960190302", "9960190303", name="jigyosho_130.csv")
    bring_in(other)
    Service.objects.filter(source_key="9960190303").update(prefecture_code="98")
    monkeypatch.setattr(refresh, "_REFILL_FROM", 0)

    bring_in(care("9960190302", *NUMBERS))

    assert SearchEntry.objects.count() == Facility.objects.count() == 6


def test_many_places_are_worked_out_in_processes_of_their_own(care, monkeypatch):
    monkeypatch.setattr(refresh, "_MANY", 0)
    monkeypatch.setattr(refresh, "_BATCH", 1)

    bring_in(care(*NUMBERS, "9960190302", "9960190303", "9960190304"))

    assert SearchEntry.objects.count() == Facility.objects.count() == 7
    assert {str(f.municipality) for f in Facility.objects.all()} == {"架空市"}


def test_preview_lost_in_a_crash_is_not_applied(care):
    run = preview(care(*NUMBERS))
    StagedRow.objects.all().delete()

    with pytest.raises(applying.LostPreviewError):
        imports.apply_import(actor=KAWASE, run=run)


def test_places_keep_their_own_audiences_in_the_index(care):
    path = care(*NUMBERS)
    bring_in(path)
    facility = Facility.objects.order_by("pk")[0]
    FieldPolicy.objects.create(
        facility=facility,
        field="phone",
        audience="government",
        checked_by_id=7,
        checked_at=clock.now(),
        note="架空の理由",
    )
    changed = [care_row(number, days="平日") for number in NUMBERS]

    bring_in(care(*changed))

    assert SearchEntry.objects.get(facility=facility).document_government is not None
    assert SearchEntry.objects.exclude(document_government=None).count() == 1


def test_run_whose_worker_died_can_be_given_up(care):
    run = preview(care(*NUMBERS))
    imports.mark_applying(run, KAWASE)
    with pytest.raises(ValidationError, match="取り込みの途中です"):
        preview(care(*NUMBERS))
    ImportRun.objects.update(apply_started_at=clock.now() - 2 * imports.ABANDONED_AFTER)

    again = preview(care(*NUMBERS))

    run.refresh_from_db()
    assert (run.state, again.state) == (ImportState.DISCARDED, ImportState.PREVIEW)
