"""Writes to areas: importing the files they come from, and what people register by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from types import ModuleType

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.areas.edges import ensure_hierarchy, place_under
from renkei.foundation.areas.importers import (
    boundaries,
    daily_living_areas,
    insured,
    medical_areas,
    municipal_changes,
    municipalities,
    own_lists,
    projections,
    register_population,
    towns,
)
from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
    read_json,
)
from renkei.foundation.areas.models import Area, AreaOffice, HierarchyCode, OfficeKind
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.foundation.common.spreadsheets.read import open_tables

IMPORTERS: tuple[ModuleType, ...] = (
    municipalities,
    municipal_changes,
    boundaries,
    daily_living_areas,
    medical_areas,
    own_lists,
    register_population,
    projections,
    insured,
    towns,
)
_JSON = {".json", ".geojson", ".topojson"}
_TABLES = {".csv", ".tsv", ".xlsx", ".xls", ".ods", ".zip"}


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files of a list of files and folders (with their subfolders), in order of name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in _JSON | _TABLES)
            found += [p for p in inside if not p.name.startswith((".", "~$"))]
        else:
            found.append(path)
    return found


def import_area_files(
    paths: Iterable[Path],
    *,
    actor: Actor,
    options: ImportOptions,
    tell: Callable[[FileReport | str], None] = lambda _: None,
) -> bool:
    """Take in files in the order they need each other, each as a whole or not at all.

    ``tell`` gets a report per file taken in and a sentence per file refused.
    Returns: whether every file was taken in.
    """
    complete = True
    recognised = []
    for path in files_in(paths):
        try:
            recognised.append(_recognised(path))
        except RefusedFile as error:
            complete = False
            tell(str(error))
    for _, importer, content in sorted(recognised, key=lambda entry: entry[0]):
        try:
            tell(_import(importer, content, actor=actor, options=options))
        except (RefusedFile, UnreadableFile) as error:
            complete = False
            tell(str(error))
    return complete


def _recognised(path: Path) -> tuple[tuple[int, str], ModuleType, Content]:
    content = _content(path)
    try:
        importer = next((module for module in IMPORTERS if module.recognises(content)), None)
    except UnreadableFile as error:
        raise RefusedFile(str(error)) from error
    if importer is None:
        raise RefusedFile(
            f"{path.name}：圏域の資料として読める形ではありません。"
            "市区町村の一覧、境界、人口、二次医療圏などの公表されたままのファイルを選んでください。"
        )
    return (importer.ORDER, path.name), importer, content


def _content(path: Path) -> Content:
    if not path.is_file():
        raise RefusedFile(f"{path}：ファイルがありません。場所を確かめてください。")
    if path.suffix.lower() in _JSON:
        return Content(path.name, data=read_json(path, path.name))
    try:
        return Content(path.name, tables=list(open_tables(path, has_header=False)))
    except UnreadableFile as error:
        raise RefusedFile(str(error)) from error


@transaction.atomic
def _import(
    importer: ModuleType, content: Content, *, actor: Actor, options: ImportOptions
) -> FileReport:
    report = FileReport(content.name, importer.LABEL)
    importer.run(content, options, report)
    counts = report.counts
    record_event(
        actor=actor,
        action="areas.file_imported",
        target=("areas.file", content.name[:60]),
        detail={
            "kind": importer.__name__.rpartition(".")[2],
            "added": counts.added,
            "changed": counts.changed,
            "unchanged": counts.unchanged,
            "problems": len(report.problems),
        },
    )
    return report


@transaction.atomic
def place_area(
    *,
    actor: Actor,
    hierarchy: HierarchyCode,
    child: Area,
    parent: Area,
    valid_from: date | None,
    source: str = "",
) -> None:
    """Put an area under another in one hierarchy from a day on (None = always).

    What held before ends on that day; in a hierarchy that allows several parents they stay.

    Raises:
        ValidationError: the parent lies inside the child.
    """
    day = valid_from or child.period.lower or date.min
    if descendants_on(child, day, hierarchy=hierarchy).filter(pk=parent.pk).exists():
        raise ValidationError("上位の圏域には、この圏域に含まれない圏域を選んでください。")
    place_under(
        ensure_hierarchy(hierarchy),
        child=child,
        parent=parent,
        valid_from=valid_from,
        source=source,
    )
    record_event(
        actor=actor,
        action="areas.placed",
        target=child,
        detail={"hierarchy": hierarchy.value, "parent": parent.pk},
    )


@transaction.atomic
def set_office(
    *, actor: Actor, area: Area, kind: OfficeKind, name: str, phone: str = "", note: str = ""
) -> AreaOffice:
    """Register who does what in an area's programme, or change its phone and note."""
    office, _ = AreaOffice.objects.update_or_create(
        area=area, kind=kind, name=name, defaults={"phone": phone, "note": note}
    )
    record_event(actor=actor, action="areas.office_set", target=area, detail={"kind": kind.value})
    return office
