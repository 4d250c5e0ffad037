"""What the two import commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from renkei.foundation.areas.importers.files import FileReport, ImportOptions
from renkei.foundation.areas.services import import_area_files
from renkei.foundation.audit.actors import SYSTEM


def day(text: str) -> date:
    """A day of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"日付「{text}」は 2024-03-31 の形で指定してください。") from error


class AreaFilesCommand(BaseCommand):
    """Takes in the given files and prints one report per file."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, help="ファイルまたはフォルダー")
        parser.add_argument("--as-of", help="資料に基準日がないときの基準日（2024-03-31）")
        parser.add_argument("--valid-from", help="圏域の変更が始まる日（2024-04-01）")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        as_of, valid_from = (
            day(options[name]) if options[name] else None for name in ("as_of", "valid_from")
        )
        complete = import_area_files(
            options["paths"],
            actor=SYSTEM,
            options=ImportOptions(as_of=as_of, valid_from=valid_from),
            tell=self._tell,
        )
        if not complete:
            raise CommandError("取り込めないファイルがありました。上の説明を見てください。")

    def _tell(self, message: FileReport | str) -> None:
        if isinstance(message, FileReport):
            self.stdout.write("\n".join(message.lines()))
        else:
            self.stderr.write(message)
