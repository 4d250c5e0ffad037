"""What the staff pages of the register show about one place. For 行政 only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404

from renkei.registry.facilities.models import (
    AsOfFrom,
    CorrectionRequest,
    Facility,
    ImportFile,
    ImportRun,
    ImportState,
    Override,
    PlacePair,
    Service,
    StagedRow,
    Verdict,
)


def staff_facility(facility_id: int) -> Facility:
    """One place with its services and their corrections, in four queries.

    Raises:
        Http404: there is none.
    """
    found = (
        Facility.objects.select_related("municipality")
        .prefetch_related("services__overrides", "services__file")
        .filter(pk=facility_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def staff_service(service_id: int) -> Service:
    """One service with its place, file and corrections.

    Raises:
        Http404: there is none.
    """
    found = (
        Service.objects.select_related("facility", "file")
        .prefetch_related("overrides")
        .filter(pk=service_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def recent_corrections() -> QuerySet[Override]:
    """Corrections in force, the newest first."""
    return Override.objects.select_related("service__facility").order_by("-made_at", "-pk")


def import_run(uid: UUID) -> ImportRun | None:
    """One run by the id in its address."""
    return ImportRun.objects.filter(uid=uid).first()


@dataclass(frozen=True)
class Waiting:
    """What waits for the city office."""

    pairs: int
    requests: int

    @property
    def total(self) -> int:
        return self.pairs + self.requests


def waiting() -> Waiting:
    """Doubtful pairs and readers' requests nobody has dealt with; two queries."""
    return Waiting(
        PlacePair.objects.count(), CorrectionRequest.objects.filter(closed_at=None).count()
    )


def taken_count(run: ImportRun) -> int:
    """Suspicious rows a person decided to take."""
    rows = StagedRow.objects.filter(run_id=run.pk, verdict=Verdict.SUSPICIOUS, decision="take")
    return rows.count()


def suspicions(run: ImportRun) -> list[tuple[str, int]]:
    """Why rows still undecided are suspicious: (reason, rows), most frequent first."""
    rows = StagedRow.objects.filter(run_id=run.pk, verdict=Verdict.SUSPICIOUS, decision="")
    counted = rows.values("reason").annotate(rows=Count("pk")).order_by("-rows", "reason")
    return [(row["reason"], row["rows"]) for row in counted]


def is_day_guessed(run: ImportRun) -> bool:
    """Whether a file of the run says nowhere as of which day it is."""
    return ImportFile.objects.filter(run=run, as_of_from=AsOfFrom.TODAY).exists()


def previous_file(run: ImportRun) -> ImportFile | None:
    """The file of the same dataset that was applied before this run; for runs of one table."""
    files = list(ImportFile.objects.filter(run=run)[:2])
    if len(files) != 1:
        return None
    return (
        ImportFile.objects.filter(
            source=files[0].source,
            dataset=files[0].dataset,
            run__state=ImportState.APPLIED,
            run__pk__lt=run.pk,
        )
        .select_related("run")
        .order_by("-run_id")
        .first()
    )
