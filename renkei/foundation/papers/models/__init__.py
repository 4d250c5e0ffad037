"""Papers: kept files, tickets on paper, scans that come back, faxes that left."""

from renkei.foundation.papers.models.faxes import SentFax
from renkei.foundation.papers.models.files import ScanState, StoredFile
from renkei.foundation.papers.models.scans import (
    PageReason,
    PageState,
    Scan,
    ScanFile,
    ScanPage,
    ScanProgress,
)
from renkei.foundation.papers.models.tickets import Ticket

__all__ = [
    "PageReason",
    "PageState",
    "Scan",
    "ScanFile",
    "ScanPage",
    "ScanProgress",
    "ScanState",
    "SentFax",
    "StoredFile",
    "Ticket",
]
