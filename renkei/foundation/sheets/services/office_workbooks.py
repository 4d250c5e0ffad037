"""Writes about an office's own workbooks: keep one, say which cell holds what, take it away."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import XLSX
from renkei.foundation.papers.files import keep_file, prepare_file
from renkei.foundation.sheets.models import FormVersion, OfficeWorkbook
from renkei.foundation.sheets.office.mapping import Mapped, stored_mapping
from renkei.foundation.sheets.office.package import Package

OWNER = "sheets.office_workbook"
NO_SHEET = "表示されているシートがありません。様式のシートを表示して保存し直してください。"


def register_office_workbook(
    *, actor: Actor, version: FormVersion, organisation_id: int, content: bytes, name: str
) -> OfficeWorkbook:
    """Keep an office's own .xlsx for one edition; the one it had for it goes out of use.

    The cells are not mapped yet: a person confirms them (``map_cells``).

    Raises:
        ValidationError: no workbook, damaged, or refused by ``papers``.
    """
    if not Package(content).sheets:
        raise ValidationError(NO_SHEET)
    prepared = prepare_file(content, name=name, allow=frozenset({XLSX}))
    with transaction.atomic():
        # Two people of the office may bring a file at the same moment.
        Organisation.objects.select_for_update().get(pk=organisation_id)
        OfficeWorkbook.objects.filter(
            version=version, organisation_id=organisation_id, withdrawn_at=None
        ).update(withdrawn_at=clock.now())
        uid = uuid.uuid4()
        workbook = OfficeWorkbook.objects.create(
            uid=uid,
            version=version,
            organisation_id=organisation_id,
            file=keep_file(actor=actor, prepared=prepared, owner=(OWNER, uid)),
        )
        record_event(
            actor=actor,
            action="sheets.office_workbook_registered",
            target=workbook,
            detail={"form": version.form.code, "version": version.number},
        )
    return workbook


@transaction.atomic
def map_cells(*, actor: Actor, workbook: OfficeWorkbook, mapped: Mapped) -> OfficeWorkbook:
    """Say which cells hold what; the caller has had them checked (``office.mapping``).

    Raises:
        ValidationError: the workbook is out of use.
    """
    workbook = OfficeWorkbook.objects.select_for_update().get(pk=workbook.pk)
    if workbook.withdrawn_at is not None:
        raise ValidationError("このExcelは使われなくなりました。一覧を開き直してください。")
    workbook.mapping = stored_mapping(mapped)
    workbook.save(update_fields=["mapping"])
    record_event(
        actor=actor,
        action="sheets.office_workbook_mapped",
        target=workbook,
        detail={"cells": len(mapped)},
    )
    return workbook


@transaction.atomic
def withdraw_office_workbook(*, actor: Actor, workbook: OfficeWorkbook) -> OfficeWorkbook:
    """Take it out of use; what was filled in with it stays. A second call changes nothing."""
    workbook = OfficeWorkbook.objects.select_for_update().get(pk=workbook.pk)
    if workbook.withdrawn_at is None:
        workbook.withdrawn_at = clock.now()
        workbook.save(update_fields=["withdrawn_at"])
        record_event(actor=actor, action="sheets.office_workbook_withdrawn", target=workbook)
    return workbook
