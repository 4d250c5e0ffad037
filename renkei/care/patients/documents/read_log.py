"""「誰が見たか」 and lists as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head

TEMPLATES: Final = Path(__file__).parent / "templates"


def list_pdf(
    *,
    title: str,
    town: str,
    lead: str,
    columns: Sequence[str],
    widths: Sequence[str],
    rows: Sequence[Sequence[object]],
) -> bytes:
    """A landscape table with a line above it. ``widths``: "auto" or a fraction, one per column."""
    data = {
        "head": head(town=town, name=title, issued_on=clock.today(), source="連携"),
        "lead": lead,
        "columns": list(columns),
        "widths": list(widths),
        "rows": [["" if cell is None else str(cell) for cell in row] for row in rows],
    }
    return compile_pdf(TEMPLATES / "list.typ", data, title=title)
