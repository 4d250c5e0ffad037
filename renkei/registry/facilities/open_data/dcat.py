"""The catalogue entry of the published files: DCAT as JSON-LD.

Source: W3C Data Catalog Vocabulary (DCAT) Version 3, §6 (properties used: title, description, license,
issued, modified, distribution with accessURL, downloadURL, mediaType, byteSize).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    description: str
    url: str
    media_type: str
    size: int  # bytes
    issued_at: datetime
    rows: int


def catalogue(*, publisher: str, site_url: str, files: Sequence[Distribution]) -> dict[str, object]:
    """The DCAT catalogue of one town."""
    return {
        "@context": CONTEXT,
        "@type": "dcat:Catalog",
        "dct:title": f"{publisher} 医療・介護の資源",
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": publisher},
        "foaf:homepage": site_url,
        "dcat:dataset": [_dataset(publisher, file) for file in files],
    }


def _dataset(publisher: str, file: Distribution) -> dict[str, object]:
    return {
        "@type": "dcat:Dataset",
        "dct:title": file.title,
        "dct:description": file.description,
        "dct:publisher": publisher,
        "dct:license": LICENCE_URL,
        "dct:language": "ja",
        "dct:issued": file.issued_at.isoformat(),
        "dct:modified": file.issued_at.isoformat(),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": file.title,
                "dcat:downloadURL": file.url,
                "dcat:mediaType": file.media_type,
                "dcat:byteSize": file.size,
            }
        ],
    }
