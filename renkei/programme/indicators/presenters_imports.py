"""What a file would change, as the preview tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from renkei.foundation.common.spreadsheets.problems import FileProblem, UnreadableFile
from renkei.programme.indicators.importers.plan import Mapping
from renkei.programme.indicators.models import Absence, ImportRun
from renkei.programme.indicators.numerals import number_text
from renkei.programme.indicators.queries.catalogue import area_names
from renkei.programme.indicators.services.imports import Preview, changes_as_words
from renkei.programme.indicators.services.values import NewValue
from renkei.registry.facilities.importers.list_layout import read_sheets

SHOWN: Final = 50
SHOWN_PROBLEMS: Final = 100
SAMPLE_ROWS: Final = 12


@dataclass(frozen=True)
class AddedLine:
    """One value that is new."""

    name: str
    area: str
    period: str
    text: str
    flag: str


@dataclass(frozen=True)
class PreviewPage:
    """Counts, what changes from what to what, and what cannot be read."""

    ledger: Sequence[tuple[str, int]]
    written: int
    changes: Sequence[dict[str, Any]]
    change_count: int
    added: Sequence[AddedLine]
    added_count: int
    per_indicator: Sequence[tuple[str, int]]
    problems: Sequence[FileProblem]
    problem_count: int
    sentence: str


def preview_page(preview: Preview) -> PreviewPage:
    """The page before anything is written."""
    outcome = preview.outcome
    added, changed = len(outcome.added), len(outcome.changed)
    names = Counter(value.version.name for value in outcome.added)
    return PreviewPage(
        ledger=[
            ("新しい値", added),
            ("変わる値", changed),
            ("同じ値", outcome.unchanged),
            ("読めない所", len(preview.problems)),
        ],
        written=added + changed,
        changes=changes_as_words(outcome.changed[:SHOWN]),
        change_count=changed,
        added=_added(outcome.added[:SHOWN]),
        added_count=added,
        per_indicator=names.most_common(20),
        problems=list(preview.problems)[:SHOWN_PROBLEMS],
        problem_count=len(preview.problems),
        sentence=_sentence(preview),
    )


def _sentence(preview: Preview) -> str:
    outcome = preview.outcome
    words = f"{preview.row_count:,}行を読みました。"
    if preview.note_rows:
        words += f"注記の{preview.note_rows}行は使いません。"
    if not outcome.added and not outcome.changed:
        return words + "変わる値はありません。"
    if preview.absences:
        words += f"数のない値が{preview.absences:,}件あります（理由ごとに残し、0にはしません）。"
    return words


def _added(values: Sequence[NewValue]) -> list[AddedLine]:
    names = area_names({value.area_id for value in values})
    return [
        AddedLine(
            value.version.name,
            names[value.area_id],
            value.period.label,
            str(Absence(value.absence).label)
            if value.value is None
            else f"{number_text(value.value, value.version.decimals, value.printed)} {value.unit}",
            value.note,
        )
        for value in values
    ]


def samples_of(run: ImportRun, mapping: Mapping) -> list[Sequence[str]]:
    """The first rows under the header, for the page of columns."""
    try:
        sheets = read_sheets(Path(run.path), name=run.file_name)
    except (UnreadableFile, OSError):
        return []
    sheet = next((one for one in sheets if one.name == mapping.sheet), sheets[0])
    below = [cells for number, cells in sheet.rows if number > mapping.header_row]
    return list(below[:SAMPLE_ROWS])


def sheet_names_of(run: ImportRun) -> list[str]:
    """The sheets of the file; none where it cannot be read any more."""
    try:
        return [sheet.name for sheet in read_sheets(Path(run.path), name=run.file_name)]
    except (UnreadableFile, OSError):
        return []
