"""調査票 as files: a workbook with a sheet per form, and paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from renkei.care.transitions.exports_numbers import RULE
from renkei.care.transitions.presenters_surveys import FROM_CASES, ON_PAPER, SurveyPage
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.eras import format_long
from renkei.foundation.common.spreadsheets.write import Column, Sheet, write_workbook

TEMPLATE: Final = Path(__file__).parent / "documents" / "templates" / "survey.typ"
COLUMNS: Final = (Column("問い"), Column("答え"), Column(FROM_CASES), Column(ON_PAPER))


def survey_workbook(pages: Sequence[SurveyPage]) -> bytes:
    """A sheet per form; text cells only, so that nothing becomes a formula."""
    stream = io.BytesIO()
    sheets = [
        Sheet(
            page.title,
            COLUMNS,
            [
                (table.title, row.label, row.counted, row.on_paper)
                for table in page.tables
                for row in table.rows
            ],
        )
        for page in pages
    ]
    notes = [
        ("回答", f"{pages[0].answering}　{pages[0].month}"),
        ("日付", f"{format_long(clock.today())}に数えた値"),
        *((f"{page.title}で手で書く項目", "、".join(page.by_hand)) for page in pages),
    ]
    if not pages[0].is_own:
        notes.append(("小さい数", RULE))
    write_workbook(stream, sheets, title=f"調査票 {pages[0].month}", notes=notes)
    return stream.getvalue()


def survey_document(pages: Sequence[SurveyPage], *, town: str) -> bytes:
    """The forms on A4, with room for what is written by hand."""
    title = f"入退院調整の調査票　{pages[0].month}"
    data = {
        "head": head(
            town=town,
            name="入退院調整の調査票",
            issued_on=clock.today(),
            source="Renkei の入退院の記録から数えた値",
        ),
        "forms": [
            {
                "title": page.title,
                "lead": f"{page.answering}　{page.month}分",
                "tables": [
                    {
                        "title": table.title,
                        "rows": [[row.label, row.counted] for row in table.rows],
                    }
                    for table in page.tables
                ],
                "by_hand": list(page.by_hand),
                "note": "" if page.is_own else RULE,
            }
            for page in pages
        ],
        "counted": FROM_CASES,
    }
    return compile_pdf(TEMPLATE, data, title=title)
