"""``renkei fetch-open-data``: the ministry's current files, into a folder to import from."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from renkei.registry.facilities.fetching import CannotFetchError, fetch_open_data


class Command(BaseCommand):
    help = "厚生労働省の公表ファイルを取り寄せます（取り込みは renkei import で行います）。"

    def add_arguments(self, parser: CommandParser) -> None:
        default = Path(settings.VAR) / "open-data"
        parser.add_argument("--folder", type=Path, default=default, help="置き場所")
        parser.add_argument("--page", action="append", help="ファイルへのリンクがあるページ")

    def handle(self, **options: object) -> None:
        folder, pages = options["folder"], options["page"] or settings.OPEN_DATA_PAGES
        assert isinstance(folder, Path)  # noqa: S101 - argparse made it
        assert isinstance(pages, list)  # noqa: S101
        if not pages:
            raise CommandError("OPEN_DATA_PAGES を設定するか、--page でページを指定してください。")
        try:
            files = fetch_open_data(pages, folder, say=self.stdout.write)
        except CannotFetchError as error:
            raise CommandError(str(error)) from error
        new = sum(file.new for file in files)
        self.stdout.write(f"{len(files)}ファイルのうち{new}ファイルが新しくなりました。")
        if new:
            self.stdout.write(f"次に「renkei import {folder}」で違いを確かめてください。")
