"""Local lists: any table of the town or the 医師会, by columns a person has mapped."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class LocalMapping:
    """How one local list is read; remembered with the list.

    ``columns``: field of ``fields.FIELDS`` (or ``municipality``, ``key``) → heading of the list.
    ``service_code``: the kind of every row, or "" where ``kind_column`` and ``kinds`` (text →
    service code) say it per row. ``attributes``: key of an own field → heading.
    """

    list_key: str  # stable name of the list, e.g. "kurume-ishikai"; part of each record's identity
    list_name: str
    columns: dict[str, str]
    service_code: str = ""
    kind_column: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
