"""``renkei import``: the ministry's files from the command line, with the report of the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from renkei.foundation.audit.actors import SYSTEM
from renkei.registry.facilities.models import ChangeKind, ImportRun, ImportState
from renkei.registry.facilities.queries_imports import (
    changes_page,
    repair_reasons,
    run_summary,
)
from renkei.registry.facilities.services.imports import apply_import, create_run, read_import

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "公表されたファイル（介護サービス情報公表、医療情報ネット、厚生局）を読み、"
        "台帳との差を示します。--apply を付けると取り込みます。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", help="ファイル、フォルダー、zip")
        parser.add_argument("--apply", action="store_true", help="示した差を取り込む")
        parser.add_argument("--yes", action="store_true", help="「確かめること」に「はい」と答える")
        parser.add_argument(
            "--scope", default="", help="範囲。都道府県番号か市区町村コード（40,20）"
        )
        parser.add_argument("--as-of", help="ファイルから分からないときの基準日（2025-12-31）")

    def handle(self, *args: Any, **options: Any) -> None:
        scope = [code.strip() for code in options["scope"].split(",") if code.strip()]
        try:
            as_of = date.fromisoformat(options["as_of"]) if options["as_of"] else None
        except ValueError as error:
            raise CommandError("基準日は 2025-12-31 の形で指定してください。") from error
        try:
            run = create_run(actor=SYSTEM, paths=options["paths"], scope=scope, as_of=as_of)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        run = read_import(run.uid)
        if run.state == ImportState.FAILED:
            raise CommandError(run.error)
        self._report(run)
        if options["apply"]:
            self._apply(run, agree=options["yes"])
        else:
            self.stdout.write("まだ何も書き込んでいません。取り込むには --apply を付けてください。")

    def _apply(self, run: ImportRun, *, agree: bool) -> None:
        if agree:
            for question in run.questions:
                question["confirmed_by_id"] = 0
            run.save(update_fields=["questions"])
        try:
            apply_import(actor=SYSTEM, run=run)
        except ValidationError as error:
            raise CommandError(
                " ".join(error.messages) + "（すべてに「はい」と答えるには --yes）"
            ) from error
        self.stdout.write("取り込みました。次の取り込みまで、元に戻せます。")

    def _report(self, run: ImportRun) -> None:
        summary = run_summary(run)
        write = self.stdout.write
        for file in summary.files:
            write(
                f"{file.name}：{file.source_name}・{file.dataset_label}、{file.as_of_text}"
                f"（{file.as_of_from}）、{file.row_count:,}行・{file.column_count}列"
                + (f"・{file.encoding}" if file.encoding else "")
            )
            for note in file.notes:
                write(f"  {note}")
        write(summary.reconciliation)
        counts = summary.counts
        write(
            f"変わる項目 {counts.get('changed_fields', 0):,}、"
            f"直した所 {counts.get('repairs', 0):,}、"
            f"残る市の訂正 {counts.get('overridden', 0):,}"
        )
        for _, label, cells in repair_reasons(run):
            write(f"  {label}：{cells:,}")
        for question in summary.questions:
            write(f"確かめること：{question['text']}")
        self._suspicious(run)
        for problem in summary.problems[:_SHOWN]:
            write(f"読めない行：{problem}")

    def _suspicious(self, run: ImportRun) -> None:
        page = changes_page(run, ChangeKind.SUSPICIOUS, size=_SHOWN)
        if page.total:
            self.stdout.write(f"疑わしい {page.total:,}件（決めるまで取り込みません）")
        for record in page.items:
            self.stdout.write(f"  {record.number} {record.name}：{record.reason}")
