"""The catalogue entry of the published files: DCAT as JSON-LD.

Source: W3C Data Catalog Vocabulary (DCAT) Version 3, §6 (properties used: title, description,
license, issued, modified, distribution with downloadURL, mediaType, byteSize).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
}
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/deed.ja"


@dataclass(frozen=True)
class Distribution:
    """One file that can be downloaded."""

    title: str
    url: str
    media_type: str
    size: int  # bytes


@dataclass(frozen=True)
class Entry:
    """One published table with its files."""

    title: str
    description: str
    identifier: str
    issued_at: datetime
    as_of: date
    attributions: Sequence[str]
    files: Sequence[Distribution]


def catalogue(*, publisher: str, site_url: str, entries: Sequence[Entry]) -> dict[str, Any]:
    """The DCAT catalogue of one town."""
    return {
        "@context": CONTEXT,
        "@type": "dcat:Catalog",
        "dct:title": f"{publisher} 医療・介護の資源",
        "dct:publisher": _organisation(publisher),
        "dct:language": "ja",
        "foaf:homepage": site_url,
        "dcat:dataset": [_dataset(publisher, entry) for entry in entries],
    }


def _organisation(name: str) -> dict[str, str]:
    return {"@type": "foaf:Organization", "foaf:name": name}


def _dataset(publisher: str, entry: Entry) -> dict[str, object]:
    return {
        "@type": "dcat:Dataset",
        "dct:identifier": entry.identifier,
        "dct:title": entry.title,
        "dct:description": entry.description,
        "dct:publisher": _organisation(publisher),
        "dct:license": LICENCE_URL,
        "dct:provenance": list(entry.attributions),
        "dct:language": "ja",
        "dct:issued": entry.issued_at.isoformat(),
        "dct:modified": entry.issued_at.isoformat(),
        "dct:temporal": entry.as_of.isoformat(),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": file.title,
                "dct:license": LICENCE_URL,
                "dcat:downloadURL": file.url,
                "dcat:mediaType": file.media_type,
                "dcat:byteSize": file.size,
            }
            for file in entry.files
        ],
    }
