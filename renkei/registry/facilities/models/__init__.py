"""The register: places, their services, where values come from, how imports change them."""

from renkei.registry.facilities.models.imports import (
    Change,
    ChangeKind,
    ImportFile,
    ImportRun,
    ImportState,
    Repair,
    StagedRow,
    Verdict,
)
from renkei.registry.facilities.models.places import PlaceDecision, PlacePair
from renkei.registry.facilities.models.publication import CorrectionRequest, FieldPolicy
from renkei.registry.facilities.models.register import (
    CoordinatesFrom,
    Dataset,
    Facility,
    ListingStatus,
    Override,
    Service,
)

__all__ = [
    "Change",
    "ChangeKind",
    "CoordinatesFrom",
    "CorrectionRequest",
    "Dataset",
    "Facility",
    "FieldPolicy",
    "ImportFile",
    "ImportRun",
    "ImportState",
    "ListingStatus",
    "Override",
    "PlaceDecision",
    "PlacePair",
    "Repair",
    "Service",
    "StagedRow",
    "Verdict",
]
