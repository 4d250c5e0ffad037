"""The register: places, their services, where values come from, how imports change them."""

from renkei.registry.facilities.models.imports import (
    AsOfFrom,
    Change,
    ChangeKind,
    ImportFile,
    ImportRun,
    ImportState,
    Repair,
    RowNote,
    StagedRow,
    UndoRow,
    Verdict,
)
from renkei.registry.facilities.models.local_lists import ListDraft, LocalKind, LocalList
from renkei.registry.facilities.models.places import PlaceDecision, PlacePair
from renkei.registry.facilities.models.printing import (
    EDITIONS,
    BookletFormat,
    BookletOrder,
    BookletState,
    OpenDataRelease,
)
from renkei.registry.facilities.models.publication import CorrectionRequest, FieldPolicy
from renkei.registry.facilities.models.register import (
    CoordinatesFrom,
    Dataset,
    Facility,
    ListingStatus,
    ListingValues,
    Override,
    Service,
)
from renkei.registry.facilities.models.search import MapCell, MaskCount, SearchEntry

__all__ = [
    "EDITIONS",
    "AsOfFrom",
    "BookletFormat",
    "BookletOrder",
    "BookletState",
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
    "ListDraft",
    "ListingStatus",
    "ListingValues",
    "LocalKind",
    "LocalList",
    "MapCell",
    "MaskCount",
    "OpenDataRelease",
    "Override",
    "PlaceDecision",
    "PlacePair",
    "Repair",
    "RowNote",
    "SearchEntry",
    "Service",
    "StagedRow",
    "UndoRow",
    "Verdict",
]
