"""Bringing in a file of numbers: columns, preview, one transaction, and what it changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.spreadsheets.problems import FileProblem, UnreadableFile
from renkei.foundation.common.spreadsheets.read import NO_TABLE, Table, open_tables
from renkei.programme.indicators.importers import guess
from renkei.programme.indicators.importers.books import AreaBook, IndicatorBook
from renkei.programme.indicators.importers.plan import (
    VALUES,
    Column,
    Mapping,
    Role,
    problems_of,
)
from renkei.programme.indicators.importers.rows import Reader
from renkei.programme.indicators.models import (
    Absence,
    Aggregation,
    Direction,
    ImportMapping,
    ImportRun,
    Indicator,
    IndicatorVersion,
    Kind,
    PeriodKind,
    RunState,
    Scene,
    Sharing,
    Value,
)
from renkei.programme.indicators.numerals import number_text
from renkei.programme.indicators.persons import may_count_persons
from renkei.programme.indicators.queries.catalogue import indicators_for
from renkei.programme.indicators.services.import_jobs import is_large, start_reading
from renkei.programme.indicators.services.values import Change, NewValue, Outcome, compare, put
from renkei.registry.facilities.importers.list_layout import (
    HeaderRows,
    Sheet,
    day_in,
    read_sheets,
)
from renkei.registry.facilities.services.uploads import forget_upload

LOOKED_AT: Final = 30
KEPT_CHANGES: Final = 500
_YEARS_IN_NAME: Final = re.compile(r"[0-9０-９_\-.]+$|\.(?:csv|xlsx?|ods|tsv)$", re.IGNORECASE)


@dataclass(frozen=True)
class Preview:
    """What a file would change; nothing is written yet."""

    outcome: Outcome
    problems: Sequence[FileProblem]
    row_count: int
    note_rows: int
    absences: int


@transaction.atomic
def begin_import(*, viewer: Viewer, path: str, file_name: str) -> ImportRun:
    """Look at a file and propose sheet, header and columns; a known kind of file is recognised.

    Raises:
        UnreadableFile: no table can be read; nothing is kept.
    """
    own = own_area_of(viewer)
    areas, indicators = AreaBook.load(own), IndicatorBook.of(indicators_for(viewer))
    sheets = [sheet for sheet in read_sheets(Path(path), name=file_name) if sheet.rows]
    if not sheets:
        raise UnreadableFile(file_name, NO_TABLE)
    proposals = [_proposal(sheet, areas, indicators) for sheet in sheets]
    proposed = max(proposals, key=lambda one: sum(c.role != Role.IGNORE for c in one.columns))
    known = _recognised(own, proposed)
    mapping = guess.follow(Mapping.from_json(known.mapping), proposed) if known else proposed
    run = ImportRun.objects.create(
        area=own,
        path=path,
        file_name=file_name,
        file_hash=hashlib.sha256(Path(path).read_bytes()).hexdigest(),
        known=known,
        mapping=mapping.to_json(),
        started_by_id=_person(viewer),
        started_at=clock.now(),
    )
    record_event(actor=viewer.actor, action="indicators.import_begun", target=run)
    return run


def _proposal(sheet: Sheet, areas: AreaBook, indicators: IndicatorBook, header: int = 0) -> Mapping:
    """Header, columns and what the titles above them say."""
    header = header or guess.header_of(sheet.rows, areas, indicators)
    below = [cells for number, cells in sheet.rows if number > header][:LOOKED_AT]
    columns = guess.columns_of(sheet.row(header), below, areas, indicators)
    titles = tuple(
        cell for number, cells in sheet.rows if number < header for cell in cells if cell
    )
    named = next((found for title in titles if (found := indicators.find(title))), None)
    day = day_in(sheet, HeaderRows(header, header))
    return Mapping(
        sheet=sheet.name,
        header_row=header,
        columns=columns,
        sharing=guess.sharing_of(columns, below, named, indicators),
        indicator=named.indicator.code if named else "",
        as_of=day.isoformat() if day else "",
        source=named.source if named else "",
        titles=titles[:6],
    )


@transaction.atomic
def choose_header(*, viewer: Viewer, run: ImportRun, sheet_name: str, row: int) -> ImportRun:
    """Take another sheet or header than proposed; the columns are proposed anew.

    Raises:
        ValidationError: no such sheet or row.
        UnreadableFile: the file cannot be read any more.
    """
    sheets = {sheet.name: sheet for sheet in read_sheets(Path(run.path), name=run.file_name)}
    sheet = sheets.get(sheet_name)
    if sheet is None or not any(sheet.row(row)):
        raise ValidationError("シートと見出しの行を、ファイルの初めの40行の中から選んでください。")
    areas = AreaBook.load(own_area_of(viewer))
    indicators = IndicatorBook.of(indicators_for(viewer))
    run.mapping = _proposal(sheet, areas, indicators, row).to_json()
    run.save(update_fields=["mapping"])
    record_event(actor=viewer.actor, action="indicators.columns_decided", target=run)
    return run


def _recognised(own: Area | None, proposed: Mapping) -> ImportMapping | None:
    scored = [
        (guess.likeness(known.headings, proposed.columns), known.pk, known)
        for known in ImportMapping.objects.filter(area=own).order_by("pk")
    ]
    best = max(scored, default=None, key=lambda one: one[:2])
    return best[2] if best and best[0] >= guess.SAME else None


@transaction.atomic
def decide_columns(*, viewer: Viewer, run: ImportRun, mapping: Mapping) -> ImportRun:
    """Keep how the file is to be read; new indicators of the municipality are made here.

    Raises:
        ValidationError: something is still missing, each with its remedy.
    """
    problems = problems_of(mapping)
    own = own_area_of(viewer)
    if mapping.has(Role.VALUE_OF_NEW) and own is None:
        problems.append(
            "市の指標を作るには、組織に圏域を決めてください（組織と利用者のページで決められます）。"
        )
    if problems:
        raise ValidationError(problems)
    if own is not None:
        mapping = mapping.with_columns(
            tuple(
                _with_new_indicator(column, own, mapping) if _is_new(column) else column
                for column in mapping.columns
            )
        )
    run.mapping = mapping.to_json()
    run.cells = _cells_of(run, mapping)
    run.save(update_fields=["mapping", "cells"])
    if is_large(run):
        start_reading(viewer=viewer, run=run)
    record_event(actor=viewer.actor, action="indicators.columns_decided", target=run)
    return run


def _cells_of(run: ImportRun, mapping: Mapping) -> int:
    """How many numbers there may be: rows by columns of values."""
    columns = sum(column.role in VALUES for column in mapping.columns)
    try:
        rows = _table(run, mapping).rows()
        return columns * sum(number > mapping.header_row for number, _cells in rows)
    except UnreadableFile:
        # The preview says so, in its words.
        return 0


def _is_new(column: Column) -> bool:
    return column.role == Role.VALUE_OF_NEW and not column.target


def _with_new_indicator(column: Column, own: Area, mapping: Mapping) -> Column:
    """A column's own indicator: that of the same name, else a new one of this municipality."""
    held = IndicatorVersion.objects.filter(indicator__owner=own, name=column.heading).first()
    if held:
        return replace(column, target=held.indicator.code)
    count = Indicator.objects.filter(owner=own).count() + 1
    last = Indicator.objects.aggregate(Max("position"))["position__max"] or 0
    indicator = Indicator.objects.create(
        code=f"L-{own.code or own.pk}-{count}", owner=own, position=last + 1
    )
    IndicatorVersion.objects.create(
        indicator=indicator,
        number=1,
        name=column.heading[:120],
        scenes=[Scene.PROGRAMME.value],
        kind=Kind.PROCESS,
        unit=mapping.new_unit,
        counts_persons=may_count_persons(mapping.new_unit),
        decimals=0,
        direction=Direction.NEUTRAL,
        aggregation=Aggregation.NONE,
        levels=[AreaLevel.MUNICIPALITY.value],
        period_kind=PeriodKind.FISCAL_YEAR,
        source=mapping.source,
        text=f"{own.name}が取り込んだ数。列の名前は「{column.heading}」です。",
    )
    return replace(column, target=indicator.code)


def preview_of(
    viewer: Viewer, run: ImportRun, *, told: Callable[[int], None] = lambda _row: None
) -> Preview:
    """What applying the run would change; ``told`` hears which row is being read.

    Raises:
        UnreadableFile: the file cannot be read any more.
    """
    mapping = Mapping.from_json(run.mapping)
    own = own_area_of(viewer)
    table = _table(run, mapping)
    reader = Reader(
        mapping,
        place=table.place,
        file_name=run.file_name,
        areas=AreaBook.load(own),
        indicators=IndicatorBook.of(indicators_for(viewer)),
        fixed_area=Area.objects.filter(pk=mapping.area_id).first() if mapping.area_id else None,
    )
    found = reader.read(table.rows(), told)
    allowed, refused = _allowed(found.values, own, table.place)
    return Preview(
        outcome=compare(allowed),
        problems=[*table.problems, *found.problems, *refused],
        row_count=found.row_count,
        note_rows=found.note_rows,
        absences=sum(1 for value in allowed if value.absence),
    )


def _table(run: ImportRun, mapping: Mapping) -> Table:
    tables = open_tables(Path(run.path), name=run.file_name, has_header=False)
    return next(table for table in tables if table.sheet == mapping.sheet or not mapping.sheet)


def _allowed(
    values: Sequence[NewValue], own: Area | None, place: str
) -> tuple[list[NewValue], list[FileProblem]]:
    """What is not published may be written for one's own area only."""
    mine = own.pk if own else None
    held = set(
        Value.objects.filter(version__in={value.version.pk for value in values})
        .exclude(sharing=Sharing.OPEN)
        .exclude(area=mine)
        .values_list("version", "area", "period_kind", "period")
    )
    found, refused = [], []
    for value in values:
        private = value.sharing != Sharing.OPEN and value.area_id != mine
        if private or value.key in held:
            refused.append(value)
        else:
            found.append(value)
    problems = [
        FileProblem(
            place, None, "", f"{len(refused)}件",
            "ほかの市区町村の、公表していない値は書き込めません。「見せる範囲」を確かめてください。",
        )
    ] if refused else []  # fmt: skip
    return found, problems


@transaction.atomic
def apply_import(*, viewer: Viewer, run: ImportRun, preview: Preview | None = None) -> ImportRun:
    """Write everything the file says, in one transaction, and keep what changed.

    Raises:
        ValidationError: the run is not open any more, or its numbers would give hidden ones away.
        UnreadableFile: the file cannot be read any more.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    # A worker brings the preview it has read without holding the row.
    expected = RunState.DRAFT if preview is None else RunState.APPLYING
    if run.state != expected:
        raise ValidationError("この取り込みは、もう終わっています。新しく取り込んでください。")
    preview = preview or preview_of(viewer, run)
    rows = [*preview.outcome.added, *(change.after for change in preview.outcome.changed)]
    put(rows, run=run)
    run.state = RunState.APPLIED
    run.applied_at = clock.now()
    run.summary = {
        "added": len(preview.outcome.added),
        "changed": len(preview.outcome.changed),
        "unchanged": preview.outcome.unchanged,
        "problems": len(preview.problems),
        "rows": preview.row_count,
    }
    run.changes = changes_as_words(preview.outcome.changed)
    run.known = _remember(viewer, run)
    path, run.path = run.path, ""
    run.save()
    record_event(
        actor=viewer.actor, action="indicators.imported", target=run, detail=dict(run.summary)
    )
    forget_upload(path)
    return run


def changes_as_words(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Before and after of each changed value, as the page of the run tells it."""
    kept = changes[:KEPT_CHANGES]
    areas = Area.objects.in_bulk({change.after.area_id for change in kept})
    return [
        {
            "code": change.after.version.indicator.code,
            "name": change.after.version.name,
            "area": areas[change.after.area_id].name,
            "period": change.after.period.label,
            "before": _words(change.before.value, change.before.absence, change),
            "after": _words(change.after.value, change.after.absence, change, after=True),
        }
        for change in kept
    ]


def _words(value: Any, absence: str, change: Change, *, after: bool = False) -> str:
    if value is None:
        return str(Absence(absence).label)
    printed = change.after.printed if after else change.before.printed
    return number_text(value, change.after.version.decimals, printed)


def _remember(viewer: Viewer, run: ImportRun) -> ImportMapping:
    mapping = Mapping.from_json(run.mapping)
    name = _YEARS_IN_NAME.sub("", _YEARS_IN_NAME.sub("", run.file_name)) or run.file_name
    known = run.known or ImportMapping.objects.filter(area=run.area, name=name[:100]).first()
    known = known or ImportMapping(area=run.area, name=name[:100])
    known.headings = guess.signature(mapping.columns)
    known.mapping = mapping.to_json()
    known.changed_by_id = _person(viewer)
    known.changed_at = clock.now()
    known.save()
    return known


@transaction.atomic
def discard_import(*, viewer: Viewer, run: ImportRun) -> None:
    """Give up; the file is deleted, nothing was written."""
    path, run.path = run.path, ""
    run.state = RunState.DISCARDED
    run.save(update_fields=["path", "state"])
    record_event(actor=viewer.actor, action="indicators.import_discarded", target=run)
    forget_upload(path)


def _person(viewer: Viewer) -> int:
    if viewer.user_id is None:
        raise ValidationError("値の取り込みは、職員が自分の名前で行ってください。")
    return viewer.user_id
