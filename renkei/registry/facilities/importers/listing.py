"""One row of an official file as typed values: what every importer makes, whatever the layout."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class ListingRow:
    """The official values of one service; the names are the columns of ``models.ListingValues``."""

    source: str
    source_key: str
    service_code: str
    dataset: str
    name: str
    prefecture_code: str = ""
    municipality_code: str = ""
    kana: str = ""
    postcode: str = ""
    address: str = ""
    building: str = ""
    latitude: float | None = None
    longitude: float | None = None
    coordinates_from: str = "none"
    phone: str = ""
    fax: str = ""
    email: str = ""
    url: str = ""
    corporate_number: str = ""
    corporate_name: str = ""
    office_number: str = ""
    institution_code: str = ""
    days: str = ""
    days_note: str = ""
    hours: dict[str, list[list[str]]] = field(default_factory=dict)
    departments: list[str] = field(default_factory=list)
    capabilities: list[str] = field(default_factory=list)
    capacity: int | None = None
    beds: str = ""
    visiting_area: str = ""
    remarks: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    place_key: int | None = None
    row_hash: bytes = b""
    raw_hash: bytes = b""

    @property
    def identity(self) -> tuple[str, str]:
        """Who it is within its source."""
        return self.source_key, self.service_code


COLUMNS: tuple[str, ...] = tuple(item.name for item in fields(ListingRow))
IDENTITY = ("source", "source_key", "service_code")
# Not values of the file but computed from them.
_DERIVED = frozenset({"dataset", "place_key", "row_hash", "raw_hash"})
# What a person sees in the diff and what decides whether a row changed.
VALUE_COLUMNS: tuple[str, ...] = tuple(
    name for name in COLUMNS if name not in _DERIVED and name not in IDENTITY
)
_TEXTS = tuple(
    name
    for name in VALUE_COLUMNS
    # Comes from another file than the rest of the record (institution_codes.py).
    if name
    not in {
        "institution_code",
        "latitude",
        "longitude",
        "hours",
        "departments",
        "capabilities",
        "capacity",
        "attributes",
    }
)


def hash_of(row: ListingRow) -> bytes:
    """16 bytes over the official values: equal bytes, nothing to do."""
    parts = [getattr(row, name) for name in _TEXTS]
    parts.append(f"{row.latitude},{row.longitude},{row.capacity}")
    if row.departments:
        parts.append("\x1e".join(row.departments))
    if row.capabilities:
        parts.append("\x1d".join(row.capabilities))
    if row.hours or row.attributes:
        parts.append(json.dumps([row.hours, row.attributes], ensure_ascii=False, sort_keys=True))
    if row.source == "bureau":
        parts.append(row.institution_code)
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).digest()
