"""Media types of the documents that come in and go out.

Source: IANA, Media Types registry (https://www.iana.org/assignments/media-types).
"""

from __future__ import annotations

from typing import Final

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
TIFF: Final = "image/tiff"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV: Final = "text/csv"
TEXT: Final = "text/plain"
