"""Imports: preview, diff, apply, undo. Nothing of the register changes before "apply"."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from renkei.registry.facilities.models.register import ListingValues


class ImportState(models.TextChoices):
    READING = "reading", "読み込み中"
    PREVIEW = "preview", "確認待ち"
    APPLYING = "applying", "取り込み中"
    APPLIED = "applied", "取り込み済み"
    UNDONE = "undone", "元に戻した"
    DISCARDED = "discarded", "取りやめ"
    FAILED = "failed", "読み込めなかった"


class Verdict(models.TextChoices):
    """What one row of a file means for the register. Every row has exactly one."""

    ADDED = "added", "追加"
    CHANGED = "changed", "変更"
    MOVED = "moved", "移転"
    SUSPICIOUS = "suspicious", "疑わしい"
    SAME = "same", "同じ"
    RETURNED = "returned", "ふたたび載った"
    DUPLICATE = "duplicate", "重複行"
    ATTACHED = "attached", "ほかの行に付けた"
    REFUSED = "refused", "読めない行"
    OUTSIDE = "outside", "範囲の外"


class ImportRun(models.Model):
    """One import: files looked at together, applied in one transaction or not at all."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        "状態", max_length=12, choices=ImportState, default=ImportState.READING
    )
    # Prefecture or municipality codes; empty means everything in the files.
    scope = ArrayField(models.CharField(max_length=6), verbose_name="取り込む範囲", default=list)
    started_by_id = models.BigIntegerField("始めた人", null=True)
    started_at = models.DateTimeField("始めた日時")
    apply_started_at = models.DateTimeField("取り込みを始めた日時", null=True)
    applied_at = models.DateTimeField("取り込んだ日時", null=True)
    undone_at = models.DateTimeField("戻した日時", null=True)
    as_of = models.DateField("指定された基準日", null=True)
    # What the worker reads: [{"path": …, "name": …}].
    paths = models.JSONField("読むファイル", default=list)
    # Columns of a local list: importers.local.LocalMapping.
    mapping = models.JSONField("列の対応", default=dict)
    # What a person must confirm before "apply": [{"key", "text", "confirmed_by_id"}].
    questions = models.JSONField("確かめること", default=list)
    # {table: [first, last]} of the rows this run added; with UndoRow the way back.
    added_ids = models.JSONField("追加した行の番号", default=dict)
    # {"rows": n, "added": n, …, "vanished": n, "repairs": n, "changed_fields": n}
    counts = models.JSONField("件数", default=dict)
    progress = models.PositiveSmallIntegerField("進み具合（%）", default=0)
    progress_text = models.CharField("いましていること", max_length=200, blank=True)
    # One sentence for the user when the state is FAILED.
    error = models.TextField("読めなかった理由", blank=True)

    class Meta:
        constraints = (
            # Two people never apply at the same time.
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="applying"),
                name="import_run_one_applying",
            ),
        )


class AsOfFrom(models.TextChoices):
    """How we know as of which day a file is."""

    FILE_NAME = "file_name", "ファイル名"
    GIVEN = "given", "取り込む人が指定"
    CONTENT = "content", "ファイルの中"
    TODAY = "today", "取り込んだ日（ファイルから分からないため）"


class ImportFile(models.Model):
    """One table read by a run (a zip or a workbook may hold several)."""

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="files")
    name = models.CharField("ファイル名", max_length=300)
    sha256 = models.CharField("ファイルの値", max_length=64)
    source = models.CharField("出典", max_length=20)
    dataset = models.CharField("データの種類", max_length=20)
    as_of = models.DateField("基準日")
    as_of_from = models.CharField(
        "基準日の出どころ", max_length=12, choices=AsOfFrom, default=AsOfFrom.FILE_NAME
    )
    encoding = models.CharField("文字コード", max_length=20, blank=True)
    row_count = models.PositiveIntegerField("行数", default=0)
    column_count = models.PositiveIntegerField("列数", default=0)
    prefectures = ArrayField(
        models.CharField(max_length=2), verbose_name="都道府県番号", default=list
    )
    # {verdict: rows}; their sum is row_count.
    counts = models.JSONField("判定ごとの行数", default=dict)
    # Sentences for the user: unknown columns, rows of another kind.
    notes = models.JSONField("お知らせ", default=list)


class StagedRow(ListingValues):
    """One row of a file that would change the register, with its typed official values.

    Rows that are the same, doubled, outside the scope or unreadable are only counted in
    ``ImportFile.counts``; unreadable and doubled ones have a ``RowNote``. Unlogged (migration
    0002): a preview lost in a crash is read again. No foreign key constraints: 327,000 rows are
    written in one COPY.
    """

    run = models.ForeignKey(ImportRun, models.DO_NOTHING, related_name="rows", db_constraint=False)
    file = models.ForeignKey(
        ImportFile, models.DO_NOTHING, related_name="rows", db_constraint=False
    )
    row_number = models.PositiveIntegerField("行")
    # The record it changes; empty for a new one.
    service_id = models.BigIntegerField("サービス番号", null=True)
    verdict = models.CharField("判定", max_length=12, choices=Verdict)
    reason = models.CharField("理由", max_length=300, blank=True)
    # Decision of a person on a suspicious row: "" undecided, "take", "leave".
    decision = models.CharField("決定", max_length=6, blank=True)

    class Meta:
        indexes = (models.Index(fields=["run", "verdict", "id"], name="staged_by_verdict"),)


class RowNote(models.Model):
    """Why a row of a file was not read, or which row it doubles."""

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="row_notes")
    row_number = models.PositiveIntegerField("行", null=True)
    verdict = models.CharField("判定", max_length=12, choices=Verdict)
    column = models.CharField("列", max_length=100, blank=True)
    value = models.CharField("値", max_length=600, blank=True)
    message = models.CharField("理由", max_length=600)


class ChangeKind(models.TextChoices):
    ADDED = "added", "追加"
    CHANGED = "changed", "変更"
    MOVED = "moved", "移転"
    SUSPICIOUS = "suspicious", "疑わしい"
    VANISHED = "vanished", "消えた"
    RETURNED = "returned", "ふたたび載った"


class Change(models.Model):
    """One record's difference between the register and a run, field by field."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="changes")
    kind = models.CharField("種類", max_length=10, choices=ChangeKind)
    service_id = models.BigIntegerField("サービス番号")
    # Where the new values stand; empty for a record that vanished.
    file = models.ForeignKey(ImportFile, models.CASCADE, null=True, related_name="+")
    row_number = models.PositiveIntegerField("行", null=True)
    # {field: value} of the fields that differ, official values.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["run", "kind"], name="change_by_kind"),)


class Repair(models.Model):
    """One cell that was read differently from what the file says, and why."""

    # Written by COPY in the transaction that writes the file: a constraint only costs time.
    file = models.ForeignKey(
        ImportFile, models.CASCADE, related_name="repairs", db_constraint=False
    )
    row_number = models.PositiveIntegerField("行")
    column = models.CharField("列", max_length=60)
    before = models.CharField("元の値", max_length=600)
    after = models.CharField("直した値", max_length=600)
    # A key of importers.repairs.REASONS
    reason = models.CharField("理由", max_length=40)

    class Meta:
        indexes = (models.Index(fields=["file", "reason"], name="repair_by_reason"),)


class UndoRow(models.Model):
    """A row of the register as it was before a run changed or removed it."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="undo_rows")
    table = models.CharField("表", max_length=40)
    row_id = models.BigIntegerField("番号")
    row = models.JSONField("元の行")

    class Meta:
        indexes = (models.Index(fields=["run", "table"], name="undo_row_by_table"),)
