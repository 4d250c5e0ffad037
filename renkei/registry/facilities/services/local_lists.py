"""Bringing in a list of the town or the 医師会: file, header, columns, preview (T-A10)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.audience import Audience
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.registry.facilities.catalogue import GROUPS, SERVICES
from renkei.registry.facilities.fields import ATTRIBUTE_PREFIX
from renkei.registry.facilities.importers.list_guess import (
    SAME_LIST,
    follow,
    guess_columns,
    likeness,
)
from renkei.registry.facilities.importers.list_layout import (
    HeaderRows,
    Sheet,
    guess_header,
    headings_of,
    read_sheets,
)
from renkei.registry.facilities.importers.local import LocalMapping, mapping_problems
from renkei.registry.facilities.models import ImportRun, ListDraft, LocalKind, LocalList
from renkei.registry.facilities.queries_local_lists import service_infos
from renkei.registry.facilities.queries_publication import field_audiences
from renkei.registry.facilities.services.imports import start_import
from renkei.registry.facilities.services.publication import set_field_audience
from renkei.registry.facilities.services.uploads import forget_upload


@dataclass(frozen=True)
class Release:
    """For whom one own column of a list is, and who made sure that this is right."""

    label: str
    audience: Audience
    checked: bool
    note: str


@transaction.atomic
def begin_list(*, actor: Actor, path: str, file_name: str) -> ListDraft:
    """Look at a file and propose sheet, header and columns; a known list is recognised.

    Raises:
        UnreadableFile: no table can be read; nothing is kept.
    """
    sheets = read_sheets(Path(path), name=file_name)
    sheet, header = _best_sheet(sheets)
    draft = ListDraft(
        path=path,
        file_name=file_name,
        started_by_id=_person(actor),
        started_at=clock.now(),
    )
    _propose(draft, sheet, header)
    draft.save(force_insert=True)
    record_event(actor=actor, action="local_list.begun", target=draft)
    return draft


@transaction.atomic
def choose_header(
    *, actor: Actor, draft: ListDraft, sheet_name: str, first: int, last: int
) -> ListDraft:
    """Take another sheet or header than proposed; the columns are proposed anew.

    Raises:
        ValidationError: no such sheet, or the rows are no header.
        UnreadableFile: the file cannot be read any more.
    """
    sheets = {sheet.name: sheet for sheet in read_sheets(Path(draft.path), name=draft.file_name)}
    sheet = sheets.get(sheet_name)
    if sheet is None:
        raise ValidationError({"sheet": "シートを一覧から選んでください。"})
    if not 1 <= first <= last <= first + 1 or not any(sheet.row(last)):
        raise ValidationError(
            {"first": "見出しの行は、上の表にある1行か、続いた2行を選んでください。"}
        )
    _propose(draft, sheet, HeaderRows(first, last))
    draft.save(update_fields=["mapping", "local_list"])
    record_event(actor=actor, action="local_list.header_chosen", target=draft)
    return draft


@transaction.atomic
def import_list(
    *,
    actor: Actor,
    draft: ListDraft,
    name: str,
    mapping: LocalMapping,
    as_of: date | None = None,
    releases: Sequence[Release] = (),
) -> ImportRun:
    """Remember how the list is read and have it previewed like any official file.

    ``releases``: own columns that more than 行政 may see, each with its check (T-A11).

    Raises:
        ValidationError: the mapping cannot be used, the name is another list's, or somebody
            else's import is open.
    """
    name = name.strip()
    _check_mapping(name, mapping)
    known = _list_for(draft, name)
    mapping = replace(mapping, list_key=known.key, list_name=name)
    known.name = name
    known.mapping = mapping.to_json()
    known.file_name = draft.file_name
    known.changed_by_id = _person(actor)
    known.changed_at = clock.now()
    known.full_clean(exclude=["mapping"])
    known.save()
    _release(actor, releases)
    run = start_import(
        actor=actor, paths=[draft.path], names=[draft.file_name], as_of=as_of, mapping=mapping
    )
    draft.delete()
    record_event(actor=actor, action="local_list.mapped", target=known)
    return run


def _check_mapping(name: str, mapping: LocalMapping) -> None:
    labels = {code: service.label for code, service in service_infos().items()}
    problems = mapping_problems(mapping, services=labels)
    if not name:
        problems.append("一覧の名前を入力してください。")
    if problems:
        raise ValidationError(problems)


def _release(actor: Actor, releases: Sequence[Release]) -> None:
    held = field_audiences()
    for release in releases:
        field = f"{ATTRIBUTE_PREFIX}{release.label}"
        if held[field] != release.audience:
            set_field_audience(
                actor=actor,
                field=field,
                audience=release.audience,
                checked=release.checked,
                note=release.note,
            )


@transaction.atomic
def discard_list(*, actor: Actor, draft: ListDraft) -> None:
    """Give up bringing in a list; its file is deleted."""
    record_event(actor=actor, action="local_list.discarded", target=draft)
    path = draft.path
    draft.delete()
    forget_upload(path)


@transaction.atomic
def add_kind(*, actor: Actor, label: str, group: str) -> LocalKind:
    """Add a kind of service no ministry file has.

    Raises:
        ValidationError: the label is taken, or the group unknown.
    """
    label = label.strip()
    if not label:
        raise ValidationError({"label": "種類の名前を入力してください。"})
    if group not in GROUPS:
        raise ValidationError({"group": "分類を一覧から選んでください。"})
    if label in {service.label for service in SERVICES.values()}:
        raise ValidationError({"label": f"「{label}」はすでにあります。一覧から選んでください。"})
    number = LocalKind.objects.count() + 1
    kind = LocalKind(
        code=f"own-{number}-{secrets.token_hex(3)}",
        label=label,
        group=group,
        added_by_id=_person(actor),
        added_at=clock.now(),
    )
    kind.full_clean()
    kind.save(force_insert=True)
    record_event(actor=actor, action="local_kind.added", target=kind)
    return kind


def _best_sheet(sheets: list[Sheet]) -> tuple[Sheet, HeaderRows]:
    """The first sheet that has a header; otherwise the first, with its first row."""
    for sheet in sheets:
        header = guess_header(sheet)
        if header is not None:
            return sheet, header
    first = sheets[0]
    if not first.rows:
        raise UnreadableFile(
            first.place, "表の中身がありません。中身のあるファイルを選んでください。"
        )
    number = first.rows[0][0]
    return first, HeaderRows(number, number)


def _propose(draft: ListDraft, sheet: Sheet, header: HeaderRows) -> None:
    """Columns by headings, and by the list of last time if there was one like this."""
    headings = headings_of(sheet, header)
    known = draft.local_list or _recognised(headings)
    if known is None:
        mapping = LocalMapping("", "", columns=guess_columns(headings))
    else:
        remembered = LocalMapping.from_json(known.mapping)
        mapping = replace(remembered, columns=follow(remembered, headings))
    draft.local_list = known
    draft.mapping = replace(
        mapping, sheet=sheet.name, header_first=header.first, header_last=header.last
    ).to_json()


def _recognised(headings: list[str]) -> LocalList | None:
    scored = [
        (likeness(LocalMapping.from_json(known.mapping), headings), known.pk, known)
        for known in LocalList.objects.order_by("pk")
    ]
    best = max(scored, default=None, key=lambda item: item[:2])
    return best[2] if best and best[0] >= SAME_LIST else None


def _list_for(draft: ListDraft, name: str) -> LocalList:
    """The list this draft is an edition of; a new one otherwise."""
    if draft.local_list is not None:
        return LocalList.objects.select_for_update().get(pk=draft.local_list.pk)
    if LocalList.objects.filter(name=name).exists():
        raise ValidationError(
            f"「{name}」という一覧がすでにあります。別の名前にするか、その一覧として取り込んでください。"
        )
    return LocalList(key=secrets.token_hex(6))


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise ValidationError("一覧の取り込みは、職員が自分の名前で行ってください。")
    return actor.user_id
